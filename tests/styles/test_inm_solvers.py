"""compute glass/inm: its solvers find the same modes, on any number of ranks."""

import numpy as np
import pytest

from lammps_run import KA, KA_2D, LOAD, ROOT, THERMO_YAML, cuzr, dump_modes, lammps

# Cubic symmetry about one other atom: many modes with the same frequency, and atoms that differ.
CRYSTAL = f"""
units lj
atom_style atomic
lattice fcc 1.0
region box block 0 3 0 3 0 3
create_box 2 box
create_atoms 1 box
region origin sphere 0 0 0 0.1
set region origin type 2
include "{ROOT}/potentials/kob_andersen.lmp"
"""
SYSTEMS = {"ka": (KA, "all"), "group": (cuzr("glass") + "group some id <> 1 60\n", "some"), "plane": (KA_2D, "all"),
           "crystal": (CRYSTAL, "all")}
N_LOWEST = {"ka": 40, "group": 20, "plane": 20, "crystal": 27}

_done = {}


def solve(name, solver, ranks=1):
    """Modes (omega, P, Xi^2 of two components), weights of class all and the vector of mode 3, by atom."""
    key = name, solver, ranks
    if key not in _done:
        system, group = SYSTEMS[name]
        run = lammps(system + LOAD + f"compute inm {group} glass/inm strain xx xy pc 0.3 solver {solver}\n"
                     "compute w all glass/inm/atom c_inm class all\ncompute m all glass/inm/atom c_inm mode 3\n"
                     "dump a all custom 1 a.txt x y z c_w c_m[1] c_m[2] c_m[3] c_m[4]\n"
                     "dump_modify a format float %.17g\n" + dump_modes(columns=4) +
                     "thermo_style custom step c_inm[*]\n" + THERMO_YAML + "run 0\n", ranks)
        atoms = run.table("a.txt")
        atoms = atoms[np.lexsort(np.round(atoms[:, :3], 6).T)]
        _done[key] = run.table("modes.txt"), atoms[:, 3:], run
    return _done[key]


def eigenvalues(modes):
    return modes[:, 0] * np.abs(modes[:, 0])


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.parametrize("ranks", [1, 2, 4])
def test_scalapack_is_lapack(name, ranks):
    if name == "ka" and ranks == 4:
        pytest.skip("long on few cores; the others are as good")
    expected, atoms, _ = solve(name, "lapack")
    modes, our_atoms, run = solve(name, "scalapack", ranks)
    assert "by ScaLAPACK pdsyevd (OpenBLAS" in run.output
    assert modes.shape == expected.shape
    scale = np.abs(eigenvalues(expected)).max()
    assert np.abs(eigenvalues(modes) - eigenvalues(expected)).max() <= 1e-10 * scale
    np.testing.assert_allclose(our_atoms[:, 0], atoms[:, 0], atol=1e-8)
    assert our_atoms[:, 1].sum() == pytest.approx(1.0, abs=1e-10)
    if name == "crystal":    # vectors within a degenerate space are arbitrary
        return
    np.testing.assert_allclose(modes[:, 1], expected[:, 1], atol=1e-8)
    assert np.abs(modes[:, 2:] - expected[:, 2:]).max() <= 1e-8 * expected[:, 2:].max()
    np.testing.assert_allclose(our_atoms[:, 1:], atoms[:, 1:], atol=1e-7)


@pytest.mark.parametrize("name, ranks", [("ka", 1), ("group", 2), ("plane", 2), ("crystal", 1)])
def test_partial_are_the_lowest(name, ranks):
    n = N_LOWEST[name]
    expected, atoms, _ = solve(name, "lapack")
    modes, our_atoms, run = solve(name, f"partial {n}", ranks)
    assert modes.shape == (n, 4)
    scale = np.abs(eigenvalues(expected)).max()
    assert np.abs(eigenvalues(modes) - eigenvalues(expected)[:n]).max() <= 1e-10 * scale
    if name == "crystal":
        return
    np.testing.assert_allclose(modes[:, 1], expected[:n, 1], atol=1e-8)
    assert np.abs(modes[:, 2:] - expected[:n, 2:]).max() <= 1e-8 * expected[:, 2:].max()
    np.testing.assert_allclose(our_atoms[:, 1:], atoms[:, 1:], atol=1e-7)
    assert f"{n} lowest modes of" in run.output and "largest residual" in run.output


@pytest.mark.parametrize("solver, ranks", [("scalapack", 2), ("partial {}", 1)])
def test_degenerate_spaces_are_the_same(solver, ranks):
    # The lowest modes of a crystal, up to a gap: the space that they span has as much of each affine force and of each
    # atom, whatever the vectors within.
    every = solve("crystal", "lapack")[0]
    values = eigenvalues(every)
    n = next(k for k in range(20, len(values)) if values[k] - values[k - 1] > 1e-3 * values[-1])
    assert (np.diff(values[:n]) < 1e-9 * values[-1]).sum() > 10
    low, high = (np.sign(v) * np.sqrt(abs(v)) for v in (values[0] - 1.0, (values[n] + values[n - 1]) / 2))

    def space(settings, on):
        run = lammps(CRYSTAL + LOAD + f"compute inm all glass/inm strain xx xy {settings}\n"
                     "compute w all glass/inm/atom c_inm class all\ndump a all custom 1 a.txt x y z c_w\n"
                     "dump_modify a format float %.17g\n" + dump_modes(columns=4) + "run 0\n", on)
        atoms, modes = run.table("a.txt"), run.table("modes.txt")
        assert len(modes) == n
        return atoms[np.lexsort(np.round(atoms[:, :3], 6).T), 3], modes[:, 2:].sum(axis=0)

    window = f"modes window {low:.17g} {high:.17g}"
    weights, xi = space(window + " solver lapack", 1)
    our_weights, our_xi = space(f"solver {solver.format(n)} " + (window if solver == "scalapack" else ""), ranks)
    assert xi.min() > 0.0 and np.ptp(weights) > 1e-3
    np.testing.assert_allclose(our_xi, xi, rtol=1e-8, atol=1e-8 * every[:, 2:].sum())
    np.testing.assert_allclose(our_weights, weights, atol=1e-8)


