"""fix glass/memory against sums over a dumped trajectory, across ranks, restarts and interrupted runs."""

import numpy as np
import pytest

from lammps_run import DATA, KA, LOAD, ROOT, THERMO_YAML, cuzr, lammps

LAGS, EVERY, STEPS = 60, 2, 500
FIX = f"fix m all glass/memory {EVERY} {LAGS} 100 file memory.txt"
PAIR = f'include "{ROOT}/potentials/kob_andersen.lmp"\n'
HOT = "velocity all create 3.0 8713 loop geom\ntimestep 0.002\nfix move all nve\n"
DUMP = (f"dump d all custom {EVERY} d.txt id type mass vx vy vz fx fy fz\n"
        "dump_modify d sort id format float %.17g\n")
COLUMNS = ("v", "v_error", "beta", "beta_error", "nu1", "nu2", "vacf", "facf", "cross")
KA_SMALL = KA.replace("include", "displace_atoms all random 0.02 0.02 0.02 9173 units box\ninclude")


def read(path):
    """The fix's file as a dictionary of columns, and its comments."""
    lines = (path / "memory.txt").read_text().splitlines()
    comments = [line for line in lines if line.startswith("#")]
    names = comments[-1][2:].split()
    data = np.loadtxt(path / "memory.txt", ndmin=2)
    assert data.shape[1] == len(names)
    return dict(zip(names, data.T)), comments


# --- the oracle: plain sums over stored momenta and forces, and textbook recurrences

def correlations(series, lags, ftm2v=1.0):
    """<P P>, (<F P> - <P F>)/2, <F F> of a list of pieces, each of shape (samples, atoms, columns of the dump)."""
    sums, pairs = np.zeros((3, lags + 1)), np.zeros(lags + 1)
    for rows in series:
        p = rows[:, :, 3:6] * rows[:, :, 2:3] / ftm2v
        f = rows[:, :, 6:9]
        for k in range(min(lags + 1, len(rows))):
            early, late = slice(0, len(rows) - k), slice(k, None)
            sums[0, k] += (p[early] * p[late]).sum()
            sums[1, k] += 0.5 * (f[early] * p[late] - p[early] * f[late]).sum()
            sums[2, k] += (f[early] * f[late]).sum()
            pairs[k] += p[early].size
    return sums / np.maximum(pairs, 1)


def impulse(pp, fp, ff, delta, inertia):
    """The momentum-difference form, written as in its derivation: sums over explicit indices."""
    n, kT = len(pp) - 1, pp[0] / inertia
    beta, v = np.zeros(n + 1), np.zeros(n + 1)
    v[0] = ff[0] / kT
    g = lambda j: 0.5 * (beta[j] + beta[j + 1])
    eta = 1.0 - pp[1] / pp[0]
    for k in range(n):
        gamma = (fp[k + 1] + sum(g(j) * (pp[k - j] - pp[k + 1 - j]) for j in range(k))) / pp[0]
        beta[k + 1] = (gamma + 0.5 * eta * beta[k]) / (1.0 - 0.5 * eta)
        v[k + 1] = (ff[k + 1] + sum(g(j) * (fp[k + 1 - j] - fp[k - j]) for j in range(k + 1))) / kT
    return v, beta


def trapezoid(pp, fp, ff, delta, inertia):
    """The projected force as coefficients of F(0), F(1), ..., moved on as Carof et al. do."""
    n, kT = len(pp) - 1, pp[0] / inertia
    beta, v = np.zeros(n + 1), np.zeros(n + 1)
    weight = np.zeros(n + 1)
    weight[0] = 1.0
    v[0] = ff[0] / kT
    for k in range(n):
        weight[k] += 0.5 * delta * beta[k]
        beta[k + 1] = sum(weight[j] * fp[k + 1 - j] for j in range(k + 1)) / pp[0]
        weight[k + 1] += 0.5 * delta * beta[k + 1]
        v[k + 1] = sum(weight[j] * ff[k + 1 - j] for j in range(k + 2)) / kT
    return v, beta


