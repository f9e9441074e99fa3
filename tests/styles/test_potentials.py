"""Every kind of pair style: H, Xi and the Born term through LAMMPS against finite differences of LAMMPS's forces."""

import numpy as np
import pytest

import peer
from lammps_run import DATA, KA, LAMMPS_POTENTIALS, LOAD, SMOOTH, lammps, read_bsr

KA_BOX = f'units lj\natom_style atomic\nread_data "{DATA}/ka.data"\n'


def pairwise(style, *coefficients):
    return KA_BOX + f"pair_style {style}\n" + "".join(f"pair_coeff {c}\n" for c in coefficients)


PAIRWISE = {
    # by born_matrix()
    "buck": pairwise("buck 2.0", "1 1 3e3 0.12 2.0", "1 2 2e3 0.11 3.0", "2 2 2e3 0.11 1.5"),
    # by differences of single()
    "morse": pairwise("morse 2.0", "1 1 1.0 5.0 1.1", "1 2 1.5 5.5 0.9", "2 2 0.5 6.0 0.95"),
    "lj/smooth/linear": pairwise("lj/smooth/linear 2.0", "1 1 1.0 1.0", "1 2 1.5 0.8", "2 2 0.5 0.88"),
    "lj/smooth": pairwise("lj/smooth 1.5 2.0", "1 1 1.0 1.0", "1 2 1.5 0.8", "2 2 0.5 0.88"),
    "mie/cut": pairwise("mie/cut 2.0", "1 1 1.0 1.0 14 7", "1 2 1.5 0.8 14 7", "2 2 0.5 0.88 12 6"),
    "yukawa": pairwise("yukawa 2.0 2.0", "1 1 100.0", "1 2 70.0", "2 2 50.0"),
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


def angular(style, file, elements):
    """A zincblende crystal of 64 atoms of two species, rattled, in a tilted box."""
    return f"""
units metal
lattice diamond 5.2
region box prism 0 2 0 2 0 2 0.2 -0.1 0.15
create_box 2 box
create_atoms 1 box basis 5 2 basis 6 2 basis 7 2 basis 8 2
mass 1 28.0855
mass 2 12.011
displace_atoms all random 0.25 0.25 0.25 4711
pair_style {style}
pair_coeff * * "{LAMMPS_POTENTIALS}/{file}" {elements}
"""


ANGULAR = {
    "sw": angular("sw", "GaN.sw", "Ga N").replace("diamond 5.2", "diamond 4.6"),
    "tersoff": angular("tersoff", "SiC.tersoff", "Si C").replace("diamond 5.2", "diamond 4.6"),
    "tersoff/mod": angular("tersoff/mod", "Si.tersoff.mod", "Si Si"),
    "tersoff/zbl": angular("tersoff/zbl", "SiC.tersoff.zbl", "Si C").replace("diamond 5.2", "diamond 4.6"),
    "sw in a hybrid": angular("hybrid/overlay sw morse 4.5", "GaN.sw", "Ga NULL").replace(
        "pair_coeff * *", "pair_coeff * * sw") + "pair_coeff 1 2 morse 0.4 1.4 2.1\npair_coeff 2 2 morse 0.1 1.4 2.5\n",
}

SYSTEMS = {**PAIRWISE, **ANGULAR}


def evaluate(system, keywords="hessian rule", ranks=1):
    """H (rows by ID), Xi (atoms x 18) and what was printed."""
    run = lammps(f"{system}\n{LOAD}compute h all glass/hessian file numpy h {keywords}\n"
                 f"compute xi all glass/affine/atom strain xx yy zz xy xz yz {keywords}\n"
                 "dump xi all custom 1 xi.txt id c_xi[*]\ndump_modify xi sort id format float %.17g\n"
                 "thermo_style custom step c_h\nrun 0\n", ranks)
    return read_bsr(run.path / "h").toarray(), run.table("xi.txt")[:, 1:], run.output


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
    assert np.abs(hessian - expected).max() <= 1e-7 * np.abs(expected).max()


@pytest.mark.parametrize("name", SYSTEMS)
def test_rule_against_coloured_differences(name):
    """Two ways through different code: the rule of the pair style, and differences of its forces."""
    by_rule, xi_by_rule, _ = evaluate(SYSTEMS[name])
    differences, xi_by_differences, output = evaluate(SYSTEMS[name], "hessian difference")
    assert "finite differences with zones" in output
    assert np.abs(by_rule - differences).max() <= 1e-7 * np.abs(by_rule).max()
    assert np.abs(xi_by_rule - xi_by_differences).max() <= 1e-7 * np.abs(xi_by_rule).max()


@pytest.mark.parametrize("name", ["morse", "two embedded atoms", "sw", "tersoff"])
@pytest.mark.parametrize("ranks", [2, 4])
def test_ranks(name, ranks):
    alone, xi_alone, _ = evaluate(SYSTEMS[name])
    together, xi_together, _ = evaluate(SYSTEMS[name], ranks=ranks)
    assert np.abs(alone - together).max() <= 1e-10 * np.abs(alone).max()
    assert np.abs(xi_alone - xi_together).max() <= 1e-10 * np.abs(xi_alone).max()


def test_log_says_what_was_taken():
    assert "rule, second derivatives by differences of single()" in evaluate(PAIRWISE["morse"], "")[2]
    output = evaluate(PAIRWISE["lj96/cut"], "")[2]
    assert "second derivatives by differences of single() are good to" in output
