"""glass/quench: the inherent structure is LAMMPS's own, and the trajectory never notices."""

import numpy as np
import pytest

from lammps_run import DATA, LOAD, cuzr, lammps

# Forces without step at the cutoff, so that minimisers end at the force tolerance.
LIQUID = f"""
units lj
atom_style atomic
read_data "{DATA}/ka.data"
pair_style lj/smooth/linear 2.5
pair_coeff 1 1 1.0 1.0 2.5
pair_coeff 1 2 1.5 0.8 2.0
pair_coeff 2 2 0.5 0.88 2.2
mass * 1.0
timestep 0.004
velocity all create 1.0 4711 loop geom
"""

OUTPUT = """
fix average all ave/time 7 3 70 c_thermo_press c_thermo_pe c_thermo_temp file average.txt
compute msd all msd
thermo 25
thermo_style custom step temp pe press pxx lx ly lz c_msd[4] time
thermo_modify norm no line yaml format float %.17g
dump all all custom 25 trajectory.dump id x y z ix iy iz vx vy vz fx fy fz
dump_modify all format float %20.17g
"""

ENSEMBLES = {
    "nve": "fix 1 all nve",
    "nvt": "fix 1 all nvt temp 1.0 0.7 0.4",
    "npt": "fix 1 all npt temp 1.0 1.0 0.4 iso 10.0 9.0 4.0",
    "npt triclinic": "change_box all triclinic\nfix 1 all npt temp 1.0 1.0 0.4 tri 10.0 10.0 4.0",
    "langevin": "fix 1 all nve\nfix 2 all langevin 1.0 1.0 1.0 99",
    "deform": "change_box all triclinic\nfix 1 all nvt temp 1.0 1.0 0.4\n"
              "fix 2 all deform 1 xy wiggle 0.2 0.8 remap x",
    "dms": "change_box all triclinic\nfix 1 all nvt temp 1.0 1.0 0.4\n"
           "fix 2 all glass/dms xy 0.02 0.8 cycles 10\nvariable unused equal f_2",
}


def files(run):
    return [(run.path / name).read_bytes() for name in ("trajectory.dump", "average.txt")]


def visits(script):
    """The rows that glass/quench wrote."""
    run = lammps(script)
    return np.loadtxt(run.path / "is.txt")


def same_trajectory(setting, quench, ranks=1, every="run 200 every 50", prefix=""):
    """Whether `quench` between the pieces of a run leaves all that the run writes as it is, to the last bit."""
    script = prefix + LIQUID + LOAD + setting + OUTPUT + every
    without = lammps(script + ' "print nothing"\n', ranks=ranks)
    with_quench = lammps(script + f' "{quench}"\n', ranks=ranks)
    assert files(with_quench) == files(without)
    assert len(without.thermo()) > 4 and with_quench.thermo() == without.thermo()
    return with_quench


# Far enough to have moved all atoms and reneighboured; what follows a quench does not depend on its depth.
QUENCH = "glass/quench IS 0 1e-2 2000 20000 c_thermo_press c_msd[4] file is.txt"


@pytest.mark.parametrize("ranks", [1, 2])
@pytest.mark.parametrize("ensemble", ENSEMBLES)
def test_trajectory_is_the_same_to_the_last_bit(ensemble, ranks):
    run = same_trajectory(ENSEMBLES[ensemble], QUENCH, ranks)
    rows = np.loadtxt(run.path / "is.txt")
    assert list(rows[:, 0]) == [50, 100, 150, 200]
    assert np.all(rows[:, 4] == 1), "all converged"
    assert np.all(np.diff(rows[:, 1]) != 0)


@pytest.mark.parametrize("style", ["sd", "cg", "hftn", "quickmin", "fire"])
def test_any_minimiser(style):
    """Damped dynamics overwrites velocities and the time step."""
    steps = "min_modify dmax 0.1\n" if style == "sd" else ""
    same_trajectory(f"min_style {style}\n{steps}" + ENSEMBLES["nvt"], QUENCH, every="run 100 every 50")


