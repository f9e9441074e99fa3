"""D_min (exact matching of two configurations) against scipy's linear_sum_assignment on the dense matrix."""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import numpy as np
from scipy.spatial import cKDTree

from lammps_run import KA, lammps

DENSE = pathlib.Path(__file__).with_name("dense_matching.py")


def quenched_pair():
    """Two inherent structures, 1 Lennard-Jones time apart, of the bundled Kob-Andersen liquid at T = 1, replicated to
    N = 9000 and run until the copies differ: (types, positions, references, edges)."""
    run = lammps(KA + "replicate 3 3 2\nvelocity all create 1.0 4711\ntimestep 0.004\nfix 1 all nvt temp 1.0 1.0 0.4\n"
                 "run 5000\nwrite_restart 0.restart\nrun 250\nwrite_restart 1.restart\n", 2)
    potential = next(line for line in KA.splitlines() if line.startswith("include"))
    frames = []
    for frame in (0, 1):
        quench = lammps(f'read_restart "{run.path}/{frame}.restart"\n{potential}\nminimize 0 1e-6 5000 50000\n'
                        "write_dump all custom is.dump id type x y z modify sort id format float %.17g\n", 2)
        lines = (quench.path / "is.dump").read_text().splitlines()
        frames.append(np.loadtxt(lines[9:]))
    edges = np.diff(np.loadtxt(lines[5:8]))[:, 0]
    return frames[0][:, 1].astype(int), frames[1][:, 2:], frames[0][:, 2:], edges


def with_strings(x, edges, fraction, random):
    """Some atoms take the place of the next one in a string of two to eight neighbours; the last stays."""
    near = cKDTree(x % edges, boxsize=edges).query(x % edges, 8)[1][:, 1:]
    moved, hopped = np.zeros(len(x), bool), x.copy()
    while moved.sum() < fraction * len(x):
        string = [random.integers(len(x))]
        for _ in range(random.integers(1, 8)):
            string.append(near[string[-1], random.integers(7)])
        if len(set(string)) == len(string) and not moved[string].any():
            hopped[string[:-1]] = x[string[1:]]
            moved[string] = True
    return hopped


def tiled(types, x, edges, tiles):
    shifts = np.stack(np.meshgrid(*map(np.arange, tiles), indexing="ij"), -1).reshape(-1, 1, 3) * edges
    return np.tile(types, len(shifts)), (x[None] + shifts).reshape(-1, 3), edges * tiles


def pairs(quick):
    """Cases: (name, types, positions, references, edges)."""
    random = np.random.default_rng(4711)
    types, position, reference, edges = quenched_pair()
    yield "quenched", types, position, reference, edges
    for tiles in [(1, 1, 1)] if quick else [(1, 1, 1), (2, 3, 2), (4, 4, 7)]:
        many, x, long_edges = tiled(types, reference, edges, tiles)
        rattle = lambda: 0.03 * random.standard_normal(x.shape)
        x += rattle()    # no tile is like another
        yield "strings", many, with_strings(x, long_edges, 0.15, random) + rattle(), x, long_edges
        yield "unrelated", many, x + edges * (0.37, 0.23, 0.41) + rattle(), x, long_edges


def ours(folder, edges):
    output = subprocess.run([os.environ["GLASS_MATCHING"], folder / "positions", folder / "references",
                             *(repr(float(edge)) for edge in edges)], check=True, capture_output=True, text=True).stdout
    words = output.replace(",", "").split()
    return float(words[0]), float(words[3]), float(words[9])


def dense(folder, edges):
    output = subprocess.run([sys.executable, DENSE, folder / "positions", folder / "references",
                             *(repr(float(edge)) for edge in edges)], check=True, capture_output=True, text=True).stdout
    build, solve, peak, total = map(float, output.split())
    return build + solve, peak, total


def dmin_table(quick, repeats=3):
    """Both species after each other; medians of repeats. Memory is that of the process at its peak."""
    print("\nD_min: ours (search structures, solution, certificate) against scipy (matrix, solution), one core")
    print(f"{'pair':10}{'N':>9}{'ours (s)':>10}{'(MB)':>8}{'scipy (s)':>11}{'(MB)':>8}{'time':>8}{'memory':>8}"
          f"{'D_min':>10}{'difference of sums':>20}")
    for name, types, position, reference, edges in pairs(quick):
        n = len(types)
        seconds, peaks, sums = np.zeros(2), np.zeros(2), np.zeros(2)
        with tempfile.TemporaryDirectory() as path:
            folder = pathlib.Path(path)
            for species in np.unique(types):
                position[types == species].tofile(folder / "positions")
                reference[types == species].tofile(folder / "references")
                for k, solve in enumerate((ours, dense) if n < 20000 else (ours,)):
                    found = [solve(folder, edges) for _ in range(repeats if n < 20000 and k == 0 else 1)]
                    seconds[k] += statistics.median(f[0] for f in found)
                    peaks[k] = max(peaks[k], found[0][1])
                    sums[k] += found[0][2]
        line = f"{name:10}{n:9d}{seconds[0]:10.3f}{peaks[0]:8.1f}"
        if n < 20000:
            line += (f"{seconds[1]:11.2f}{peaks[1]:8.0f}{seconds[1] / seconds[0]:8.0f}{peaks[1] / peaks[0]:8.0f}"
                     f"{np.sqrt(sums[0] / n):10.5f}{abs(sums[0] / sums[1] - 1.0):20.1e}")
        else:
            line += f"{'':35}{np.sqrt(sums[0] / n):10.5f}"
        print(line, flush=True)


if __name__ == "__main__":
    dmin_table("--quick" in sys.argv)
