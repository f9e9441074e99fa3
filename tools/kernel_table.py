#!/usr/bin/env python3
"""Makes a kernel for `compute glass/modulus ... kernel table` from the file of fix glass/memory: t and nu(t) = v(t)/m.

The kernel of an atom in a glass does not decay: v(t) ends on a plateau, the stiffness of the cage, kT/<u^2>. What ends
abruptly at the last lag has a transform that rings, and may be negative. So the plateau, the mean over the last part of
the lags, is taken off (default), or kept and let decay as exp(-t/HOLD) beyond four times the last lag (--hold). What is
left above the plateau is brought to zero smoothly over the same last part. A memory kernel is a correlation of a force
with itself, so the real part of its spectrum is nowhere negative; where noise makes it so, it is set to next to nothing.
"""

import argparse
import pathlib

import numpy as np
import scipy.fft

ENERGY = {"lj": 1.0, "metal": 1.0364269e-4}    # mass velocity^2 in energy units


def read_kernel(path, mass, units="metal"):
    """t and v(t)/m of the whole group, in 1/time^2, with standard errors."""
    table = np.loadtxt(path, ndmin=2)
    return table[:, 0], table[:, 2] / (mass * ENERGY[units]), table[:, 3] / (mass * ENERGY[units])


def split(t, nu, part=0.25):
    """What decays, which ends smoothly at zero, and the plateau."""
    start = (1 - part) * t[-1]
    late = t >= start
    plateau = nu[late].mean()
    window = np.where(late, 0.5 + 0.5 * np.cos(np.pi * (t - start) / (t[-1] - start)), 1.0)
    return (nu - plateau) * window, plateau


def damping(t, decaying, level=1e-3):
    """The nearest kernel (four times as long) whose spectrum has a real part of at least `level` of its largest value
    at the frequencies k pi/(4 t_max), and is positive between them; t is evenly spaced."""
    step = t[1] - t[0]
    rows = 4 * (len(t) - 1) + 1
    padded = np.zeros(rows)
    padded[:len(t)] = decaying
    spectrum = scipy.fft.dct(padded, type=1)
    while True:
        values = scipy.fft.idct(np.maximum(spectrum, level * spectrum.max()), type=1)
        values[-1] = 0.0
        # The same at frequencies three times as close; a polygon's spectrum is this times the square of a sine over its
        # argument.
        longer = np.zeros(3 * (rows - 1) + 1)
        longer[:rows] = values
        if np.all(scipy.fft.dct(longer, type=1) > 0):
            return step * np.arange(rows), values
        level *= 2


def held(t, decaying, plateau, hold, rows=200):
    """The same with the plateau, which decays as exp(-x/hold) from the last lag on, x the time since then."""
    end = t[-1]
    late = end + np.geomspace(0.01 * hold, 30 * hold, rows)
    values = np.append(decaying + plateau, plateau * np.exp(-(late - end) / hold))
    values[-1] = 0.0
    return np.append(t, late), values


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=pathlib.Path, help="of fix glass/memory")
    parser.add_argument("table", type=pathlib.Path, help="to write")
    parser.add_argument("--mass", type=float, required=True, help="mean mass of the atoms")
    parser.add_argument("--units", choices=ENERGY, default="metal")
    parser.add_argument("--part", type=float, default=0.25, help="of the lags, at their end, that is the plateau")
    parser.add_argument("--hold", type=float, help="keep the plateau for this time (time units)")
    options = parser.parse_args()
    t, nu, _ = read_kernel(options.file, options.mass, options.units)
    decaying, plateau = split(t, nu, options.part)
    t, decaying = damping(t, decaying)
    if options.hold:
        rows = held(t, decaying, plateau, options.hold)
    else:
        rows = t, decaying
    how = f"held for {options.hold:g}" if options.hold else "taken off"
    np.savetxt(options.table, np.column_stack(rows), fmt="%.10g",
               header=f"{options.file.name}, plateau {plateau:.6g} {how}\nt nu(t)")
    print(f"nu(0) = {nu[0]:.6g}, plateau {plateau:.6g}: {options.table}")


if __name__ == "__main__":
    main()
