#!/usr/bin/env python3
"""Draws the spectrum that compute glass/inm wrote through fix ave/time, and prints its numbers.

The folder holds what examples/inm/in.ka writes:
  spectrum.txt  the array, averaged over configurations (fix ave/time mode vector ave running overwrite)
  numbers.txt   the vector of every configuration
  modes.txt     omega, P and Xi-hat^2 of single modes of one configuration (dump local), optional

P(omega) and Gamma(omega) are ratios of averages, sum P / count and sum Xi-hat^2 / count, not averages of ratios: a bin
that is empty in some configurations would bias those. Writes inm.png and inm_table.txt into the folder.
"""

import argparse
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

INK, BLUE, RED, GREY = "#222222", "#2a6fbb", "#c8452e", "#9aa5b1"


def read_spectrum(path):
    """Columns of the averaged array: omega, g, P, Gamma, count."""
    table = np.loadtxt(path, skiprows=4)[:, 1:]
    omega, density, count, sum_ratio, sum_xi = table[:, [0, 1, 4, 5, 6]].T
    with np.errstate(invalid="ignore", divide="ignore"):
        return omega, density, sum_ratio / count, sum_xi / count, count


def read_modes(path):
    """omega and P of the modes in the first snapshot of a dump local."""
    rows = []
    for line in path.read_text().splitlines()[9:]:
        if line.startswith("ITEM"):
            break
        rows.append([float(word) for word in line.split()[:2]])
    return np.array(rows).T


def mean_and_error(values):
    values = values[np.isfinite(values)]
    if len(values) == 0:
        return np.nan, np.nan
    return values.mean(), values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.nan


def summary(numbers, unit):
    """Rows (name, mean, standard error over configurations) from the vector of compute glass/inm."""
    names = [("f_u", "unstable fraction", 1), ("f_s", "stable fraction", 0), ("<P>", "mean participation ratio", 4),
             ("omega_min", f"lowest frequency ({unit})", 2), ("omega_max", f"highest frequency ({unit})", 3)]
    if numbers.shape[1] >= 13:
        names += [("f_uL", "unstable localized fraction", 8), ("f_uD", "unstable delocalized fraction", 9)]
    return [(name, text, *mean_and_error(numbers[:, column])) for name, text, column in names]


def mobility_edge(omega, ratio, count, threshold):
    """Where P(omega) first reaches the threshold on the way from the lowest frequency to zero."""
    branch = (omega < 0) & (count > 0)
    x, y = omega[branch], ratio[branch]
    for k in range(1, len(x)):
        if y[k - 1] < threshold <= y[k]:
            return x[k - 1] + (threshold - y[k - 1]) / (y[k] - y[k - 1]) * (x[k] - x[k - 1])
    return None


def draw(folder, title, unit, threshold):
    omega, density, ratio, gamma, count = read_spectrum(folder / "spectrum.txt")
    width = omega[1] - omega[0]
    seen = count > 0
    limits = omega[seen].min() - 2 * width, omega[seen].max() + 2 * width

    figure, axes = plt.subplots(3, 1, sharex=True, figsize=(6.4, 7.6), height_ratios=(1.15, 1, 1),
                                layout="constrained")
    for axis in axes:
        axis.axvspan(limits[0], 0, color=RED, alpha=0.06, lw=0)
        axis.axvline(0, color=GREY, lw=0.8)
        axis.spines[["top", "right"]].set_visible(False)
        axis.set_axisbelow(True)
        axis.grid(axis="y", color=GREY, alpha=0.25, lw=0.6)

    axis = axes[0]
    axis.stairs(density, np.append(omega - width / 2, omega[-1] + width / 2), fill=True, color=BLUE, alpha=0.85)
    unstable = np.where(omega < 0, density, 0.0)
    axis.stairs(unstable, np.append(omega - width / 2, omega[-1] + width / 2), fill=True, color=RED, alpha=0.9)
    axis.set_ylabel(r"$g(\omega)$")
    axis.set_ylim(0, None)
    top = density.max()
    axis.text(limits[0] / 2, 0.8 * top, "unstable\n(imaginary)", ha="center", color=RED, fontsize=9)
    axis.text(limits[1] * 0.98, 0.8 * top, "stable", ha="right", color=BLUE, fontsize=9)
    if title:
        axis.set_title(title, color=INK, fontsize=11)

    axis = axes[1]
    if (folder / "modes.txt").exists():
        axis.plot(*read_modes(folder / "modes.txt"), ".", color=GREY, ms=2.5, alpha=0.7, label="single modes")
    axis.plot(omega[seen], ratio[seen], color=INK, lw=1.6, label="mean")
    if threshold:
        axis.axhline(threshold, color=RED, lw=0.9, ls="--", label=rf"$P_c = {threshold:g}$")
        edge = mobility_edge(omega, ratio, count, threshold)
        if edge is not None:
            axis.plot([edge], [threshold], "o", color=RED, ms=6, label=rf"mobility edge, $\omega_e = {edge:.1f}$")
    axis.set_ylabel(r"$P(\omega)$")
    axis.set_ylim(0, 0.75)
    axis.legend(frameon=False, fontsize=8, ncols=2, loc="upper right")

    axis = axes[2]
    axis.semilogy(omega[seen], gamma[seen], color=INK, lw=1.6)
    axis.set_ylabel(r"$\Gamma(\omega) = \langle\hat\Xi_p^2\rangle$")
    axis.set_xlabel(rf"$\omega$ ({unit}; imaginary frequencies as negative)")
    axis.set_xlim(*limits)

    figure.savefig(folder / "inm.png", dpi=160)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--title", default="")
    parser.add_argument("--frequency-unit", default=r"rad/time unit")
    parser.add_argument("--pc", type=float, default=None, help="threshold P_c to mark")
    options = parser.parse_args()

    numbers = np.atleast_2d(np.loadtxt(options.folder / "numbers.txt"))[:, 1:]
    lines = [f"{'':10} {'mean':>11} {'error':>9}   over {len(numbers)} configurations"]
    for name, text, mean, error in summary(numbers, options.frequency_unit):
        lines.append(f"{name:10} {mean:11.5g} {error:9.2g}   {text}")
    table = "\n".join(lines)
    (options.folder / "inm_table.txt").write_text(table + "\n")
    draw(options.folder, options.title, options.frequency_unit, options.pc)
    print(table)
    print(f"figure: {(options.folder / 'inm.png').resolve()}")


if __name__ == "__main__":
    main()
