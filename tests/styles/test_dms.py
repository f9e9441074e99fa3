"""fix glass/dms against known moduli, against fix deform with a fit of its own, against the mode sum of nonaffine
lattice dynamics, and its errors."""

import functools

import numpy as np
import pytest
import scipy.optimize

from lammps_run import DATA, KA, LAMMPS_POTENTIALS, LOAD, SMOOTH, THERMO_YAML, lammps, read_bsr
from test_errors import failing

COMPONENTS = ("x", "y", "z", "xy", "xz", "yz")
VECTOR = ("strain", "cycles", "storage", "loss", "delta", "mean_stress", "storage_error", "loss_error", "delta_error",
          "mean_stress_error", "second", "third", "sampled_strain", "sampled_stress")
COLUMNS = ("step", "storage", "loss", "delta", "mean_stress", "second", "third")
BOX = "lx ly lz xy xz yz xlo xhi ylo yhi zlo zhi"

LJ_CRYSTAL = """
units lj
atom_style atomic
lattice fcc 1.1
region box block 0 4 0 4 0 4
create_box 1 box
create_atoms 1 box
mass 1 1.0
pair_style lj/cut 2.5
pair_coeff * * 1.0 1.0
change_box all triclinic
timestep 0.004
"""

COPPER = f"""
units metal
atom_style atomic
lattice fcc 3.615
region box block 0 3 0 3 0 3
create_box 1 box
create_atoms 1 box
mass 1 63.546
pair_style eam/alloy
pair_coeff * * "{LAMMPS_POTENTIALS}/Cu_mishin1.eam.alloy" Cu
change_box all triclinic
timestep 0.002
"""

BARE_KA = KA + "change_box all triclinic\ntimestep 0.004\n"


@functools.lru_cache(maxsize=None)
def inherent_structure():
    """The run that leaves the inherent structure of the bundled Kob-Andersen liquid, as ka.data and, in a box without
    tilt factors, as upright.data."""
    return lammps(KA + "min_style cg\nminimize 0 1e-6 1000 10000\nwrite_data upright.data nocoeff\n"
                  "change_box all triclinic\nwrite_data ka.data nocoeff\n")


def cold_ka():
    """A glass of the Kob-Andersen model at low temperature."""
    tilted = f"{inherent_structure().path}/ka.data"
    script = BARE_KA.replace("change_box all triclinic\n", "").replace(f"{DATA}/ka.data", tilted)
    return script + "velocity all create 0.05 4711\n"


def thermo(columns=""):
    # The first thermo output needs the fix to exist already.
    return f"thermo_style custom step temp f_dms f_dms[*] {BOX} {columns}\nthermo_modify lost ignore\n" + THERMO_YAML


def named(row):
    """The vector of the fix by name."""
    return {name: row[f"f_dms[{k + 1}]"] for k, name in enumerate(VECTOR)}


def measure(script, fix, integrate="fix nve all nve\n", steps=0, ranks=1, every=0, columns="", **settings):
    """All rows of thermo, of a run that goes to its own end unless steps are given."""
    run = lammps(f"{script}{LOAD}fix dms all glass/dms {fix}\n{integrate}{thermo(columns)}thermo {every}\n"
                 f"run {steps}\nrun 0 post no\n", ranks, **settings)
    return run.thermo(), run


def elastic(script):
    """A_xyxy, A_xzxz, A_yzyz, and the relaxed B (6 x 6) of compute glass/elastic."""
    b = " ".join(f"c_el[{i}][{j + 12}]" for i in range(1, 7) for j in range(1, 7))
    row = lammps(f"{script}{LOAD}compute el all glass/elastic\nthermo_style custom c_el[7] c_el[8] c_el[9] {b}\n"
                 f"{THERMO_YAML}run 0\n").thermo()[-1]
    values = list(row.values())
    return np.array(values[:3]), np.array(values[3:]).reshape(6, 6)


# ---- what is known of crystals


@pytest.mark.parametrize("system", ["lj", "copper"])
@pytest.mark.parametrize("component", COMPONENTS)
def test_crystal_at_rest_has_its_elastic_constants(system, component):
    # No atom of such a lattice leaves its place under strain: the stress follows at once, without loss.
    script = {"lj": LJ_CRYSTAL, "copper": COPPER}[system] + "velocity all set 0 0 0\n"
    shear, b = elastic(script)
    expected = {"xy": shear[0], "xz": shear[1], "yz": shear[2], "x": b[0, 0], "y": b[1, 1], "z": b[2, 2]}[component]
    rows, _ = measure(script, f"{component} 1.0e-5 0.16 cycles 2", steps=1000)
    result = named(rows[-1])
    # What is left is anharmonic, of the order of the strain (in copper also the jumps of its tables' third
    # derivatives), and the last digits of the stress.
    assert abs(result["storage"] / expected - 1.0) < 2e-7
    assert abs(result["loss"] / expected) < 1e-9
    assert abs(result["delta"]) < 1e-9
    assert result["second"] < 1e-3 and result["third"] < 1e-4
    assert result["cycles"] == 2.0 and result["strain"] == 0.0


