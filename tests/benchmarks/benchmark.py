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

from dipole import dipole_table
from dmin import dmin_table
from lammps_run import KA, LAMMPS_POTENTIALS, LOAD, cuzr, lammps
from memory import memory_table
from relax import relax_table
from spectrum import spectrum_table
from turns import cpu_seconds, liquid

SYSTEMS = {"KA": KA, "CuZr": cuzr("liquid")}
ANGULAR = {"Si sw": ("sw", "Si.sw"), "Si tersoff": ("tersoff", "Si.tersoff")}
REPLICATE = {500: "", 1000: "replicate 2 1 1\n", 2000: "replicate 2 2 1\n", 4000: "replicate 2 2 2\n"}
SOLVE = "compute inm all glass/inm\nthermo_style custom step c_inm\nrun 0\n"


def system(name, atoms):
    """The bundled configuration, replicated and shaken so that no two parts are alike."""
    lines = SYSTEMS[name].strip().splitlines()
    read = next(k for k, line in enumerate(lines) if line.startswith("read_data"))
    lines.insert(read + 1, REPLICATE[atoms])
    lines.insert(1, "atom_modify map yes")    # dynamical_matrix needs it
    return "\n".join(lines) + "\ndisplace_atoms all random 0.02 0.02 0.02 4711\n"


def silicon(style, file, side, spacing=5.43):
    """Diamond lattice of 8 side^3 atoms, rattled by 0.1."""
    return f"""
units metal
atom_modify map yes
lattice diamond {spacing}
region box block 0 {side} 0 {side} 0 {side}
create_box 1 box
create_atoms 1 box
mass 1 28.0855
displace_atoms all random 0.1 0.1 0.1 4711
pair_style {style}
pair_coeff * * "{LAMMPS_POTENTIALS}/{file}" Si
"""


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
    print(f"{'system':10}{'N':>6}{'ours (s)':>12}{'dynamical_matrix (s)':>24}{'ratio':>10}")
    for name in SYSTEMS:
        for atoms in sizes:
            script = system(name, atoms)
            peer, rows = dynamical_matrix_seconds(script, atoms)
            ours = assembly_seconds(script)
            print_ratio(name, atoms, ours, peer, rows)
    for name, (style, file) in ANGULAR.items():
        script = silicon(style, file, 5)
        peer, rows = dynamical_matrix_seconds(script, 1000)
        print_ratio(name, 1000, assembly_seconds(script), peer, rows)


def print_ratio(name, atoms, ours, peer, rows):
    note = "" if rows == atoms else f"   (peer: {rows} atoms' rows timed, scaled)"
    print(f"{name:10}{atoms:6d}{ours:12.4f}{peer:24.1f}{peer / ours:10.1f}{note}", flush=True)


def differences_table(sides):
    """Styles without rule, and how the number of force evaluations grows (it does not)."""
    print("\nColoured differences of styles without rule against LAMMPS's dynamical_matrix, one rank")
    print(f"{'style':10}{'N':>6}{'ours (s)':>12}{'dynamical_matrix (s)':>24}{'ratio':>10}")
    evaluations = []
    for style, file, spacing, some in (("vashishta", "SiC.vashishta", 4.7, [8]), ("edip", "Si.edip", 5.43, sides)):
        for side in some:
            script = silicon(style, file, side, spacing)
            run = lammps(script + LOAD + "run 0\ncompute h all glass/hessian\nthermo_style custom c_h\n"
                         "shell date +%s.%N >> times.txt\nrun 0\nshell date +%s.%N >> times.txt\n")
            start, end = (float(t) for t in (run.path / "times.txt").read_text().split())
            ours = end - start
            colors, count = re.search(r"(\d+) colours, (\d+) force evaluations", run.output).groups()
            evaluations.append((style, 8 * side ** 3, colors, count))
            peer, rows = dynamical_matrix_seconds(script, 8 * side ** 3)
            print_ratio(style, 8 * side ** 3, ours, peer, rows)
    print(f"{'style':10}{'N':>6}{'colours':>10}{'force evaluations':>20}{'6N':>10}")
    for style, atoms, colors, count in evaluations:
        print(f"{style:10}{atoms:6d}{colors:>10}{count:>20}{6 * atoms:10d}")


