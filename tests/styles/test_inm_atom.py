"""compute glass/inm/atom: where the modes live."""

import numpy as np
import pytest

from lammps_run import KA, LOAD, cuzr, dump_modes, lammps
from peer import forces

DEFINE = """
compute inm all glass/inm pc 0.27
compute every all glass/inm/atom c_inm class all
compute stable all glass/inm/atom c_inm class stable
compute unstable all glass/inm/atom c_inm class unstable
compute localized all glass/inm/atom c_inm class localized
compute delocalized all glass/inm/atom c_inm class delocalized
compute third all glass/inm/atom c_inm mode 3
compute near all glass/inm/atom c_inm near -5.0
dump atoms all custom 1 atoms.txt id mass c_every c_stable c_unstable c_localized c_delocalized &
  c_third[1] c_third[2] c_third[3] c_third[4] c_near[1] c_near[2] c_near[3] c_near[4]
dump_modify atoms sort id format float %.17g
"""


@pytest.fixture(scope="module", params=["ka", "cuzr"])
def case(request):
    system = {"ka": KA, "cuzr": cuzr("liquid")}[request.param]
    script = system + LOAD + DEFINE + dump_modes() + "run 0\n"
    runs = [lammps(script, ranks) for ranks in (1, 2, 4)]
    return [(run.table("atoms.txt"), run.table("modes.txt")) for run in runs]


def test_weights_of_classes(case):
    atoms, modes = case[0]
    mass, every, stable, unstable, localized, delocalized = atoms[:, 1:7].T
    # All 3N unit vectors have weight 3 on every atom; the translations take 3 m_i/M of it.
    np.testing.assert_allclose(every, 3.0 - 3.0 * mass / mass.sum(), rtol=1e-11)
    np.testing.assert_allclose(stable + unstable, every, rtol=1e-11)
    np.testing.assert_allclose(localized + delocalized, unstable, rtol=1e-11)
    assert unstable.sum() == pytest.approx((modes[:, 0] < 0).sum(), rel=1e-11)
    assert localized.sum() == pytest.approx(((modes[:, 0] < 0) & (modes[:, 1] < 0.27)).sum(), rel=1e-11)


def test_one_mode(case):
    atoms, modes = case[0]
    for columns, p in ((atoms[:, 7:11], 2), (atoms[:, 11:15], np.abs(modes[:, 0] + 5.0).argmin())):
        weight, vector = columns[:, 0], columns[:, 1:]
        np.testing.assert_allclose((vector ** 2).sum(axis=1), weight, rtol=1e-12)
        assert weight.sum() == pytest.approx(1.0, abs=1e-12)
        assert 1.0 / (len(weight) * (weight ** 2).sum()) == pytest.approx(modes[p, 1], rel=1e-9)
        assert vector.flat[np.abs(vector).argmax()] > 0


def test_ranks(case):
    reference = case[0][0]
    for atoms, _ in case[1:]:
        np.testing.assert_allclose(atoms, reference, rtol=0, atol=1e-9)


def test_vector_is_an_eigenvector():
    # Along a mode, forces change by -lambda times the displacement (all masses are 1 here): LAMMPS's own forces.
    run = lammps(KA + LOAD + "compute inm all glass/inm\ncompute m all glass/inm/atom c_inm mode 3\n"
                 "dump atoms all custom 1 atoms.txt id c_m[2] c_m[3] c_m[4]\n"
                 "dump_modify atoms sort id format float %.17g\n" + dump_modes() + "run 0\n")
    vector, omega, h = run.table("atoms.txt")[:, 1:], run.table("modes.txt")[2, 0], 1e-5
    moved = []
    for sign in (h, -h):
        moves = "".join(f"group a id {i + 1}\ndisplace_atoms a move {x:.17g} {y:.17g} {z:.17g} units box\n"
                        "group a delete\n" for i, (x, y, z) in enumerate(sign * vector))
        moved.append(forces(KA + moves)[0])
    response = -(moved[0] - moved[1]) / (2 * h)
    np.testing.assert_allclose(response, -omega ** 2 * vector, atol=1e-6 * omega ** 2)


def test_atoms_outside_the_group_have_no_weight():
    run = lammps(KA + LOAD + "group half id <> 1 250\ncompute inm half glass/inm\n"
                 "compute w all glass/inm/atom c_inm class all\ndump d all custom 1 w.txt id c_w\n"
                 "dump_modify d sort id format float %.17g\nrun 0\n", 2)
    weight = run.table("w.txt")[:, 1]
    np.testing.assert_allclose(weight[:250], 3.0, rtol=1e-11)
    assert (weight[250:] == 0.0).all()


def test_follows_the_trajectory():
    run = lammps(KA + LOAD + "fix 1 all nve\ncompute inm all glass/inm\ncompute m all glass/inm/atom c_inm mode 1\n"
                 "compute p all reduce sumsq c_m[1]\nvariable ratio equal 1.0/(500*c_p)\n" + dump_modes() +
                 "dump_modify modes every 20\nthermo 20\nthermo_style custom step v_ratio\nthermo_modify norm no "
                 "line yaml format float %.17g\nrun 40\n")
    ratios = [row["v_ratio"] for row in run.thermo()]
    np.testing.assert_allclose(ratios, [table[0, 1] for table in run.tables("modes.txt")], rtol=1e-9)
    assert len(set(ratios)) == 3