def test_ramps_and_sorting_go_on():
    """start and stop of a run, atoms sorted in space, and sparse reneighbouring."""
    same_trajectory("atom_modify sort 20 0.0\nneigh_modify every 5 delay 10\n" + ENSEMBLES["nvt"], QUENCH,
                    every="run 200 start 0 stop 400 every 50")


def test_what_atoms_store_goes_on():
    """Per-atom state of fixes migrates with the atoms, also on several ranks."""
    store = "fix mean all ave/atom 5 10 50 vx x\ncompute mean all reduce sum f_mean[1]\n"
    same_trajectory(ENSEMBLES["nvt"] + "\n" + store, QUENCH, ranks=2)


def test_molecules_go_on():
    """Bonds and exclusions: a chain, whose topology migrates with its atoms."""
    chain = """
units lj
atom_style bond
lattice sc 1.0
region box block 0 6 0 6 0 6
create_box 1 box bond/types 1 extra/bond/per/atom 6 extra/special/per/atom 40
create_atoms 1 box
mass 1 1.0
special_bonds lj 0 1 1
bond_style harmonic
bond_coeff 1 50.0 1.0
pair_style lj/smooth/linear 1.5
pair_coeff 1 1 1.0 1.0 1.5
create_bonds many all all 1 0.9 1.05
velocity all create 1.0 12 loop geom
timestep 0.004
"""
    script = chain + LOAD + "fix 1 all nvt temp 1.0 1.0 0.4\n" + OUTPUT + "run 100 every 50"
    without = lammps(script + ' "print nothing"\n', ranks=2)
    with_quench = lammps(script + f' "{QUENCH}"\n', ranks=2)
    assert files(with_quench) == files(without)


RAMPED = "change_box all triclinic\nfix 1 all nvt temp 1.0 0.7 0.4\nfix 2 all deform 1 xy erate 0.5 remap x"


TILTED = "change_box all triclinic xy delta 1.7 yz delta -0.9 remap units box\nfix 1 all nvt temp 1.0 1.0 0.4"


@pytest.mark.parametrize("setting", [ENSEMBLES["nve"], RAMPED], ids=["nve", "ramps"])
def test_run_without_setup_goes_on(setting):
    """With pre no: the same trajectory, ramps and thermo output, up to the order of sums."""
    script = LIQUID + LOAD + setting + OUTPUT.replace("fix average", "#") + "run 60 pre no start 0 stop 60 every 20 "
    reference = lammps(script + '"print nothing"\n')
    run = lammps(script + f'"{QUENCH}"\n')
    for ours, theirs in zip(run.tables("trajectory.dump"), reference.tables("trajectory.dump")):
        ours, theirs = (t[np.argsort(t[:, 0])] for t in (ours, theirs))
        assert np.max(np.abs(ours[:, 7:10] - theirs[:, 7:10])) < 1e-9
    assert len(run.thermo()) == len(reference.thermo()) > 5
    for ours, theirs in zip(run.thermo(), reference.thermo()):
        if setting == RAMPED:    # its energies of a step are those before fix deform has changed the box at its end
            ours, theirs = ({key: row[key] for key in ("Step", "Temp", "c_msd[4]")} for row in (ours, theirs))
        assert ours == pytest.approx(theirs, rel=1e-8, abs=1e-8)


@pytest.mark.parametrize("ranks", [1, 2, 4])
@pytest.mark.parametrize("setting", [ENSEMBLES["nve"], TILTED], ids=["upright", "tilted"])
def test_what_is_evaluated_after_it_is_of_the_configuration(setting, ranks):
    """Energies, virials, neighbours and ghosts are those of the restored atoms, not of the minimum."""
    values = " ".join(f"$({v}:%.15g)" for v in ("pe", "press", "c_all[1]", "c_all[2]", "c_thermo_press[4]", "v_energy"))
    script = LIQUID + LOAD + setting + f"""
compute near all coord/atom cutoff 1.5
compute each all pe/atom
compute all all reduce sum c_near c_each
variable energy equal pe
thermo_style custom step pe press c_all[1] c_all[2]
run 60 every 20 "print 'before {values}'" "{QUENCH.replace('c_msd[4]', 'v_energy')}" "print 'after {values}'"
"""
    output = lammps(script, ranks=ranks).output
    before, after = ([[float(w) for w in line.split()[1:]] for line in output.splitlines() if line.startswith(word)]
                     for word in ("before", "after"))
    assert len(before) == len(after) == 3
    assert np.allclose(before, after, rtol=1e-10)