def test_crystal_at_low_temperature_has_no_loss():
    rows, _ = measure(LJ_CRYSTAL + "velocity all create 0.004 4711 mom yes\n",
                      "xy 0.004 2.0 cycles 12 skip 2", "fix nvt all nvt temp 0.002 0.002 0.4\n", 12 * 500)
    result, expected = named(rows[-1]), elastic(LJ_CRYSTAL)[0][0]
    assert abs(result["loss"]) < 4.0 * result["loss_error"] + 1e-5 * expected
    assert result["loss_error"] < 1e-3 * expected
    # Thermal expansion of the stress and anharmonicity are of the order of T.
    assert abs(result["storage"] / expected - 1.0) < 0.01
    assert result["delta_error"] == pytest.approx(result["loss_error"] / result["storage"], rel=0.2)


@pytest.mark.parametrize("component", COMPONENTS)
def test_tilted_box_is_strained_as_its_upright_twin(component):
    """The same crystal in a box whose edges are other lattice vectors: what is done to the box is the shear or the
    stretch that is named, and nothing besides."""
    tilted = LJ_CRYSTAL.replace("region box block 0 4 0 4 0 4", "region box prism 0 4 0 4 0 4 1 -1 1")
    fix = f"{component} 1.0e-5 0.16 cycles 2"
    here, there = (measure(script.replace("change_box all triclinic\n", "") + "velocity all set 0 0 0\n"
                           if "prism" in script else script + "velocity all set 0 0 0\n", fix, steps=85)[0]
                   for script in (tilted, LJ_CRYSTAL))
    assert here[-1]["Xy"] != 0.0 and here[-1]["Yz"] != 0.0
    for name in ("storage", "mean_stress"):
        assert named(here[-1])[name] == pytest.approx(named(there[-1])[name], rel=1e-9)
    for name in ("Lx", "Ly", "Lz", "Xy", "Xz", "Yz"):
        assert here[-1][name] == here[0][name]


# ---- a known phase: nonaffine lattice dynamics


OMEGA, NU = 2.0 * np.pi / 1.0, 6.0    # rad/ps: one period takes 1 ps
EV_PER_A2_MASS = 1.0 / 1.0364269e-4    # eV/A^2/(g/mol) in 1/ps^2, LAMMPS's value
EV_PER_A3 = 1.6021765e6                # in bar, likewise


@pytest.fixture(scope="module")
def glass():
    """An alloy with smooth tables at its inherent structure: squares of frequencies (rad/ps)^2, squares of the
    projections of the affine force field over them (bar/ps^2), and the affine shear modulus of plane xy (bar)."""
    run = lammps(SMOOTH + LOAD + "change_box all triclinic\nmin_style cg\nminimize 0 1e-6 5000 50000\nmin_style fire\n"
                 "minimize 0 1e-12 50000 100000\nreset_timestep 0\nvelocity all set 0 0 0\n"
                 "write_restart glass.restart\ncompute h all glass/hessian file numpy hessian\n"
                 "compute xi all glass/affine/atom strain xy\ncompute el all glass/elastic\n"
                 "thermo_style custom step fmax c_h c_el[7] vol\n" + THERMO_YAML +
                 "dump xi all custom 1 xi.txt id mass c_xi[1] c_xi[2] c_xi[3]\n"
                 "dump_modify xi sort id format float %.17g\nrun 0\n")
    row, atoms = run.thermo()[-1], run.table("xi.txt")
    mass = np.repeat(atoms[:, 1], 3)
    hessian = read_bsr(run.path / "hessian").toarray()
    values, vectors = np.linalg.eigh(EV_PER_A2_MASS * hessian / np.sqrt(np.outer(mass, mass)))
    xi_squared = EV_PER_A2_MASS * (vectors.T @ (atoms[:, 2:].ravel() / np.sqrt(mass))) ** 2
    moving = np.abs(values) > 1e-6 * values.max()    # all but the three translations
    assert moving.sum() == len(values) - 3 and values[moving].min() > 0.0
    xi_squared = xi_squared[moving] * EV_PER_A3 / row["Volume"]
    # The static limit of the mode sum is the relaxed modulus.
    return run, values[moving], xi_squared, row["c_el[7]"] + (xi_squared / values[moving]).sum()


def mode_sum(glass, dt):
    """G*(omega) of the modes as LAMMPS integrates them: velocity Verlet, with the friction of fix viscous, which acts
    on the velocity half a step before. dt = 0 is the formula of the theory."""
    _, omega_squared, xi_squared, affine = glass
    if dt == 0.0:
        inertia, friction = -OMEGA ** 2, 1j * OMEGA * NU
    else:
        inertia = (2.0 * np.cos(OMEGA * dt) - 2.0) / dt ** 2
        friction = NU * (1.0 - np.exp(-1j * OMEGA * dt)) / dt
    return affine - (xi_squared / (omega_squared + inertia + friction)).sum()


