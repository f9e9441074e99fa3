"""Coloured finite differences of LAMMPS's forces: styles without rule, bonds, long-range parts."""

import re

import numpy as np
import pytest

import peer
from lammps_run import KA, LAMMPS_POTENTIALS, LOAD, THERMO_YAML, cuzr, lammps
from test_potentials import PAIRWISE, angular, assert_close, evaluate, reference_hessian


def silicon(style, file, side):
    """Rattled silicon, 8 side^3 atoms."""
    return f"""
units metal
lattice diamond 5.43
region box block 0 {side} 0 {side} 0 {side}
create_box 1 box
create_atoms 1 box
mass 1 28.0855
displace_atoms all random 0.1 0.1 0.1 4711
pair_style {style}
pair_coeff * * "{LAMMPS_POTENTIALS}/{file}" Si
"""


def smooth(side):
    """A style without rule, in a configuration with no pair within a step of a kink."""
    return silicon("vashishta", "SiC.vashishta", side).replace("5.43", "4.7").replace("4711", "4713")


def with_map(system):
    return "atom_modify map yes\n" + system


def test_style_without_rule_against_plain_differences():
    system = smooth(4)
    hessian, _, output = evaluate(system, "")
    assert "finite differences of the forces, since pair style vashishta has no rule" in output
    expected = reference_hessian(with_map(system), 1e-5)
    stated = [float(x) for x in re.search(r"error (\S+), asymmetry (\S+) of", output).groups()]
    assert max(stated) < 1e-7
    # Twice the error of one of them, and the other's share.
    assert_close(hessian, expected, max(1e-7, 3.0 * max(stated)))


MEAM = angular("meam", "sw GaN.sw", "", 4.5).splitlines()[:3] + [
    "pair_style meam", f'pair_coeff * * "{LAMMPS_POTENTIALS}/library.meam" Si C "{LAMMPS_POTENTIALS}/SiC.meam" Si C']

SNAP = f"""
units metal
atom_style atomic
lattice bcc 3.316
region box block 0 3 0 3 0 3
create_box 1 box
create_atoms 1 box
mass 1 180.88
displace_atoms all random 0.1 0.1 0.1 4711
pair_style snap
pair_coeff * * "{LAMMPS_POTENTIALS}/Ta06A.snapcoeff" "{LAMMPS_POTENTIALS}/Ta06A.snapparam" Ta
"""


@pytest.mark.parametrize("name, system", [("meam", "\n".join(MEAM)), ("snap", SNAP)])
def test_many_body_and_machine_learned_styles(name, system):
    hessian, _, output = evaluate(system, "")
    assert f"finite differences of the forces, since pair style {name} has no rule" in output
    assert_close(hessian, reference_hessian(system, 1e-5), 1e-7)


def evaluations(system, keywords=""):
    return int(re.search(r"(\d+) force evaluations",
                         lammps(f"{system}{LOAD}compute h all glass/hessian {keywords}\n"
                                "thermo_style custom c_h\nrun 0\n").output).group(1))


def test_evaluations_do_not_grow_with_the_system():
    small, large = (evaluations(silicon("edip", "Si.edip", side)) for side in (4, 8))
    print(f"force evaluations: {small} at N = 512, {large} at N = 4096")
    assert large < 1.2 * small
    assert small < 6 * 512    # what displacing one atom after another takes


@pytest.mark.parametrize("ranks", [2, 4])
def test_ranks(ranks):
    write = lammps(smooth(3) + "write_data si.data nocoeff\n")
    data = (write.path / "si.data").read_text()
    system = "units metal\nread_data si.data\n" + "".join(
        line + "\n" for line in smooth(3).splitlines() if line.startswith("pair_"))
    script = (f"{system}{LOAD}compute inm all glass/inm strain xy yz\n"
              f"thermo_style custom step c_inm[*]\n{THERMO_YAML}run 0\n")
    alone = lammps(script, files={"si.data": data}).thermo()[0]
    together = lammps(script, ranks, files={"si.data": data}).thermo()[0]
    for key in alone:
        # The sums of 1/lambda^2 live on the softest modes, whose relative error is large.
        tolerance = 1e-5 if key in ("c_inm[7]", "c_inm[8]") else 1e-7
        assert together[key] == pytest.approx(alone[key], rel=tolerance, abs=1e-9), key


