"""compute glass/dmin against a dense assignment by scipy, and as a LAMMPS compute: ranks, restarts, groups, errors."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from lammps_run import DATA, LOAD, THERMO_YAML, lammps
from test_quench import LIQUID

RANDOM = np.random.default_rng(20)


def shortest(difference, edges, periodic):
    """Least images of differences (..., 3) by trying all within two edges, rows of `edges`."""
    shifts = [range(-2, 3) if p else (0,) for p in periodic]
    steps = np.array([(i, j, k) for i in shifts[0] for j in shifts[1] for k in shifts[2]]) @ edges
    fractions = np.rint(difference @ np.linalg.inv(edges)) * periodic
    difference = difference - fractions @ edges
    best = difference.copy()
    for step in steps:
        image = difference + step
        nearer = (image ** 2).sum(-1) < (best ** 2).sum(-1)
        best[nearer] = image[nearer]
    return best


def oracle(now, reference, types, edges, periodic=(1, 1, 1)):
    """D_min in all and per type by scipy; the drift is removed as the compute removes it."""
    now = now - (now - reference).mean(axis=0)
    squares = {}
    for t in sorted(set(types)):
        a, b = now[types == t], reference[types == t]
        cost = (shortest(a[:, None] - b[None], edges, np.array(periodic)) ** 2).sum(-1)
        squares[t] = cost[linear_sum_assignment(cost)]
    result = [np.sqrt(sum(s.sum() for s in squares.values()) / len(now))]
    return np.array(result + [np.sqrt(s.mean()) for s in squares.values()])


def strings(x, types, fraction, edges):
    """Atoms hop into the place of the next one of their kind, in chains of five."""
    moved = x.copy()
    for t in set(types):
        members = np.flatnonzero(types == t)
        for _ in range(max(1, int(fraction * len(members) / 5))):
            chain = [RANDOM.choice(members)]
            while len(chain) < min(5, len(members)):
                d = (shortest(x[members] - x[chain[-1]], edges, np.array((1, 1, 1))) ** 2).sum(-1)
                d[np.isin(members, chain)] = np.inf
                chain.append(members[np.argmin(d)])
            moved[chain] = x[np.roll(chain, -1)]
    return moved


def permuted(x, types):
    result = x.copy()
    for t in set(types):
        members = np.flatnonzero(types == t)
        result[members] = x[RANDOM.permutation(members)]
    return result


def variants(x, types, edges):
    """Configurations of the same atoms: small and large displacements, hops, permutations, and unrelated ones."""
    random = lambda: RANDOM.random(x.shape) @ edges
    noise = lambda sigma: sigma * RANDOM.standard_normal(x.shape)
    return [x + noise(0.03), x + noise(0.3), strings(x, types, 0.15, edges) + noise(0.05), random(),
            permuted(x, types), permuted(x, types) + noise(0.1) + RANDOM.standard_normal(3)]


def data_file(x, types, edges):
    lines = ["configuration", f"{len(x)} atoms", f"{max(types)} atom types", f"0 {edges[0, 0]!r} xlo xhi",
             f"0 {edges[1, 1]!r} ylo yhi", f"0 {edges[2, 2]!r} zlo zhi"]
    if np.any(edges != np.diag(np.diag(edges))):
        lines.append(f"{edges[1, 0]!r} {edges[2, 0]!r} {edges[2, 1]!r} xy xz yz")
    lines += ["", "Masses", ""] + [f"{t + 1} {1 + t}.0" for t in range(max(types))] + ["", "Atoms # atomic", ""]
    lines += [f"{i + 1} {t} {r[0]!r} {r[1]!r} {r[2]!r}" for i, (t, r) in enumerate(zip(types, x))]
    return "\n".join(lines).replace("np.float64(", "").replace(")", "") + "\n"


def script(x, snapshots, types, edges, head="", dimension=3, boundary="p p p"):
    """Sets the positions of each snapshot in turn; set keeps no images, so atoms outside come back wrapped."""
    text = f"units lj\ndimension {dimension}\nboundary {boundary}\natom_style atomic\natom_modify map yes\n{head}"
    text += ('read_data "x.data"\npair_style zero 1.5 nocoeff\npair_coeff * *\ncomm_modify cutoff 1.8\n' + LOAD +
             "compute d all glass/dmin\nthermo_style custom step c_d c_d[*] " +
             " ".join(f"c_d[{t + 1}][2] c_d[{t + 1}][5]" for t in range(max(types))) + "\n" + THERMO_YAML)
    files = {"x.data": data_file(x, types, edges)}
    for n, snapshot in enumerate(snapshots):
        bounds = "\n".join(f"0 {edges[k, k]!r}" for k in range(3))
        flags = ""
        if np.any(edges != np.diag(np.diag(edges))):
            corner = edges[1, 0], edges[2, 0], edges[1, 0] + edges[2, 0]
            low, high = min(0, *corner), max(0, *corner)
            bounds = (f"{low!r} {edges[0, 0] + high!r} {edges[1, 0]!r}\n"
                      f"{min(0, edges[2, 1])!r} {edges[1, 1] + max(0, edges[2, 1])!r} {edges[2, 0]!r}\n"
                      f"0 {edges[2, 2]!r} {edges[2, 1]!r}")
            flags = "xy xz yz "
        files[f"{n}.dump"] = (f"ITEM: TIMESTEP\n{n}\nITEM: NUMBER OF ATOMS\n{len(x)}\nITEM: BOX BOUNDS {flags}pp pp pp\n"
                              f"{bounds}\nITEM: ATOMS id xu yu zu\n" +
                              "\n".join(f"{i + 1} {r[0]!r} {r[1]!r} {r[2]!r}" for i, r in enumerate(snapshot)) + "\n")
        files[f"{n}.dump"] = files[f"{n}.dump"].replace("np.float64(", "").replace(")", "")
        text += f"read_dump {n}.dump {n} x y z box no wrapped no format native\nrun 0 post no\n"
    return text, files


def liquid(n=None):
    """Positions and types of the bundled liquid, and its box."""
    lines = (DATA / "ka.data").read_text().split("\n")
    length = next(float(line.split()[1]) - float(line.split()[0]) for line in lines if line.endswith("xlo xhi"))
    start = next(k for k, line in enumerate(lines) if line.startswith("Atoms")) + 2
    rows = np.array([[float(w) for w in line.split()[:5]] for line in lines[start:start + 500]])
    rows = rows[np.argsort(rows[:, 0])]
    return rows[:, 2:5], rows[:, 1].astype(int), length * np.eye(3)


def random_system(n, edges, n_types=2):
    edges = np.array(edges, dtype=float)
    types = np.sort(RANDOM.integers(1, n_types + 1, n))
    types[:n_types] = range(1, n_types + 1)
    return RANDOM.random((n, 3)) @ edges, np.sort(types), edges


SYSTEMS = {
    "liquid": liquid,
    "small box": lambda: random_system(12, 2.4 * np.eye(3)),
    "tilted": lambda: random_system(200, [[5.5, 0, 0], [2.5, 6, 0], [-2.6, 2.4, 5]]),
    "slab of many": lambda: random_system(1500, [[30, 0, 0], [0, 15, 0], [0, 0, 3.0]], 3),
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_equal_to_dense_assignment(system):
    x, types, edges = SYSTEMS[system]()
    snapshots = variants(x, types, edges)
    run = lammps(*script_and_files(x, snapshots, types, edges))
    check(run, x, snapshots, types, edges)


def script_and_files(*args, **kwargs):
    text, files = script(*args, **kwargs)
    return text, 1, True, None, files


def check(run, x, snapshots, types, edges, periodic=(1, 1, 1)):
    rows = run.thermo()
    n_types = max(types)
    assert len(rows) == len(snapshots)
    r0 = (np.linalg.det(edges) / len(x)) ** (1 / 3)
    for row, now in zip(rows, snapshots):
        expected = oracle(now, x, types, edges, periodic)
        found = np.array([row["c_d"]] + [row[f"c_d[{t + 1}][2]"] for t in range(n_types)])
        assert np.all(np.abs(found - expected) <= 1e-12 * expected + 1e-13)
        assert row["c_d"] == row["c_d[1]"] <= row["c_d[2]"]
        assert row["c_d[3]"] == pytest.approx(row["c_d"] / r0, rel=1e-12)
        gaps = [row["c_d[4]"]] + [row[f"c_d[{t + 1}][5]"] for t in range(n_types)]
        assert all(-1e-14 < gap < 1e-12 for gap in gaps)
    assert rows[4]["c_d"] < 1e-12, "a permutation of like atoms is no change"
    assert rows[4]["c_d[2]"] > 0.3


def test_two_dimensions():
    """z does not count."""
    edges = np.diag([14.0, 12.0, 1.0])
    x, types, edges = random_system(150, edges)
    x[:, 2] = 0.0
    snapshots = variants(x, types, edges)
    for snapshot in snapshots:
        snapshot[:, 2] = 0.0
    text, files = script(x, snapshots, types, edges, dimension=2)
    text = text.replace("x y z box no", "x y box no")
    files["x.data"] = files["x.data"].replace("0 1.0 zlo zhi", "-0.5 0.5 zlo zhi")
    for name in files:
        if name.endswith(".dump"):
            files[name] = files[name].replace("\n0 1.0\nITEM", "\n-0.5 0.5\nITEM")
    run = lammps(text, files=files)
    for row, now in zip(run.thermo(), snapshots):
        assert row["c_d"] == pytest.approx(oracle(now, x, types, edges, (1, 1, 0))[0], rel=1e-12, abs=1e-13)
        assert row["c_d[3]"] == pytest.approx(row["c_d"] / np.sqrt(14.0 * 12.0 / 150), rel=1e-12)


def test_free_surface():
    """Along a direction that is not periodic there are no images."""
    x, types, edges = random_system(150, np.diag([6.0, 6.0, 9.0]))
    x[:, 2] = 0.5 + 0.88 * x[:, 2]
    snapshots = [x + 0.03 * RANDOM.standard_normal(x.shape) for _ in range(2)]
    snapshots[1][:, 2] = x[RANDOM.permutation(150), 2]
    run = lammps(*script_and_files(x, snapshots, types, edges, boundary="p p f"))
    for row, now in zip(run.thermo(), snapshots):
        assert row["c_d"] == pytest.approx(oracle(now, x, types, edges, (1, 1, 0))[0], rel=1e-12)


TRAJECTORY = LIQUID + LOAD + """
fix 1 all nvt temp 1.5 1.5 0.4
compute d all glass/dmin
compute msd all msd com yes
variable rmsd equal sqrt(c_msd[4])
thermo 100
thermo_style custom step c_d c_d[*] c_d[1][1] c_d[1][2] c_d[1][3] c_d[1][4] c_d[2][1] c_d[2][2] c_d[2][3] c_d[2][4] v_rmsd
dump 1 all custom 100 atoms.dump id type xu yu zu c_d[*]
dump_modify 1 sort id format float %.17g
""" + THERMO_YAML


@pytest.fixture(scope="module")
def trajectory():
    return lammps(TRAJECTORY + "run 400\n")


def test_rmsd_is_that_of_compute_msd(trajectory):
    for row in trajectory.thermo():
        assert row["c_d[2]"] == pytest.approx(row["v_rmsd"], rel=1e-10, abs=1e-12)
        assert row["c_d"] <= row["c_d[2]"]
    last = trajectory.thermo()[-1]
    assert 0.0 < last["c_d"] < 0.99 * last["c_d[2]"], "some atoms took the places of others"
    mean = (last["c_d[1][1]"] * last["c_d[1][2]"] ** 2 + last["c_d[2][1]"] * last["c_d[2][2]"] ** 2) / 500
    assert mean == pytest.approx(last["c_d"] ** 2, rel=1e-12)


def test_matched_displacements(trajectory):
    snapshots = trajectory.tables("atoms.dump")
    first, last = snapshots[0], snapshots[-1]
    partner = last[:, 9].astype(int) - 1
    assert np.array_equal(np.sort(partner), np.arange(500))
    assert np.array_equal(last[:, 1], first[partner, 1]), "like with like"
    assert np.sqrt((last[:, 5:8] ** 2).sum() / 500) == pytest.approx(trajectory.thermo()[-1]["c_d"], rel=1e-12)
    assert np.allclose(last[:, 8], np.linalg.norm(last[:, 5:8], axis=1), rtol=1e-14)
    length = liquid()[2]
    d = last[:, 2:5] - first[partner, 2:5]
    d -= (last[:, 2:5] - first[:, 2:5]).mean(axis=0)
    assert np.allclose(shortest(d, length, np.array((1, 1, 1))), last[:, 5:8], atol=1e-10)


@pytest.mark.parametrize("ranks", [2, 4])
def test_ranks(ranks):
    """The same pair of configurations, on whatever ranks its atoms are."""
    head = TRAJECTORY.split("compute d all")[0]
    made = lammps(head + "run 0\nwrite_restart then.restart\nrun 300\nwrite_restart now.restart\n")
    text = f"""