def measured_modulus(glass, dt, amplitude=1e-6):
    drag = NU * 63.546 / EV_PER_A2_MASS
    pair = "".join(line + "\n" for line in SMOOTH.splitlines() if line.startswith("pair_"))
    rows, _ = measure(f'read_restart "{glass[0].path}/glass.restart"\n{pair}timestep {dt}\n',
                      f"xy {amplitude} 1.0 cycles 26 skip 24 kinetic no",
                      f"fix nve all nve\nfix viscous all viscous {drag:.17g} scale 2 {91.224 / 63.546:.17g}\n",
                      round(26.0 / dt))
    result = named(rows[-1])
    return result["storage"] + 1j * result["loss"], result


def test_glass_with_friction_has_the_modulus_of_its_modes(glass):
    # The softest mode forgets the start at a rate of omega^2/nu = 0.7/ps: 24 cycles leave 1e-8 of it.
    theory, errors = mode_sum(glass, 0.0), []
    assert 0.1 < theory.imag / theory.real < 1.0 and theory.real < 0.7 * glass[3]
    for dt in (0.004, 0.002):
        measured, result = measured_modulus(glass, dt)
        assert abs(measured - mode_sum(glass, dt)) < 3e-8 * abs(theory)
        assert abs(result["delta"] - np.angle(mode_sum(glass, dt))) < 3e-8
        assert result["second"] < 1e-6 and result["third"] < 1e-6
        errors.append(abs(measured - theory))
    # fix viscous is of first order in the time step, so the rest of the way to the theory is, too.
    assert errors[0] / errors[1] == pytest.approx(2.0, rel=0.01)
    assert errors[1] < 1e-3 * abs(theory)


# ---- the same from LAMMPS's own pieces


# Charges in a rocksalt lattice, pushed off their places, so that the long-range part matters to the stress.
SALT = """
units lj
atom_style charge
lattice sc 1.0
region box block 0 6 0 6 0 6
create_box 2 box
lattice fcc 0.5 origin 0.1 0.1 0.1
create_atoms 1 region box
lattice fcc 0.5 origin 0.6 0.1 0.1
create_atoms 2 region box
lattice none 1.0
mass * 1.0
set type 1 charge 1.5
set type 2 charge -1.5
pair_style lj/cut/coul/long 2.5
pair_coeff * * 1.0 0.75
kspace_style ewald 1e-4
change_box all triclinic
displace_atoms all random 0.02 0.02 0.02 4711
timestep 0.004
"""


def fit(stress, amplitude):
    """G', G'', offset and ratios of the harmonics of one cycle, by least squares on the stored series, whose last
    value is that at strain zero."""
    theta = 2.0 * np.pi * np.arange(1, len(stress) + 1) / len(stress)

    def model(_, offset, *c):
        return offset + sum(c[2 * h] * np.sin((h + 1) * theta) + c[2 * h + 1] * np.cos((h + 1) * theta)
                            for h in range(3))

    offset, *c = scipy.optimize.curve_fit(model, theta, stress, p0=np.zeros(7))[0]
    size = [np.hypot(*c[2 * h:2 * h + 2]) for h in range(3)]
    return np.array([c[0] / amplitude, c[1] / amplitude, offset, size[1] / size[0], size[2] / size[0]])


@pytest.mark.parametrize("system, component, every, kinetic",
                         [("ka", "xy", 1, "yes"), ("ka", "yz", 4, "no"), ("ka", "x", 1, "no"), ("ka", "z", 2, "yes"),
                          ("salt", "xz", 1, "yes"), ("salt", "y", 1, "yes")])
