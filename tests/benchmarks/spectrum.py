"""Spectra and moduli without modes: products against the memory's bandwidth; kernel polynomials and Lanczos against all
modes, error against cost; time and memory against N; ranks; all modes over several ranks.

One core a rank and one BLAS thread, unless a table says otherwise. Times are those of the log less what other processes
took of them (CPU seconds over wall time)."""

import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

from lammps_run import KA, LOAD, cuzr, lammps

CACHE = pathlib.Path(tempfile.gettempdir()) / "glass-benchmark-spectrum"
COPIES = {500: "", 1000: "replicate 2 1 1\n", 2000: "replicate 2 2 1\n", 4000: "replicate 2 2 2\n",
          32000: "replicate 4 4 4\n", 108000: "replicate 6 6 6\n", 500000: "replicate 10 10 10\n",
          1000000: "replicate 20 10 10\n"}
# Script of the bundled liquid, how it is kept at its temperature, bins, frequencies of G* and the friction.
SYSTEMS = {
    "KA": (KA, "velocity all create 0.6 4711 loop geom\nfix move all nve\nfix bath all langevin 0.6 0.6 1.0 4711\n"
           "timestep 0.004\n", "bins 100 range -20 80", (1.0, 3.0), 1.0),
    "CuZr": (cuzr("liquid"), "velocity all create 1500.0 4711 loop geom\nfix move all nve\n"
             "fix bath all langevin 1500.0 1500.0 0.1 4711\ntimestep 0.002\n", "bins 100 range -40 60", (1.0, 3.0), 1.0),
}


def copies(name, atoms):
    """The bundled configuration, replicated and shaken so that no two parts are alike."""
    lines = SYSTEMS[name][0].strip().splitlines()
    read = next(k for k, line in enumerate(lines) if line.startswith("read_data"))
    lines.insert(read + 1, COPIES[atoms] + "displace_atoms all random 0.05 0.05 0.05 4711\n")
    return "\n".join(lines) + "\nthermo_style custom step\n"


def liquid(name, atoms):
    """The same after a short run. Made once, in a temporary folder."""
    path = CACHE / f"{name}-{atoms}.data"
    if not path.exists():
        CACHE.mkdir(exist_ok=True)
        run = lammps(copies(name, atoms) + SYSTEMS[name][1] + "run 500\nwrite_data liquid.data nocoeff\n")
        (run.path / "liquid.data").rename(path)
    lines = SYSTEMS[name][0].strip().splitlines()
    return "\n".join(f'read_data "{path}"' if line.startswith("read_data") else line for line in lines) + \
        "\nthermo_style custom step\n"


def evaluate(script, define, columns, ranks=1):
    """(seconds of the solution that the log gives, less what other processes took of them; the run). `define` are
    computes, the array of the last of which is written."""
    last = re.findall(r"^compute (\S+)", define, re.M)[-1]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run = lammps(f"{script}{LOAD}{define}fix out all ave/time 1 1 1 {columns.replace('ID', 'c_' + last)} mode vector "
                 f"file out.txt format ' %.17g'\nrun 0\ninfo memory\n", ranks, timeout=7200)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    taken = float(re.findall(r"(?:solved|steps) in (\S+) s[,;]", run.output)[-1])
    return taken * min(1.0, cpu / (ranks * wall)), run


def array(run):
    return np.array([[float(word) for word in line.split()[1:]]
                     for line in (run.path / "out.txt").read_text().splitlines()[4:]])


def distance(found, exact):
    """Of two histograms of unit area, 0 to 2."""
    return np.abs(found / found.sum() - exact / exact.sum()).sum()


