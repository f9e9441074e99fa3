"""compute glass/viscosity: Eq. 1 of Huang et al. from the modes of compute glass/inm."""

import concurrent.futures
import itertools
import re

import numpy as np
import pytest

from lammps_run import KA, LOAD, ROOT, cuzr, dump_modes, lammps

ALL = " ".join(f"c_eta[{k}]" for k in range(1, 8))
SHOW = f"thermo_style custom step c_eta {ALL}\nthermo_modify line yaml format float %.17g norm no\n"

# Quick to solve: 108 atoms far from any minimum, with unstable modes of all kinds.
SMALL = """
units lj
atom_style atomic
lattice fcc 0.9
region box block 0 3 0 3 0 3
create_box 2 box
create_atoms 1 box
set type 1 type/fraction 2 0.3 991
mass 1 1.0
mass 2 1.0
pair_style lj/cut 2.5
pair_coeff * * 1.0 1.0
pair_coeff 2 2 1.3 0.95
displace_atoms all random 0.12 0.12 0.12 4711
timestep 0.001
"""
INM = "compute inm all glass/inm pc 0.35\n"
ETA = "compute eta all glass/viscosity c_inm friction 2.5 wmin 1.0\n"


def eta(system, definition=ETA, inm=INM, run="run 0\n", ranks=1, show=SHOW, **settings):
    """Rows of the vector of compute eta."""
    rows = lammps(system + LOAD + inm + definition + show + run, ranks, **settings).thermo()
    for row in rows:
        assert row["c_eta"] == row["c_eta[1]"] or np.isnan(row["c_eta"])
    return np.array([[row[f"c_eta[{k}]"] for k in range(1, 8)] for row in rows])


def by_numpy(modes, pc, wmin, gamma_over_v):
    """Localized, delocalized, stable, all, and the number left out, from rows of omega, P, Xi^2 of each component."""
    omega, ratio, xi2 = modes[:, 0], modes[:, 1], modes[:, 2:].mean(axis=1)
    term = np.where(np.abs(omega) >= wmin, xi2 / omega ** 4, 0.0) * gamma_over_v
    unstable = omega < 0
    return [term[unstable & (ratio < pc)].sum(), term[unstable & (ratio >= pc)].sum(), term[~unstable].sum(),
            term.sum(), (np.abs(omega) < wmin).sum()]


# ---- the numbers

CASES = {
    "ka": (KA, 0.27, 2.0, 20.0, 7.469007910928606 ** 3),
    # bar ps: nktv2p of LAMMPS's metal units
    "cuzr": (cuzr("liquid"), 0.37, 3.0, 30.0, (21.070405286270024 + 0.07872428627005412) ** 3 / 1.6021765e6),
    "triclinic": (SMALL.replace("block 0 3 0 3 0 3", "prism 0 3 0 3 0 3 0.4 -0.3 0.7"), 0.35, 1.0, 2.5, 108 / 0.9),
}


@pytest.mark.parametrize("case", CASES)
def test_sums_of_the_dumped_modes(case):
    system, pc, wmin, gamma, volume = CASES[case]
    definition = f"compute eta all glass/viscosity c_inm friction {gamma} wmin {wmin}\n" + dump_modes(columns=5)
    inm = f"compute inm all glass/inm pc {pc} strain xy xz yz\n"
    values = {}
    for ranks in (1, 2, 4):
        run = lammps(system + LOAD + inm + definition + SHOW + "run 0\n", ranks)
        row = run.thermo()[0]
        values[ranks] = np.array([row[f"c_eta[{k}]"] for k in range(1, 8)])
        expected = by_numpy(run.table("modes.txt"), pc, wmin, gamma / volume)
        np.testing.assert_allclose(values[ranks][:4], expected[:4], rtol=1e-10)
        assert list(values[ranks][4:]) == [gamma, wmin, expected[4]]
        assert expected[4] > 0 and (values[ranks][:4] > 0).all()
        assert values[ranks][:3].sum() == pytest.approx(values[ranks][3], rel=1e-13)
    for ranks in (2, 4):
        np.testing.assert_allclose(values[ranks], values[1], rtol=1e-10)
    without = eta("newton off\n" + system, definition, inm, ranks=2)[0]
    np.testing.assert_allclose(without, values[1], rtol=1e-10)


def test_sums_of_inm():
    # The same sums as those of compute glass/inm, which are energy time^2.
    show = SHOW.replace("step", "step vol c_inm[7] c_inm[8] c_inm[12] c_inm[13]")
    inm = "compute inm all glass/inm pc 0.35 omega_min 1.0\n"
    row = lammps(SMALL + LOAD + inm + ETA + show + "run 0\n").thermo()[0]
    for k, s in ((1, 12), (2, 13), (3, 7)):
        assert row[f"c_eta[{k}]"] == pytest.approx(2.5 / row["Volume"] * row[f"c_inm[{s}]"], rel=1e-13)


