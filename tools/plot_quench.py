#!/usr/bin/env python3
"""Draws the inherent structures that command glass/quench visited.

The folder holds what examples/quench/in.quench writes:
  visits.txt  a row a visit: step, energy, iterations, force, converged, transitions, rate, then distance from the
              first structure (D_min, RMSD, D_min of types 1 and 2), from the one before (D_min), and time

Top: energy of the inherent structures. Middle: how far the pattern and the labelled atoms are from the first one.
Bottom: distances between successive ones. Writes quench.png into the folder.
"""

import argparse
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

INK, BLUE, RED, GREY = "#222222", "#2a6fbb", "#c8452e", "#9aa5b1"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--title", default="")
    parser.add_argument("--atoms", type=int, default=500)
    arguments = parser.parse_args()
    visits = np.loadtxt(arguments.folder / "visits.txt")
    time = visits[:, 12]

    figure, (energy, distance, hop) = plt.subplots(3, 1, figsize=(8.2, 6.6), sharex=True, layout="constrained",
                                                   height_ratios=(1.2, 1.2, 0.8))
    energy.step(time, visits[:, 1] / arguments.atoms, where="post", color=BLUE, lw=1.1)
    energy.set_ylabel("$U_{IS}/N$")
    distance.plot(time, visits[:, 8], color=GREY, lw=1.2)
    distance.plot(time, visits[:, 7], color=RED, lw=1.2)
    distance.annotate("labelled atoms (RMSD)", (time[-1], visits[-1, 8]), (-4, 14), textcoords="offset points",
                      ha="right", color="#6b7683", fontsize=9)
    distance.annotate("pattern ($D_{min}$)", (time[-1], visits[-1, 7]), (-4, -16), textcoords="offset points",
                      ha="right", color=RED, fontsize=9)
    distance.set_ylabel("from the first")
    distance.set_ylim(0, 1.2 * visits[:, 8].max())

    hop.vlines(time, 0, visits[:, 11], color=INK, lw=0.7)
    hop.set_ylabel("from the last\n($D_{min}$)")
    hop.set_ylim(bottom=0)
    hop.set_xlabel("time")
    hop.set_xlim(0, time[-1])
    for axis in (energy, distance, hop):
        axis.spines[["top", "right"]].set_visible(False)
    figure.suptitle(arguments.title, color=INK, fontsize=11)
    figure.savefig(arguments.folder / "quench.png", dpi=160)
    rate = visits[-1, 6]
    print(f"{len(visits)} visits, {int(visits[-1, 5])} transitions, rate {rate:.3g}; "
          f"not converged: {int((visits[:, 4] == 0).sum())}")


if __name__ == "__main__":
    main()