def error_table(name, atoms, polynomials, steps):
    """Dense, kernel polynomials and Lanczos on the same configuration, one after the other."""
    script, (_, _, bins, omega, friction) = liquid(name, atoms), SYSTEMS[name]
    frequencies = " ".join(map(str, omega))
    modulus = f"glass/modulus omega list {frequencies} kernel constant {friction}"
    print(f"\n{name}, N = {atoms}, one core: all modes, then kernel polynomials, then Lanczos (xy). Errors: of g and "
          "Gamma, sum over bins of |difference| of histograms of unit area; of G*, |difference| of the nonaffine part "
          f"over its modulus at omega = {frequencies}, friction {friction:g}")
    dense, run = evaluate(script, f"compute inm all glass/inm {bins} strain xy solver lapack\n", "ID[2] ID[7]")
    exact = array(run)
    _, run = evaluate(script, f"compute inm all glass/inm {bins} strain xy solver lapack\ncompute g all {modulus} modes "
                      "c_inm\nthermo_style custom c_g\nthermo_modify format float %.15g\n", "ID[2] ID[3]") \
        if atoms <= 2000 else (0.0, None)
    exact_modulus = array(run) @ [1.0, 1.0j] if run else None
    affine = scalar(run) if run else 0.0
    print(f"all modes: {dense:.2f} s", flush=True)
    print(f"{'moments':>8}{'vectors':>8}{'s':>9}{'ratio':>8}{'error g':>9}{'Gamma':>8}")
    for moments, vectors in polynomials:
        seconds, run = evaluate(script, f"compute inm all glass/inm {bins} strain xy solver kpm moments {moments} "
                                f"vectors {vectors}\n", "ID[2] ID[7]")
        errors = [distance(found, true) for found, true in zip(array(run).T, exact.T)]
        print(f"{moments:8d}{vectors:8d}{seconds:9.3f}{dense / seconds:8.1f}{errors[0]:9.4f}{errors[1]:8.4f}", flush=True)
    if steps:
        print(f"{'steps':>8}{'s':>17}{'ratio':>8}   errors and, in brackets, their bounds")
    finest = None
    rows = []
    for n in sorted(steps, reverse=True):
        seconds, run = evaluate(script, f"compute g all {modulus} maxiter {n} tolerance 1e-13\n"
                                "thermo_style custom c_g\nthermo_modify format float %.15g\n", "ID[2] ID[3] ID[4]")
        found = array(run)
        values = found[:, :2] @ [1.0, 1.0j]
        if exact_modulus is None:    # by the longest run, far beyond the others
            exact_modulus, affine, finest = values, scalar(run), n
        size = np.abs(affine - exact_modulus)
        rows.append((n, seconds, np.abs(values - exact_modulus) / size, found[:, 2] / size))
    for n, seconds, errors, bounds in reversed(rows):
        if n == finest:
            print(f"{n:8d}{seconds:17.3f}{dense / seconds:8.1f}   (the reference; bounds "
                  f"{', '.join(f'{b:.1e}' for b in bounds)})", flush=True)
            continue
        print(f"{n:8d}{seconds:17.3f}{dense / seconds:8.1f}   "
              f"{', '.join(f'{e:.1e} ({b:.1e})' for e, b in zip(errors, bounds))}", flush=True)


def scalar(run):
    """What the last thermo output of a single column says."""
    return float(re.findall(r"^ *(-?\d\S*) *\nLoop time", run.output, re.M)[-1])


def resident_bytes(run):
    return float(re.search(r"Maximum resident set size: (\S+) Mbyte", run.output).group(1)) * 2 ** 20


def products_table(atoms):
    print("\nProducts of the Hessian with vectors (CPU seconds)", flush=True)
    for ranks in (1, 2):
        subprocess.run([os.environ["GLASS_MPIEXEC"], "--oversubscribe", "-n", str(ranks), os.environ["GLASS_PRODUCTS"],
                        str(atoms)], check=True)


