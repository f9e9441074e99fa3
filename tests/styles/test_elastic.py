"""compute glass/elastic against LAMMPS itself (strain, minimise, difference of stress), against the mode sum, and its
errors."""

import numpy as np
import pytest

from lammps_run import KA, LAMMPS_POTENTIALS, LOAD, THERMO_YAML, cuzr, dump_modes, lammps
from test_potentials import assert_close

COMPONENTS = {"xx": (0, 0), "yy": (1, 1), "zz": (2, 2), "xy": (0, 1), "xz": (0, 2), "yz": (1, 2)}
VOIGT = ("xx", "yy", "zz", "yz", "xz", "xy")
MINIMIZE = "min_style cg\nminimize 0 1e-10 50000 50000\nmin_style fire\nminimize 0 {} 50000 50000\n"
STRESS = "thermo_style custom step pxx pyy pzz pxy pxz pyz lx ly lz xy xz yz\n" + THERMO_YAML


def crystal(lattice, side, style, file, element, mass, shift=0.0):
    """A crystal, sheared and stretched a little by the way: under stress, and without symmetry."""
    return f"""
units metal
atom_style atomic
lattice {lattice}
region box block 0 {side} 0 {side} 0 {side}
create_box 1 box
create_atoms 1 box
lattice none 1.0
mass 1 {mass}
pair_style {style}
pair_coeff * * "{LAMMPS_POTENTIALS}/{file}" {element}
change_box all triclinic
change_box all xy delta {20 * shift} xz delta {-10 * shift} yz delta {5 * shift} remap
change_box all x scale {1.0 + shift} y scale {1.0 - shift} z scale {1.0 - 2.0 * shift} remap
"""


SYSTEMS = {
    "Si sw": crystal("diamond 5.431", 3, "sw", "Si.sw", "Si", 28.0855),
    "Si sw under stress": crystal("diamond 5.40", 3, "sw", "Si.sw", "Si", 28.0855, 0.01),
    "Si tersoff": crystal("diamond 5.432", 3, "tersoff", "Si.tersoff", "Si", 28.0855),
    "Si tersoff under stress": crystal("diamond 5.42", 3, "tersoff", "Si.tersoff", "Si", 28.0855, 0.004),
    "Cu eam": crystal("fcc 3.60", 4, "eam/alloy", "Cu_mishin1.eam.alloy", "Cu", 63.546, 0.003),
    "CuZr glass": cuzr("glass") + "change_box all triclinic\n",
}


@pytest.fixture(scope="module")
def minimized():
    """Restart files of the minimised systems, by name."""
    runs = {}
    for name, system in SYSTEMS.items():
        runs[name] = lammps(system + "displace_atoms all random 0.01 0.01 0.01 7\n" + MINIMIZE.format("1e-11") +
                            "write_restart minimized.restart\n")
    return runs


def restarted(run, name):
    pair = "".join(line + "\n" for line in SYSTEMS[name].splitlines() if line.startswith("pair_"))
    return f'read_restart "{run.path}/minimized.restart"\n{pair}'


def constants(script, keywords="", ranks=1):
    """Relaxed C, affine C and B (6 x 6 each), the vector, and the scalar."""
    array = " ".join(f"c_el[{i + 1}][{j + 1}]" for i in range(6) for j in range(18))
    run = lammps(f"{script}{LOAD}compute el all glass/elastic {keywords}\n"
                 f"thermo_style custom step c_el c_el[*] {array} lx ly lz\n{THERMO_YAML}run 0\n", ranks)
    row = run.thermo()[-1]
    matrix = np.array([[row[f"c_el[{i + 1}][{j + 1}]"] for j in range(18)] for i in range(6)])
    vector = np.array([row[f"c_el[{k + 1}]"] for k in range(20)])
    return matrix[:, :6], matrix[:, 6:12], matrix[:, 12:], vector, row, run


def stress_of(row):
    """The tensor, positive under tension, from LAMMPS's pressure of atoms at rest."""
    sigma = np.zeros((3, 3))
    for name, (k, l) in COMPONENTS.items():
        sigma[k, l] = sigma[l, k] = -row["P" + name]
    return sigma


def measured_slopes(script, step, tolerance):
    """d sigma_ij/d epsilon_kl by strain, minimisation and difference of stress; the stress itself."""
    at_rest = "velocity all set 0 0 0\n"
    here = lammps(script + at_rest + STRESS + "run 0\n").thermo()[-1]
    edge = np.array([[here["Lx"], here["Xy"], here["Xz"]], [0.0, here["Ly"], here["Yz"]], [0.0, 0.0, here["Lz"]]])
    slopes = {}
    for name, (k, l) in COMPONENTS.items():
        ends = []
        for epsilon in (step, -step):
            change = np.zeros((3, 3))
            change[k] = epsilon * edge[l]    # the box stays upper triangular
            words = [f"{axis} delta 0.0 {change[m, m]:.17g}" for m, axis in enumerate("xyz") if change[m, m]]
            words += [f"{tilt} delta {change[COMPONENTS[tilt]]:.17g}" for tilt in ("xy", "xz", "yz")
                      if change[COMPONENTS[tilt]]]
            ends.append(stress_of(lammps(f"{script}{at_rest}change_box all {' '.join(words)} remap units box\n"
                                         f"min_style fire\nminimize 0 {tolerance} 50000 50000\n{STRESS}"
                                         "run 0\n").thermo()[-1]))
        slopes[name] = (ends[0] - ends[1]) / (2.0 * step)
    return slopes, stress_of(here)