def test_mean_over_components():
    one, other, both = (eta(SMALL, inm=f"compute inm all glass/inm pc 0.35 strain {strain}\n")[0]
                        for strain in ("xy", "xz", "xy xz"))
    np.testing.assert_allclose(both, (one + other) / 2, rtol=1e-12)
    assert abs(one[0] / other[0] - 1) > 1e-3


def test_unstable_modes_only():
    whole = eta(SMALL)[0]
    part = eta(SMALL, inm="compute inm all glass/inm pc 0.35 modes unstable\n")[0]
    np.testing.assert_allclose(part[[0, 1, 4, 5]], whole[[0, 1, 4, 5]], rtol=1e-9)
    assert np.isnan(part[[2, 3]]).all()


PLANE = """
units lj
dimension 2
atom_style atomic
lattice sq2 0.9
region box block 0 8 0 8 -0.1 0.1
create_box 1 box
create_atoms 1 box
mass 1 1.7
pair_style lj/cut 2.5
pair_coeff * * 1.0 1.0
displace_atoms all random 0.1 0.1 0 4711
"""


def test_two_dimensions():
    area, bulk = 128 / 0.9, 37.0
    definition = f"compute eta all glass/viscosity c_inm friction 2.5 sound {bulk}\n" + dump_modes()
    run = lammps(PLANE + LOAD + INM + definition + SHOW + "run 0\n")
    row = run.thermo()[0]
    wmin = 2 * np.pi / np.sqrt(area) * np.sqrt(bulk / (0.9 * 1.7))
    assert row["c_eta[6]"] == pytest.approx(wmin, rel=1e-12)
    expected = by_numpy(run.table("modes.txt"), 0.35, wmin, 2.5 / area)
    np.testing.assert_allclose([row[f"c_eta[{k}]"] for k in (1, 2, 3, 4, 7)], expected, rtol=1e-10)
    assert row["c_eta[1]"] > 0 and row["c_eta[2]"] > 0


# ---- units: one Lennard-Jones system, argon, in all of them