def test_against_fix_deform_and_a_stored_series(system, component, every, kinetic):
    amplitude, steps, cycles = 0.01, 200, 3
    script = {"ka": cold_ka(), "salt": SALT}[system]
    if system == "salt":
        cycles = 1
    length = "lx" if component == "x" else "ly" if component in ("xy", "y") else "lz"
    column = COMPONENTS.index(component) + 1
    pressure = "compute p all pressure " + ("thermo_temp\n" if kinetic == "yes" else "NULL virial\n")
    # fix deform strains at the end of a step, after the stress is taken: at that of step n for step n+1. A first step
    # of no duration leaves atoms where they are and the box in the shape of phase 1, and the forces those of phase 0.
    peer = lammps(script + pressure + f"fix nvt all nvt temp 0.05 0.05 0.4\n"
                  f"fix s all ave/time 1 1 1 c_p[{column}] file stress.txt format ' %.16g'\n"
                  f"variable grown equal $({amplitude}*{length}:%.16g)*sin(2*PI*step/{steps})\nvariable rate equal 0\n"
                  f"fix d all deform 1 {component} variable v_grown v_rate\n"
                  f"thermo_style custom step temp\ntimestep 1e-30\nrun 1\n"
                  f"timestep 0.004\nrun {steps * cycles} pre no\n")
    stress = -np.loadtxt(peer.path / "stress.txt")[2:, 1]
    assert len(stress) == steps * cycles
    expected = np.array([fit(stress[c * steps:(c + 1) * steps][every - 1::every], amplitude) for c in range(cycles)])

    array = " ".join(f"f_dms[{c + 1}][{k + 1}]" for c in range(cycles) for k in range(7))
    rows, run = measure(script, f"{component} {amplitude} {0.004 * steps} cycles {cycles} every {every} "
                        f"kinetic {kinetic} file cycles.txt", "fix nvt all nvt temp 0.05 0.05 0.4\n", steps * cycles,
                        columns=array)
    ours = np.array([[rows[-1][f"f_dms[{c + 1}][{k + 1}]"] for k in range(7)] for c in range(cycles)])
    assert (ours[:, 0] == steps * np.arange(1, cycles + 1)).all()
    scale = np.abs(expected[:, :1]) * np.ones((1, 2))
    assert (np.abs(ours[:, 1:3] - expected[:, :2]) < 1e-8 * scale).all()
    assert np.abs(ours[:, 4:] / expected[:, 2:] - 1.0).max() < 1e-5
    assert np.abs(ours[:, 3] - np.arctan2(expected[:, 1], expected[:, 0])).max() < 1e-6

    # The file is the array, and the vector is the mean over all cycles but the first.
    table = np.loadtxt(run.path / "cycles.txt", ndmin=2)
    assert (table[:, 0] == np.arange(1, cycles + 1)).all()
    assert np.abs(table[:, 1:] / ours - 1.0).max() < 1e-11
    result, counted = named(rows[-1]), ours[1:] if cycles > 1 else ours
    assert result["sampled_stress"] == pytest.approx(stress[-1], rel=1e-6) and result["sampled_strain"] == 0.0
    for name in ("storage", "loss", "mean_stress"):
        values = counted[:, COLUMNS.index(name)]
        assert result[name] == pytest.approx(values.mean(), rel=1e-12)
        error = values.std(ddof=1) / np.sqrt(len(values)) if cycles > 2 else np.inf
        assert result[name + "_error"] == pytest.approx(error, rel=1e-6)
    assert result["delta"] == rows[-1]["f_dms"] == pytest.approx(np.arctan2(result["loss"], result["storage"]), 1e-12)


# ---- the protocol


NVT = "fix nvt all nvt temp 0.05 0.05 0.4\n"


def test_strain_is_a_sine_and_vanishes_at_the_ends_of_cycles():
    script = cold_ka() + "change_box all xy delta 0.37 xz delta -0.21 yz delta 0.13 remap\n"
    for component in ("xy", "x", "y"):
        rows, _ = measure(script, f"{component} 0.012 0.16 cycles 3", NVT, 120, every=5)
        for row in rows[:-1]:
            phase = row["Step"] % 40
            assert row["f_dms[1]"] == pytest.approx(0.012 * np.sin(2.0 * np.pi * phase / 40), abs=1e-15)
            strain = row["f_dms[1]"]
            first = rows[0]
            if component == "xy":
                assert row["Xy"] == pytest.approx(first["Xy"] + strain * first["Ly"], rel=1e-13)
                assert row["Xz"] == pytest.approx(first["Xz"] + strain * first["Yz"], rel=1e-13)
            else:
                low, high = component.capitalize() + "lo", component.capitalize() + "hi"
                assert row["L" + component] == pytest.approx(first["L" + component] * (1.0 + strain), rel=1e-13)
                assert row[low] + row[high] == pytest.approx(first[low] + first[high], abs=1e-13)
            if phase == 0:
                assert row["f_dms[1]"] == 0.0
                for name in BOX.split():
                    assert row[name.capitalize()] == first[name.capitalize()]


INCLUDE = KA[KA.index("include"):]
SHORT = "xy 0.01 0.4 cycles 3 file cycles.txt"    # 100 steps a cycle


@pytest.mark.parametrize("ranks, newton", [(2, "on"), (4, "on"), (1, "off"), (4, "off")])
def test_ranks_and_newton(ranks, newton):
    # Sums in another order differ in the last digits, and in 300 steps of a cold solid those differences grow
    # to some 1e-10 of the stress.
    one, many = (named(measure(script + cold_ka(), SHORT, NVT, 300, n)[0][-1])
                 for script, n in (("", 1), (f"newton {newton}\n", ranks)))
    for name in VECTOR:
        assert many[name] == pytest.approx(one[name], rel=1e-7, abs=1e-7 * abs(one["storage"]) * 0.01), name


