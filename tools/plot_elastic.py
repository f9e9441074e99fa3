#!/usr/bin/env python3
"""Draws the elastic constants that compute glass/elastic wrote through fix ave/time.

The folder holds what examples/elastic/in.elastic.cuzr writes:
  constants.txt  the array: relaxed C, affine C, relaxed B (fix ave/time mode vector)
  moduli.txt     the vector

Left and middle: the 6 x 6 matrices of affine and relaxed C. Right: bulk and shear moduli, with what the relaxation of
the atoms took away. Writes elastic.png into the folder.
"""

import argparse
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

INK, BLUE, RED, GREY = "#222222", "#2a6fbb", "#c8452e", "#9aa5b1"
VOIGT = ["xx", "yy", "zz", "yz", "xz", "xy"]


def read(folder, scale):
    """Relaxed C, affine C, relaxed B, and the vector, of the last step that was written; in scaled units."""
    constants = scale * np.loadtxt(folder / "constants.txt", skiprows=4, max_rows=6)[:, 1:]
    vector = np.atleast_2d(np.loadtxt(folder / "moduli.txt"))[-1, 1:]
    vector[:17] *= scale
    return constants[:, :6], constants[:, 6:12], constants[:, 12:], vector


def draw_matrix(axis, constants, top, title):
    image = axis.imshow(constants, cmap="RdBu_r", vmin=-top, vmax=top)
    for row in range(6):
        for column in range(6):
            value = constants[row, column]
            text = f"{value:.0f}" if abs(value) >= 9.95 else f"{value:.1f}".replace("-0.0", "0.0")
            axis.text(column, row, text, ha="center", va="center", fontsize=8,
                      color="white" if abs(value) > 0.6 * top else INK)
    axis.set_xticks(range(6), VOIGT)
    axis.set_yticks(range(6), VOIGT)
    axis.tick_params(length=0, labelsize=8)
    axis.spines[:].set_visible(False)
    axis.set_title(title, color=INK, fontsize=10)
    return image


def average(constants):
    """Bulk and shear modulus by Voigt."""
    normal, shear = constants[:3, :3], np.diag(constants)[3:]
    off = (normal.sum() - np.trace(normal)) / 2.0
    return (np.trace(normal) + 2.0 * off) / 9.0, (np.trace(normal) - off + 3.0 * shear.sum()) / 15.0


def draw_moduli(axis, affine, vector, unit):
    bulk, shear = vector[0:3], vector[3:6]
    # from C to B, which the others are averages of: the mean normal stress on top
    affine_shear = average(affine)[1] + vector[11:14].mean()
    groups = [("bulk", vector[10], bulk, ["V", "R", "H"]), ("shear", affine_shear, shear, ["V", "R", "H"]),
              ("simple shear", vector[9], vector[6:9], ["xy", "xz", "yz"])]
    start = 0.0
    for name, unrelaxed, relaxed, labels in groups:
        x = start + np.arange(3)
        axis.bar([x.mean()], [unrelaxed], width=3.0, color=GREY, alpha=0.35)
        axis.bar(x, relaxed, width=0.82, color=BLUE if name == "bulk" else RED)
        for position, value, label in zip(x, relaxed, labels):
            axis.text(position, 0.01 * axis.get_ylim()[1], label, ha="center", va="bottom", color="white", fontsize=8)
            axis.text(position, value, f"{value:.1f}", ha="center", va="bottom", fontsize=8, color=INK)
        axis.text(x.mean(), unrelaxed, f"{unrelaxed:.1f}", ha="center", va="bottom", fontsize=8, color="#6b7681")
        axis.text(x.mean(), -0.02, name, ha="center", va="top", fontsize=9, transform=axis.get_xaxis_transform())
        start += 3.7
    axis.set(xticks=[], ylabel=f"modulus ({unit})")
    axis.spines[["top", "right"]].set_visible(False)
    axis.set_title("moduli: affine (grey), relaxed (coloured)", color=INK, fontsize=10)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--scale", type=float, default=1.0, help="factor from the pressure unit of the run")
    parser.add_argument("--unit", default="pressure units", help="unit of the scaled values")
    parser.add_argument("--title", default="")
    options = parser.parse_args()
    relaxed, affine, _, vector = read(options.folder, options.scale)

    figure, axes = plt.subplots(1, 3, figsize=(12.4, 4.3), width_ratios=(1, 1, 1.15), layout="constrained")
    top = np.abs(affine).max()
    draw_matrix(axes[0], affine, top, f"affine $C$ ({options.unit})")
    draw_matrix(axes[1], relaxed, top, f"relaxed $C$ ({options.unit})")
    draw_moduli(axes[2], affine, vector, options.unit)
    if options.title:
        figure.suptitle(options.title, color=INK, fontsize=11)
    figure.savefig(options.folder / "elastic.png", dpi=150)

    print(f"B {vector[0]:.5g} {vector[1]:.5g} {vector[2]:.5g}, G {vector[3]:.5g} {vector[4]:.5g} {vector[5]:.5g} "
          f"{options.unit} (Voigt, Reuss, Hill)")
    print(f"affine: B {vector[10]:.5g}, G {vector[9]:.5g} (simple shear); relaxed: {vector[6:9].mean():.5g}")
    print(f"figure: {(options.folder / 'elastic.png').resolve()}")


if __name__ == "__main__":
    main()