read_restart "{made.path}/then.restart"
pair_style lj/smooth/linear 2.5
pair_coeff 1 1 1.0 1.0 2.5
pair_coeff 1 2 1.5 0.8 2.0
pair_coeff 2 2 0.5 0.88 2.2
newton off
{LOAD}
compute d all glass/dmin
thermo_style custom step c_d c_d[*] c_d[1][1] c_d[1][2] c_d[1][3] c_d[1][4] c_d[2][1] c_d[2][2] c_d[2][3] c_d[2][4]
fix 1 all nvt temp 1.5 1.5 0.4
dump 1 all custom 1 atoms.dump id c_d[*]
dump_modify 1 sort id format float %.17g
""" + THERMO_YAML + "rerun all.dump dump x y z box yes\n"
    dump = made.path / "all.dump"
    again = lammps(f'read_restart "{made.path}/now.restart"\npair_style zero 2\npair_coeff * *\n'
                   f'write_dump all custom "{dump}" id xu yu zu modify format float %.17g\n')
    text = text.replace("rerun all.dump dump x y z", f'rerun "{dump}" dump x y z').replace("newton off\n", "")
    text = text.replace("box yes", "box yes replace yes wrapped no")
    one, many = (lammps("newton off\n" + text, ranks=n) for n in (1, ranks))
    assert one.thermo()[-1]["c_d"] > 0.1
    for key, value in one.thermo()[-1].items():
        if key != "c_d[4]":
            assert many.thermo()[-1][key] == pytest.approx(value, rel=1e-12, abs=1e-12), key
    assert np.allclose(one.table("atoms.dump"), many.table("atoms.dump"), atol=1e-12)


def test_affine_change_of_the_box_does_not_count():
    run = lammps(LIQUID + LOAD + """