def size_table(sizes, moments=200, steps=200):
    print(f"\nKA, one core: {moments} moments of 7 random vectors and the affine forces; {steps} Lanczos steps; time a "
          "vector and atom, and the exponent of N between neighbouring sizes; peak memory of the process")
    print(f"{'N':>8}{'moments (s)':>13}{'ns/(v atom)':>13}{'exp':>6}{'Lanczos (s)':>13}{'ns/(step atom)':>16}{'exp':>6}"
          f"{'kB/atom':>9}")
    rows = []
    for atoms in sizes:
        script = copies("KA", atoms)
        polynomial, run = evaluate(script, f"compute inm all glass/inm bins 4 range -40 120 strain xy solver kpm moments "
                                   f"{moments} vectors 7\n", "ID[2] ID[7]")
        memory = resident_bytes(run)
        lanczos, _ = evaluate(script, "compute g all glass/modulus omega list 10 kernel constant 10 tolerance 1e-15 "
                              f"maxiter {steps}\n", "ID[2] ID[3] ID[4]")
        rows.append((atoms, polynomial, lanczos))
        exponents = ["" if len(rows) < 2 else f"{np.log(rows[-1][k] / rows[-2][k]) / np.log(rows[-1][0] / rows[-2][0]):.2f}"
                     for k in (1, 2)]
        print(f"{atoms:8d}{polynomial:13.2f}{1e9 * polynomial / (8 * 0.5 * moments * atoms):13.1f}{exponents[0]:>6}"
              f"{lanczos:13.2f}{1e9 * lanczos / (steps * atoms):16.1f}{exponents[1]:>6}{memory / atoms / 1000:9.2f}",
              flush=True)
    if len(rows) > 1:
        n, polynomial, lanczos = np.log(np.array(rows)).T
        print(f"time ~ N^{np.polyfit(n, polynomial, 1)[0]:.2f} (moments), N^{np.polyfit(n, lanczos, 1)[0]:.2f} (Lanczos)")


def rank_table(atoms, moments=200):
    print(f"\nKA, N = {atoms}: {moments} moments of 7 random vectors and the affine forces, and 200 Lanczos steps, on two "
          "ranks")
    script, seconds = copies("KA", atoms), {}
    for ranks in (1, 2):
        seconds[ranks] = [
            evaluate(script, f"compute inm all glass/inm bins 4 range -40 120 strain xy solver kpm moments {moments} "
                     "vectors 7\n", "ID[2] ID[7]", ranks)[0],
            evaluate(script, "compute g all glass/modulus omega list 10 kernel constant 10 tolerance 1e-15 maxiter 200\n",
                     "ID[2] ID[3] ID[4]", ranks)[0]]
    for what, one, two in zip(("moments", "Lanczos"), seconds[1], seconds[2]):
        print(f"{what:10} 1 rank {one:8.2f} s, 2 ranks {two:8.2f} s, speed-up {one / two:.2f}", flush=True)


def dense_ranks_table(sizes):
    """Wall times, as threads of BLAS share their work unevenly."""
    print("\nKA, all modes: ScaLAPACK on two ranks against LAPACK with two threads (wall times)")
    print(f"{'N':>6}{'LAPACK (s)':>12}{'ScaLAPACK (s)':>15}{'ratio':>7}")
    for atoms in sizes:
        seconds = []
        for solver, ranks, threads in (("lapack", 1, 2), ("scalapack", 2, 1)):
            run = lammps(f"{liquid('KA', atoms)}{LOAD}compute inm all glass/inm strain xy solver {solver}\n"
                         "thermo_style custom c_inm\nrun 0\n", ranks, check=False, threads=threads)
            seconds += map(float, re.findall(r"solved in (\S+) s,", run.output))
        if len(seconds) < 2:
            print("(this plugin has no solver scalapack)")
            return
        print(f"{atoms:6d}{seconds[0]:12.2f}{seconds[1]:15.2f}{seconds[1] / seconds[0]:7.2f}", flush=True)


def spectrum_table(quick):
    products_table(4000 if quick else 100000)
    size_table([4000, 32000] if quick else [4000, 32000, 108000, 500000, 1000000])
    rank_table(32000 if quick else 108000)
    polynomials = [(500, 8), (2000, 2), (2000, 8), (2000, 32), (8000, 8)]
    for name in SYSTEMS:
        for atoms in ([500] if quick else [1000, 2000, 4000]):
            error_table(name, atoms, polynomials, (400, 800, 1600, 3200))
    dense_ranks_table([500] if quick else [1000, 2000])


if __name__ == "__main__":
    spectrum_table("--quick" in sys.argv)
