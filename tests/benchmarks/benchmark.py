#!/usr/bin/env python3
"""Ratios of what users have today to what this package takes, measured side by side in one run. Judges nothing.

    tests/benchmarks/run.sh              all (some minutes)
    tests/benchmarks/run.sh --quick      small sizes only

Times are medians of repeats on one core, with one BLAS thread. Absolute times depend on the
machine; the ratios are what to quote.
"""

import argparse
import re
import statistics
import time

import numpy as np
from scipy.linalg import lapack

from lammps_run import KA, LOAD, cuzr, lammps

SYSTEMS = {"KA": KA, "CuZr": cuzr("liquid")}
REPLICATE = {500: "", 1000: "replicate 2 1 1\n", 2000: "replicate 2 2 1\n", 4000: "replicate 2 2 2\n"}
SOLVE = "compute inm all glass/inm\nthermo_style custom step c_inm\nrun 0\n"


def system(name, atoms):
    """The bundled configuration, replicated and shaken so that no two parts are alike."""
    lines = SYSTEMS[name].strip().splitlines()
    read = next(k for k, line in enumerate(lines) if line.startswith("read_data"))
    lines.insert(read + 1, REPLICATE[atoms])
    lines.insert(1, "atom_modify map yes")    # dynamical_matrix needs it
    return "\n".join(lines) + "\ndisplace_atoms all random 0.02 0.02 0.02 4711\n"


def assembly_seconds(script, ranks=1, repeats=5):
    """What the log says that neighbours, derivatives, Hessian and affine forces took: the median of evaluations by as
    many computes. They ask for modes far beyond the spectrum, so that nothing is solved for."""
    names = [f"inm{k}" for k in range(repeats)]
    define = "".join(f"compute {name} all glass/inm modes window 1.0e6 2.0e6\n" for name in names)
    columns = " ".join("c_" + name for name in names)
    run = lammps(script + LOAD + define + f"thermo_style custom step {columns}\nrun 0\n", ranks)
    found = [float(t) for t in re.findall(r"assembled in (\S+) s", run.output)]
    assert len(found) == repeats
    return statistics.median(found)


def dynamical_matrix_seconds(script, atoms):
    """LAMMPS's dynamical_matrix; for many atoms the rows of 20, scaled up, as every row costs six force
    evaluations of the whole system."""
    rows = atoms if atoms <= 500 else 20
    run = lammps(script + f"group rows id <> 1 {rows}\nrun 0\nshell date +%s.%N >> times.txt\n"
                 "dynamical_matrix rows regular 1.0e-6 binary yes file dynmat.bin\nshell date +%s.%N >> times.txt\n")
    start, end = (float(t) for t in (run.path / "times.txt").read_text().split())
    return (end - start) * atoms / rows, rows


def hessian_table(sizes):
    print("\nHessian (neighbours, derivatives, assembly, affine forces) against LAMMPS's dynamical_matrix, one rank")
    print(f"{'system':8}{'N':>6}{'ours (s)':>12}{'dynamical_matrix (s)':>24}{'ratio':>10}")
    for name in SYSTEMS:
        for atoms in sizes:
            script = system(name, atoms)
            peer, rows = dynamical_matrix_seconds(script, atoms)
            ours = assembly_seconds(script)
            note = "" if rows == atoms else f"   (peer: {rows} atoms' rows timed, scaled)"
            print(f"{name:8}{atoms:6d}{ours:12.4f}{peer:24.1f}{peer / ours:10.0f}{note}", flush=True)


def whole_compute_table(sizes, repeats=5):
    print("\nThe whole compute against a bare LAPACK dsyevd (vectors too) on the same matrix, one BLAS thread")
    print(f"{'system':8}{'N':>6}{'compute (s)':>12}{'dsyevd (s)':>12}{'ratio':>8}")
    for atoms in sizes:
        script = system("KA", atoms)
        run = lammps(script + "run 0\ndynamical_matrix all regular 1.0e-6 binary yes file dynmat.bin\n")
        flat = np.fromfile(run.path / "dynmat.bin")
        n = round(np.sqrt(flat.size))
        matrix = np.asfortranarray(0.5 * (flat.reshape(n, n) + flat.reshape(n, n).T))
        ours, bare = [], []
        for _ in range(repeats):
            output = lammps(script + LOAD + SOLVE).output
            ours.append(float(re.search(r"solved in \S+ s, (\S+) s in all", output).group(1)))
            start = time.perf_counter()
            lapack.dsyevd(matrix.copy(order="F"), compute_v=1, lower=1, overwrite_a=1)
            bare.append(time.perf_counter() - start)
        ratio = statistics.median(a / b for a, b in zip(ours, bare))
        print(f"{'KA':8}{atoms:6d}{statistics.median(ours):12.3f}{statistics.median(bare):12.3f}{ratio:8.2f}",
              flush=True)


def scaling_table(atoms):
    print("\nStrong scaling of the assembly")
    print(f"{'system':8}{'N':>6}{'1 rank (s)':>12}{'2 ranks (s)':>12}{'speed-up':>10}")
    for name in SYSTEMS:
        script = system(name, atoms)
        one, two = assembly_seconds(script, 1), assembly_seconds(script, 2)
        print(f"{name:8}{atoms:6d}{one:12.4f}{two:12.4f}{one / two:10.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    hessian_table([500] if quick else [500, 1000, 4000])
    whole_compute_table([500] if quick else [500, 1000])
    scaling_table(4000)


if __name__ == "__main__":
    main()