change_box all triclinic
compute d all glass/dmin
thermo_style custom step c_d c_d[2]
fix 1 all nve
""" + THERMO_YAML + """
change_box all xy delta 0.5 x scale 1.1 yz delta -0.2 remap units box
run 0
""")
    row = run.thermo()[-1]
    assert row["c_d"] < 1e-13 and row["c_d[2]"] < 1e-13


@pytest.mark.parametrize("flip", ["yes", "no"])
def test_flips_of_the_box_do_not_count(flip):
    """A cold solid sheared by more than a box length, which LAMMPS follows in equivalent boxes."""
    run = lammps(LIQUID + LOAD + f"""
change_box all triclinic
velocity all set 0 0 0
compute d all glass/dmin
thermo_style custom step c_d c_d[2] xy xz
thermo 20
fix 1 all deform 1 xy erate 2.0 xz erate 1.0 remap x flip {flip}
""" + THERMO_YAML + "run 200\n")
    rows = run.thermo()
    tilts = np.array([[row["Xy"], row["Xz"]] for row in rows])
    assert (np.abs(np.diff(tilts, axis=0)).max() > 5.0) == (flip == "yes"), "some are flipped"
    assert all(row["c_d"] < 1e-11 and row["c_d[2]"] < 1e-11 for row in rows)


def test_drift_is_removed():
    run = lammps(LIQUID + LOAD + "compute d all glass/dmin\nthermo_style custom c_d c_d[2] c_d[6]\n" + THERMO_YAML +
                 "displace_atoms all move 3.3 -4.4 0.1 units box\nfix 1 all nve\nrun 0\n")
    row = run.thermo()[-1]
    assert row["c_d"] < 1e-12 and row["c_d[2]"] < 1e-12
    assert row["c_d[6]"] == pytest.approx(np.sqrt(3.3 ** 2 + 4.4 ** 2 + 0.01), rel=1e-12)


def test_group():
    """Only the group is matched; the drift is still that of the system."""
    run = lammps(LIQUID + LOAD + "group B type 2\ncompute d all glass/dmin\ncompute b B glass/dmin\nfix 1 all nve\n"
                 "thermo_style custom step c_d[2][2] c_b c_b[1][1] c_b[2][2]\nthermo 100\n" + THERMO_YAML +
                 "dump 1 all custom 200 atoms.dump id type c_b[5]\nrun 200\n")
    row = run.thermo()[-1]
    assert row["c_b"] == row["c_b[2][2]"] == pytest.approx(row["c_d[2][2]"], rel=1e-12)
    assert row["c_b[1][1]"] == 0
    atoms = run.table("atoms.dump")
    assert np.all((atoms[:, 2] == 0) == (atoms[:, 1] == 1))


def test_choice_of_reference():
    """first, step, refresh after a number of evaluations, and refresh on demand."""
    run = lammps(LIQUID + LOAD + """
