#!/usr/bin/env python3
"""Reads the Hessian that examples/hessian/in.hessian wrote, and finds its softest modes without a dense matrix.

The folder holds
  hessian.*.npy  the matrix, the IDs and the masses (compute glass/hessian file numpy hessian)
  atoms.txt      dump custom: id type x y z, sorted by id, of a periodic box without tilt

Left panel: how the blocks H_ij of different atoms decay with distance, and where in the matrix they are. Right panel:
frequency and participation ratio of the softest modes, by a sparse LU factorization of D - sigma (shift and invert).
Writes hessian.png and hessian_modes.txt into the folder.
"""

import argparse
import itertools
import pathlib
import time

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import scipy.sparse
import scipy.sparse.csgraph
import scipy.sparse.linalg

INK, BLUE, RED, GREEN, GREY = "#222222", "#2a6fbb", "#c8452e", "#3f8f5b", "#9aa5b1"


def read_hessian(folder):
    """H as sparse matrix of d x d blocks, IDs and masses in the order of its rows."""
    data, indices, indptr, ids, masses = (np.load(folder / f"hessian.{part}.npy")
                                          for part in ("data", "indices", "indptr", "id", "mass"))
    return scipy.sparse.bsr_matrix((data, indices, indptr)), ids, masses


def read_atoms(path):
    """Edges of the box, types and positions, in ascending order of ID."""
    lines = path.read_text().splitlines()
    edges = np.array([float(high) - float(low) for low, high in (line.split() for line in lines[5:8])])
    rows = np.array([[float(word) for word in line.split()] for line in lines[9:9 + int(lines[3])]])
    return edges, rows[:, 1].astype(int), rows[:, 2:5]


def soft_modes(hessian, masses, count):
    """The `count` lowest eigenvalues of M^-1/2 H M^-1/2 beside the translations, and their vectors.

    A shift below zero makes what is factorized positive definite: at an inherent structure the three translations have
    the lowest eigenvalue, 0 to rounding.
    """
    root = scipy.sparse.diags(np.repeat(masses ** -0.5, hessian.blocksize[0]))
    dynamical = (root @ hessian.tocsr() @ root).tocsc()
    shift = 1e-4 * dynamical.diagonal().mean()
    start = time.time()
    # Symmetric ordering without pivoting: much less fill-in than the default, which is meant for other matrices.
    factor = scipy.sparse.linalg.splu(dynamical + shift * scipy.sparse.identity(len(root.diagonal()), format="csc"),
                                      permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0,
                                      options={"SymmetricMode": True})
    print(f"factorized {dynamical.shape[0]} x {dynamical.shape[0]}, {dynamical.nnz} elements, in "
          f"{time.time() - start:.3g} s: {factor.nnz} elements")
    inverse = scipy.sparse.linalg.LinearOperator(dynamical.shape, matvec=factor.solve)
    start = time.time()
    values, vectors = scipy.sparse.linalg.eigsh(dynamical, k=count + 3, sigma=-shift, OPinv=inverse)
    print(f"{count} modes in {time.time() - start:.3g} s")
    order = np.argsort(values)
    return values[order][3:], vectors[:, order][:, 3:]


def draw_decay(axis, hessian, edges, types, position):
    row = np.repeat(np.arange(len(types)), np.diff(hessian.indptr))
    pair = row < hessian.indices
    i, j = row[pair], hessian.indices[pair]
    distance = position[j] - position[i]
    distance = np.linalg.norm(distance - edges * np.round(distance / edges), axis=1)
    size = np.linalg.norm(hessian.data[pair], axis=(1, 2))

    kinds = list(itertools.combinations_with_replacement(sorted(set(types)), 2))
    for (a, b), color in zip(kinds, (BLUE, RED, GREEN)):
        kind = (np.minimum(types[i], types[j]) == a) & (np.maximum(types[i], types[j]) == b)
        if not kind.any():
            continue
        axis.semilogy(distance[kind], size[kind], ".", ms=1.6, color=color, rasterized=True)
        last = distance[kind].argmax()
        axis.annotate("AB"[a - 1] + "AB"[b - 1], (distance[kind][last], size[kind][last]), xytext=(5, 2),
                      textcoords="offset points", color=color, fontsize=10)
    axis.set(xlabel=r"distance $r_{ij}$", ylabel=r"$\|H_{ij}\|$ of pairs $i \neq j$",
             xlim=(0.95 * distance.min(), 1.06 * distance.max()), ylim=(0.4 * size.min(), 2.0 * size.max()))
    axis.set_title("blocks of the Hessian", color=INK, fontsize=10)

    # Rows in an order that keeps neighbours together show that the matrix is empty but for a band.
    adjacency = scipy.sparse.csr_matrix((np.ones(len(hessian.indices)), hessian.indices, hessian.indptr))
    order = scipy.sparse.csgraph.reverse_cuthill_mckee(adjacency, symmetric_mode=True)
    filled = adjacency[order][:, order].tocoo()
    inset = axis.inset_axes([0.53, 0.55, 0.45, 0.45])
    density, _, _ = np.histogram2d(filled.row, filled.col, bins=100, range=[[0, len(types)]] * 2)
    inset.imshow(np.sqrt(density), cmap="Blues", vmin=0, extent=(0, len(types), len(types), 0))
    inset.set(xticks=[], yticks=[])
    share = 100.0 * filled.nnz / len(types) ** 2
    inset.set_xlabel(f"{share:.2g} % of {len(types)} × {len(types)} are stored", fontsize=8)