def continued(run):
    """All that the fix knows, in full precision, from the last row of thermo, and the table of the file."""
    row = run.thermo()[-1]
    values = [row[key] for key in row if key.startswith("f_") or key in ("Temp", "Xy")]
    return values, (run.path / "cycles.txt").read_text()


ARRAY = " ".join(f"f_dms[{c}][{k}]" for c in (1, 2, 3) for k in range(1, 8))


NVE = "fix nve all nve\n"


@pytest.mark.parametrize("order", ["before", "after"])
@pytest.mark.parametrize("component, first", [("x", 37), ("x", 100), ("x", 137), ("x", 250), ("xy", 137)])
def test_restart_goes_on_as_the_run_that_wrote_it(component, first, order):
    # A restart file does not end the run: it only has the neighbour lists built anew, as reading it does. With tilts
    # LAMMPS itself does not go on bit for bit: reading takes positions to fractions and back once more.
    script, exact = cold_ka().replace("\n", "\natom_modify sort 0 0\n", 1), component == "x"
    if exact:
        script = script.replace("ka.data", "upright.data")
    dms = f"fix dms all glass/dms {SHORT.replace('xy', component)}\n"
    columns = LOAD + (dms + NVE if order == "before" else NVE + dms) + thermo(ARRAY + " pe pxx pxy")
    whole = lammps(f"{script}{columns}thermo 1\nrestart {first} dms.*.restart\nrun 300\n")
    again = lammps(f'read_restart "{whole.path}/dms.{first}.restart"\natom_modify sort 0 0\n{INCLUDE}timestep 0.004\n'
                   f"{columns}thermo 1\nrestart {first} dms.*.restart\nrun {300 - first}\n")
    assert len(np.loadtxt(again.path / "cycles.txt")) == 3
    here, there = whole.thermo()[first:], again.thermo()
    assert [row["Step"] for row in there] == [row["Step"] for row in here] == list(range(first, 301))
    # The step of the restart itself: what was known is known again, and box, forces and stress belong together.
    known = [key for key in here[0] if key.startswith("f_")]
    assert [there[0][key] for key in known] == [here[0][key] for key in known]
    for one, other in zip(here, there):
        if exact:
            assert other == one
        else:
            assert list(other.values()) == pytest.approx(list(one.values()), rel=1e-9, abs=1e-9)
    if exact:
        assert continued(again) == continued(whole)