def elastic_table(sizes):
    """Relaxed elastic constants of the minimised CuZr glass (replicated, shaken, minimised again)."""
    print("\nElastic constants: six right-hand sides, one rank and two")
    print(f"{'N':>6}{'ranks':>7}{'method':>10}{'solve (s)':>12}{'iterations':>12}{'all (s)':>10}{'G (bar)':>12}")
    for atoms, replicate in sizes:
        system = cuzr("glass").strip().splitlines()
        read = next(k for k, line in enumerate(system) if line.startswith("read_data"))
        system.insert(read + 1, replicate)
        system = "\n".join(system) + "\ndisplace_atoms all random 0.1 0.1 0.1 4711\n"
        start = lammps(system + "min_style cg\nminimize 0 1e-7 5000 5000\nwrite_restart min.restart\n", 2)
        pair = "\n".join(line for line in system.splitlines() if line.startswith("pair_"))
        for method, ranks in (("direct", 1), ("cg", 1), ("cg", 2)):
            if method == "direct" and atoms > 4000:
                continue
            run = lammps(f'read_restart "{start.path}/min.restart"\n{pair}\nrun 0\n{LOAD}'
                         f"compute el all glass/elastic solver {method}\nthermo_style custom c_el\n"
                         "shell date +%s.%N >> times.txt\nrun 0\nshell date +%s.%N >> times.txt\n", ranks)
            begin, end = (float(t) for t in (run.path / "times.txt").read_text().split())
            solve = float(re.search(r"in (\S+) s, ", run.output).group(1))
            iterations = re.search(r"(\d+) iterations", run.output)
            modulus = re.findall(r"^ +(\d\S+) *$", run.output, re.M)[-1]
            print(f"{atoms:6d}{ranks:7d}{method:>10}{solve:12.2f}{iterations.group(1) if iterations else '-':>12}"
                  f"{end - begin:10.2f}{modulus:>12}", flush=True)


def whole_compute_table(sizes, repeats=5):
    print("\nThe whole compute against a bare LAPACK dsyevd (vectors too) on the same matrix, one BLAS thread")
    print(f"{'system':10}{'N':>6}{'compute (s)':>12}{'dsyevd (s)':>12}{'ratio':>8}")
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


def quench_table(sizes):
    """The same minimisation by either, one after the other from the same configuration, in one run of LAMMPS."""
    print("\nglass/quench, which goes back, against minimize, which does not, one rank")
    print(f"{'system':10}{'N':>6}{'iterations':>12}{'ours (s)':>12}{'minimize (s)':>14}{'ratio':>8}")
    for atoms in sizes:
        lines = KA.strip().splitlines()
        lines.insert(3, REPLICATE[atoms])
        script = "\n".join(lines) + f"""
{LOAD}velocity all create 1.0 99 loop geom
fix nve all nve
timestep 0.004
run 200
variable start timer
glass/quench IS 0.0 1.0e-3 300 3000
variable middle timer
minimize 0.0 1.0e-3 300 3000
variable end timer
print "seconds $(v_middle-v_start) $(v_end-v_middle) iterations $(f_IS[3])"
"""
        ours, theirs, iterations = map(float, re.search(r"\nseconds (\S+) (\S+) iterations (\S+)",
                                                        lammps(script).output).groups())
        print(f"{'KA':10}{atoms:6d}{iterations:12.0f}{ours:12.3f}{theirs:14.3f}{ours / theirs:8.3f}", flush=True)


def dms_table(atoms, steps, pairs):
    """One cycle of the same oscillatory shear by either, in turns, stress sampled at every step; ratios of
    neighbours."""
    print("\nfix glass/dms against fix deform wiggle with fix ave/time of the same pressure, one rank")
    print(f"{'system':10}{'N':>6}{'steps':>7}{'ours (s)':>12}{'deform (s)':>12}{'ratio':>8}{'quartiles':>16}")
    period = 0.004 * steps
    ours = f"fix dms all glass/dms xy 0.012 {period} cycles 1 press p\nrun {steps}\nunfix dms\n"
    peer = (f"fix d all deform 1 xy wiggle $(0.012*ly) {period} units box\n"
            f"fix s all ave/time 1 1 1 c_p[4] file stress.txt\nrun {steps}\nunfix s\nunfix d\n")
    setup = ("change_box all triclinic\ntimestep 0.004\nfix nvt all nvt temp 1.0 1.0 0.4\n"
             "compute p all pressure thermo_temp\n")
    seconds = cpu_seconds(liquid(REPLICATE[atoms], setup), ours, peer, pairs)
    low, middle, high = statistics.quantiles(seconds[:, 0] / seconds[:, 1], n=4)
    mine, theirs = np.median(seconds, axis=0)
    print(f"{'KA':10}{atoms:6d}{steps:7d}{mine:12.3f}{theirs:12.3f}{middle:8.3f}{f'{low:.3f}-{high:.3f}':>16}",
          flush=True)


def scaling_table(atoms):
    print("\nStrong scaling of the assembly")
    print(f"{'system':10}{'N':>6}{'1 rank (s)':>12}{'2 ranks (s)':>12}{'speed-up':>10}")
    for name in SYSTEMS:
        script = system(name, atoms)
        one, two = assembly_seconds(script, 1), assembly_seconds(script, 2)
        print(f"{name:10}{atoms:6d}{one:12.4f}{two:12.4f}{one / two:10.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    hessian_table([500] if quick else [500, 1000, 4000])
    differences_table([4] if quick else [4, 8, 16])
    elastic_table([(500, "")] if quick else [(4000, "replicate 2 2 2"), (32000, "replicate 4 4 4")])
    whole_compute_table([500] if quick else [500, 1000])
    scaling_table(4000)
    quench_table([500] if quick else [500, 4000])
    dms_table(4000, 200, 10 if quick else 40)
    dmin_table(quick)
    dipole_table(quick)
    memory_table(quick)
    relax_table(quick)
    spectrum_table(quick)


if __name__ == "__main__":
    main()