fix 1 all nvt temp 1.5 1.5 0.4
variable demand equal step==200
compute define all glass/dmin
compute first all glass/dmin reference first
compute every all glass/dmin refresh 2
compute demand all glass/dmin refresh v_demand
thermo 100
run 100
compute step all glass/dmin reference step 200
thermo_style custom step c_define c_define[5] c_first[5] c_every[5] c_demand[5]
""" + THERMO_YAML + """
run 100
thermo_style custom step c_define[5] c_first[5] c_every[5] c_demand[5] c_step[5] c_step
""" + THERMO_YAML + """
run 300
""")
    rows = {row["Step"]: row for row in run.thermo()}
    reference = lambda ID: [int(rows[s][f"c_{ID}[5]"]) for s in (100, 200, 300, 400, 500)]
    assert reference("define") == [0, 0, 0, 0, 0]
    assert reference("first") == [100, 100, 100, 100, 100]
    assert reference("demand") == [0, 0, 200, 200, 200]
    assert [rows[s]["c_step[5]"] for s in (200, 300, 400, 500)] == [200] * 4
    assert rows[200]["c_step"] < 1e-12 < rows[300]["c_step"]
    assert reference("every") == [0, 0, 200, 200, 400]


def test_inherent_structures():
    """Evaluated where glass/quench is, both configurations are inherent structures, and stay so."""
    value = "c_d c_d[2] c_d[5]"
    run = lammps(LIQUID + LOAD + f"""
