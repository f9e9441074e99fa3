"""compute glass/dipole: all pairs by the dense engine against one conjugate-gradient solve a pair, and blocks of
right-hand sides against single ones."""

import functools
import inspect
import pathlib
import re
import resource
import sys
import tempfile
import time

import numpy as np
import scipy.sparse.linalg
from scipy.linalg import lapack

from lammps_run import LOAD, lammps, read_bsr

PAIR = """
pair_style lj/smooth/linear 2.5
pair_coeff 1 1 1.0 1.0 2.5
pair_coeff 1 2 1.5 0.8 2.0
pair_coeff 2 2 0.5 0.88 2.2
"""
MINIMIZE = "min_style cg\nmin_modify line quadratic\nminimize 0 1e-4 20000 100000\n"
CELLS = {500: (5, 10, 10), 2000: (10, 10, 20), 8000: (20, 20, 20)}
RTOL = "rtol" if "rtol" in inspect.signature(scipy.sparse.linalg.cg).parameters else "tol"    # of old scipy
CACHE = pathlib.Path(tempfile.gettempdir()) / "glass-benchmark-dipole"


def glass(atoms):
    """Path of a data file: Kob-Andersen with forces smooth at the cutoff, quenched from a short run at T = 1; 64,000
    atoms are eight copies of 8000, shaken and minimised again. Made once, in a temporary folder."""
    path = CACHE / f"{atoms}.data"
    if path.exists():
        return path
    CACHE.mkdir(exist_ok=True)
    if atoms in CELLS:
        cells = " ".join(f"0 {n}" for n in CELLS[atoms])
        script = f"""
units lj
atom_style atomic
lattice sc 1.2
region box block {cells}
create_box 2 box
create_atoms 1 box
lattice none 1.0
set type 1 type/fraction 2 0.2 4711
mass * 1.0
displace_atoms all random 0.05 0.05 0.05 4711
{PAIR}velocity all create 2.0 4711 loop geom
timestep 0.004
fix move all nvt temp 1.5 1.0 0.2
run 1000
"""
    else:
        script = f'units lj\natom_style atomic\nread_data "{glass(atoms // 8)}"\nreplicate 2 2 2\n{PAIR}'
        script += "displace_atoms all random 0.05 0.05 0.05 4711\n"
    start = time.perf_counter()
    run = lammps(script + MINIMIZE + "write_data glass.data nocoeff\n", 1)
    (run.path / "glass.data").rename(path)
    print(f"(N = {atoms}: made in {time.perf_counter() - start:.0f} s)", flush=True)
    return path


def script(atoms):
    return f'units lj\natom_style atomic\nread_data "{glass(atoms)}"\n{PAIR}thermo_style custom step\nrun 0\n{LOAD}'


def with_cpu_seconds(text, ranks):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = lammps(text, ranks)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return run, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@functools.lru_cache
def start_seconds(atoms):
    return with_cpu_seconds(script(atoms), 1)[1]


def seconds(atoms, keywords, ranks=1):
    """(of the whole evaluation, of the engine as the log says, the run). On one rank they are CPU seconds, which other
    processes disturb less than wall times: of LAMMPS, less those of a run that ends before."""
    run, cpu = with_cpu_seconds(
        f"{script(atoms)}compute k all glass/dipole {keywords}\nthermo_style custom c_k c_k[7]\nvariable start timer\n"
        f"run 0\nvariable end timer\nprint \"found $(v_end-v_start) $(c_k) $(c_k[7])\"\n", ranks)
    wall = float(re.search(r"^found (\S+)", run.output, re.M).group(1))
    engine = float(re.search(r"glass/dipole: responses to .* in (\S+) s$", run.output, re.M).group(1))
    if ranks > 1:    # those that wait spin
        return wall, engine, run
    whole = cpu - start_seconds(atoms)
    return whole, min(1.0, whole / wall) * engine, run


