"""Runs LAMMPS on an input script, as a user would, and reads what it wrote.

Where things are comes from the environment that CTest sets: LAMMPS_EXECUTABLE, GLASS_PLUGIN, GLASS_MPIEXEC,
LAMMPS_SOURCE_DIR (the tree with potentials/).
"""

import os
import pathlib
import resource
import subprocess
import tempfile

import numpy as np
import scipy.sparse

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
PLUGIN = os.environ["GLASS_PLUGIN"]
LAMMPS_POTENTIALS = pathlib.Path(os.environ["LAMMPS_SOURCE_DIR"]) / "potentials"

KA = f"""
units lj
atom_style atomic
read_data "{DATA}/ka.data"
include "{ROOT}/potentials/kob_andersen.lmp"
"""

# 2d, away from any minimum.
KA_2D = f"""
dimension 2
units lj
atom_style atomic
lattice hex 1.0
region box block 0 8 0 5 -0.1 0.1
create_box 2 box
create_atoms 1 box
set type 1 type/fraction 2 0.3 77
include "{ROOT}/potentials/kob_andersen.lmp"
displace_atoms all random 0.08 0.08 0.0 5
"""


def cuzr(state):
    """Script lines for the bundled Cu50Zr50, state liquid or glass."""
    return f"""
units metal
atom_style atomic
read_data "{DATA}/cuzr_{state}.data"
pair_style eam/fs
pair_coeff * * "{LAMMPS_POTENTIALS}/CuZr_mm.eam.fs" Cu Zr
"""


def smooth_eam():
    """A Finnis-Sinclair potential for the bundled Cu50Zr50 whose tables are cubic polynomials.

    LAMMPS's interpolation reproduces these exactly, so that second derivatives do not jump at the knots and finite
    differences are good to nine digits, which they are not on the tables of a real potential.
    """
    n, n_rho, d_rho, cutoff = 800, 2000, 0.02, 6.0
    r, rho = cutoff / (n - 1) * np.arange(n), d_rho * np.arange(n_rho)
    number = lambda values: "\n".join(f"{v:.17g}" for v in values) + "\n"
    text = "cubic polynomials\nfor tests\nof lammps-glass\n2 Cu Zr\n"
    text += f"{n_rho} {d_rho} {n} {cutoff / (n - 1):.17g} {cutoff}\n"
    for a, (mass, depth) in enumerate(((63.546, 0.9), (91.224, 1.3))):
        text += f"1 {mass} 3.6 fcc\n" + number(-depth * rho + 0.02 * rho ** 2 - 1e-4 * rho ** 3)
        for b in range(2):
            text += number((1.0 + 0.4 * a + 0.7 * b) * (1.0 - r / cutoff) ** 3)
    for strength in (80.0, 95.0, 120.0):
        text += number(strength * (1.0 - r / cutoff) ** 3)
    return text


SMOOTH = f"""
units metal
atom_style atomic
read_data "{DATA}/cuzr_liquid.data"
pair_style eam/fs
pair_coeff * * smooth.eam.fs Cu Zr
"""

LOAD = f'plugin load "{PLUGIN}"\n'


class Run:
    """A finished run: its folder (kept while the object lives), exit code and all that it printed."""

    def __init__(self, folder, returncode, output):
        self._folder = folder
        self.path = pathlib.Path(folder.name)
        self.returncode = returncode
        self.output = output

    def thermo(self):
        """All rows of thermo output as dictionaries, from the yaml style that `lammps` sets."""
        rows, keys = [], None
        for line in self.output.splitlines():
            if line.startswith("keywords: ["):
                keys = [word.strip(" '") for word in line[len("keywords: ["):].rstrip("] ").split(",")]
            elif line.startswith("  - [") and keys:
                values = line[len("  - ["):].rstrip("] ,").split(",")
                rows.append(dict(zip(keys, (float(v) for v in values))))
        return rows

    def table(self, name):
        """The last snapshot of a dump (local or custom) as an array."""
        return self.tables(name)[-1]

    def tables(self, name):
        """All snapshots of a dump."""
        snapshots, rows = [], None
        for line in (self.path / name).read_text().splitlines():
            if line.startswith("ITEM:"):
                if rows is not None:
                    snapshots.append(np.array(rows))
                rows = [] if line.startswith(("ITEM: ENTRIES", "ITEM: ATOMS")) else None
            elif rows is not None:
                rows.append([float(word) for word in line.split()])
        if rows is not None:
            snapshots.append(np.array(rows))
        return snapshots


def lammps(script, ranks=1, check=True, address_space=None, files=None, partition=None, threads=1, timeout=1500):
    """Runs a script in a folder of its own, with `files` (name: text) beside it; `address_space` limits the
    memory of every process, in bytes; `partition` is LAMMPS's option of that name, `threads` are those of BLAS,
    `timeout` is in seconds."""
    folder = tempfile.TemporaryDirectory(prefix="glass-test-")
    path = pathlib.Path(folder.name)
    files = {"in.test": script, **(files or {})}
    if "smooth.eam.fs" in script:
        files["smooth.eam.fs"] = smooth_eam()
    for name, text in files.items():
        (path / name).write_text(text)
    command = [os.environ["LAMMPS_EXECUTABLE"], "-in", "in.test", "-nocite"]
    if ranks > 1:
        command = [os.environ["GLASS_MPIEXEC"], "--oversubscribe", "-np", str(ranks)] + command
    if partition:
        command += ["-partition", partition]
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads))

    def limit():
        if address_space:
            resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))

    done = subprocess.run(command, cwd=path, env=environment, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, preexec_fn=limit, timeout=timeout)
    result = Run(folder, done.returncode, done.stdout)
    if check and done.returncode != 0:
        raise AssertionError(f"LAMMPS failed:\n{done.stdout[-3000:]}")
    return result


def read_bsr(name):
    """The matrix that compute glass/hessian wrote as file numpy NAME."""
    data, indices, indptr = (np.load(f"{name}.{part}.npy") for part in ("data", "indices", "indptr"))
    n = data.shape[1] * (len(indptr) - 1)
    return scipy.sparse.bsr_matrix((data, indices, indptr), shape=(n, n))


def dump_modes(compute="inm", columns=3, file="modes.txt"):
    """Script lines that dump the local array of a compute in full precision."""
    names = " ".join(f"c_{compute}[{k + 1}]" for k in range(columns))
    return f"dump modes all local 1 {file} {names}\ndump_modify modes format float %.17g\n"


THERMO_YAML = "thermo_modify line yaml format float %.17g\n"


def translation_free(dynamical, masses):
    """The matrix with uniform translations moved to one large eigenvalue, and that eigenvalue."""
    n = len(masses)
    t = np.zeros((3 * n, 3))
    for alpha in range(3):
        t[alpha::3, alpha] = np.sqrt(masses / masses.sum())
    sigma = 10.0 * np.abs(dynamical).max()
    return dynamical + sigma * t @ t.T, sigma


def frequencies(eigenvalues):
    return np.sign(eigenvalues) * np.sqrt(np.abs(eigenvalues))


def participation(vectors):
    """[N sum_i (e_i.e_i)^2]^-1 of each column."""
    n = vectors.shape[0] // 3
    weights = (vectors.reshape(n, 3, -1) ** 2).sum(axis=1)
    return 1.0 / (n * (weights ** 2).sum(axis=0))
