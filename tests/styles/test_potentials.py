"""Every kind of pair style: H, Xi and the Born term through LAMMPS against finite differences of LAMMPS's forces."""

import pathlib
import tempfile

import numpy as np
import pytest

import peer
from lammps_run import DATA, LAMMPS_POTENTIALS, LOAD, SMOOTH, THERMO_YAML, lammps, read_bsr

KA_BOX = f'units lj\natom_style atomic\nread_data "{DATA}/ka.data"\n'


def pairwise(style, *coefficients):
    return KA_BOX + f"pair_style {style}\n" + "".join(f"pair_coeff {c}\n" for c in coefficients)


FOLDER = tempfile.TemporaryDirectory(prefix="glass-test-")


def table():
    """A repulsive table, interpolated by cubic splines."""
    r = np.linspace(0.5, 2.0, 1500)
    energy, force = (2.0 - r) ** 4 / r ** 6, 4.0 * (2.0 - r) ** 3 / r ** 6 + 6.0 * (2.0 - r) ** 4 / r ** 7
    rows = "".join(f"{k + 1} {a:.16g} {u:.16g} {f:.16g}\n" for k, (a, u, f) in enumerate(zip(r, energy, force)))
    name = f"{FOLDER.name}/repulsion.table"
    pathlib.Path(name).write_text(f"A table for tests\n\nREPULSION\nN 1500 R 0.5 2.0\n\n{rows}")
    return pairwise("table spline 1500", f'* * "{name}" REPULSION 2.0')


PAIRWISE = {
    # by born_matrix()
    "buck": pairwise("buck 2.0", "1 1 3e3 0.12 2.0", "1 2 2e3 0.11 3.0", "2 2 2e3 0.11 1.5"),
    # by single_hessian()
    "lj/smooth/linear": pairwise("lj/smooth/linear 2.0", "1 1 1.0 1.0", "1 2 1.5 0.8", "2 2 0.5 0.88"),
    # by differences of single()
    "morse": pairwise("morse 2.0", "1 1 1.0 5.0 1.1", "1 2 1.5 5.5 0.9", "2 2 0.5 6.0 0.95"),
    "lj/smooth": pairwise("lj/smooth 1.5 2.0", "1 1 1.0 1.0", "1 2 1.5 0.8", "2 2 0.5 0.88"),
    "mie/cut": pairwise("mie/cut 2.0", "1 1 1.0 1.0 14 7", "1 2 1.5 0.8 14 7", "2 2 0.5 0.88 12 6"),
    "yukawa": pairwise("yukawa 2.0 2.0", "1 1 100.0", "1 2 70.0", "2 2 50.0"),
    "table": table(),
    # born_matrix() is that of another potential, or wrong
    "lj96/cut": pairwise("lj96/cut 2.0", "1 1 1.0 1.0", "1 2 1.5 0.8", "2 2 0.5 0.88"),
    # several cutoffs and styles; the map of types decides
    "hybrid": pairwise("hybrid lj/smooth/linear 1.9 morse 2.0", "1 1 lj/smooth/linear 1.0 1.0",
                       "1 2 morse 1.5 5.5 0.9", "2 2 lj/smooth/linear 0.5 0.88"),
    "hybrid/overlay": pairwise("hybrid/overlay lj/smooth/linear 2.0 yukawa 2.0 1.8", "* * lj/smooth/linear 1.0 0.9",
                               "1 2 yukawa 3.0", "2 2 yukawa 2.0"),
    "two embedded atoms": SMOOTH.replace(
        "pair_style eam/fs\npair_coeff * * smooth.eam.fs Cu Zr",
        "pair_style hybrid/overlay eam/fs eam/fs morse 5.0\npair_coeff * * eam/fs 1 smooth.eam.fs Cu Zr\n"
        "pair_coeff * * eam/fs 2 smooth.eam.fs Zr NULL\npair_coeff 1 2 morse 0.3 1.5 2.8"),
}


def angular(style, file, elements, edge):
    """A zincblende crystal of 64 atoms of two species, rattled, in a tilted box."""
    basis = np.array([(0, 0, 0), (0, 2, 2), (2, 0, 2), (2, 2, 0)]) / 4.0
    cells = np.array([(a, b, c) for a in range(2) for b in range(2) for c in range(2)])
    first = (cells[:, None] + basis).reshape(-1, 3)
    x = np.concatenate([first, first + 0.25])
    box = edge * np.array([[2.0, 0.2, -0.1], [0.0, 2.0, 0.15], [0.0, 0.0, 2.0]])
    x = x / 2.0 @ box.T + np.random.default_rng(4711).uniform(-0.15, 0.15, x.shape)
    text = (f"zincblende\n\n64 atoms\n2 atom types\n0 {box[0, 0]} xlo xhi\n0 {box[1, 1]} ylo yhi\n"
            f"0 {box[2, 2]} zlo zhi\n{box[0, 1]} {box[0, 2]} {box[1, 2]} xy xz yz\n\n"
            "Masses\n\n1 28.0855\n2 12.011\n\nAtoms # atomic\n\n")
    for k, r in enumerate(x):
        text += f"{k + 1} {1 + k // 32} {r[0]:.17g} {r[1]:.17g} {r[2]:.17g}\n"
    name = f"{FOLDER.name}/zincblende_{edge}.data"
    pathlib.Path(name).write_text(text)
    return (f'units metal\natom_style atomic\nread_data "{name}"\npair_style {style}\n'
            f'pair_coeff * * {file.replace(file.split()[-1], "")}"{LAMMPS_POTENTIALS}/{file.split()[-1]}" {elements}\n')


