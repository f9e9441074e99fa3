#!/usr/bin/env python3
"""Draws spectra that compute glass/inm found by kernel polynomials beside that of all modes: examples/inm/in.kpm.

The folder holds the array of the compute (fix ave/time, mode vector) for all modes, dense.txt, and by kernel
polynomials with few moments and random vectors, few.txt, and with more of both, more.txt; column 8 is the standard error of g. Top:
density of states. Bottom: mean squared affine forces. Writes kpm.png into the folder, and prints what they differ by.
"""

import argparse
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

INK, BLUE, RED, GREY = "#222222", "#2a6fbb", "#c8452e", "#9aa5b1"
COLOURS = {"few": RED, "more": BLUE}


def read(path):
    """Middles of bins, g, sum of Xi^2 in each, standard error of g."""
    table = np.loadtxt(path, skiprows=4)[:, 1:]
    return table[:, 0], table[:, 1], table[:, 6], table[:, 7]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--title", default="")
    parser.add_argument("--frequency-unit", default=r"rad/time unit")
    options = parser.parse_args()
    omega, exact, xi, _ = read(options.folder / "dense.txt")
    width = omega[1] - omega[0]
    edges = np.append(omega - width / 2, omega[-1] + width / 2)

    figure, axes = plt.subplots(2, 1, figsize=(7.2, 6.4), sharex=True, layout="constrained")
    for axis, values in zip(axes, (exact, xi / xi.sum() / width)):
        axis.stairs(values, edges, fill=True, color=GREY, alpha=0.45, label="all modes")
        axis.axvline(0, color=GREY, lw=0.8)
        axis.spines[["top", "right"]].set_visible(False)
    for name, colour in COLOURS.items():
        _, g, sums, error = read(options.folder / f"{name}.txt")
        axes[0].fill_between(omega, g - error, g + error, step="mid", color=colour, alpha=0.3, lw=0)
        axes[0].step(omega, g, where="mid", color=colour, lw=1.3, label=f"{name} moments and vectors")
        axes[1].step(omega, sums / sums.sum() / width, where="mid", color=colour, lw=1.3, label=f"{name} moments")
        seen = exact > 0
        within = np.mean(np.abs(g - exact)[seen] < 2 * error[seen])
        print(f"{name}: integral of |g - g_dense| {width * np.sum(np.abs(g - exact)):.4f}, within two standard "
              f"errors in {100 * within:.0f} % of the bins; of the affine forces "
              f"{np.sum(np.abs(sums / sums.sum() - xi / xi.sum())):.4f}")
    axes[0].set_ylabel(r"$g(\omega)$")
    axes[1].set_ylabel(r"$g\,\Gamma$, integral 1")
    axes[1].set_xlabel(rf"$\omega$ ({options.frequency_unit}; imaginary frequencies as negative)")
    axes[1].set_xlim(edges[0], edges[-1])
    axes[0].legend(frameon=False, fontsize=9)
    axes[1].legend(frameon=False, fontsize=9)
    if options.title:
        figure.suptitle(options.title, color=INK, fontsize=11)
    figure.savefig(options.folder / "kpm.png", dpi=140)
    print(f"figure: {(options.folder / 'kpm.png').resolve()}")


if __name__ == "__main__":
    main()