@pytest.mark.parametrize("component, first", [("x", 0), ("x", 137), ("xy", 137)])
def test_restart_between_runs_with_a_thermostat(component, first):
    script, exact = cold_ka(), component == "x"
    if exact:
        script = script.replace("ka.data", "upright.data")
    columns = LOAD + f"fix dms all glass/dms {SHORT.replace('xy', component)}\n{NVT}{thermo(ARRAY)}"
    whole = lammps(f"{script}neigh_modify every 1 check no\n{columns}run {first}\nwrite_restart dms.restart\n"
                   f"run {300 - first}\n")
    again = lammps(f'read_restart "{whole.path}/dms.restart"\n{INCLUDE}timestep 0.004\nneigh_modify every 1 check no\n'
                   f"{columns}run 0\nrun {300 - first}\n")
    if exact:
        assert continued(again) == continued(whole)
    else:
        assert continued(again)[0] == pytest.approx(continued(whole)[0], rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("pieces", ["run 30\nrun 70 pre no\nrun 11 pre no\nrun 189 pre no\n",
                                    "run 300 pre no every 60 NULL\n",
                                    'run 300 pre no every 50 "print hello"\n'])
def test_runs_in_pieces(pieces):
    define = cold_ka() + LOAD + f"fix dms all glass/dms {SHORT}\n" + NVT + thermo(ARRAY)
    assert continued(lammps(define + pieces)) == continued(lammps(define + "run 300\n"))


@pytest.mark.parametrize("every", [1, 10])
@pytest.mark.parametrize("component", ["xy", "x"])
def test_setups_in_between_change_nothing(component, every):
    # Each computes the forces anew, in the box and at the positions that they were computed for before.
    fix = f"{SHORT.replace('xy', component)} every {every}"
    define = cold_ka() + LOAD + f"fix dms all glass/dms {fix}\n" + NVT + thermo(ARRAY)
    pieces, whole = (continued(lammps(define + runs))[0]
                     for runs in ("run 7\nrun 293 every 10 NULL\n", "run 300\n"))
    scale = abs(whole[3])    # G'
    assert pieces == pytest.approx(whole, rel=1e-11, abs=1e-12 * scale)


def test_the_run_ends_with_the_last_cycle():
    define = cold_ka() + LOAD + f"fix dms all glass/dms {SHORT} every 5\n" + NVT + thermo() + "thermo 0\n"
    run = lammps(define + "run 5000\nprint 'stopped at $(step)'\nrun 20\nprint 'went on to $(step) $(f_dms[1])'\n")
    assert run.output.count("3 cycles are done, the run ends: G' ") == 1
    assert "stopped at 300\n" in run.output and "went on to 320 0\n" in run.output
    # A run that ends where the cycles end is not stopped, and run every goes on with its commands.
    run = lammps(define + "run 300 every 100 'print \"at $(step)\"'\nrun 10\nprint 'went on to $(step)'\n")
    assert "3 cycles are done: G' " in run.output and "the run ends" not in run.output
    for text in ("at 100\n", "at 200\n", "at 300\n", "went on to 310\n"):
        assert text in run.output
    # More cycles from a restart file, and a finished fix lets the time step change.
    run = lammps(define + "run 300\nwrite_restart dms.restart\ntimestep 0.002\nreset_timestep 0\nrun 5\n", check=False)
    assert "Cannot reset timestep with" in run.output
    more = define.replace(cold_ka(), f'read_restart "{run.path}/dms.restart"\n{INCLUDE}timestep 0.004\n')
    row = lammps(more.replace("cycles 3", "cycles 4") + "run 1000\nrun 0\n").thermo()[-1]
    assert row["Step"] == 400 and row["f_dms[2]"] == 4.0


def test_pressure_computes():
    """What press and fix_modify name is what own computes give."""
    def result(fix, extra=""):
        script = cold_ka() + "compute p all pressure NULL virial\ncompute t all temp\ncompute k all pressure t\n" + LOAD
        return named(lammps(script + f"fix dms all glass/dms {SHORT} {fix}\n{extra}" + NVT + thermo() +
                            "run 300\n").thermo()[-1])

    virial, kinetic = result("kinetic no"), result("kinetic yes")
    assert kinetic == result("") == result("press k") == result("", "fix_modify dms temp t\n")
    assert virial == result("press p") == result("", "fix_modify dms press p\n")
    assert virial != kinetic


@pytest.mark.parametrize("component", ["xy", "x"])
def test_barostat_on_other_directions(component):
    script = cold_ka() + "change_box all xy delta 0.37 xz delta -0.21 yz delta 0.13 remap\n"
    rows, _ = measure(script, f"{component} 0.01 0.4 cycles 3", "fix npt all npt temp 0.05 0.05 0.4 y 1 1 2 z 1 1 2\n",
                      300, every=25)
    for row in rows:
        if component == "xy":    # angles of the unstrained box are kept
            assert row["Xy"] / row["Ly"] - row["f_dms[1]"] == pytest.approx(rows[0]["Xy"] / rows[0]["Ly"], abs=1e-13)
        else:
            assert row["Lx"] / rows[0]["Lx"] == pytest.approx(1.0 + row["f_dms[1]"], abs=1e-13)
    for length in ("Ly", "Lz"):
        assert abs(rows[-1][length] / rows[0][length] - 1.0) > 1e-4
    assert rows[-1]["f_dms[2]"] == 3.0


@pytest.mark.parametrize("component", ["xy", "x"])
@pytest.mark.parametrize("first", ["dms", "deform"])
def test_fix_deform_on_another_direction(component, first):
    """Two runs, with either order of the fixes: what the other one does to the box is none of ours."""
    dms = f"fix dms all glass/dms {component} 0.01 0.4 cycles 2\n"
    deform = "fix def all deform 1 y erate 0.01 remap x\n"
    rows = lammps(cold_ka() + "change_box all yz delta 0.5 remap\n" + LOAD +
                  (dms + deform if first == "dms" else deform + dms) + NVT + thermo() +
                  "thermo 25\nrun 130\nwrite_restart r\nrun 70\n").thermo()
    for row in rows:
        if component == "xy":    # by the fix's own measure, up to the growth of one step
            assert row["Xy"] / row["Ly"] == pytest.approx(row["f_dms[1]"], abs=0.01 * 0.01 * 0.004 * 1.01)
        else:
            assert row["Lx"] / rows[0]["Lx"] == pytest.approx(1.0 + row["f_dms[1]"], abs=1e-13)
    assert rows[-1]["Ly"] / rows[0]["Ly"] == pytest.approx((1.0 + 0.0052) * (1.0 + 0.0028), rel=1e-9)
    assert rows[-1]["Step"] == 200 and rows[-1]["f_dms[2]"] == 2.0


def test_respa():
    """All forces on the outer of two levels: the same as without levels, but for rounding."""
    define = LOAD + f"fix dms all glass/dms {SHORT}\n" + NVE + thermo(ARRAY)
    one, two = (continued(lammps(cold_ka() + style + define + "run 300\n"))[0]
                for style in ("", "run_style respa 2 2 pair 2\n"))
    assert two == pytest.approx(one, rel=1e-11, abs=1e-12 * abs(one[3]))


def test_two_dimensions():
    script = """
units lj
dimension 2
atom_style atomic
lattice hex 1.0
region box block 0 6 0 4 -0.5 0.5
create_box 1 box
create_atoms 1 box
mass 1 1.0
pair_style lj/cut 2.5
pair_coeff * * 1.0 1.0
change_box all triclinic
velocity all set 0 0 0
timestep 0.004
"""
    shear, _ = elastic(script)
    rows, _ = measure(script, "xy 1.0e-5 0.16 cycles 2", "fix nve all nve\nfix planar all enforce2d\n", 100)
    assert abs(named(rows[-1])["storage"] / shear[0] - 1.0) < 2e-7
    assert abs(named(rows[-1])["loss"]) < 1e-9 * shear[0]


def test_defining_it_changes_nothing_else():
    script = cold_ka() + NVT + "thermo_style custom step temp pe pxy\nthermo 10\n" + THERMO_YAML
    with_fix = LOAD + f"fix dms all glass/dms {SHORT}\nunfix dms\n"
    assert lammps(script + with_fix + "run 50\n").thermo() == lammps(script + "run 50\n").thermo()


# ---- errors


RESTARTED = (f"fix dms all glass/dms {SHORT}\n" + NVT +
             "run 137\nwrite_restart r\nclear\nread_restart r\n" + INCLUDE + "timestep 0.004\n" + LOAD)

ERRORS = {
    "missing arguments": ("fix dms all glass/dms xy 0.01", "Illegal fix glass/dms command: missing argument(s)"),
    "unknown component": ("fix dms all glass/dms yx 0.01 1.0", "strain must be one of xy xz yz x y z, not yx"),
    "no amplitude": ("fix dms all glass/dms xy 0 1.0", "strain amplitude must be > 0 and < 0.5, not 0"),
    "negative amplitude": ("fix dms all glass/dms xy -0.01 1.0", "strain amplitude must be > 0 and < 0.5, not -0.01"),
    "percent": ("fix dms all glass/dms xy 1.2 1.0", "strain amplitude must be > 0 and < 0.5, not 1.2"),
    "no period": ("fix dms all glass/dms xy 0.01 0.0", "period must be > 0, not 0.0"),
    "period between steps": ("fix dms all glass/dms xy 0.01 1.001",
                             "Fix glass/dms (ID dms): period 1.001 is 250.25 steps of 0.004; use a multiple"),
    "endless period": ("fix dms all glass/dms xy 0.01 1e30", "period 1e+30 is too long for time step 0.004"),
    "unknown keyword": ("fix dms all glass/dms xy 0.01 1.0 cycle 3", "Unknown fix glass/dms keyword: cycle"),
    "missing value": ("fix dms all glass/dms xy 0.01 1.0 cycles", "Illegal fix glass/dms cycles command: missing"),
    "no cycles": ("fix dms all glass/dms xy 0.01 1.0 cycles 0", "cycles must be >= 1, not 0"),
    "negative skip": ("fix dms all glass/dms xy 0.01 1.0 skip -1", "skip must be >= 0, not -1"),
    "all skipped": ("fix dms all glass/dms xy 0.01 1.0 cycles 3 skip 3", "skip 3 leaves none of 3 cycles"),
    "never sampled": ("fix dms all glass/dms xy 0.01 1.0 every 0", "every must be >= 1, not 0"),
    "uneven samples": ("fix dms all glass/dms xy 0.01 1.0 every 3", "every 3 does not divide the 250 steps of a cycle"),
    "few samples": ("fix dms all glass/dms xy 0.01 1.0 every 50", "5 samples in a cycle are too few"),
    "short period": ("fix dms all glass/dms xy 0.01 0.024", "6 samples in a cycle are too few"),
    "kinetic maybe": ("fix dms all glass/dms xy 0.01 1.0 kinetic maybe", "instead of 'maybe'"),
    "kinetic and press": ("fix dms all glass/dms xy 0.01 1.0 kinetic no press thermo_press",
                          "takes either kinetic or press"),
    "no such pressure": ("fix dms all glass/dms xy 0.01 1.0 press p\nrun 1", "there is no compute p for the pressure"),
    "no pressure": ("fix dms all glass/dms xy 0.01 1.0 press thermo_temp\nrun 1",
                    "compute thermo_temp of style temp calculates no pressure tensor"),
    "no temperature": ("fix dms all glass/dms xy 0.01 1.0\nfix_modify dms temp t",
                       "there is no compute t of a temperature"),
    "no use of a temperature": ("fix dms all glass/dms xy 0.01 1.0 kinetic no\nfix_modify dms temp thermo_temp",
                                "a temperature has no part in the stress"),
    "file": ("fix dms all glass/dms xy 0.01 1.0 file no/such/folder.txt", "cannot write file no/such/folder.txt"),
    "group": ("group some id 1\nfix dms some glass/dms xy 0.01 1.0",
              "the box strains all atoms; use group all, not some"),
    "two of them": ("fix a all glass/dms xy 0.01 1.0\nfix b all glass/dms z 0.01 1.0\nrun 1",
                    "fix b strains the box, too; unfix one of them"),
    "fix deform": ("fix dms all glass/dms xy 0.01 1.0\nfix d all deform 1 xy erate 0.01\nrun 1",
                   "multiple fixes change box parameter xy"),
    "barostat": ("fix dms all glass/dms x 0.01 1.0\nfix npt all npt temp 1 1 1 iso 0 0 1\nrun 1",
                 "multiple fixes change box parameter x"),
    "tilt of a stretched box": ("change_box all xy delta 0.5 remap\nfix dms all glass/dms x 0.01 1.0\n"
                                "fix d all deform 1 xy erate 0.01\nrun 1", "multiple fixes change box parameter xy"),
    "box/relax": ("fix dms all glass/dms x 0.01 1.0\nfix b all box/relax x 0.0\nminimize 0 0 1 1",
                  "multiple fixes change box parameter x"),
    "minimization": ("fix dms all glass/dms xy 0.01 1.0\nfix 1 all nve\nminimize 0 1e-8 3 30\nrun 1",
                     "step 3 does not follow step 0"),
    "time step between runs": ("fix dms all glass/dms xy 0.01 1.0\nfix 1 all nve\nrun 1\ntimestep 0.002",
                               "the time step is 0.002 and was 0.004; it cannot change"),
    "time step in a run": ("fix dms all glass/dms xy 0.01 1.0\nfix 1 all nve\n"
                           "fix r all dt/reset 1 1e-5 0.003 0.01\nrun 10",
                           "it cannot change while the box oscillates"),
    "reset_timestep": ("fix dms all glass/dms xy 0.01 1.0\nreset_timestep 7", "Cannot reset timestep with"),
    "box changed": ("fix dms all glass/dms xy 0.01 1.0\nfix 1 all nve\nrun 7\nchange_box all xy delta 0.1\nrun 1",
                    "the box is not the one that the fix has left"),
    "rerun of the same step": ("fix dms all glass/dms xy 0.01 1.0\nwrite_dump all custom d.lammpstrj id type x y z\n"
                               "rerun d.lammpstrj dump x y z", "step 0 began without the fix"),
    "flip": ("change_box all xz delta 4.6 remap\nfix dms all glass/dms xy 0.01 1.0\nfix 1 all nve\n"
             "fix d all deform 1 xz erate 0.5\nrun 200", "another fix has flipped the box; use its flip no"),
    "steps without it": ("fix dms all glass/dms xy 0.01 1.0\nwrite_dump all custom d.lammpstrj id type x y z\n"
                         "variable u loop 2\nfix 1 all nve\nrun 1\nrerun d.lammpstrj dump x y z",
                         "does not follow step 1"),
    "other amplitude on restart": (RESTARTED + f"fix dms all glass/dms {SHORT.replace('0.01', '0.02')}",
                                   "goes on with strain xy of amplitude 0.01, 100 steps of 0.004 per cycle and "
                                   "every 1"),
    "fewer cycles on restart": (RESTARTED.replace("run 137", "run 237") +
                                f"fix dms all glass/dms {SHORT.replace('cycles 3', 'cycles 1')}",
                                "2 cycles are done in the restart file; use cycles 2 or more"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors(name):
    script, message = ERRORS[name]
    assert message in failing(BARE_KA + LOAD + script + "\n")


def test_boxes_that_cannot_be_strained():
    def message(script, component):
        return failing(script + LOAD + f"fix dms all glass/dms {component} 0.01 1.0\nrun 0\n")

    empty = "units lj\nboundary p p f\nregion box block 0 6 0 6 -3 3\ncreate_box 1 box\ntimestep 0.004\n"
    tilted = empty + "change_box all triclinic\n"
    assert "a shear needs a box with tilt factors; use change_box all triclinic" in message(empty, "xy")
    assert "strain z needs a box that is periodic along z" in message(empty, "z")
    assert "strain yz needs a box that is periodic along z" in message(tilted, "yz")
    planar = tilted.replace("units lj", "units lj\ndimension 2").replace("p p f", "p p p")
    assert "strain xz does not exist in 2d" in message(planar, "xz")
    assert "strain z does not exist in 2d" in message(planar, "z")


def test_large_tilts_are_warned_of():
    rows, run = measure(LJ_CRYSTAL.replace("region box block 0 4 0 4 0 4", "region box prism 0 4 0 4 0 4 2 0 0")
                        .replace("change_box all triclinic\n", "") + "velocity all set 0 0 0\n",
                        "xy 0.001 0.16 cycles 1", steps=40)
    assert "tilts reach 0.501 of a box length, and boxes are not flipped" in run.output
    upright, _ = measure(LJ_CRYSTAL + "velocity all set 0 0 0\n", "xy 0.001 0.16 cycles 1", steps=40)
    assert named(rows[-1])["storage"] == pytest.approx(named(upright[-1])["storage"], rel=1e-9)
