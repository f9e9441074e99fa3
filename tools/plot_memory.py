#!/usr/bin/env python3
"""Draws what examples/memory/in.memory wrote: a memory kernel and what follows from it.

The folder holds
  memory.txt   the file of fix glass/memory, for a mixture of two atom types
  msd.K.txt    mean square displacements of both types (fix ave/time), a file an origin

Left: v(t) with standard errors, its fast part and its tail. Middle: the running friction rate of each type, against kT/(m
D) from the displacement. Right: the spectrum of the kernel. Writes memory.png into the folder and prints a table.
"""

import argparse
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

INK, COLORS = "#222222", ("#2a6fbb", "#c8452e")


def read(file):
    """The table as a dictionary of columns."""
    names = [line for line in file.read_text().splitlines() if line.startswith("#")][-1][2:].split()
    return dict(zip(names, np.loadtxt(file).T))


def diffusion(folder, dt):
    """D of both types with standard errors, from the second half of each origin's displacement."""
    slopes = []
    for file in folder.glob("msd.*.txt"):
        step, *msd = np.loadtxt(file).T
        time = (step - step[0]) * dt
        late = time > 0.5 * time[-1]
        slopes.append([np.polyfit(time[late], one[late], 1)[0] / 6.0 for one in msd])
    slopes = np.array(slopes)
    return slopes.mean(axis=0), slopes.std(axis=0, ddof=1) / np.sqrt(len(slopes))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--title", default="")
    parser.add_argument("--dt", type=float, default=0.005, help="time step of the run")
    arguments = parser.parse_args()
    table = read(arguments.folder / "memory.txt")
    d, d_error = diffusion(arguments.folder, arguments.dt)

    plt.rcParams.update({"font.size": 10, "axes.edgecolor": INK, "axes.labelcolor": INK, "text.color": INK})
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(11.5, 3.6), constrained_layout=True)
    t, omega = table["t"], table["omega"]
    print(f"{'type':>5}{'v(0)':>10}{'gamma':>10}{'kT/(m D)':>10}{'+-':>8}")
    for k, (name, color) in enumerate(zip("AB", COLORS)):
        v, error, beta, beta_error = (table[f"{column}_{k + 1}"] for column in ("v", "v_error", "beta", "beta_error"))
        temperature = table[f"vacf_{k + 1}"][0]    # mass 1
        left.fill_between(t, v - error, v + error, color=color, alpha=0.3, lw=0)
        left.plot(t, v, color=color, lw=1.4, label=name)
        middle.fill_between(t, beta - beta_error, beta + beta_error, color=color, alpha=0.3, lw=0)
        middle.plot(t, beta, color=color, lw=1.4, label=rf"$\beta(t)$, {name}")
        expected, spread = temperature / d[k], temperature / d[k] ** 2 * d_error[k]
        middle.axhline(expected, color=color, ls="--", lw=1.0)
        middle.axhspan(expected - spread, expected + spread, color=color, alpha=0.12, lw=0)
        positive = omega > 0
        right.plot(omega[positive], table[f"nu1_{k + 1}"][positive], color=color, lw=1.4, label=rf"$\tilde\nu_1$, {name}")
        right.plot(omega[positive], table[f"nu2_{k + 1}"][positive], color=color, lw=1.0, ls=":",
                   label=rf"$\tilde\nu_2$, {name}")
        tail = t > 0.9 * t[-1]
        print(f"{name:>5}{v[0]:10.2f}{beta[tail].mean():10.3f}{expected:10.3f}{spread:8.3f}")

    left.set(xlabel=r"$t$", ylabel=r"$v(t)$", xlim=(-0.02, 0.5))
    left.legend(frameon=False)
    inset = left.inset_axes([0.42, 0.42, 0.55, 0.38])
    for k, color in enumerate(COLORS):
        inset.plot(t[1:], table[f"v_{k + 1}"][1:], color=color, lw=1.0)
    inset.set(xscale="log", ylim=(-20, 60))
    inset.tick_params(labelsize=7)
    inset.set_title("tail", fontsize=8, pad=2)
    inset.axhline(0.0, color=INK, lw=0.5)
    middle.set(xlabel=r"$t$", ylabel=r"friction rate", ylim=(0, None))
    middle.plot([], [], color=INK, ls="--", lw=1.0, label=r"$k_BT/(mD)$")
    middle.legend(frameon=False, loc="lower right")
    right.set(xlabel=r"$\omega$", ylabel=r"$\tilde\nu(\omega)$", xscale="log")
    right.axhline(0.0, color=INK, lw=0.5)
    right.legend(frameon=False, fontsize=8)
    for axes in (left, middle, right):
        axes.spines[["top", "right"]].set_visible(False)
    if arguments.title:
        figure.suptitle(arguments.title)
    figure.savefig(arguments.folder / "memory.png", dpi=150)


if __name__ == "__main__":
    main()