def volterra(pp, fp, ff, delta, inertia):
    n, kT = len(pp) - 1, pp[0] / inertia
    v = np.zeros(n + 1)
    v[0] = ff[0] / kT
    for k in range(1, n + 1):
        v[k] = ff[k] / kT + delta / pp[0] * (0.5 * v[0] * fp[k] + sum(v[j] * fp[k - j] for j in range(1, k)))
    beta = np.concatenate([[0.0], np.cumsum(0.5 * delta * (v[1:] + v[:-1]))]) / inertia
    return v, beta


FORMS = {"impulse": impulse, "trapezoid": trapezoid, "volterra": volterra}


def expect(table, suffix, series, delta, form="impulse", ftm2v=1.0, tolerance=1e-9):
    mean_mass = series[0][0, :, 2].mean()
    inertia = mean_mass / ftm2v
    pp, fp, ff = correlations(series, len(table["t"]) - 1, ftm2v)
    v, beta = FORMS[form](pp, fp, ff, delta, inertia)
    expected = {"v": v, "beta": beta, "vacf": pp / inertia ** 2, "facf": ff, "cross": fp / inertia}
    for name, values in expected.items():
        np.testing.assert_allclose(table[name + suffix], values, rtol=0, atol=tolerance * np.abs(values).max())
    # nu(omega) is the Fourier integral of the polygon through v/m.
    nu = v / inertia
    for j in (0, 1, len(nu) // 2, len(nu) - 1):
        omega = np.pi * j / (delta * (len(nu) - 1))
        value = 0.0
        for a, b, t in zip(nu[:-1], nu[1:], delta * np.arange(len(nu) - 1)):
            s, weight = np.polynomial.legendre.leggauss(12)
            s = 0.5 * (s + 1.0)
            value += 0.5 * delta * (weight * (a + (b - a) * s) * np.exp(-1j * omega * (t + delta * s))).sum()
        scale = tolerance * delta * np.abs(nu).sum()
        assert table["nu1" + suffix][j] == pytest.approx(value.real, abs=scale)
        assert table["nu2" + suffix][j] == pytest.approx(-value.imag, abs=scale)
        assert table["omega"][j] == pytest.approx(omega, rel=1e-9)


def trajectory(run, name="d.txt"):
    """What the fix has sampled: all snapshots but that of step 0, whose forces are complete only after its setup."""
    steps = [int(line) for line in (run.path / name).read_text().split("ITEM: TIMESTEP\n")[1:] for line in [line.split()[0]]]
    return np.array([table for step, table in zip(steps, run.tables(name)) if step > 0])


@pytest.mark.parametrize("ranks", [1, 2, 4])
@pytest.mark.parametrize("form", FORMS)
def test_against_the_dumped_trajectory(form, ranks):
    if form != "impulse" and ranks == 2:
        pytest.skip("ranks do not know of the form")
    # Atoms move over half the box; they change ranks and, sorted often, places in memory.
    run = lammps(KA_SMALL + LOAD + "atom_modify sort 20 1.0\n" + HOT + DUMP + f"{FIX} form {form}\nrun {STEPS}\n", ranks)
    rows = trajectory(run)
    assert len(rows) == STEPS // EVERY
    table, comments = read(run.path)
    np.testing.assert_allclose(table["t"], EVERY * 0.002 * np.arange(LAGS + 1), rtol=1e-9)
    expect(table, "", [rows], EVERY * 0.002, form)
    for t in (1, 2):
        expect(table, f"_{t}", [rows[:, rows[0, :, 1] == t]], EVERY * 0.002, form)
    assert f"500 atoms of group all, {STEPS // EVERY} samples every {EVERY} steps" in comments[0]


def test_ids_with_gaps_groups_and_every_kth_atom():
    script = KA_SMALL + LOAD + """
variable even atom "id % 2 == 0"
group even variable even
delete_atoms group even compress no
region half block INF 4 INF INF INF INF
group half region half
"""
    fix = FIX.replace("all", "half") + " tag 3"
    run = lammps(script + HOT + DUMP.replace("d all", "d half") + fix + f"\nrun {STEPS}\n", 2)
    rows = trajectory(run)[:, ::3]
    table, comments = read(run.path)
    assert f"{rows.shape[1]} atoms of group half" in comments[0]
    assert rows.shape[1] > 20
    expect(table, "", [rows], EVERY * 0.002)
    expect(table, "_2", [rows[:, rows[0, :, 1] == 2]], EVERY * 0.002)


def test_values_are_those_of_the_file_and_stay_until_the_next_evaluation():
    names = ["f_m"] + [f"f_m[{k}]" for k in range(1, 15)] + [f"f_m[{i}][{j}]" for i in (1, 7, 61) for j in (1, 2, 3, 11, 29)]
    run = lammps(KA_SMALL + LOAD + HOT + DUMP + FIX + " plateau 0.25 blocks 3\n" +
                 f"thermo_style custom step temp {' '.join(names)}\nthermo 50\n{THERMO_YAML}run {STEPS}\n")
    rows = run.thermo()
    values = {row["Step"]: [row[name] for name in names] for row in rows}
    assert not any(values[0]) and not any(values[50]) and all(np.isfinite(values[500]))
    assert values[450] == values[400] != values[500]
    table, comments = read(run.path)
    last = rows[-1]
    friction = table["beta"][45:].mean()
    assert last["f_m"] == last["f_m[3]"] == pytest.approx(friction, rel=1e-9)
    assert last["f_m[1]"] == STEPS // EVERY
    rows = trajectory(run)
    temperature = (rows[:, :, 3:6] ** 2).mean()
    assert last["f_m[2]"] == pytest.approx(temperature, rel=1e-9)
    assert last["f_m[5]"] == pytest.approx(table["v"][0], rel=1e-9)
    assert last["f_m[6]"] == pytest.approx(temperature / friction, rel=1e-8)
    assert last["f_m[7]"] == pytest.approx(table["beta_1"][45:].mean(), rel=1e-9)
    assert last["f_m[13]"] == pytest.approx(table["v_2"][0], rel=1e-9)
    columns = list(table.values())
    for i in (1, 7, 61):
        for j in (1, 2, 3, 11, 29):
            assert last[f"f_m[{i}][{j}]"] == pytest.approx(columns[j - 1][i - 1], rel=1e-8, abs=1e-12)
    # The errors in the file are the jackknife's: positive, and of the size that the noise has.
    assert (table["v_error"] > 0).all() and table["beta_error"][0] == 0
    assert f"friction rate {last['f_m']:.8g} +- {last['f_m[4]']:.3g}" in comments[1]


def test_ranks_agree():
    short = HOT + FIX + "\nrun 200\n"
    runs = [lammps(KA_SMALL + LOAD + short, ranks) for ranks in (1, 2, 4)]
    tables = [read(run.path)[0] for run in runs]
    for other in tables[1:]:
        for name, values in tables[0].items():
            error = np.abs(other[name] - values).max()
            assert error <= 1e-10 * np.abs(values).max(), name


def test_errors_are_the_jackknife_over_blocks():
    # One block a stretch of samples, as many as the shortest transform takes: 64 for 60 lags, fewer at the end.
    run = lammps(KA_SMALL + LOAD + HOT + DUMP + FIX + f" blocks 4\nrun {STEPS}\n")
    rows, (table, _) = trajectory(run), read(run.path)
    n = len(rows)
    kernels = []
    size = 66    # 126 = 2 3 3 7 is the transform's length
    edges = list(range(0, n, size)) + [n]
    assert len(edges) - 1 == 4
    p, f = rows[:, :, 3:6], rows[:, :, 6:9]
    whole = correlations([rows], LAGS)
    pairs = np.array([(n - k) * p[0].size for k in range(LAGS + 1)])
    for a, b in zip(edges[:-1], edges[1:]):
        sums, count = np.zeros((3, LAGS + 1)), np.zeros(LAGS + 1)
        for k in range(LAGS + 1):
            late = np.arange(max(a, k), b)
            early = late - k
            sums[:, k] = ((p[early] * p[late]).sum(), 0.5 * (f[early] * p[late] - p[early] * f[late]).sum(),
                          (f[early] * f[late]).sum())
            count[k] = len(late) * p[0].size
        kernels.append(impulse(*((whole * pairs - sums) / (pairs - count)), EVERY * 0.002, 1.0))
    for k, name in enumerate(("v_error", "beta_error")):
        x = np.array([kernel[k] for kernel in kernels])
        expected = np.sqrt(0.75 * ((x - x.mean(axis=0)) ** 2).sum(axis=0))
        np.testing.assert_allclose(table[name], expected, atol=1e-7 * expected.max())


# --- masses and units

def test_metallic_units_and_unequal_masses():
    fix = "fix m all glass/memory 1 40 100 file memory.txt"
    script = cuzr("liquid") + LOAD + "velocity all create 1500 4713 loop geom\ntimestep 0.002\nfix move all nve\n"
    run = lammps(script + DUMP.replace(f"all custom {EVERY}", "all custom 1") + fix + "\nthermo_style custom step temp f_m[2]\n"
                 f"thermo 100\n{THERMO_YAML}run 200\n")
    rows, (table, _) = trajectory(run), read(run.path)
    ftm2v = 1.0 / 1.0364269e-4
    expect(table, "", [rows], 0.002, ftm2v=ftm2v)
    for t in (1, 2):
        expect(table, f"_{t}", [rows[:, rows[0, :, 1] == t]], 0.002, ftm2v=ftm2v)
    kT = 8.617343e-5 * run.thermo()[-1]["f_m[2]"]
    # v(0) = <F^2>/kT in eV/A^2, and beta grows from zero as v(0) t/m, in 1/ps.
    assert table["v"][0] == pytest.approx((rows[:, :, 6:] ** 2).mean() / kT, rel=1e-6)
    mean = rows[0, :, 2].mean()
    assert table["beta"][1] == pytest.approx(0.5 * (table["v"][0] + table["v"][1]) * 0.002 * ftm2v / mean, rel=2e-2)
    assert ("masses of group all are from 63.546 to 91.224; its friction rate is the integral of its kernel over the mean "
            f"mass by number, {mean:.6g}") in run.output
    assert "masses of type" not in run.output


def test_masses_of_single_atoms():
    script = f"""
units lj
atom_style sphere
region box block 0 6 0 6 0 6
create_box 1 box
lattice sc 1.0
create_atoms 1 box
variable mass atom "1 + 0.5*(id % 3)"
set atom * mass v_mass
pair_style lj/cut 2.0
pair_coeff * * 1.0 0.9
pair_modify shift yes
velocity all create 1.0 5
timestep 0.004
fix move all nve
""" + LOAD
    run = lammps(script + DUMP + FIX + f"\nrun {STEPS}\n", 2)
    rows = trajectory(run)
    assert set(np.round(rows[0, :, 2], 12)) == {1.0, 1.5, 2.0}
    expect(read(run.path)[0], "", [rows], EVERY * 0.004)
    assert "masses of group all are from 1 to 2" in run.output


def test_two_dimensions():
    script = f"""
units lj
dimension 2
atom_style atomic
lattice hex 0.7
region box block 0 12 0 6 -0.5 0.5
create_box 1 box
create_atoms 1 box
mass 1 2.0
pair_style lj/cut 2.5
pair_coeff * * 1.0 1.0
velocity all create 2.0 5
timestep 0.002
fix flat all enforce2d
fix move all nve
""" + LOAD
    run = lammps(script + DUMP + FIX + f"\nrun {STEPS}\n", 2)
    rows = trajectory(run)
    # The oracle divides by three components, two of which move: all averages are 2/3 of what they are in the plane.
    table, _ = read(run.path)
    pp, fp, ff = 1.5 * correlations([rows], LAGS)
    v, beta = impulse(pp, fp, ff, EVERY * 0.002, 2.0)
    np.testing.assert_allclose(table["v"], v, atol=1e-9 * v.max())
    np.testing.assert_allclose(table["beta"], beta, atol=1e-9 * np.abs(beta).max())
    assert len(table) == 2 + len(COLUMNS)    # one atom type: no columns of its own


def test_friction_for_the_viscosity():
    run = lammps(KA_SMALL + LOAD + HOT + FIX + "\ncompute inm all glass/inm pc 0.27\n"
                 "compute eta all glass/viscosity c_inm friction f_m wmin 8\n"
                 "compute one all glass/viscosity c_inm friction 1.0 wmin 8\n"
                 f"thermo_style custom step f_m c_eta c_one c_eta[5] c_eta[4] c_one[4]\nthermo 100\n{THERMO_YAML}run 300\n")
    rows = run.thermo()
    for row in rows[:2]:    # nothing is known before samples are 60 lags apart
        assert row["f_m"] == row["c_eta"] == 0 and row["c_one"] > 0
    assert run.output.count("no samples are 60 lags apart yet; all results stay zero") == 1
    for row in rows[2:]:
        assert row["c_eta[5]"] == row["f_m"] > 0
        assert row["c_eta"] == pytest.approx(row["f_m"] * row["c_one"], rel=1e-12)
        assert row["c_eta[4]"] == pytest.approx(row["f_m"] * row["c_one[4]"], rel=1e-12)


# --- the run around it

def test_adding_the_fix_changes_no_trajectory():
    script = KA_SMALL + LOAD + HOT + "dump d all custom 50 d.txt id x y z vx vy vz fx fy fz\n"
    script += "dump_modify d format float %.17g\nthermo 50\n"
    with_fix, without = (lammps(script + fix + f"run {STEPS}\n", 2) for fix in (FIX + "\n", ""))
    assert (with_fix.path / "d.txt").read_text() == (without.path / "d.txt").read_text()


@pytest.mark.parametrize("ranks", [1, 2])
@pytest.mark.parametrize("first", [9, 100, 237])
def test_restart_goes_on_to_the_last_bit(first, ranks):
    # A restart file has neighbour lists built anew, as reading it does; nothing else differs.
    thermo = f"thermo_style custom step pe f_m f_m[1] f_m[4] f_m[8] f_m[30][5] f_m[60][20]\nthermo 50\n{THERMO_YAML}"
    move = "timestep 0.002\nfix move all nve\n"
    whole = lammps(KA_SMALL + "atom_modify sort 0 0\n" + LOAD + HOT + FIX + f"\n{thermo}restart {first} r.*\nrun 400\n", ranks)
    again = lammps(f'read_restart "{whole.path}/r.{first}"\natom_modify sort 0 0\n{PAIR}{LOAD}{move}{FIX}\n{thermo}'
                   f"restart {first} r.*\nrun {400 - first}\n", ranks)
    assert (again.path / "memory.txt").read_text() == (whole.path / "memory.txt").read_text()
    rows = {row["Step"]: row for row in whole.thermo()}
    compared = [row for row in again.thermo() if row["Step"] in rows]
    assert len(compared) >= 3 and all(row == rows[row["Step"]] for row in compared)
    assert "lags will not reach across" not in again.output


def test_restart_on_another_number_of_ranks():
    whole = lammps(KA_SMALL + LOAD + HOT + FIX + "\nrun 137\nwrite_restart r\nrun 63\n", 1)
    again = lammps(f'read_restart "{whole.path}/r"\n{PAIR}{LOAD}timestep 0.002\nfix move all nve\n{FIX}\nrun 63\n', 4)
    table, expected = read(again.path)[0], read(whole.path)[0]
    for name, values in expected.items():
        assert np.abs(table[name] - values).max() <= 1e-10 * np.abs(values).max(), name


@pytest.mark.parametrize("pieces", ["run 30\nrun 70 pre no\nrun 11\nrun 0\nrun 189\n", "run 300 every 50 NULL\n",
                                    "run 100\nrun 200 pre no every 60 'print hello'\n",
                                    "min_style fire\nrun 300 every 100 'glass/quench IS 0 1e-6 100 1000'\n"])
def test_runs_in_pieces(pieces):
    script = KA_SMALL + LOAD + HOT + FIX + "\n"
    in_pieces, whole = lammps(script + pieces), lammps(script + "run 300\n")
    assert "lags will not reach across" not in in_pieces.output
    table, expected = read(in_pieces.path)[0], read(whole.path)[0]
    for name, values in expected.items():
        assert np.abs(table[name] - values).max() <= 1e-9 * np.abs(values).max(), name


REVERSE = "variable b{0} atom -v{0}\n"
REVERSE = "".join(REVERSE.format(k) for k in "xyz") + "velocity all set v_bx v_by v_bz\n"


@pytest.mark.parametrize("touch", ["velocity all scale 2.5", REVERSE, "velocity all create 1.0 77 loop geom\nrun 0", "displace_atoms all random 0.01 0.01 0.01 17 units box",
                                   "minimize 0 0 2 20"])
def test_what_is_done_between_runs_breaks_the_series(touch):
    # Odd steps: the runs end between samples.
    script = KA_SMALL + LOAD + HOT + DUMP.replace("d all", "one all").replace("d.txt", "one.txt").replace("modify d", "modify one")
    script += FIX + f"\nrun 151\nundump one\n{touch}\n" + DUMP + "run 249\nvariable step equal step\n"
    run = lammps(script + "run $(100-v_step%100)\n")
    assert run.output.count("lags will not reach across") == 1
    pieces = [trajectory(run, "one.txt"), trajectory(run)]
    expect(read(run.path)[0], "", pieces, EVERY * 0.002)


def test_what_commands_do_within_a_run_breaks_the_series():
    script = KA_SMALL + LOAD + HOT + DUMP + FIX + "\n"
    run = lammps(script + "run 400 every 200 'velocity all scale 2.5'\n")
    assert run.output.count("lags will not reach across") == 1
    rows = trajectory(run)
    expect(read(run.path)[0], "", [rows[:100], rows[100:]], EVERY * 0.002)


def test_renumbered_atoms_are_others():
    run = lammps(KA_SMALL + LOAD + HOT + FIX + "\nrun 51\nreset_atoms id sort yes\nrun 50\n", check=False)
    # Types move among the IDs; where they do not, positions do.
    assert "has changed its type" in run.output or "lags will not reach across" in run.output


FORCES = "fix tie all spring/self 5.0\n"


def test_fixes_that_come_later_add_their_forces_to_every_sample():
    # Their forces are not yet there when a run is set up; nothing is sampled then, and the series goes on.
    tables = []
    for define in (FORCES + FIX + "\n", FIX + "\n" + FORCES):
        run = lammps(KA_SMALL + LOAD + HOT + define + "run 100\nrun 100\n")
        assert "lags will not reach across" not in run.output
        tables.append(read(run.path)[0])
    for name, values in tables[0].items():
        assert np.abs(tables[1][name] - values).max() <= 1e-9 * np.abs(values).max(), name


def test_noise_of_a_thermostat_is_no_change():
    run = lammps(KA_SMALL + LOAD + HOT + "fix bath all langevin 1.0 1.0 0.5 4711\n" + DUMP + FIX + "\nrun 51\nrun 149\n")
    assert "lags will not reach across" not in run.output
    expect(read(run.path)[0], "", [trajectory(run)], EVERY * 0.002)


def test_masses_may_be_set_after_the_fix():
    script = KA_SMALL + LOAD + HOT + DUMP + FIX + "\nmass 1 2.0\nrun 200\n"
    run = lammps(script)
    expect(read(run.path)[0], "", [trajectory(run)], EVERY * 0.002)
    assert "masses of group all are from 1 to 2" in run.output


def test_rerun_of_a_dump_with_velocities():
    dump = "dump t all custom 2 t.txt id type x y z vx vy vz ix iy iz\ndump_modify t sort id format float %.17g\n"
    first = lammps(KA_SMALL + LOAD + HOT + dump + FIX + "\nrun 200\n")
    again = lammps(KA_SMALL + LOAD + "timestep 0.002\n" + FIX +
                   f'\nrerun "{first.path}/t.txt" first 2 dump x y z vx vy vz ix iy iz box no\n')
    table, expected = read(again.path)[0], read(first.path)[0]
    for name, values in expected.items():
        assert np.abs(table[name] - values).max() <= 1e-9 * np.abs(values).max(), name


# --- mistakes

MISTAKES = {
    "too few arguments": ("fix m all glass/memory 1 100", "Illegal fix glass/memory command: missing argument"),
    "Nevery": ("fix m all glass/memory 0 100 100", "Nevery must be >= 1, not 0"),
    "Nlags": ("fix m all glass/memory 1 0 100", "Nlags must be >= 1, not 0"),
    "Nfreq": ("fix m all glass/memory 3 10 100", "Nfreq must be a multiple of Nevery 3, not 100"),
    "keyword": (f"{FIX} colour red", "Unknown fix glass/memory keyword: colour"),
    "no value": (f"{FIX} form", "missing argument"),
    "form": (f"{FIX} form first", "form must be impulse, trapezoid or volterra, not first"),
    "tag": (f"{FIX} tag 0", "tag must be >= 1, not 0"),
    "blocks": (f"{FIX} blocks 1", "blocks must be >= 2, not 1"),
    "plateau": (f"{FIX} plateau 0", "plateau must be > 0 and <= 1, not 0"),
    "file": (FIX.replace("memory.txt", "no/such/folder"), "cannot write file no/such/folder"),
    "empty group": ("group none empty\n" + FIX.replace("all", "none"), "there are no atoms in group none"),
    "dynamic group": ("group moving dynamic all every 1\n" + FIX.replace("all", "moving"),
                      "group moving is dynamic; followed atoms must stay the same"),
    "too large": ("fix m all glass/memory 1 10000000 1000000", "500 atoms and 10000000 lags need"),
    "time step": (f"{FIX}\nrun 10\ntimestep 0.001\nrun 10", "the time step is 0.001 and was 0.002; lags must stay the same"),
    "deleted": (f"{FIX}\nrun 10\ngroup one id 7\ndelete_atoms group one compress no\nrun 200",
                "tagged atoms are missing from samples, or are there twice; followed atoms must not be lost"),
    "no time": ("timestep 0.0\n" + FIX + "\nrun 10", "the time step must be > 0, not 0"),
    "masses": (f"{FIX}\nrun 10\nmass 2 3.0\nrun 10", "the mass of atom 11 is 3 and was 1; masses of followed atoms must not change"),
    "time step after a break": (f"{FIX}\nrun 11\nvelocity all scale 1.0\nrun 1\ntimestep 0.001\nrun 200",
                                "the time step is 0.001 and was 0.002; lags must stay the same"),
    "sparse dump": ("dump t all custom 4 t.txt id type x y z vx vy vz\nrun 200\n" + FIX + "\nrerun t.txt dump x y z vx vy vz box no",
                    "no two samples are Nevery 2 steps apart; with rerun, Nevery must be the interval of the dump"),
    "types": (f"{FIX}\nrun 10\nset atom 7 type 2\nrun 10", "atom 7 has changed its type"),
    "other atoms": (f"group some id <= 100\n{FIX.replace('all', 'some')}\nrun 10\nwrite_restart r\nclear\nread_restart r\n"
                    f"{PAIR}{LOAD}timestep 0.002\ngroup others id 101:200\n{FIX.replace('all', 'others')}",
                    "goes on with 100 other atoms (tag 1); use the same group, or another fix ID"),
    "restart": (f"{FIX}\nrun 10\nwrite_restart r\nclear\nread_restart r\n{PAIR}{LOAD}timestep 0.002\n"
                f"{FIX.replace('60', '61')}", "goes on with Nevery 2, Nlags 60, blocks 10 and a time step of 0.002; use the same"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes(mistake):
    lines, message = MISTAKES[mistake]
    run = lammps(KA_SMALL + LOAD + HOT + lines + "\n", check=False, ranks=2 if mistake == "deleted" else 1)
    assert run.returncode != 0
    assert message in " ".join(run.output.split()), run.output[-600:]


def test_memory_is_announced_and_a_coarse_spacing_is_reported():
    run = lammps(KA_SMALL + LOAD + HOT + "fix m all glass/memory 20 10 100\nrun 300\n")
    assert "500 atoms and 10 lags take up to" in run.output and "on each of 1 ranks" in run.output
    assert "the kernel is coarse, use a smaller Nevery" in run.output
    fine = lammps(KA_SMALL + LOAD + HOT + FIX + "\nrun 200\n")
    assert "coarse" not in fine.output