ANGULAR = {
    "sw": angular("sw", "GaN.sw", "Ga N", 4.6),
    "tersoff": angular("tersoff", "SiC.tersoff", "Si C", 4.5),
    "tersoff/mod": angular("tersoff/mod", "Si.tersoff.mod", "Si Si", 5.3),
    "tersoff/zbl": angular("tersoff/zbl", "SiC.tersoff.zbl", "Si C", 4.5),
    "sw in a hybrid": angular("hybrid/overlay sw morse 4.5", "sw GaN.sw", "Ga NULL", 4.6) +
    "pair_coeff 1 2 morse 0.4 1.4 2.1\npair_coeff 2 2 morse 0.1 1.4 2.5\n",
}

SYSTEMS = {**PAIRWISE, **ANGULAR}


def assert_close(values, expected, tolerance):
    """No element differs by more than `tolerance` of the largest."""
    error, largest = float(np.abs(values - expected).max()), float(np.abs(expected).max())
    assert error <= tolerance * largest, f"{error:.3g} of {largest:.3g}"


def evaluate(system, keywords="hessian rule", ranks=1):
    """H (rows by ID), Xi (atoms x 18) and what was printed."""
    run = lammps(f"{system}\n{LOAD}compute h all glass/hessian file numpy h {keywords}\n"
                 f"compute xi all glass/affine/atom strain xx yy zz xy xz yz {keywords}\n"
                 "dump xi all custom 1 xi.txt id c_xi[*]\ndump_modify xi sort id format float %.17g\n"
                 "thermo_style custom step c_h\nrun 0\n", ranks)
    return read_bsr(run.path / "h").toarray(), run.table("xi.txt")[:, 1:], run.output


def born_term(system, keywords):
    """The affine elastic constants, 6 x 6."""
    array = " ".join(f"c_el[{i + 1}][{j + 1}]" for i in range(6) for j in range(6, 12))
    run = lammps(f"{system}\n{LOAD}compute el all glass/elastic relaxed no {keywords}\n"
                 f"thermo_style custom step {array}\n{THERMO_YAML}run 0\n")
    return np.array(list(run.thermo()[-1].values())[1:])


def reference_hessian(system, step):
    """By LAMMPS's dynamical_matrix, masses undone."""
    dynamical = peer.dynamical_matrix(system, step)
    _, masses = peer.forces(system)
    root = np.repeat(np.sqrt(masses), 3)
    hessian = dynamical * root[:, None] * root
    return 0.5 * (hessian + hessian.T)


@pytest.mark.parametrize("name", SYSTEMS)
def test_hessian_against_dynamical_matrix(name):
    hessian, _, _ = evaluate(SYSTEMS[name])
    expected = reference_hessian(SYSTEMS[name], 1e-5 if name in PAIRWISE else 2e-5)
    assert_close(hessian, expected, 1e-7)


@pytest.mark.parametrize("name", SYSTEMS)
def test_rule_against_coloured_differences(name):
    """Two ways through different code: the rule of the pair style, and differences of its forces."""
    by_rule, xi_by_rule, _ = evaluate(SYSTEMS[name])
    differences, xi_by_differences, output = evaluate(SYSTEMS[name], "hessian difference")
    assert "finite differences with zones" in output
    assert_close(by_rule, differences, 1e-7)
    assert_close(xi_by_rule, xi_by_differences, 1e-7)
    assert_close(born_term(SYSTEMS[name], "hessian rule"), born_term(SYSTEMS[name], "hessian difference"), 1e-7)


@pytest.mark.parametrize("name", ["morse", "two embedded atoms", "sw", "tersoff"])
@pytest.mark.parametrize("ranks", [2, 4])
def test_ranks(name, ranks):
    alone, xi_alone, _ = evaluate(SYSTEMS[name])
    together, xi_together, _ = evaluate(SYSTEMS[name], ranks=ranks)
    assert_close(alone, together, 1e-10)
    assert_close(xi_alone, xi_together, 1e-10)


def test_log_says_what_was_taken():
    assert "rule, second derivatives by differences of single()" in evaluate(PAIRWISE["morse"], "")[2]
    output = evaluate(PAIRWISE["lj96/cut"], "")[2]
    assert "second derivatives by differences of single() are good to" in output
