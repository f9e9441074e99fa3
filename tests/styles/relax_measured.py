"""What tests of fix glass/relax share: systems and script lines, and the results of a run, read and compared."""

import numpy as np
import pytest

from lammps_run import ROOT
from relax_reference import QUANTITIES, TIMES

PAIR = f'include "{ROOT}/potentials/kob_andersen.lmp"\n'
MOVE = "timestep 0.004\nfix move all nve\n"
HOT = "velocity all create 3.0 8713 loop geom\n" + MOVE
EVERY, SEGMENT, STEPS = 2, 100, 600
ARGUMENTS = f"{EVERY} {SEGMENT}"
FIX = f"fix r all glass/relax {ARGUMENTS} file relax.txt\n"
VECTORS = ((7.0, 0.0, 0.0), (0.0, 5.0, 1.5), (-2.0, 3.0, 6.0))
VECTOR_ARGUMENTS = "vectors 3 " + " ".join(f"{x:g}" for v in VECTORS for x in v)


def dump(every=EVERY):
    return (f"dump d all custom {every} d.txt id type mass xu yu zu\n"
            "dump_modify d sort id format float %.17g\n")


def keep(steps):
    """Script lines that write vector and array in full precision; a run of `steps` must end there."""
    return (f'fix v all ave/time {steps} 1 {steps} f_r[*] format " %.17g" file vector.txt\n'
            f'fix a all ave/time {steps} 1 {steps} f_r[*] mode vector format " %.17g" file array.txt\n')


class Measured:
    """The results of a fix with ID r, as `keep` has written them at the last step."""

    def __init__(self, run):
        self.vector = np.loadtxt(run.path / "vector.txt", ndmin=2)[-1, 1:]
        lines = [line.split() for line in (run.path / "array.txt").read_text().splitlines() if line[0] != "#"]
        rows = int(lines[0][1])
        self.array = np.array(lines[-rows:], dtype=float)[:, 1:]
        self.species = (self.array.shape[1] - 1) // 12
        self.q, self.cutoff, self.mean_pairs, self.completed = self.vector[11:15]

    def numbers(self, s):
        """Dictionaries of numbers and errors of species s: 0 for the group, then types."""
        block = self.vector[:11] if s == 0 else self.vector[15 + 11 * (s - 1):15 + 11 * s]
        values = dict(zip(TIMES + ("gamma", "D"), block[0:10:2]), exponent=block[10])
        return values, dict(zip(TIMES + ("gamma", "D"), block[1:10:2]))

    def curves(self, s):
        block = self.array[:, 1 + 12 * s:13 + 12 * s].T
        return dict(zip(QUANTITIES, block[::2])), dict(zip(QUANTITIES, block[1::2]))


def close(value, expected, relative, what, scale=0.0):
    """Equal to `relative` of the largest finite magnitude, or of `scale` if that is more; infinite and undefined at
    the same places."""
    value, expected = np.atleast_1d(value), np.atleast_1d(expected)
    finite = np.isfinite(expected)
    np.testing.assert_array_equal(value[~finite], expected[~finite], err_msg=what)
    scale = np.abs(expected[finite]).max(initial=scale)
    np.testing.assert_allclose(value[finite], expected[finite], rtol=0, atol=relative * scale, err_msg=what)


def rounding(name, atoms):
    """Of what size the numbers are of which a quantity is the difference: chi4 is N times that of two squares."""
    return {"alpha2": 1.0, "chi4": 1e-2 * atoms}.get(name, 0.0)


def compare(measured, expected):
    """Vector and array against the reference."""
    assert measured.completed == len(expected.origins) > 0
    assert measured.species == len(expected.species)
    close(measured.array[:, 0], expected.t, 1e-14, "t")
    close(measured.mean_pairs, expected.number.mean(), 1e-14, "pairs")
    for s in range(measured.species):
        values, errors = expected.results(s)
        curves, curve_errors = measured.curves(s)
        for name in QUANTITIES:
            where = f"{name} of species {s}"
            finite = np.isfinite(values[name])
            scale = np.abs(values[name][finite]).max(initial=rounding(name, expected.counts[s]))
            close(curves[name], values[name], 1e-12, where, scale)
            # Squares of differences that may be small: their own rounding is that of the curve.
            finite = np.isfinite(errors[name])
            np.testing.assert_array_equal(curve_errors[name][~finite], errors[name][~finite], err_msg=where + ", error")
            np.testing.assert_allclose(curve_errors[name][finite], errors[name][finite], rtol=1e-9, atol=1e-11 * scale,
                                       err_msg=where + ", error")
        numbers, number_errors = measured.numbers(s)
        for name in numbers:
            close(numbers[name], values[name], 1e-10, f"{name} of species {s}")
        for name in number_errors:
            # An error that is nothing but rounding, of atoms that never collide, is none.
            tolerance = max(1e-8 * errors[name], 1e-10 * abs(values[name])) if np.isfinite(errors[name]) else 0
            where = f"error of {name} of species {s}"
            assert number_errors[name] == pytest.approx(errors[name], rel=0, abs=tolerance), where


def read_file(run, name="relax.txt"):
    lines = (run.path / name).read_text().splitlines()
    return [line for line in lines if line.startswith("#")], np.loadtxt(run.path / name, ndmin=2)


def same(run, whole, tolerance=1e-10, name="relax.txt"):
    """Whether two runs have written the same table."""
    table, expected = read_file(run, name)[1], read_file(whole, name)[1]
    assert table.shape == expected.shape
    for value, column in zip(table.T, expected.T):
        close(value, column, tolerance, name)