def test_inherent_structure_is_that_of_minimize():
    """Energy, pressure and positions are those of LAMMPS's own minimize from the same configuration."""
    ours = lammps(LIQUID + LOAD + """fix 1 all nve
run 0
glass/quench IS 0 1e-6 2000 20000 c_thermo_press file is.txt restore no
write_dump all custom is.dump id x y z modify format float %20.17g sort id
""")
    theirs = lammps(LIQUID + """thermo_style custom step pe press
thermo_modify norm no line yaml format float %.17g
fix 1 all nve
minimize 0 1e-6 2000 20000
write_dump all custom is.dump id x y z modify format float %20.17g sort id
""")
    row = np.loadtxt(ours.path / "is.txt")
    last = theirs.thermo()[-1]
    assert row[1] == pytest.approx(last["PotEng"], rel=1e-12)
    assert row[7] == pytest.approx(last["Press"], rel=1e-8)
    assert np.max(np.abs(ours.table("is.dump") - theirs.table("is.dump"))) < 1e-6


def test_values_of_our_own_computes_are_those_of_the_inherent_structure():
    """Modes at the inherent structure are stable, those of the liquid at the same step are not."""
    run = lammps(LIQUID + LOAD + """
compute inm all glass/inm
compute elastic all glass/elastic
variable twice equal 2*c_elastic
variable keyword equal pe*atoms
fix 1 all nve
run 0
glass/quench IS 0 1e-8 5000 50000 c_inm c_elastic v_twice v_keyword
thermo_style custom step c_inm f_IS[2] f_IS[8] f_IS[9] f_IS[10] f_IS[11]
thermo_modify line yaml format float %.17g
run 0
""")
    row = run.thermo()[-1]
    assert row["c_inm"] > 0.05
    assert row["f_IS[8]"] == 0.0
    assert row["f_IS[9]"] > 1.0
    assert row["f_IS[10]"] == pytest.approx(2.0 * row["f_IS[9]"], rel=1e-12)
    assert row["f_IS[11]"] == pytest.approx(500 * row["f_IS[2]"], rel=1e-12), "both normalised by thermo output"


def test_values_in_variables_and_averages():
    """The row is there for the rest of the script as f_ID."""
    run = lammps(LIQUID + LOAD + """
fix 1 all nvt temp 1.0 1.0 0.4
glass/quench IS 0 1e-6 2000 20000 c_thermo_press file is.txt
variable energy equal f_IS[2]
thermo_style custom step f_IS f_IS[1] v_energy f_IS[8]
thermo_modify norm no line yaml format float %.17g
run 100 every 50 "glass/quench IS 0 1e-6 2000 20000 c_thermo_press file is.txt" "print 'now ${energy}'"
run 0
""")
    rows = np.loadtxt(run.path / "is.txt")
    last = run.thermo()[-1]
    assert last["f_IS"] == last["v_energy"] == pytest.approx(rows[-1, 1], rel=1e-12)
    assert last["f_IS[1]"] == rows[-1, 0] == 100
    assert last["f_IS[8]"] == pytest.approx(rows[-1, 7], rel=1e-12)
    assert run.output.count("now -") == 2