@pytest.mark.parametrize("name", SYSTEMS)
def test_against_strain_and_minimisation(minimized, name):
    script = restarted(minimized[name], name)
    relaxed, _, b, vector, _, _ = constants(script)
    slopes, sigma = measured_slopes(script, 2e-6 if "glass" in name else 1e-5, "1e-11")
    scale = np.abs(relaxed).max()
    assert_close(vector[11:17], np.array([sigma[i] for i in COMPONENTS.values()]), 1e-6 + 1e-7 * scale / 1e4)

    delta = np.eye(3)
    index = {frozenset((i, j)): v for v, (i, j) in enumerate(COMPONENTS[c] for c in VOIGT)}
    largest_error = 0.0
    for component, (k, l) in COMPONENTS.items():
        for i in range(3):
            for j in range(3):
                c = relaxed[index[frozenset((i, j))], index[frozenset((k, l))]]
                # A_ijkl = C_ijkl + delta_ik sigma_jl, and what the strain does to area and orientation.
                expected = (c + delta[i, k] * sigma[j, l] - sigma[i, j] * delta[k, l] + sigma[i, l] * delta[j, k])
                largest_error = max(largest_error, abs(slopes[component][i, j] - expected))
                if k == l:    # no rotation: this is B
                    assert abs(b[index[frozenset((i, j))], index[frozenset((k, l))]] - expected) <= 1e-9 * scale
    assert largest_error <= 1e-4 * scale, f"{largest_error:.3g} of {scale:.3g}"


@pytest.mark.parametrize("name", ["CuZr glass", "Si tersoff under stress"])
def test_shear_modulus_is_that_of_the_modes(minimized, name):
    script = restarted(minimized[name], name)
    _, _, _, vector, row, _ = constants(script)
    run = lammps(script + LOAD + "compute inm all glass/inm strain xy xz yz\n" + dump_modes(columns=5) + "run 0\n")
    omega, _, *xi_squared = run.table("modes.txt").T
    volume = row["Lx"] * row["Ly"] * row["Lz"]
    pressure = 1.6021765e6    # of energy/volume in metal units
    mean = np.mean([np.sum(x / omega ** 2) for x in xi_squared]) / volume * pressure
    assert vector[6:9].mean() == pytest.approx(vector[9] - mean, rel=1e-8)


@pytest.mark.parametrize("solver", ["direct", "cg"])
@pytest.mark.parametrize("ranks", [2, 4])
def test_ranks(minimized, ranks, solver):
    script = restarted(minimized["CuZr glass"], "CuZr glass")
    alone = constants(script, "solver direct")
    together = constants(script, f"solver {solver} tolerance 1e-12", ranks)
    for a, b in zip(alone[:3], together[:3]):
        assert_close(b, a, 1e-10)
    assert (together[3][19] > 0) == (solver == "cg")


def test_differences_give_what_the_rule_gives(minimized):
    name = "Si tersoff under stress"
    by_rule = constants(restarted(minimized[name], name), "hessian rule")
    differences = constants(restarted(minimized[name], name), "hessian difference fmax 1e-6")
    for a, b in zip(by_rule[:3], differences[:3]):
        assert_close(b, a, 1e-7)
    affine_only = constants(restarted(minimized[name], name), "hessian difference relaxed no")
    assert_close(affine_only[1], by_rule[1], 1e-7)


@pytest.mark.parametrize("solver", ["direct", "cg"])
def test_differences_on_real_tables(minimized, solver):
    """Their Hessian does not leave translations free exactly; the solvers do not mind."""
    script = restarted(minimized["CuZr glass"], "CuZr glass")
    by_rule = constants(script, "hessian rule")
    differences = constants(script, f"hessian difference solver {solver}")
    for a, b in zip(by_rule[:3], differences[:3]):
        assert_close(b, a, 1e-4)