def draw_modes(axis, omega, ratio, unit):
    axis.plot(omega, ratio, "o", ms=4.5, color=BLUE, alpha=0.75, mec="white", mew=0.4)
    axis.plot(omega[0], ratio[0], "o", ms=5.5, color=RED)
    axis.set(xlabel=rf"$\omega$ ({unit})", ylabel=r"participation ratio $P$", xlim=(0, 1.04 * omega.max()),
             ylim=(0, 0.72))
    axis.axhline(2.0 / 3.0, color=GREY, lw=0.9, ls="--")
    axis.text(1.03 * omega.max(), 2.0 / 3.0 + 0.008, "standing plane wave", color=GREY, fontsize=8, ha="right")
    axis.set_title(f"its {len(omega)} softest modes", color=INK, fontsize=10)


def draw_field(axis, vector, position, edges):
    """One mode in the slice through the atom that moves most, which is put into the middle."""
    field = vector.reshape(len(position), -1)
    weight = (field ** 2).sum(axis=1)
    shifted = (position - position[weight.argmax()] + edges / 2) % edges - edges / 2
    slice_ = np.abs(shifted[:, 2]) < 1.0
    length = 3.0 / np.sqrt(weight.max())
    inset = axis.inset_axes([0.015, 0.30, 0.375, 0.61])
    inset.quiver(*shifted[slice_, :2].T, *(length * field[slice_, :2]).T, np.sqrt(weight[slice_]), cmap="Reds",
                 clim=(-0.15 * np.sqrt(weight.max()), np.sqrt(weight.max())), angles="xy", scale_units="xy", scale=1,
                 width=0.01, pivot="mid")
    inset.set(xticks=[], yticks=[], xlim=(-edges[0] / 2, edges[0] / 2), ylim=(-edges[1] / 2, edges[1] / 2),
              aspect="equal")
    inset.spines[:].set_color(RED)
    inset.set_xlabel("the softest one, in a slice", color=RED, fontsize=8)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--modes", type=int, default=100, help="how many modes to find")
    parser.add_argument("--title", default="")
    parser.add_argument("--frequency-unit", default="rad/time unit")
    options = parser.parse_args()

    hessian, ids, masses = read_hessian(options.folder)
    edges, types, position = read_atoms(options.folder / "atoms.txt")
    rows = abs(hessian.sum(axis=1)).max() / abs(hessian.data).max()
    print(f"{len(ids)} atoms; rows sum to zero within {rows:.1e} of the largest element")
    values, vectors = soft_modes(hessian, masses, options.modes)
    omega = np.sign(values) * np.sqrt(np.abs(values))
    weight = (vectors.reshape(len(ids), -1, len(omega)) ** 2).sum(axis=1)
    ratio = 1.0 / (len(ids) * (weight ** 2).sum(axis=0))
    np.savetxt(options.folder / "hessian_modes.txt", np.column_stack([omega, ratio]), fmt="%.10g",
               header=f"omega ({options.frequency_unit}), participation ratio")
    print(f"lowest frequency {omega[0]:.6g}, lowest participation ratio {ratio.min():.3g} at "
          f"{omega[ratio.argmin()]:.6g}")

    figure, axes = plt.subplots(1, 2, figsize=(10.4, 4.8), layout="constrained")
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
    draw_decay(axes[0], hessian, edges, types, position)
    draw_modes(axes[1], omega, ratio, options.frequency_unit)
    draw_field(axes[1], vectors[:, 0], position, edges)
    if options.title:
        figure.suptitle(options.title, color=INK, fontsize=11)
    figure.savefig(options.folder / "hessian.png", dpi=160)
    print(f"figure: {(options.folder / 'hessian.png').resolve()}")


if __name__ == "__main__":
    main()