fix 1 all nvt temp 0.8 0.8 0.4
compute d all glass/dmin reference first refresh 1
compute raw all glass/dmin
thermo_style custom step c_raw
{THERMO_YAML}
glass/quench IS 0 1e-6 2000 20000 {value} file is.txt
run 60 every 20 "glass/quench IS 0 1e-6 2000 20000 {value} file is.txt restore yes"
glass/quench IS 0 1e-6 2000 20000 {value} file is.txt
""")
    rows = np.loadtxt(run.path / "is.txt")
    assert rows[0, 7] == 0 or rows[0, 7] < 1e-13
    assert list(rows[:, 9]) == [0, 0, 20, 40, 40]
    assert rows[-1, 7] == pytest.approx(rows[-2, 7], abs=1e-4), "the same structure, against the same one"
    assert np.all(rows[:, 7] <= rows[:, 8])
    assert "WARNING: Compute glass/dmin" not in run.output


def test_a_step_is_one_evaluation():
    """However a run is cut into pieces, whose ends are evaluated twice."""
    head = LIQUID + LOAD + """fix 1 all nve
compute one all glass/dmin refresh 1
compute two all glass/dmin refresh 2
thermo 10
thermo_style custom step c_one c_one[5] c_two c_two[5]
""" + THERMO_YAML
    whole = {row["Step"]: row for row in lammps(head + "run 60\n").thermo()}
    for row in lammps(head + 'run 20\nrun 20\nrun 20 every 10 "print again"\n').thermo():
        assert row == pytest.approx(whole[row["Step"]], rel=1e-6, abs=1e-12)
    assert [row["c_one[5]"] for row in whole.values()] == [0, 0, 10, 20, 30, 40, 50]
    assert [row["c_two[5]"] for row in whole.values()] == [0, 0, 0, 20, 20, 40, 40]


def test_atoms_that_are_not_those_of_the_last_comparison():
    """Evaluated again at the same step for a dump, after one was deleted."""
    run = lammps(LIQUID + LOAD + """fix 1 all nve
compute d all glass/dmin
thermo_style custom step c_d
run 10
group one id 17
delete_atoms group one compress no
write_dump all custom now.dump id c_d[4] c_d[5]
""", check=False)
    assert run.returncode != 0 and "the reference has 500 atoms, this configuration has 499" in run.output


def test_mixture_is_warned_of():
    run = lammps(LIQUID + LOAD + """
