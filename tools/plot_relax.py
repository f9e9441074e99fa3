#!/usr/bin/env python3
"""Draws what examples/relax/in.relax wrote: relax.txt of fix glass/relax, for a mixture of two atom types.

Left: F_s of both types, and of pairs of neighbours, F_+ (as a whole) and F_- (within); dots where they cross the
threshold. Middle: mean square displacements, and a line of slope one through the diffusive end. Right: the non-Gaussian
parameter, and the dynamic susceptibility chi4. Writes relax.png into the folder and prints a table.
"""

import argparse
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

import relaxation_fits as fits

INK, GREY = "#222222", "#9aa5b1"
A, B, PLUS, MINUS = "#2a6fbb", "#c8452e", "#d55e00", "#009e73"


def panel(axis, letter, xlabel, ylabel):
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(color=GREY, alpha=0.22, lw=0.6)
    axis.set_axisbelow(True)
    axis.set(xlabel=xlabel, ylabel=ylabel, xscale="log")
    axis.set_title(letter, loc="left", fontsize=10, fontweight="bold", color=INK)


def curve(axis, t, values, color, label, ls="-", lw=1.6):
    """A line, and a band for its errors where they are known."""
    value, error = values
    axis.plot(t, value, color=color, ls=ls, lw=lw, label=label)
    axis.fill_between(t, value - error, value + error, color=color, alpha=0.22, lw=0)


def draw_functions(axis, t, relaxation):
    groups = (("fs", "type 1", A, "$F_s$, A", "-", "tau_alpha"), ("fs", "type 2", B, "$F_s$, B", "-", "tau_alpha"),
              ("fs", "group", INK, "$F_s$, all", "-", "tau_alpha"),
              ("fplus", "group", PLUS, "$F_+$, all", "--", "tau_plus"),
              ("fminus", "group", MINUS, "$F_-$, all", "-.", "tau_minus"))
    for name, species, color, label, ls, time in groups:
        curve(axis, t, relaxation.curve(name, species), color, label, ls)
        axis.plot(relaxation.species[species][time][0], relaxation.threshold, "o", color=color, ms=5)
    kww = fits.fit_kww(t, *relaxation.curve("fs"), relaxation.threshold)
    if kww:
        late = t[t >= kww.window[0]]
        axis.plot(late, kww(late), color="white", lw=0.8, ls=":")
        axis.text(0.03, 0.4, rf"$F_s$, all: $\tau = {kww.tau:.3g}$, $\beta = {kww.beta:.2f}$", color=INK, fontsize=8,
                  transform=axis.transAxes)
    axis.axhline(relaxation.threshold, color=GREY, lw=0.9)
    axis.set_ylim(-0.03, 1.03)
    axis.legend(frameon=False, fontsize=8, loc="lower left")
    panel(axis, "a", "$t$", rf"$F(q, t)$, $q = {relaxation.q:g}$")
    return kww


def draw_displacements(axis, t, relaxation):
    for species, color, label in (("type 1", A, "A"), ("type 2", B, "B")):
        curve(axis, t, relaxation.curve("msd", species), color, label)
        D = relaxation.species[species]["diffusion_coefficient"][0]
        late = t > 0.02 * t[-1]
        axis.plot(t[late], 6 * D * t[late], color=color, ls=":", lw=1.1)
    axis.plot([], [], color=INK, ls=":", lw=1.1, label="$6Dt$")
    axis.set_yscale("log")
    axis.legend(frameon=False, fontsize=8, loc="upper left")
    panel(axis, "b", "$t$", r"$\langle\Delta^2(t)\rangle$")


def draw_heterogeneity(axis, t, relaxation):
    curve(axis, t, relaxation.curve("alpha2", "type 1"), A, r"$\alpha_2$, A")
    curve(axis, t, relaxation.curve("alpha2", "type 2"), B, r"$\alpha_2$, B")
    axis.set_ylim(bottom=min(0.0, axis.get_ylim()[0]))
    panel(axis, "c", "$t$", r"$\alpha_2(t)$")
    right = axis.twinx()
    curve(right, t, relaxation.curve("chi4"), INK, r"$\chi_4$, all", "--")
    right.set_ylabel(r"$\chi_4(t)$")
    right.spines["top"].set_visible(False)
    right.set_ylim(bottom=0)
    (handles, labels), (more, names) = axis.get_legend_handles_labels(), right.get_legend_handles_labels()
    axis.legend(handles + more, labels + names, frameon=False, fontsize=8, loc="upper left")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--title", default="")
    arguments = parser.parse_args()
    relaxation = fits.Relaxation(arguments.folder / "relax.txt")
    if "type 2" not in relaxation.species:
        raise SystemExit("relax.txt is not of a mixture")
    t = relaxation.curves["t"]
    plt.rcParams.update({"font.size": 10, "axes.edgecolor": INK, "axes.labelcolor": INK, "text.color": INK})
    figure, axes = plt.subplots(1, 3, figsize=(12.2, 3.9), layout="constrained")
    kww = draw_functions(axes[0], t, relaxation)
    draw_displacements(axes[1], t, relaxation)
    draw_heterogeneity(axes[2], t, relaxation)
    if arguments.title:
        figure.suptitle(arguments.title)
    figure.savefig(arguments.folder / "relax.png", dpi=150)

    heads = (("tau_alpha", 10), ("+-", 8), ("tau_+", 9), ("+-", 8), ("tau_-", 9), ("+-", 8), ("gamma", 8), ("+-", 8),
             ("D", 10), ("+-", 10))
    print(" " * 8 + "".join(f"{name:>{width}}" for name, width in heads))
    for species, results in relaxation.species.items():
        numbers = "".join(f"{value:>{width}.4g}{error:>8.2g}" for (value, error), width in
                          zip((results[name] for name in (*fits.TIMES, "gamma")), (10, 9, 9, 8)))
        D, error = results["diffusion_coefficient"]
        print(f"{species:8}{numbers}{D:10.3g}{error:10.2g}")
    if kww:
        print(f"F_s of all: {kww.amplitude:.3f} exp(-(t/{kww.tau:.4g})^{kww.beta:.3f}), t = {kww.window[0]:.3g} … "
              f"{kww.window[1]:.3g}")


if __name__ == "__main__":
    main()