def test_a_given_zone_is_used_and_checked():
    by_search, _, _ = evaluate(smooth(3), "")
    given, _, output = evaluate(smooth(3), "zone 8.0")
    assert "zones of radius 8," in output
    assert_close(given, by_search, 1e-8)


MOLECULES = """
units lj
atom_style full
atom_modify map yes
lattice sc 0.296296296296296
region box block 0 6 0 6 0 6 units box
create_box 1 box bond/types 1 angle/types 1 extra/bond/per/atom 4 extra/special/per/atom 20 extra/angle/per/atom 2
create_atoms 1 box
lattice none 1.0
mass 1 1.3
displace_atoms all random 0.2 0.2 0.2 4711
special_bonds lj/coul 0 1 1
pair_style lj/smooth/linear 2.0
pair_coeff * * 1.0 1.0
bond_style harmonic
bond_coeff 1 30.0 1.4
angle_style harmonic
angle_coeff 1 5.0 110.0
create_bonds many all all 1 1.0 1.3
create_bonds single/angle 1 1 2 3
special_bonds lj/coul 0.3 0.7 1.0
"""


def test_bonds_and_special_pairs():
    hessian, xi, output = evaluate(MOLECULES, "hessian difference")
    assert_close(hessian, reference_hessian(MOLECULES, 1e-5), 1e-7)
    length = float(re.search(r"orthogonal box = .* to \((\S+) ", output).group(1))
    expected = peer.affine_force(MOLECULES, "xy", length, 1e-5)
    assert_close(xi[:, 9:12], expected, 1e-7)


SALT = """
units lj
atom_style charge
lattice sc 0.5
region box block 0 4 0 4 0 4
create_box 2 box
create_atoms 1 box
set group all type/fraction 2 0.5 4711
set type 1 charge 1.0
set type 2 charge -1.0
mass * 1.0
displace_atoms all random 0.1 0.1 0.1 4711
change_box all triclinic
atom_modify map yes
pair_style lj/cut/coul/long 2.0
pair_coeff * * 1.0 1.0
pair_modify shift yes table 0
kspace_style ewald 1e-8
kspace_modify gewald 1.4
""".replace("atom_modify map yes\n", "").replace("atom_style charge", "atom_style charge\natom_modify map yes")


def test_long_range_part():
    hessian, xi, output = evaluate(SALT, "hessian difference")
    assert "64 colours" in output    # every atom feels every other
    assert_close(hessian, reference_hessian(SALT, 1e-5), 1e-7)
    # Ewald's cutoff in reciprocal space is chosen anew for a box that has been changed by a command.
    expected = peer.affine_force(SALT.replace("change_box all triclinic\n", ""), "xx", 1.0, 1e-5)
    assert_close(xi[:, 0:3], expected, 1e-6)


def test_shear_of_a_long_range_part_needs_tilt_factors():
    run = lammps(SALT.replace("change_box all triclinic\n", "") + LOAD +
                 "compute xi all glass/affine/atom hessian difference\ndump d all custom 1 d.txt c_xi[1]\nrun 0\n",
                 check=False)
    assert run.returncode != 0 and "use change_box all triclinic" in run.output


def test_forces_that_are_no_gradient_are_warned_of():
    """sw/mod leaves the derivative of its switching function out of the forces."""
    _, _, output = evaluate(silicon("sw/mod", "Si.sw", 3), "")
    assert "forces are not the gradient of an energy" in output


def test_force_that_steps_is_warned_of():
    pairs = PAIRWISE["morse"].replace("morse 2.0", "morse 1.3")
    _, _, output = evaluate(pairs, "hessian difference")
    # Pairs within a step of the cutoff are rare: the force at the cutoff itself tells.
    assert "WARNING" in output and "force of pair style morse steps" in output.replace("\n", " ")


def test_threads():
    script = KA.replace("units lj", "package omp 2\nsuffix omp\nunits lj")
    by_rule, xi_by_rule, _ = evaluate(script, "hessian rule")
    differences, xi_by_differences, _ = evaluate(script, "hessian difference")
    assert_close(differences, by_rule, 1e-7)
    assert_close(xi_by_differences, xi_by_rule, 1e-7)


