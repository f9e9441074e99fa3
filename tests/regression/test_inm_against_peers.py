"""Modes of the bundled systems against LAMMPS's finite-difference dynamical matrix and numpy.

LAMMPS's own forces are the reference here, so this also holds the tables and neighbours that the adaptors
hand over against the pair style itself.
"""

import numpy as np
import pytest

import peer
from lammps_run import KA, LOAD, cuzr, dump_modes, lammps

# Displacement and strain steps: second derivatives jump where a pair is within the step of a cutoff (KA) or
# of a knot of the tables (EAM, knots 0.00076 Angstrom apart), where finite differences mean nothing. The error
# that this makes falls in proportion to the step (measured for the liquid, relative to the largest
# eigenvalue: 7e-6, 1e-6, 4e-8 at 1e-5, 1e-6, 1e-7), until the rounding of the forces takes over.
SYSTEMS = {"ka": (KA, "lj", 1e-6, 1e-6), "liquid": (cuzr("liquid"), "metal", 1e-7, 3e-8),
           "glass": (cuzr("glass"), "metal", 1e-7, 3e-8)}


def edge(system):
    run = lammps(system + "print \"edge $(ly:%.17g)\"\n")
    return float(run.output.split("\nedge ")[1].split()[0])


@pytest.fixture(scope="module", params=SYSTEMS)
def case(request):
    system, units, step, strain_step = SYSTEMS[request.param]
    ours = lammps(system + LOAD + "compute inm all glass/inm\n" + dump_modes() + "run 0\n").table("modes.txt")
    _, masses = peer.forces(system)
    xi = peer.affine_force(system, "xy", edge(system), strain_step)
    theirs = peer.modes(peer.dynamical_matrix(system, step), masses, units, xi)
    return ours, theirs, xi, masses, peer.FTM2V[units]


def test_eigenvalues(case):
    ours, theirs, *_ = case
    assert ours.shape == theirs.shape
    ours, theirs = (np.sign(w) * w ** 2 for w in (ours[:, 0], theirs[:, 0]))
    assert np.abs(ours - theirs).max() <= 1e-7 * np.abs(theirs).max()


def test_unstable_fraction(case):
    ours, theirs, *_ = case
    assert (ours[:, 0] < 0).sum() == (theirs[:, 0] < 0).sum()


def separated(omega):
    """Modes whose eigenvalue is far enough from the next for vectors to be comparable."""
    values = np.sign(omega) * omega ** 2
    gap = np.diff(values)
    nearest = np.minimum(np.append(gap, np.inf), np.insert(gap, 0, np.inf))
    return nearest > 1e-5 * np.abs(values).max()


def test_participation_ratio(case):
    ours, theirs, *_ = case
    chosen = separated(theirs[:, 0])
    assert chosen.sum() > 0.9 * len(theirs)
    assert np.abs(ours[chosen, 1] - theirs[chosen, 1]).max() <= 2e-3 * theirs[:, 1].max()
    assert np.median(np.abs(ours[:, 1] / theirs[:, 1] - 1)) < 1e-6


def test_affine_projections(case):
    ours, theirs, *_ = case
    assert np.median(np.abs(ours[:, 2] - theirs[:, 2])) <= 1e-5 * theirs[:, 2].mean()


def test_affine_force_norm_is_that_of_lammps_forces_in_a_strained_box(case):
    # sum_p Xi-hat_p^2 = sum_i |Xi_i|^2/m_i, whatever the vectors
    ours, _, xi, masses, ftm2v = case
    expected = ((xi ** 2).sum(axis=1) / masses).sum() * ftm2v
    assert ours[:, 2].sum() == pytest.approx(expected, rel=1e-7)