fix 1 all nve
compute d all glass/dmin reference first
thermo_style custom step c_d
glass/quench IS 0 1e-3 2000 20000 c_d
run 0
""")
    assert ("a configuration of a run is compared with a reference that is an inherent structure; "
            "use one compute for either") in run.output


def test_inherent_structure_against_definition_is_warned_of():
    run = lammps(LIQUID + LOAD + "fix 1 all nve\ncompute d all glass/dmin\nglass/quench IS 0 1e-2 1000 10000 c_d\n")
    assert "configuration at which the compute was defined; if that was none, use reference first" in run.output


def test_restart():
    """The reference is in the restart file."""
    whole = lammps(TRAJECTORY + "run 100\nwrite_restart half.restart\nrun 100\n")
    tail = TRAJECTORY.split("velocity all create 1.0 4711 loop geom")[1]
    rest = lammps(f"""
read_restart "{whole.path}/half.restart"
pair_style lj/smooth/linear 2.5
pair_coeff 1 1 1.0 1.0 2.5
pair_coeff 1 2 1.5 0.8 2.0
pair_coeff 2 2 0.5 0.88 2.2
timestep 0.004
""" + tail + "run 100\n")
    ours, theirs = rest.thermo()[-1], whole.thermo()[-1]
    assert ours["c_d[5]"] == 0
    for key in ("c_d", "c_d[2]", "c_d[3]"):
        assert ours[key] == pytest.approx(theirs[key], rel=1e-6)


ERRORS = {
    "unknown keyword": ("compute d all glass/dmin metric 1", "Unknown compute glass/dmin keyword: metric"),
    "missing value": ("compute d all glass/dmin reference", "compute glass/dmin reference"),
    "missing step": ("compute d all glass/dmin reference step", "compute glass/dmin reference step"),
    "unknown reference": ("compute d all glass/dmin reference last", "must be define, first or step, not last"),
    "negative step": ("compute d all glass/dmin reference step -1", "reference step must be >= 0, not -1"),
    "negative refresh": ("compute d all glass/dmin refresh -1", "refresh must be >= 0 or v_name, not -1"),
    "no such variable": ("compute d all glass/dmin refresh v_none\nrun 0",
                         "refresh v_none is not an equal-style variable"),
    "no reference yet": ("compute d all glass/dmin reference step 100\nthermo_style custom step c_d\nrun 10",
                         "there is no reference at step 0, it is taken at step 100"),
    "fewer atoms": ("compute d all glass/dmin\nthermo_style custom step c_d\ngroup one id 17\n"
                    "delete_atoms group one compress no\nrun 0",
                    "the reference has 500 atoms, this configuration has 499"),
    "another atom": ("compute d all glass/dmin\nthermo_style custom step c_d\ngroup one id 17\n"
                     "delete_atoms group one compress no\ncreate_atoms 1 single 0.1 0.1 0.1 units box\nrun 0",
                     "atom 18 is not in the reference"),
    "another species": ("compute d all glass/dmin\nthermo_style custom step c_d\nset atom 3 type 2\nrun 0",
                        "atom 3 was of type 1 in the reference and is of type 2"),
}


@pytest.mark.parametrize("case", ERRORS)
@pytest.mark.parametrize("ranks", [1, 2])
def test_error(case, ranks):
    lines, message = ERRORS[case]
    if ranks == 2 and "run" not in lines:
        pytest.skip("found while reading, on all ranks alike")
    run = lammps(LIQUID + LOAD + "pair_modify shift no\nfix 1 all nve\n".replace("pair_modify shift no\n", "") +
                 lines + "\n", ranks=ranks, check=False)
    assert run.returncode != 0
    assert message in run.output


def test_needs_atom_ids():
    run = lammps("atom_style atomic\natom_modify id no\nregion b block 0 2 0 2 0 2\ncreate_box 1 b\n"
                 "create_atoms 1 single 1 1 1\n" + LOAD + "compute d all glass/dmin\n", check=False)
    assert "needs atom IDs; use atom_modify id yes" in run.output


def test_needs_a_box():
    assert "there is no simulation box" in lammps(LOAD + "compute d all glass/dmin\n", check=False).output
