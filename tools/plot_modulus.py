#!/usr/bin/env python3
"""Draws the complex moduli that compute glass/modulus wrote through fix ave/time: examples/modulus/in.modulus.

The folder holds arrays of the compute (fix ave/time, mode vector): constant.txt and stretched.txt, with all modes, and
by Lanczos constant.few.txt, constant.more.txt, constant.enough.txt and stretched.enough.txt.

Left and middle: storage and loss modulus for a constant friction and for a stretched kernel; lines are mode sums, dots
are Lanczos. Right: what Lanczos is off by after few and more steps (lines), and the bound that it gives (dashed).
Writes modulus.png into the folder.
"""

import argparse
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

INK, BLUE, RED, GREY, GREEN = "#222222", "#2a6fbb", "#c8452e", "#9aa5b1", "#009e73"


def read(path):
    """omega, G' + i G'', bound of the error."""
    table = np.loadtxt(path, skiprows=4)[:, 1:]
    return table[:, 0], table[:, 1] + 1j * table[:, 2], table[:, 3]


def draw_moduli(axis, modes, lanczos, scale, title):
    omega, modulus, _ = modes
    for part, colour, name in (("real", BLUE, "$G'$"), ("imag", RED, "$G''$")):
        axis.semilogx(omega, scale * getattr(modulus, part), color=colour, lw=1.6, label=name)
        axis.semilogx(lanczos[0][::4], scale * getattr(lanczos[1], part)[::4], "o", ms=3.6, mfc="white", mec=colour)
    axis.plot([], [], "o", ms=3.6, mfc="white", mec=INK, label="by Lanczos")
    axis.axhline(0, color=GREY, lw=0.8)
    axis.set_title(title, color=INK, fontsize=10)
    axis.legend(frameon=False, fontsize=9)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--scale", type=float, default=1.0, help="factor from the pressure unit of the run")
    parser.add_argument("--unit", default="pressure units", help="unit of the scaled values")
    parser.add_argument("--frequency-unit", default="rad/ps")
    parser.add_argument("--title", default="")
    options = parser.parse_args()
    read_one = lambda name: read(options.folder / f"{name}.txt")
    constant, stretched = read_one("constant"), read_one("stretched")
    enough = read_one("constant.enough")

    figure, axes = plt.subplots(1, 3, figsize=(13.2, 4.2), layout="constrained")
    draw_moduli(axes[0], constant, enough, options.scale, r"constant friction")
    draw_moduli(axes[1], stretched, read_one("stretched.enough"), options.scale, "stretched exponential kernel")
    axes[1].sharey(axes[0])
    axes[0].set_ylabel(f"modulus ({options.unit})")
    omega, exact, _ = constant
    for name, colour in (("few", GREY), ("more", BLUE), ("enough", GREEN)):
        _, modulus, bound = read_one(f"constant.{name}")
        error = np.maximum(np.abs(modulus - exact) / np.abs(exact), 1e-17)
        axes[2].loglog(omega, bound / np.abs(exact), color=colour, lw=1.3, ls="--")
        axes[2].loglog(omega, error, color=colour, lw=1.5, label=f"{name} steps")
        beyond = np.sum(error * np.abs(exact) > bound + 1e-14 * np.abs(exact))
        print(f"{name}: largest error {error.max():.2e}, largest bound {np.max(bound / np.abs(exact)):.2e}, "
              f"{beyond} of {len(omega)} errors beyond the bound")
    axes[2].plot([], [], color=INK, ls="--", lw=1.3, label="bound")
    axes[2].set_ylim(1e-17, 1e4)
    axes[2].set_title("error of Lanczos, of $|G^*|$", color=INK, fontsize=10)
    axes[2].legend(frameon=False, fontsize=9, ncols=2, loc="upper right")
    for axis in axes:
        axis.set_xlabel(rf"$\omega$ ({options.frequency_unit})")
        axis.set_xlim(omega[0], omega[-1])
        axis.spines[["top", "right"]].set_visible(False)
    if options.title:
        figure.suptitle(options.title, color=INK, fontsize=11)
    figure.savefig(options.folder / "modulus.png", dpi=140)
    print(f"figure: {(options.folder / 'modulus.png').resolve()}")


if __name__ == "__main__":
    main()
