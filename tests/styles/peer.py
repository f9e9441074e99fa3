"""Reference values by other means: LAMMPS's own forces and its dynamical_matrix command, numpy's eigensolver."""

import numpy as np

from lammps_run import frequencies, lammps, participation, translation_free

FTM2V = {"lj": 1.0, "metal": 1.0 / 1.0364269e-4}


def dynamical_matrix(system, step, group="all"):
    """H/sqrt(m_i m_j), rows by atom ID, by finite differences of LAMMPS's forces (6N force evaluations)."""
    system = system.replace("atom_style atomic", "atom_style atomic\natom_modify map yes")
    run = lammps(f"{system}\nrun 0\ndynamical_matrix {group} regular {step} binary yes file dynmat.bin\n")
    flat = np.fromfile(run.path / "dynmat.bin")
    n = int(round(np.sqrt(flat.size)))
    return flat.reshape(n, n)


def forces(system):
    """Forces and masses, rows by atom ID."""
    run = lammps(f"{system}\ndump f all custom 1 f.txt id mass fx fy fz\n"
                 "dump_modify f sort id format float %.17g\nrun 0\n")
    table = run.table("f.txt")
    return table[:, 2:5], table[:, 1]


def strain(component, epsilon, length):
    """Script lines that strain the box affinely: x_kappa += epsilon x_chi. `length` is the edge along chi."""
    if component[0] == component[1]:
        return f"change_box all {component[0]} scale {1.0 + epsilon:.17g} remap\n"
    return f"change_box all triclinic\nchange_box all {component} delta {epsilon * length:.17g} remap\n"


def affine_force(system, component, length, step):
    """Xi_i = df_i/d epsilon from forces in two strained boxes."""
    forward, _ = forces(system + strain(component, step, length))
    backward, _ = forces(system + strain(component, -step, length))
    return (forward - backward) / (2.0 * step)


def modes(dynamical, masses, units, xi=None):
    """omega, P and, given Xi (atoms x 3), Xi-hat squared of all modes but the translations."""
    matrix, sigma = translation_free(0.5 * (dynamical + dynamical.T), masses)
    values, vectors = np.linalg.eigh(matrix)
    keep = np.abs(values - sigma) > 1e-6 * sigma
    values, vectors = values[keep] * FTM2V[units], vectors[:, keep]
    result = [frequencies(values), participation(vectors)]
    if xi is not None:
        weighted = (xi / np.sqrt(masses)[:, None]).ravel()
        result.append((vectors.T @ weighted) ** 2 * FTM2V[units])
    return np.array(result).T