@pytest.mark.parametrize("ranks", [1, 2])
@pytest.mark.parametrize("keywords", ["hessian rule", "hessian difference"])
def test_nothing_else_changes(keywords, ranks):
    """Neither the trajectory, nor a compute that reads what the pair style keeps per atom (group/group of EAM)."""
    tail = ("compute pairs all group/group all\nthermo_style custom step pe press c_pairs {}\nthermo 5\n"
            f"{THERMO_YAML}fix 1 all nvt temp 600 600 0.1\nrun 20\n")
    styles = (f"group some id <= 20\ncompute h some glass/hessian {keywords}\n"
              f"compute el all glass/elastic relaxed no {keywords}\n")
    with_computes = lammps(cuzr("glass") + LOAD + styles + tail.format("c_h c_el"), ranks).thermo()
    without = lammps(cuzr("glass") + tail.format(""), ranks).thermo()
    assert len(without) == len(with_computes) == 5
    for a, b in zip(without, with_computes):
        assert all(a[key] == b[key] for key in a)


@pytest.mark.parametrize("ranks", [1, 4])
def test_after_a_change_of_the_box(ranks):
    """fix deform moves atoms and box at the end of a step, images only with the next communication."""
    script = silicon("sw", "Si.sw", 3) + LOAD + "change_box all triclinic\nfix 1 all nve\nfix 2 all deform 1 xy erate 2 remap x\n"
    rows = []
    for keywords in ("hessian rule", "hessian difference"):
        run = lammps(script + f"compute el all glass/elastic relaxed no {keywords}\nthermo 4\n"
                     f"thermo_style custom step c_el[10] c_el[11] c_el[15]\n{THERMO_YAML}run 4\n", ranks)
        rows.append(list(run.thermo()[-1].values()))
    assert rows[0] == pytest.approx(rows[1], rel=1e-7)


LOCAL_DENSITY = "".join(f"{0.04 * (rho - 6.0) ** 2:.15g}\n" for rho in np.linspace(0.0, 20.0, 500))
LOCAL_DENSITY = f"density\nfor tests\n1 500\n\n0.9 1.5\n1\n1\n0.0 20.0 {20.0 / 499:.15g}\n{LOCAL_DENSITY}\n"


def test_a_rule_that_is_wrong_only_shows_in_the_virial_of_a_crystal():
    """single() of local/density is not its energy, and forces are zero by symmetry."""
    run = lammps("units lj\nlattice fcc 1.0\nregion box block 0 3 0 3 0 3\ncreate_box 1 box\ncreate_atoms 1 box\n"
                 f"mass 1 1\npair_style local/density\npair_coeff * * density.ld\n{LOAD}compute h all glass/hessian\n"
                 "compute d all glass/hessian hessian difference\nthermo_style custom c_h c_d\n" + THERMO_YAML + "run 0\n",
                 files={"density.ld": LOCAL_DENSITY})
    assert "the virial of pair style local/density is not that of its rule" in run.output
    row = run.thermo()[-1]
    assert row["c_h"] == row["c_d"]


def test_a_force_in_steps_has_no_rule():
    """table lookup: the difference of single() knows that it is good for nothing."""
    system = PAIRWISE["table"].replace("table spline", "table lookup")
    _, _, output = evaluate(system, "")
    assert "differences of single() of pair style table are only good to" in output
    run = lammps(system + LOAD + "compute h all glass/hessian hessian rule\nthermo_style custom c_h\nrun 0\n",
                 check=False)
    assert run.returncode != 0 and "are only good to" in run.output


def test_few_atoms():
    """The step is found in whatever direction the forces are, and though the first atom feels none."""
    system = ("units lj\natom_modify map yes\nregion box block 0 20 0 20 0 20\ncreate_box 1 box\n"
              "create_atoms 1 single 1 1 1\ncreate_atoms 1 single 10 10 10\ncreate_atoms 1 single 10 11.05 10\n"
              "mass 1 1\npair_style morse 3.0\npair_coeff * * 10.0 10.0 1.0\n")
    by_rule, _, _ = evaluate(system, "hessian rule")
    differences, _, output = evaluate(system, "hessian difference")
    assert_close(differences, by_rule, 1e-7)
    assert float(re.search(r"error (\S+), asymmetry", output).group(1)) < 1e-7