def all_pairs_table(atoms, singles):
    """The peer's time for a few pairs, times the number of pairs."""
    print(f"\nkappa of all pairs, KA, N = {atoms}, one core: one inverse against one conjugate-gradient solve a pair")
    whole, engine, run = seconds(atoms, "solver dense")
    kappa, n_pairs = map(float, re.search(r"^found \S+ (\S+) (\S+)", run.output, re.M).groups())
    exported = lammps(script(atoms) + "compute h all glass/hessian file numpy hessian\nthermo_style custom c_h\n"
                      "run 0\n")
    h = read_bsr(exported.path / "hessian")
    n = h.shape[0]
    dense = h.toarray(order="F") + np.kron(np.ones((n // 3, n // 3)), np.eye(3)) * (3.0 / n * h.diagonal().mean())
    start = time.process_time()
    factor, info = lapack.dpotrf(np.asfortranarray(dense), lower=1, overwrite_a=1)
    middle = time.process_time()
    inverse, info = lapack.dpotri(factor, lower=1, overwrite_c=1)
    bare = time.process_time() - start
    print(f"dense engine: {whole:.1f} s in all, {engine:.1f} s of them without the Hessian; {n_pairs:.0f} pairs, mean "
          f"{kappa:.4f}")
    print(f"bare dpotrf {middle - start:.1f} s and dpotri {start + bare - middle:.1f} s: ratio {engine / bare:.2f}")
    del dense, factor, inverse

    random = np.random.default_rng(4711)
    csr = h.tocsr()
    blocks = scipy.sparse.csr_matrix(scipy.sparse.block_diag(list(np.linalg.inv(
        np.array([csr[3 * k:3 * k + 3, 3 * k:3 * k + 3].toarray() for k in range(n // 3)])))))
    for name, tolerance, preconditioner in (("scipy, plain", 1e-10, None), ("scipy, blocks of atoms", 1e-10, blocks)):
        times = []
        for _ in range(singles):
            i = random.integers(n // 3)
            j = random.choice(np.unique(csr.indices[csr.indptr[3 * i]:csr.indptr[3 * i + 1]] // 3))
            j = j if j != i else (i + 1) % (n // 3)
            d = np.zeros(n)
            normal = random.standard_normal(3)
            normal /= np.sqrt(2.0) * np.linalg.norm(normal)
            d[3 * j:3 * j + 3], d[3 * i:3 * i + 3] = normal, -normal
            start = time.process_time()
            z, info = scipy.sparse.linalg.cg(h, d, **{RTOL: tolerance}, M=preconditioner)
            assert info == 0
            z @ d / (z @ z)
            times.append(time.process_time() - start)
        print_peer(name, np.median(times), n_pairs, whole)
    times = []
    for seed in range(singles):
        times.append(seconds(atoms, f"pairs sample 1 {seed + 1} solver cg")[1])
    print_peer("ours, one column", np.median(times), n_pairs, whole)


def print_peer(name, single, n_pairs, whole):
    print(f"{name:24}{single:8.3f} s a pair, {single * n_pairs:10.0f} s for all: ratio "
          f"{single * n_pairs / whole:8.0f}", flush=True)


def block_table(sizes, tolerance=1e-10):
    print(f"\nkappa of samples by conjugate gradients to {tolerance:g}: blocks of right-hand sides against single ones")
    print(f"{'N':>7}{'ranks':>7}{'pairs':>7}{'solve (s)':>12}{'iterations':>12}{'solves/s':>10}{'ratio':>8}")
    for atoms, ranks, columns in sizes:
        speeds = {}
        for count in (1, columns):
            _, engine, run = seconds(atoms, f"pairs sample {count} 4711 solver cg tolerance {tolerance}", ranks)
            iterations = re.search(r"(\d+) iterations, residual", run.output).group(1)
            speeds[count] = count / engine
            print(f"{atoms:7d}{ranks:7d}{count:7d}{engine:12.2f}{iterations:>12}{speeds[count]:10.2f}"
                  f"{speeds[count] / speeds[1]:8.2f}", flush=True)


def dipole_table(quick):
    all_pairs_table(500 if quick else 2000, 3 if quick else 8)
    block_table([(2000, 1, 64)] if quick else [(2000, 1, 64), (8000, 1, 64), (64000, 1, 64),
                                               (64000, 2, 64)])


if __name__ == "__main__":
    dipole_table("--quick" in sys.argv)