NA, KB = 6.02214076e23, 1.380649e-23
EPSILON, SIGMA, MASS = 119.8 * KB, 3.405e-10, 39.948e-3 / NA
TAU = SIGMA * np.sqrt(MASS / EPSILON)
UNITS = {    # energy, length, mass, time, pressure in SI units, and that of eta as the doc page has it
    "lj": (EPSILON, SIGMA, MASS, TAU, EPSILON / SIGMA ** 3, EPSILON * TAU / SIGMA ** 3),
    "real": (4184 / NA, 1e-10, 1e-3 / NA, 1e-15, 101325.0, 1.01325e-10),
    "metal": (1.602176634e-19, 1e-10, 1e-3 / NA, 1e-12, 1e5, 1e-7),
    "si": (1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
    "cgs": (1e-7, 1e-2, 1e-3, 1.0, 0.1, 0.1),
    "electron": (4.3597447222e-18, 5.29177210903e-11, 1e-3 / NA, 1e-15, 1.0, 1e-15),
    "micro": (1e-15, 1e-6, 1e-15, 1e-6, 1e3, 1e-3),
    "nano": (1e-21, 1e-9, 1e-21, 1e-9, 1e6, 1e-3),
}
GAMMA, W, BULK, D, T = 12.0, 2.0, 30.0, 0.05, 1.1    # in reduced units


def argon(units):
    energy, length, mass, time, pressure, _ = UNITS[units]
    a = (4 / 0.85) ** (1 / 3)
    sites = np.array([(x, y, z) for x, y, z in itertools.product(range(6), repeat=3) if (x + y + z) % 2 == 0])
    positions = sites * a / 2 + np.random.default_rng(5).uniform(-0.12, 0.12, (108, 3))
    box = 3 * a * SIGMA / length
    text = f"argon\n\n108 atoms\n1 atom types\n0 {box:.17g} xlo xhi\n0 {box:.17g} ylo yhi\n0 {box:.17g} zlo zhi\n\n"
    text += f"Masses\n\n1 {MASS / mass:.17g}\n\nAtoms # atomic\n\n"
    text += "".join(f"{i + 1} 1 {x:.17g} {y:.17g} {z:.17g}\n" for i, (x, y, z) in enumerate(positions * SIGMA / length))
    epsilon, sigma = EPSILON / energy, SIGMA / length
    temperature = T if units == "lj" else T * EPSILON / KB
    script = f"""
units {units}
atom_style atomic
neighbor {0.3 * sigma:.17g} bin
read_data argon.data
pair_style lj/cut {2.5 * sigma:.17g}
pair_coeff * * {epsilon:.17g} {sigma:.17g}
{LOAD}
compute inm all glass/inm pc 0.35
compute eta all glass/viscosity c_inm friction {GAMMA / TAU * time:.17g} wmin {W / TAU * time:.17g}
compute two all glass/viscosity c_inm sound {BULK * EPSILON / SIGMA ** 3 / pressure:.17g} &
  diffusion {D * SIGMA ** 2 / TAU / (length ** 2 / time):.17g} temp {temperature:.17g}
""" + SHOW.replace(ALL, ALL + " " + ALL.replace("eta", "two"))
    return lammps(script + "run 0\n", files={"argon.data": text}).thermo()[0]


def test_units():
    rows = {units: argon(units) for units in UNITS}
    reduced = rows["lj"]
    assert reduced["c_two[5]"] == pytest.approx(T / D, rel=1e-14)
    assert reduced["c_two[6]"] == pytest.approx(2 * np.pi / (108 / 0.85) ** (1 / 3) * np.sqrt(BULK / 0.85), rel=1e-12)
    for units, row in rows.items():
        to_si, reference = UNITS[units][5], UNITS["lj"][5]
        time = UNITS[units][3]
        # LAMMPS's own constants are good to 1e-7, and k_B in real and metal units to 1.3e-6.
        for k in range(1, 5):
            assert row[f"c_eta[{k}]"] * to_si == pytest.approx(reduced[f"c_eta[{k}]"] * reference, rel=1e-6)
            assert row[f"c_two[{k}]"] * to_si == pytest.approx(reduced[f"c_two[{k}]"] * reference, rel=2e-6)
        assert row["c_two[5]"] / time == pytest.approx(T / D / TAU, rel=2e-6)
        assert row["c_two[6]"] / time == pytest.approx(reduced["c_two[6]"] / TAU, rel=1e-6)
        assert row["c_eta[7]"] == reduced["c_eta[7]"] > 0


# ---- gamma and omega_min

def test_sound_is_a_cutoff():
    # rho = 0.9, L = (108/0.9)^(1/3)
    wmin = 2 * np.pi / 120 ** (1 / 3) * np.sqrt(11.0 / 0.9)
    by_sound = eta(SMALL, "compute eta all glass/viscosity c_inm friction 2.5 sound 11\n")[0]
    by_number = eta(SMALL, f"compute eta all glass/viscosity c_inm friction 2.5 wmin {wmin:.17g}\n")[0]
    np.testing.assert_allclose(by_sound, by_number, rtol=1e-12)


CU, ZR = 63.546, 91.224
EV = 8.617343e-5 / 1.0364269e-4    # k_B in metal units, as mass distance^2/time^2


def test_friction_of_unequal_masses():
    show = ("thermo_style custom step c_eta[5] c_cu[5] c_own[5]\nthermo_modify line yaml format float %.17g\n")
    run = lammps(cuzr("liquid") + LOAD + "compute inm all glass/inm pc 0.37\n"
                 "group cu type 1\ncompute inmcu cu glass/inm pc 0.37\n"
                 "compute eta all glass/viscosity c_inm diffusion 0.2 temp 1500 wmin 3\n"
                 "compute cu cu glass/viscosity c_inmcu diffusion 0.2 temp 1500 wmin 3\n"
                 "compute own all glass/viscosity c_inm diffusion 0.2 temp 1500 wmin 3 mass 91.224\n" + show +
                 "run 0\n")
    row = run.thermo()[0]
    assert row["c_eta[5]"] == pytest.approx(EV * 1500 / (0.5 * (CU + ZR) * 0.2), rel=1e-12)
    assert row["c_cu[5]"] == pytest.approx(EV * 1500 / (CU * 0.2), rel=1e-12)
    assert row["c_own[5]"] == pytest.approx(EV * 1500 / (ZR * 0.2), rel=1e-12)
    lines = [line for line in run.output.splitlines() if line.startswith("glass/viscosity:")]
    assert lines == ["glass/viscosity: masses in group all differ: k_B T/(m D) takes their mean by number, m = 77.385; "
                     "keyword mass sets another",
                     "glass/viscosity: group cu is not all atoms: the viscosity is what its modes add in the volume of "
                     "the whole box, the other atoms held fixed"]


THERMOSTATS = {
    "nvt": ("fix 1 all nvt temp 1.0 0.5 0.1", [1.0, 0.75, 0.5]),
    "langevin": ("fix 1 all nve\nfix 2 all langevin 1.0 0.5 0.1 77", [1.0, 0.75, 0.5]),
    "langevin by variable": ("variable t equal 1.0-step/40\nfix 1 all nve\nfix 2 all langevin v_t 1.0 0.1 77",
                             [1.0, 0.75, 0.5]),
    "two that agree": ("fix 1 all nvt temp 0.8 0.8 0.1\nfix 2 all langevin 0.8 0.8 1.0 77", [0.8] * 3),
    "barostat beside": ("fix 1 all nph iso 1 1 1\nfix 2 all temp/csvr 0.6 0.6 0.1 77", [0.6] * 3),
}


@pytest.mark.parametrize("name", THERMOSTATS)
def test_temperature_of_the_thermostat(name):
    fixes, temperatures = THERMOSTATS[name]
    rows = eta(SMALL + "velocity all create 1.0 44\n" + fixes + "\nthermo 10\n",
               "compute eta all glass/viscosity c_inm diffusion 0.05 wmin 1\n", run="run 20\n")
    np.testing.assert_allclose(rows[:, 4], np.array(temperatures) / 0.05, rtol=1e-12)


def test_temperature_of_a_compute():
    definition = "compute eta all glass/viscosity c_inm diffusion 0.05 wmin 1 temp c_thermo_temp\nfix 1 all nve\n"
    show = SHOW.replace("step", "step temp")
    script = SMALL + "velocity all create 1.0 44\nthermo 5\n" + LOAD + INM + definition + show + "run 10\n"
    rows = lammps(script).thermo()
    for row in rows:
        assert row["c_eta[5]"] == pytest.approx(row["Temp"] / 0.05, rel=1e-13)
    assert rows[0]["Temp"] != rows[1]["Temp"]


SOURCES = """
variable g equal 2.0+step/10
variable one equal 1.5*v_g
variable in internal 4.5
fix av all ave/time 1 1 5 v_g v_one
fix single all ave/time 1 1 5 v_g
compute press all pressure NULL virial
fix 1 all nve
thermo 5
"""

@pytest.mark.parametrize("source", ["v_g", "v_one", "f_single", "f_av[2]", "c_press[1]", "c_ke"])
def test_sources(source):
    # Each is also printed by thermo itself, from the same step.
    sources = SOURCES
    if source == "c_ke":    # a scalar
        sources += "compute ke all ke\nvelocity all create 1 9\n"
    definition = sources + f"compute eta all glass/viscosity c_inm friction {source} wmin 1\n"
    rows = lammps(SMALL + LOAD + INM + definition + SHOW.replace("step", f"step {source}") + "run 10\n").thermo()
    assert len(rows) == 3
    for row in rows:
        assert row["c_eta[5]"] == pytest.approx(row[source], rel=1e-14)
    assert len({row["c_eta[5]"] for row in rows}) == 3


def test_sources_of_the_other_keywords():
    definition = SOURCES + """
variable d equal 0.01+step/1000
variable m equal 2.0
variable b equal abs(c_thermo_press)*3
compute eta all glass/viscosity c_inm diffusion v_d temp v_g mass v_m sound v_b
compute eps all glass/viscosity c_inm friction v_in wmin v_one
"""
    show = SHOW.replace("step", "step v_g v_d v_b v_one c_eps[5] c_eps[6]")
    rows = lammps(SMALL + LOAD + INM + definition + show + "run 10\n").thermo()
    for row in rows:
        assert row["c_eta[5]"] == pytest.approx(row["v_g"] / (2.0 * row["v_d"]), rel=1e-14)
        assert row["c_eta[6]"] == pytest.approx(2 * np.pi / 120 ** (1 / 3) * np.sqrt(row["v_b"] / 0.9), rel=1e-12)
        assert row["c_eps[5]"] == 4.5 and row["c_eps[6]"] == row["v_one"]


def test_pressure_as_source_outside_thermo():
    # The virial must have been tallied at the steps on which fix ave/time asks, by whatever way.
    out = []
    for value in ("c_eta[5]", "c_press[1]"):
        run = lammps(SMALL + LOAD + INM + SOURCES + "compute eta all glass/viscosity c_inm friction c_press[1] wmin 1\n"
                     f"fix out all ave/time 4 1 4 {value} file out.txt format ' %.16g'\nthermo 100\nrun 12\n")
        out.append(np.loadtxt(run.path / "out.txt"))
    assert list(out[0][:, 0]) == [0, 4, 8, 12]
    np.testing.assert_allclose(out[0], out[1], rtol=1e-14)


def test_source_without_data_yet():
    # Fixes are 0 until they have something to say.
    definition = ("variable zero equal step>=5\n"
                  "compute eta all glass/viscosity c_inm friction v_zero wmin 1\nfix 1 all nve\nthermo 5\n")
    rows = eta(SMALL, definition, run="run 5\n")
    assert (rows[0, :5] == 0).all() and (rows[1, :5] > 0).all()
    rows = eta(SMALL, definition.replace("friction v_zero", "diffusion v_zero temp 1"), run="run 5\n")
    assert (rows[0, :5] == 0).all() and (rows[1, :5] > 0).all()


# ---- what goes on around it

def test_group():
    # Pinned atoms outside the group; masses of all atoms are in the sound, as their modulus is.
    definition = "compute eta half glass/viscosity c_inm friction 2.5 sound 11\n" + dump_modes()
    run = lammps(SMALL + "group half id <> 1 54\n" + LOAD + INM.replace("all", "half") + definition + SHOW + "run 0\n")
    row = run.thermo()[0]
    wmin = 2 * np.pi / 120 ** (1 / 3) * np.sqrt(11.0 / 0.9)
    assert row["c_eta[6]"] == pytest.approx(wmin, rel=1e-12)
    modes = run.table("modes.txt")
    assert len(modes) == 162
    expected = by_numpy(modes, 0.35, wmin, 2.5 / 120)
    np.testing.assert_allclose([row[f"c_eta[{k}]"] for k in (1, 2, 3, 4, 7)], expected, rtol=1e-10)


def test_follows_the_trajectory():
    show = SHOW + dump_modes() + "dump_modify modes every 10\n"
    run = lammps(SMALL + LOAD + INM + ETA + "fix 1 all nve\nthermo 10\n" + show + "run 20\n", 2)
    values = [[row[f"c_eta[{k}]"] for k in (1, 2, 3, 4, 7)] for row in run.thermo()]
    expected = [by_numpy(modes, 0.35, 1.0, 2.5 / 120) for modes in run.tables("modes.txt")]
    np.testing.assert_allclose(values, expected, rtol=1e-9)
    assert len(values) == 3 and values[0][0] != values[1][0]


def test_known_on_every_rank():
    # An atom-style variable is evaluated where the atoms are.
    run = lammps(SMALL + LOAD + INM + ETA + "variable s equal c_eta\nvariable p equal c_eta[2]\n"
                 "variable scalar atom v_s\nvariable part atom v_p\n"
                 "dump d all custom 1 atoms.txt id v_scalar v_part\ndump_modify d format float %.17g\n" + SHOW + "run 0\n", 4)
    row = run.thermo()[0]
    table = run.table("atoms.txt")
    assert len(table) == 108
    np.testing.assert_allclose(table[:, 1:], len(table) * [[row["c_eta[1]"], row["c_eta[2]"]]], rtol=1e-14)


def test_inherent_structure():
    # At the minimum there is no unstable mode, and the trajectory then has its own value again.
    script = (SMALL + LOAD + INM + ETA + "fix 1 all nvt temp 1.0 1.0 0.1\n" + SHOW +
              'run 0\nglass/quench is 0 1e-10 10000 100000 c_eta[1] c_eta[2] c_eta[3] c_eta c_eta[4] file is.txt\n'
              "run 0 pre no\nrun 0\n")
    run = lammps(script)
    before, after, again = ([row[f"c_eta[{k}]"] for k in range(1, 8)] for row in run.thermo())
    assert after == before
    np.testing.assert_allclose(again, before, rtol=1e-9)
    quenched = np.loadtxt(run.path / "is.txt")[-5:]
    assert (quenched[[0, 1, 3]] == 0).all() and quenched[2] == quenched[4] > 0
    assert quenched[2] != before[2]


def test_inm_defined_anew():
    script = (SMALL + LOAD + INM + ETA + SHOW + "run 0\nuncompute inm\n" + INM.replace("0.35", "0.5") +
              "run 0\n")
    rows = lammps(script).thermo()
    assert rows[1]["c_eta"] > rows[0]["c_eta"]


def test_not_periodic():
    run = lammps(SMALL.replace("units lj", "units lj\nboundary p p s") + LOAD + INM + ETA + SHOW + "run 0\n")
    assert "glass/viscosity: the box is not periodic in all directions: its volume is taken as it is" in run.output


# ---- averages and errors, as the doc page has them

PAGE = (ROOT / "docs" / "compute_glass_viscosity.rst").read_text()
INPUT = """
compute inm all glass/inm pc 0.35 strain xy xz yz
compute eta all glass/viscosity c_inm friction 25.0 wmin 1.0
"""


def script_lines(word):
    """The code block of the page that contains a word, a configuration every 10 steps and not every 1000."""
    section = PAGE[PAGE.index("Means and errors"):]
    blocks = [block.split("\n\n")[1] for block in section.split(".. code-block::")[1:]]
    block, = (block for block in blocks if word in block)
    return block.replace("1000", "10").replace("run      1000", "run 50").replace("sound 68.0", "wmin 1.0") + "\n"


@pytest.mark.parametrize("way", ["mean2", "vector"])
def test_mean_and_standard_error(way):
    script = (SMALL + LOAD + INPUT + SHOW + "velocity all create 1.0 44\nfix 1 all nvt temp 1.0 1.0 0.1\nthermo 10\n" +
              script_lines(way))
    run = lammps(script.replace('"$(v_mean) +- $(v_err)"', '"RESULT $(v_mean:%.15g) $(v_err:%.15g)"'))
    sample = np.array([row["c_eta[1]"] for row in run.thermo()])
    assert len(sample) > 5
    line = [line for line in run.output.splitlines() if line.startswith("RESULT")][-1]
    mean, error = (float(word) for word in line.split()[1:])
    assert mean == pytest.approx(sample.mean(), rel=1e-12)
    assert error == pytest.approx(sample.std(ddof=1) / np.sqrt(len(sample)), rel=1e-9)


def test_friction_known_at_the_end():
    # With friction 1, the mean is S/V in pressure units; the last friction multiplies it.
    script = (SMALL + LOAD + "variable gamma equal (step+1)*3.0\nfix memory all ave/time 1 1 1 v_gamma\n"
              "compute inm all glass/inm pc 0.35\n"
              "compute eta all glass/viscosity c_inm friction f_memory wmin 1.0\n"
              "variable S equal c_eta[1]/c_eta[5]\n"
              "fix S all ave/time 10 1 10 v_S ave running\n"
              "thermo 10\nfix 1 all nve\n" + SHOW + script_lines("f_memory") + "variable eta2 equal f_S*f_memory\n"
              'print "RESULT $(v_eta:%.15g) $(v_eta2:%.15g)"\n')
    run = lammps(script)
    rows = run.thermo()
    expected = rows[-1]["c_eta[5]"] * np.mean([row["c_eta[1]"] / row["c_eta[5]"] for row in rows])
    assert len(rows) > 5 and rows[-1]["c_eta[5]"] != rows[0]["c_eta[5]"]
    line = [line for line in run.output.splitlines() if line.startswith("RESULT")][-1]
    for word in line.split()[1:]:
        assert float(word) == pytest.approx(expected, rel=1e-12)


# ---- bad input

def eta_with(keywords):
    return INM + f"compute eta all glass/viscosity c_inm {keywords}\n"


RUN = "thermo_style custom step c_eta\nrun 0\n"
ME = "Compute glass/viscosity (ID eta)"
CHUNKS = "compute k all chunk/atom type\ncompute ke all ke/atom\ncompute g all reduce/chunk k sum c_ke\n"
ERRORS = {
    "no compute named": ("compute eta all glass/viscosity\n", "compute glass/viscosity"),
    "no c_": ("compute eta all glass/viscosity inm friction 1 wmin 1\n",
              f"{ME} needs a compute glass/inm as c_ID, not inm"),
    "no such compute": ("compute eta all glass/viscosity c_x friction 1 wmin 1\n" + RUN,
                        f"{ME}: there is no compute x"),
    "another style": ("compute eta all glass/viscosity c_thermo_pe friction 1 wmin 1\n" + RUN,
                      f"{ME}: compute thermo_pe is of style pe, not glass/inm"),
    "no pc": ("compute inm all glass/inm\n" + ETA + RUN,
              f"{ME}: compute inm does not split the unstable modes; give it keyword pc"),
    "window": ("compute inm all glass/inm pc 0.3 modes window -30 0\n" + ETA + RUN,
               f"{ME}: compute inm finds a part of the modes, which may not hold all unstable ones; use modes "
               "all or unstable"),
    "other group": ("group one type 1\ncompute inm one glass/inm pc 0.3\n" + ETA + RUN,
                    f"{ME}: its group is all and that of compute inm is one; use the same"),
    "unknown keyword": (eta_with("gamma 1"), "Unknown compute glass/viscosity keyword: gamma"),
    "missing value": (eta_with("wmin 1 friction"), "compute glass/viscosity friction"),
    "neither friction": (eta_with("wmin 1"),
                         f"{ME} needs the friction rate: give friction (e.g. from a fix glass/memory) or diffusion"),
    "both frictions": (eta_with("friction 1 diffusion 1 wmin 1"), f"{ME} takes either friction or diffusion, not both"),
    "no cutoff": (eta_with("friction 1"), f"{ME} needs the lowest frequency of modes that count: give wmin or"),
    "both cutoffs": (eta_with("friction 1 wmin 1 sound 1"), f"{ME} takes either wmin or sound, not both"),
    "temp with friction": (eta_with("friction 1 wmin 1 temp 1"), f"{ME}: temp belongs to diffusion"),
    "mass with friction": (eta_with("friction 1 wmin 1 mass 1"), f"{ME}: mass belongs to diffusion"),
    "friction 0": (eta_with("friction 0 wmin 1"), f"{ME}: friction 0: this must be > 0"),
    "diffusion -1": (eta_with("diffusion -1 wmin 1"), f"{ME}: diffusion -1: this must be > 0"),
    "temp 0": (eta_with("diffusion 1 wmin 1 temp 0"), f"{ME}: temp 0: this must be > 0"),
    "mass -2": (eta_with("diffusion 1 wmin 1 mass -2"), f"{ME}: mass -2: this must be > 0"),
    "wmin 0": (eta_with("friction 1 wmin 0"), f"{ME}: wmin 0: this must be > 0"),
    "sound -5": (eta_with("friction 1 sound -5"), f"{ME}: sound -5: this must be > 0"),
    "no source": (eta_with("friction abc wmin 1"),
                  f"{ME}: friction must be a number, v_name, c_ID, c_ID[I], f_ID or f_ID[I], not abc"),
    "array": (eta_with("friction c_inm[1][2] wmin 1"), "f_ID or f_ID[I], not c_inm[1][2]"),
    "element of a variable": (eta_with("friction v_g[1] wmin 1"), "f_ID or f_ID[I], not v_g[1]"),
    "wildcard": (eta_with("friction c_inm[*] wmin 1"), "f_ID or f_ID[I], not c_inm[*]"),
    "no variable": (eta_with("friction v_g wmin 1") + RUN, f"{ME}: friction v_g: there is no variable g"),
    "atom variable": ("variable g atom x\n" + eta_with("friction v_g wmin 1") + RUN,
                      f"{ME}: friction v_g: variable g is not of style equal"),
    "no source compute": (eta_with("friction c_g wmin 1") + RUN, f"{ME}: friction c_g: there is no compute g"),
    "no scalar": ("compute g all com\n" + eta_with("friction c_g wmin 1") + RUN,
                  f"{ME}: friction c_g: compute g has no global scalar; name an element of its vector"),
    "no vector": (eta_with("friction c_thermo_pe[1] wmin 1") + RUN,
                  f"{ME}: friction c_thermo_pe[1]: compute thermo_pe has no global vector"),
    "short vector": (eta_with("friction c_thermo_press[7] wmin 1") + RUN,
                     f"{ME}: friction c_thermo_press[7]: the vector of compute thermo_press has length 6"),
    "no source fix": (eta_with("friction f_g wmin 1") + RUN, f"{ME}: friction f_g: there is no fix g"),
    "fix without scalar": ("fix g all nve\n" + eta_with("friction f_g wmin 1") + RUN,
                           f"{ME}: friction f_g: fix g has no global scalar"),
    "fix without vector": ("fix g all ave/time 1 1 1 c_thermo_pe\n" + eta_with("friction f_g[1] wmin 1") + RUN,
                           f"{ME}: friction f_g[1]: fix g has no global vector"),
    "fix with short vector": ("fix g all ave/time 1 1 1 c_thermo_press[*]\n" + eta_with("friction f_g[7] wmin 1") + RUN,
                              f"{ME}: friction f_g[7]: the vector of fix g has length 6"),
    "fix at other steps": ("fix g all ave/time 1 1 4 c_thermo_temp\n" + eta_with("friction f_g wmin 1") +
                           "thermo 3\nthermo_style custom step c_eta\nrun 3\n",
                           f"{ME}: friction f_g: fix g has values every 4 steps, not at step 3"),
    "negative friction": (eta_with("friction c_thermo_pe wmin 1") + RUN, "this must be >= 0 and is -"),
    "not finite": ("variable g equal 1e200*1e200\n" + eta_with("friction v_g wmin 1") + RUN,
                   f"{ME}: friction v_g: this is inf at step 0, not a finite number"),
    "not a number": ("variable g equal 1e200*1e200-1e200*1e200\n" + eta_with("friction 1 sound v_g") + RUN,
                     "nan at step 0, not a finite number"),
    "no temperature": (eta_with("diffusion 1 wmin 1") + RUN,
                       f"{ME}: diffusion needs the temperature, and there is no thermostat to take it from; "
                       "give it by temp"),
    "two temperatures": ("fix a all nvt temp 1 1 1\nfix b all langevin 2 2 1 7\n" +
                         eta_with("diffusion 1 wmin 1") + RUN,
                         f"{ME}: fixes a and b hold different temperatures, 1 and 2; give the one of the group "
                         "by temp"),
    "thermostat at zero": ("fix a all nve\nfix b all langevin 0 0 1 7\n" + eta_with("diffusion 1 wmin 1") + RUN,
                           f"{ME}: the temperature that fix b holds is 0; give another by temp"),
    "temp of nothing moving": (eta_with("diffusion 1 wmin 1 temp c_thermo_temp") + RUN,
                               f"{ME}: temp c_thermo_temp: this must be > 0 and is 0 at step 0"),
    "sound not positive": ("variable b equal -3.0\n" + eta_with("friction 1 sound v_b") + RUN,
                           f"{ME}: sound v_b: this must be > 0 and is -3 at step 0"),
    "wmin not positive": ("variable w equal 0.0\n" + eta_with("friction 1 wmin v_w") + RUN,
                          f"{ME}: wmin v_w: this must be > 0 and is 0 at step 0"),
    "itself": (eta_with("friction c_eta wmin 1") + RUN, f"{ME}: friction c_eta: this value depends on itself"),
    "each other": (eta_with("friction c_b wmin 1") +
                   "compute b all glass/viscosity c_inm friction c_eta wmin 1\n" + RUN,
                   f"{ME}: friction c_b: this value depends on itself"),
    "inm not initialized": (INM + ETA + RUN + "uncompute inm\n" + INM + 'print "$(c_eta[2])"\n',
                            f"{ME}: compute inm was defined after the last run; begin a run (run 0) before"),
    "source not initialized": ("compute g all ke\n" + eta_with("friction c_g wmin 1") + RUN +
                               'uncompute g\ncompute g all ke\nprint "$(c_eta[2])"\n',
                               f"{ME}: friction c_g: compute g was defined after the last run; begin a run "
                               "(run 0) before"),
    "fix with few elements yet": (CHUNKS + "fix g all ave/time 1 1 1 c_g mode vector\n" +
                                  eta_with("friction f_g[3] wmin 1") + RUN,
                                  f"{ME}: friction f_g[3]: the vector of fix g has length 1 at step 0"),
    "compute with few elements": (CHUNKS + eta_with("friction c_g[3] wmin 1") + RUN,
                                  f"{ME}: friction c_g[3]: the vector of compute g has length 2 at step 0"),
    "group that runs empty": ("variable in atom step<1\ngroup some dynamic all var in\nfix 1 all nve\n"
                              "compute inm some glass/inm pc 0.3\n"
                              "compute eta some glass/viscosity c_inm friction 1 wmin 1\nthermo 1\n" +
                              RUN.replace("run 0", "run 1"), f"{ME}: group some has no atoms"),
    "empty group": ("group none empty\ncompute inm none glass/inm pc 0.3\n"
                    "compute eta none glass/viscosity c_inm friction 1 wmin 1\n" + RUN, "group none has no atoms"),
}


@pytest.fixture(scope="module")
def failed_runs():
    # Starting MPI is mostly waiting.
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        runs = pool.map(lambda entry: lammps(SMALL + LOAD + entry[0], check=False), ERRORS.values())
        return dict(zip(ERRORS, runs))


@pytest.mark.parametrize("name", ERRORS)
def test_errors(failed_runs, name):
    run = failed_runs[name]
    assert run.returncode != 0, run.output[-1500:]
    errors = [line for line in run.output.splitlines() if line.startswith("ERROR")]
    assert len(errors) == 1, run.output[-1500:]
    assert ERRORS[name][1] in " ".join(run.output.split())


@pytest.mark.parametrize("source", ["compute_glass_viscosity.cpp", "value_source.cpp"])
def test_messages_are_documented(source):
    code = re.sub(r'"\s*\n\s*"', "", (ROOT / "src" / "lammps" / source).read_text())
    messages = re.findall(r'(?:error->all\(FLERR,|log\(|fmt::format\()\s*"([^"]*)"', code)
    assert len(messages) > 8
    for message in messages:
        for part in message.split("{}"):
            part = re.sub(r"\{[^}]*\}.*", "", part).strip(" :,;")
            # words that belong to no other message
            if len(part.split()) > 2:
                assert part in " ".join(PAGE.split()), message


def test_sound_needs_periodic_boundaries():
    script = SMALL.replace("units lj", "units lj\nboundary p p f") + LOAD + eta_with("friction 1 sound 5") + RUN
    run = lammps(script, check=False)
    assert run.returncode != 0
    assert f"{ME}: sound needs a box that is periodic in all directions" in run.output


def test_errors_on_several_ranks():
    run = lammps(SMALL + LOAD + "variable g equal -1.0\n" + eta_with("friction v_g wmin 1") + RUN, 4, check=False)
    assert run.returncode != 0 and "friction v_g: this must be >= 0 and is -1 at step 0" in run.output