def test_transitions_are_counted():
    """A crystal rattles about one inherent structure; a hot liquid leaves it at once."""
    crystal = """
units lj
lattice fcc 1.0
region box block 0 4 0 4 0 4
create_box 1 box
create_atoms 1 box
mass 1 1.0
pair_style lj/smooth/linear 2.5
pair_coeff 1 1 1.0 1.0
velocity all create 0.2 7 loop geom
timestep 0.004
"""
    quench = 'run 120 every 20 "glass/quench IS 0 1e-6 2000 20000 file is.txt"\n'
    solid = visits(crystal + LOAD + "fix 1 all nve\n" + quench)
    assert np.ptp(solid[:, 1]) < 1e-10 * abs(solid[0, 1])
    assert np.all(solid[:, 5:7] == 0)
    liquid = visits(LIQUID + LOAD + ENSEMBLES["nvt"] + "\n" + quench)
    assert np.all(liquid[:, 5] == np.arange(6)), "each quench ends elsewhere"
    assert liquid[-1, 6] == pytest.approx(5 / (100 * 0.004), rel=1e-12)
    coarse = quench.replace("file", "transition 1e5 file")
    none = visits(LIQUID + LOAD + ENSEMBLES["nvt"] + "\n" + coarse)
    assert np.all(none[:, 5] == 0)


def test_energy_tolerance_sets_what_is_a_transition():
    """A minimiser that stops by etol is above the minimum; that alone is no transition."""
    glass = cuzr("glass") + "velocity all create 150 11 loop geom\nfix 1 all nve\nneighbor 1.0 bin\n" + LOAD
    for tolerances in ("0 1e-6", "1e-6 0"):
        rows = visits(glass + f'run 100 every 20 "glass/quench IS {tolerances} 5000 50000 file is.txt"\n')
        assert np.all(rows[:, 4] == 1) and np.all(rows[:, 5] == 0)


def test_file_begins_with_its_header():
    """Also if an earlier call had no file, or a file of that name was there before."""
    run = lammps(LIQUID + LOAD + "fix 1 all nve\nglass/quench IS 0 1e-2 100 1000\n"
                 'run 20 every 10 "glass/quench IS 0 1e-2 1000 10000 file is.txt"\n', files={"is.txt": "of old\n"})
    lines = (run.path / "is.txt").read_text().splitlines()
    assert lines[:2] == ["# glass/quench IS", "# step U_IS iterations fmax converged transitions rate"]
    assert [line.split()[0] for line in lines[2:]] == ["10", "20"]


def test_restart_goes_on_counting():
    """If the command is given once before the first run, as for all that is in a restart file."""
    head = LOAD + ENSEMBLES["nvt"] + "\n"
    quench = 'run 60 every 20 "glass/quench IS 0 1e-6 2000 20000 file is.txt"\n'
    whole = lammps(LIQUID + head + quench + "write_restart half.restart\n" + quench)
    restart = f"""
read_restart "{whole.path}/half.restart"
pair_style lj/smooth/linear 2.5
pair_coeff 1 1 1.0 1.0 2.5
pair_coeff 1 2 1.5 0.8 2.0
pair_coeff 2 2 0.5 0.88 2.2
timestep 0.004
"""
    rest = visits(restart + head + "glass/quench IS 0 1e-6 2000 20000 file is.txt\n" + quench)
    whole = np.loadtxt(whole.path / "is.txt")
    assert whole[-1, 5] == 5
    assert np.allclose(rest[1:], whole[3:], rtol=1e-6, atol=1e-6)
    assert np.allclose(rest[1:, 5:], whole[3:, 5:], rtol=1e-12), "counts and rate"


def test_not_converged_is_marked():
    run = lammps(LIQUID + LOAD + "fix 1 all nve\n" + 'run 40 every 20 "glass/quench IS 0 1e-8 5 100 file is.txt"\n')
    rows = np.loadtxt(run.path / "is.txt")
    assert np.all(rows[:, 4] == 0) and np.all(rows[:, 3] > 1e-3) and np.all(rows[:, 5] == 0)
    assert "no minimum found at step 20: max iterations after 5 iterations" in run.output
    assert "Allow more iterations, or looser tolerances" in run.output


