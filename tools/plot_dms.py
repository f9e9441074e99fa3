#!/usr/bin/env python3
"""Draws what examples/dms/in.dms wrote: oscillatory shear at several periods.

The folder holds, for each NAME,
  cycles.NAME.txt  the table of fix glass/dms (keyword file), its first line with amplitude and period
  loop.NAME.txt    strain and stress of samples (fix ave/time of f_ID[13] and f_ID[14])

Left: stress against strain, the mean over the counted cycles (dots) and the first harmonic that G' and G'' stand for.
Right: G' and G'' against frequency, with standard errors. Writes dms.png into the folder and prints a table.
"""

import argparse
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

INK, BLUE, RED = "#222222", "#2a6fbb", "#c8452e"
LOOPS = ["#c8452e", "#d99a2b", "#4f9d69", "#2a6fbb", "#7a5aa6"]


def read(file, skip):
    """Amplitude, period, and G', G'', mean stress of each counted cycle."""
    words = file.read_text().splitlines()[0].split()
    table = np.loadtxt(file, ndmin=2)[skip:]
    return float(words[words.index("amplitude") + 1]), float(words[words.index("period") + 1]), table[:, [2, 3, 5]]


def mean_loop(file, amplitude, skip, cycles):
    """Strain and stress of one cycle, averaged over the counted ones; samples are spread evenly over whole cycles."""
    samples = np.loadtxt(file)[:, 1:]
    samples = samples[len(samples) % cycles:]    # without a row of the step before the first
    loops = samples.reshape(cycles, -1, 2)[skip:].mean(axis=0)
    return loops.T / np.array([[amplitude], [1.0]])


def draw(folder, skip, axes):
    rows = []
    for file in folder.glob("cycles.*.txt"):
        amplitude, period, counted = read(file, skip)
        name = file.name.split(".")[1]
        rows.append((period, amplitude, counted, folder / f"loop.{name}.txt"))
    rows.sort(key=lambda row: row[0])

    theta = np.linspace(0.0, 2.0 * np.pi, 200)
    summary = []
    for (period, amplitude, counted, loop), color in zip(rows, LOOPS):
        storage, loss, offset = counted.mean(axis=0)
        error = counted.std(axis=0, ddof=1) / np.sqrt(len(counted))
        summary.append((period, storage, error[0], loss, error[1]))
        points = mean_loop(loop, amplitude, skip, len(counted) + skip) - [[0.0], [offset]]
        axes[0].plot(*points, ".", ms=4, color=color)
        axes[0].plot(np.sin(theta), amplitude * (storage * np.sin(theta) + loss * np.cos(theta)), color=color,
                     label=f"{period:g}")
    axes[0].set(xlabel=r"strain $\gamma/\gamma_A$", ylabel=r"stress $\sigma-\sigma_0$")
    axes[0].set_xticks([-1.0, -0.5, 0.0, 0.5, 1.0])
    axes[0].legend(title="period", frameon=False)

    summary = np.array(summary)
    omega = 2.0 * np.pi / summary[:, 0]
    for column, color, label in ((1, BLUE, "$G'$"), (3, RED, "$G''$")):
        axes[1].errorbar(omega, summary[:, column], summary[:, column + 1], fmt="o-", color=color, label=label,
                         capsize=3)
    axes[1].set(xlabel=r"frequency $\omega$", ylabel="modulus", xscale="log")
    axes[1].set_xticks(omega, [f"{w:.2g}" for w in omega])
    axes[1].set_xticks([], minor=True)
    axes[1].set_ylim(bottom=0.0)
    axes[1].legend(frameon=False)
    return summary


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--skip", type=int, default=1, help="cycles to leave out at the beginning")
    parser.add_argument("--title", default="")
    options = parser.parse_args()

    figure, axes = plt.subplots(1, 2, figsize=(9.6, 4.0), layout="constrained")
    summary = draw(options.folder, options.skip, axes)
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
    if options.title:
        figure.suptitle(options.title, color=INK, fontsize=11)
    figure.savefig(options.folder / "dms.png", dpi=150)

    print(f"{'period':>8}{'G1':>9}{'error':>8}{'G2':>9}{'error':>8}{'delta':>9}")
    for period, storage, storage_error, loss, loss_error in summary:
        delta = np.arctan2(loss, storage)
        print(f"{period:8g}{storage:9.3f}{storage_error:8.3f}{loss:9.3f}{loss_error:8.3f}{delta:9.4f}")
    print(f"figure: {(options.folder / 'dms.png').resolve()}")


if __name__ == "__main__":
    main()
