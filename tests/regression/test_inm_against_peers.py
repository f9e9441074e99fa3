"""Modes of the bundled systems against LAMMPS's finite-difference dynamical matrix, forces and numpy.

LAMMPS's own forces are the reference here, so this also holds the tables and neighbours that the adaptors
hand over against the pair style itself.

Second derivatives jump where a pair is within the step of a cutoff (KA) or of a knot of the tables (the real EAM
potential: knots 0.00076 Angstrom apart), and finite differences mean nothing there. KA has no such pair at its
step. With EAM tables of cubic polynomials, nothing jumps, and differences are exact; with those of CuZr, the
error of the differences falls in proportion to the step (measured for a liquid, relative to the largest eigenvalue:
5e-5, 7e-6, 1e-6, 4e-8 at 1e-4, 1e-5, 1e-6, 1e-7 Angstrom) and bounds what can be asked.
"""

import numpy as np
import pytest

import peer
from lammps_run import KA, LOAD, SMOOTH, cuzr, dump_modes, lammps

# script, units, step of displacements, step of strain, bound of the relative difference of eigenvalues
SYSTEMS = {
    "ka": (KA, "lj", 1e-6, 1e-6, 1e-7),
    "smooth": (SMOOTH, "metal", 1e-5, 1e-6, 1e-7),
    "liquid": (cuzr("liquid"), "metal", 1e-7, 1e-7, 1e-5),
    "glass": (cuzr("glass"), "metal", 1e-7, 1e-7, 1e-5),
}


def edge(system):
    run = lammps(system + "print \"edge $(ly:%.17g)\"\n")
    return float(run.output.split("\nedge ")[1].split()[0])


class Case:
    def __init__(self, name):
        system, units, step, strain_step, self.bound = SYSTEMS[name]
        run = lammps(system + LOAD + "compute inm all glass/inm bins 30\n" + dump_modes() +
                     "fix a all ave/time 1 1 1 c_inm[*] mode vector file a.txt format ' %.17g'\nrun 0\n")
        self.ours = run.table("modes.txt")
        self.bins = np.loadtxt(run.path / "a.txt", skiprows=4)[:, 1:]
        _, self.masses = peer.forces(system)
        self.xi = peer.affine_force(system, "xy", edge(system), strain_step)
        self.theirs = peer.modes(peer.dynamical_matrix(system, step), self.masses, units, self.xi)
        self.ftm2v = peer.FTM2V[units]

    def separated(self):
        """Modes much farther from the next than the eigenvalues differ, so that vectors do not mix."""
        ours, theirs = (np.sign(w) * w ** 2 for w in (self.ours[:, 0], self.theirs[:, 0]))
        gap = np.diff(theirs)
        nearest = np.minimum(np.append(gap, np.inf), np.insert(gap, 0, np.inf))
        return nearest > 50 * np.abs(ours - theirs).max()


@pytest.fixture(scope="module", params=SYSTEMS)
def case(request):
    return Case(request.param)


def test_eigenvalues(case):
    assert case.ours.shape == case.theirs.shape == (1497, 3)
    ours, theirs = (np.sign(w) * w ** 2 for w in (case.ours[:, 0], case.theirs[:, 0]))
    assert np.abs(ours - theirs).max() <= case.bound * np.abs(theirs).max()


def test_unstable_fraction(case):
    assert (case.ours[:, 0] < 0).sum() == (case.theirs[:, 0] < 0).sum()


def test_participation_ratio(case):
    chosen = case.separated()
    assert chosen.sum() > 300
    difference = np.abs(case.ours[chosen, 1] - case.theirs[chosen, 1])
    assert difference.max() <= 0.02 * case.theirs[:, 1].max()
    assert np.median(difference) <= 100 * case.bound


def test_affine_projections(case):
    chosen = case.separated()
    difference = np.abs(case.ours[chosen, 2] - case.theirs[chosen, 2]) / case.theirs[:, 2].mean()
    assert np.median(difference) <= 100 * case.bound


def test_affine_force_norm_is_that_of_lammps_forces_in_a_strained_box(case):
    # sum_p Xi-hat_p^2 = sum_i |Xi_i|^2/m_i, whatever the vectors
    expected = ((case.xi ** 2).sum(axis=1) / case.masses).sum() * case.ftm2v
    assert case.ours[:, 2].sum() == pytest.approx(expected, rel=case.bound)


def test_binned_spectrum(case):
    """g(omega), P(omega), Gamma(omega) from the peer's modes, in our bins."""
    centres, width = case.bins[:, 0], case.bins[1, 0] - case.bins[0, 0]
    edges = np.append(centres - width / 2, centres[-1] + width / 2)
    omega = case.theirs[:, 0]
    count = np.histogram(omega, edges)[0]
    # A mode may fall on the other side of an edge.
    assert np.abs(count - case.bins[:, 4]).max() <= 1
    filled = (count > 20) & (count == case.bins[:, 4])
    assert filled.sum() >= 10
    for column, values in ((2, case.theirs[:, 1]), (3, case.theirs[:, 2])):
        mean = np.histogram(omega, edges, weights=values)[0][filled] / count[filled]
        np.testing.assert_allclose(case.bins[filled, column], mean, rtol=max(1e-5, 100 * case.bound))