def test_nothing_is_printed_but_warnings():
    quiet = lammps(LIQUID + LOAD + "fix 1 all nve\nrun 0\nprint BEGIN\n" + QUENCH.replace("c_msd[4] ", "") + "\nprint END\n")
    assert "\nBEGIN\nEND\n" in quiet.output
    loud = lammps(LIQUID + LOAD + "fix 1 all nve\nrun 0\n" + QUENCH.replace("c_msd[4] ", "") + " verbose yes\n")
    assert "Step" in loud.output.split("glass/quench")[-1]


def test_errors_inside_are_shown():
    """An error of what is evaluated reaches the user although the minimisation is silent."""
    run = lammps(LIQUID + LOAD + "neigh_modify one 20 page 1000\nglass/quench IS 0 1e-6 100 1000\n", check=False)
    assert run.returncode != 0 and "Neighbor list overflow" in run.output
    run = lammps(LIQUID + LOAD + "variable bad equal c_none\nfix 1 all nve\nrun 0\n"
                 "glass/quench IS 0 1e-6 100 1000 v_bad\n", check=False)
    assert run.returncode != 0 and "ERROR" in run.output and "none" in run.output


ERRORS = {
    "too few": ("glass/quench IS 0 1e-6 100", "glass/quench"),
    "negative etol": ("glass/quench IS -1 1e-6 100 1000", "etol must be >= 0, not -1"),
    "negative ftol": ("glass/quench IS 0 -1e-6 100 1000", "ftol must be >= 0, not -1e-6"),
    "no iterations": ("glass/quench IS 0 1e-6 0 1000", "maxiter must be >= 1, not 0"),
    "no evaluations": ("glass/quench IS 0 1e-6 10 0", "maxeval must be >= 1, not 0"),
    "unknown keyword": ("glass/quench IS 0 1e-6 100 1000 keep yes", "Unknown glass/quench keyword: keep"),
    "missing value": ("glass/quench IS 0 1e-6 100 1000 file", "glass/quench file"),
    "zero transition": ("glass/quench IS 0 1e-6 100 1000 transition 0", "transition must be > 0, not 0"),
    "no compute": ("glass/quench IS 0 1e-6 100 1000 c_none", "there is no compute none"),
    "no variable": ("glass/quench IS 0 1e-6 100 1000 v_none", "v_none is not an equal-style variable"),
    "atom-style variable": ("variable x atom x\nglass/quench IS 0 1e-6 100 1000 v_x", "v_x is not an equal-style"),
    "per-atom compute": ("compute e all pe/atom\nglass/quench IS 0 1e-6 100 1000 c_e",
                         "compute e has no global scalar; per-atom and local values go through compute reduce"),
    "vector out of range": ("glass/quench IS 0 1e-6 100 1000 c_thermo_press[9]", "c_thermo_press[9] is out of range"),
    "ID of another fix": ("glass/quench 1 0 1e-6 100 1000", "there is a fix 1 of style nve; give another ID"),
    "other values": ("glass/quench IS 0 1e-6 100 1000\nglass/quench IS 0 1e-6 100 1000 c_thermo_press",
                     "earlier calls with this ID had other values; give another ID"),
    "random forces": ("pair_style dpd 1.0 2.5 34387\npair_coeff * * 3.0 4.5 2.5\nglass/quench IS 0 1e-6 100 1000",
                      "pair style dpd draws random numbers: it has no minimum of the energy"),
    "file": ("glass/quench IS 0 1e-6 100 1000 file no/such/folder", "cannot write to file no/such/folder"),
}


@pytest.mark.parametrize("case", ERRORS)
def test_error(case):
    lines, message = ERRORS[case]
    run = lammps(LIQUID + LOAD + "fix 1 all nve\nrun 0\n" + lines + "\n", check=False)
    assert run.returncode != 0
    assert message in run.output


def test_no_box_and_no_pair_style():
    assert "there is no simulation box" in lammps(LOAD + "glass/quench IS 0 1 1 1\n", check=False).output
    bare = "lattice sc 1\nregion b block 0 2 0 2 0 2\ncreate_box 1 b\ncreate_atoms 1 box\nmass 1 1\n"
    assert "needs a pair_style" in lammps(bare + LOAD + "glass/quench IS 0 1 1 1\n", check=False).output