def test_perfect_crystal():
    """No forces on atoms, hardly any in bonds, no affine forces: all that is left is exact."""
    relaxed, affine, _, vector, _, _ = constants(crystal("fcc 3.615", 3, "eam/alloy", "Cu_mishin1.eam.alloy", "Cu", 63.5),
                                                 "hessian rule")
    assert_close(relaxed, affine, 1e-10)
    constants(SYSTEMS["Si sw"].replace("5.431", "5.43095"), "hessian rule")
    cell = PLANE.replace("block 0 8 0 5", "block 0 1 0 1").replace("lattice hex 0.93", "lattice sq 0.93")
    one = constants(cell.replace("2.5", "1.5"), "hessian rule")
    assert np.array_equal(one[0], one[1])


def test_affine_part_of_a_liquid():
    """Anywhere; and what is relaxed is not a number."""
    relaxed, affine, b, vector, row, _ = constants(KA, "relaxed no")
    assert np.isnan(relaxed).all() and np.isnan(b).all() and np.isnan(vector[:9]).all()
    differences = constants(KA, "relaxed no hessian difference")
    assert_close(differences[1], affine, 1e-6)


def test_bulk_modulus_is_that_of_compression(minimized):
    """Reuss's is exact for a crystal under hydrostatic pressure: its stress stays hydrostatic in relaxed directions
    only for cubic symmetry, where Voigt's is the same."""
    system = crystal("diamond 5.30", 2, "sw", "Si.sw", "Si", 28.0855)
    _, _, b, vector, _, _ = constants(system)
    assert vector[0] == pytest.approx(vector[1], rel=1e-9)
    pressures = []
    for scale in (1.0 + 1e-5, 1.0 - 1e-5):
        text = f"change_box all x scale {scale} y scale {scale} z scale {scale} remap\n"
        pressures.append(lammps(system + text + STRESS.replace("pxx", "press pxx") + "run 0\n").thermo()[-1]["Press"])
    assert vector[0] == pytest.approx(-(pressures[0] - pressures[1]) / (6e-5), rel=1e-6)


PLANE = """
units lj
dimension 2
boundary p p p
lattice hex 0.93
region box block 0 8 0 5 -0.1 0.1
create_box 1 box
create_atoms 1 box
lattice none 1.0
mass 1 1.0
pair_style lj/smooth/linear 2.5
pair_coeff * * 1.0 1.0
"""


def test_two_dimensions():
    relaxed, affine, b, vector, row, _ = constants(PLANE)
    others = [2, 3, 4]
    assert not relaxed[others].any() and not relaxed[:, others].any()
    # A hexagonal crystal is isotropic in its plane: C11 = C22 = C12 + 2 C66 (of B).
    assert b[0, 0] == pytest.approx(b[1, 1], rel=1e-9)
    assert b[0, 0] == pytest.approx(b[0, 1] + 2.0 * b[5, 5], rel=1e-9)
    assert vector[:3] == pytest.approx(np.full(3, 0.5 * (b[0, 0] + b[0, 1])), rel=1e-9)
    assert vector[3:6] == pytest.approx(np.full(3, b[5, 5]), rel=1e-9)
    sheared = [-lammps(PLANE + f"change_box all triclinic\nchange_box all xy delta {s * row['Ly']:.17g} remap\n"
                       "thermo_style custom step pxy\n" + THERMO_YAML + "run 0\n").thermo()[-1]["Pxy"]
               for s in (1e-5, -1e-5)]
    assert vector[6] == pytest.approx((sheared[0] - sheared[1]) / 2e-5, rel=1e-6)


GLASS = cuzr("glass")
ERRORS = {
    "not an inherent structure": (GLASS, "", "is no inherent structure: its largest force component is"),
    "unstable": (KA, "fmax 1e6", "is no minimum of the potential energy"),
    "unstable, iteratively": (KA, "fmax 1e6 solver cg", "is no minimum of the potential energy"),
    "not converged": (GLASS + "min_style cg\nminimize 0 1e-8 5000 5000\n", "solver cg maxiter 2",
                      "2 iterations leave a residual of"),
    "surface": (KA.replace("units lj", "units lj\nboundary p p f"), "", "must be periodic in all directions"),
    "unknown keyword": (KA, "relax no", "Unknown compute glass/elastic keyword: relax"),
    "missing value": (KA, "relaxed", "compute glass/elastic relaxed"),
    "unknown solver": (KA, "solver lu", "solver must be auto, direct or cg, not lu"),
    "no tolerance": (KA, "tolerance 0", "tolerance must be > 0, not 0"),
    "no iterations": (KA, "maxiter 0", "maxiter must be > 0, not 0"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors(name):
    system, keywords, message = ERRORS[name]
    run = lammps(f"{system}{LOAD}compute el all glass/elastic {keywords}\nthermo_style custom c_el\nrun 0\n", check=False)
    assert run.returncode != 0
    assert message in " ".join(run.output.split()), run.output[-1500:]


def test_group():
    run = lammps(KA + LOAD + "group some id <= 100\ncompute el some glass/elastic\nthermo_style custom c_el\nrun 0\n",
                 check=False)
    assert run.returncode != 0 and "are of the whole system; use group all" in " ".join(run.output.split())