def test_what_partial_cannot_know():
    unstable = (solve("ka", "lapack")[0][:, 0] < 0).sum()
    known = solve("ka", "lapack")[2].thermo()[-1]
    few = solve("ka", "partial 40")[2].thermo()[-1]
    for k in (1, 2, 7, 8, 9, 10, 11, 12, 13):
        assert np.isnan(few[f"c_inm[{k}]"])
    assert few["c_inm[3]"] == pytest.approx(known["c_inm[3]"], rel=1e-9)
    enough = solve("plane", f"partial {(solve('plane', 'lapack')[0][:, 0] < 0).sum() + 2}")[2].thermo()[-1]
    every = solve("plane", "lapack")[2].thermo()[-1]
    assert unstable > 40 and np.isnan(enough["c_inm[7]"])
    for k in (1, 2, 8, 9, 10, 12, 13):
        assert enough[f"c_inm[{k}]"] == pytest.approx(every[f"c_inm[{k}]"], rel=1e-6)


def test_a_range_by_scalapack():
    script = KA + LOAD + "group some id <> 1 90\ncompute inm some glass/inm solver {} modes window -5 9\n"
    ours, expected = (lammps(script.format(solver) + dump_modes() + "run 0\n", ranks).table("modes.txt")
                      for solver, ranks in (("scalapack", 2), ("lapack", 1)))
    np.testing.assert_allclose(ours, expected, rtol=1e-6, atol=1e-8)


def test_partitions_solve_by_themselves():
    script = KA_2D + LOAD + "compute inm all glass/inm solver scalapack\nthermo_style custom step c_inm[3]\n" + \
        THERMO_YAML + "run 0\nrun 0\n"
    run = lammps(script, 2, partition="2x1")
    assert run.returncode == 0
    lowest = [line for log in ("log.lammps.0", "log.lammps.1")
              for line in (run.path / log).read_text().splitlines() if line.startswith("  - [0,")]
    assert len(lowest) == 4 and len(set(lowest)) == 1


ERRORS = {
    "another": ("solver dense", "solver must be auto, lapack, scalapack, partial or kpm, not dense"),
    "none": ("solver", "compute glass/inm solver"),
    "no number": ("solver partial", "compute glass/inm solver"),
    "zero": ("solver partial 0", "solver partial must be >= 1, not 0"),
    "too many": ("solver partial 158", "Compute glass/inm (ID inm): of 158 modes, half can be asked for as the lowest "
                 "ones, not 158"),
    "range": ("solver partial 3 modes unstable", "solver partial finds modes by their number; use it with modes all"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors(name):
    keywords, message = ERRORS[name]
    run = lammps(KA_2D + LOAD + f"compute inm all glass/inm {keywords}\nthermo_style custom c_inm\nrun 0\n", check=False)
    assert run.returncode != 0 and message in run.output, run.output[-1500:]


@pytest.mark.parametrize("solver, message", [
    ("scalapack", "a distributed solve for 18000 degrees of freedom needs"),
    ("partial 8000", "the 8000 lowest of 18000 modes need")])
def test_what_does_not_fit_is_refused(solver, message):
    large = KA + "replicate 3 2 2\n" + LOAD
    run = lammps(large + f"compute inm all glass/inm solver {solver}\nthermo_style custom c_inm\nrun 0\n", check=False,
                 address_space=4 * 2 ** 30)
    assert run.returncode != 0 and message in " ".join(run.output.split()), run.output[-1500:]


def test_viscosity_refuses_what_may_lack_unstable_modes():
    run = lammps(KA + LOAD + "compute inm all glass/inm pc 0.3 solver partial 5\n"
                 "compute eta all glass/viscosity c_inm friction 1 wmin 0.5\nthermo_style custom c_eta\nrun 0\n", check=False)
    assert run.returncode != 0
    assert "compute inm finds a part of the modes, which may not hold all unstable ones" in run.output


def test_messages_are_documented():
    page = " ".join((ROOT / "docs" / "compute_glass_inm.rst").read_text().split())
    for words in ("needs workspace beyond the 32-bit integers of ScaLAPACK; use more ranks",
                  "this plugin was built without ScaLAPACK; install it", "ScaLAPACK cannot be loaded",
                  "lowest modes have not converged after", "which have 11.3 GiB available; use fewer ranks or modes",
                  *(message.split(", not ")[0] for _, message in ERRORS.values())):
        assert words.removeprefix("compute glass/inm ").split(": of ")[0] in page, words
