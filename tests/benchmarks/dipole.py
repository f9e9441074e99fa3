"""compute glass/dipole: all pairs by the dense engine against one conjugate-gradient solve a pair, and blocks of
right-hand sides against single ones."""

import pathlib
import re
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
    run = lammps(script + MINIMIZE + "write_data glass.data nocoeff\n", 2)
    (run.path / "glass.data").rename(path)
    print(f"(N = {atoms}: made in {time.perf_counter() - start:.0f} s)", flush=True)
    return path


def script(atoms):
    return f'units lj\natom_style atomic\nread_data "{glass(atoms)}"\n{PAIR}thermo_style custom step\nrun 0\n{LOAD}'


def seconds(atoms, keywords, ranks=1, more=""):
    """(of the whole evaluation, of the engine as the log says, output)."""
    run = lammps(f"{script(atoms)}compute k all glass/dipole {keywords}\n{more}thermo_style custom c_k c_k[7]\n"
                 "variable start timer\nrun 0\nvariable end timer\nprint \"took $(v_end-v_start)\"\n", ranks)
    whole = float(re.search(r"^took (\S+)", run.output, re.M).group(1))
    return whole, float(re.search(r"in (\S+) s, (?:largest )?residual", run.output).group(1)), run


def all_pairs_table(atoms, singles):
    """The peer's time for a few pairs, times the number of pairs."""
    print(f"\nkappa of all pairs, KA, N = {atoms}, one core: one inverse against one conjugate-gradient solve a pair")
    whole, engine, run = seconds(atoms, "solver dense", more="compute h all glass/hessian file numpy hessian\n"
                                 "thermo_style custom c_h\nrun 0\n")
    rows = [line.split() for line in run.output.splitlines()]
    kappa, n_pairs = next((float(a[0]), float(a[1])) for k, a in enumerate(rows)
                          if k and rows[k - 1] == ["c_k", "c_k[7]"])
    h = read_bsr(run.path / "hessian")
    n = h.shape[0]
    dense = h.toarray(order="F") + np.kron(np.ones((n // 3, n // 3)), np.eye(3)) * (3.0 / n * h.diagonal().mean())
    start = time.perf_counter()
    factor, info = lapack.dpotrf(np.asfortranarray(dense), lower=1, overwrite_a=1)
    middle = time.perf_counter()
    inverse, info = lapack.dpotri(factor, lower=1, overwrite_c=1)
    bare = time.perf_counter() - start
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
            start = time.perf_counter()
            z, info = scipy.sparse.linalg.cg(h, d, tol=tolerance, M=preconditioner)
            assert info == 0
            z @ d / (z @ z)
            times.append(time.perf_counter() - start)
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
            _, engine, run = seconds(atoms, f"pairs sample {count} 4711 solver cg tolerance {tolerance}", ranks,
                                     "thermo_style custom c_k c_k[12]\n")
            iterations = re.search(r"(\d+) iterations", run.output).group(1)
            speeds[count] = count / engine
            print(f"{atoms:7d}{ranks:7d}{count:7d}{engine:12.2f}{iterations:>12}{speeds[count]:10.2f}"
                  f"{speeds[count] / speeds[1]:8.2f}", flush=True)


def dipole_table(quick):
    all_pairs_table(500 if quick else 2000, 3 if quick else 8)
    block_table([(2000, 1, 64)] if quick else [(2000, 1, 64), (8000, 1, 64), (8000, 2, 64), (64000, 1, 64),
                                               (64000, 2, 64)])


if __name__ == "__main__":
    dipole_table("--quick" in sys.argv)
