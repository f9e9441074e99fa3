#!/usr/bin/env python3
"""Draws two modes that examples/inm/in.modes dumped: arrows along e_i, atoms sized and coloured by their weight.

Reads modes_atom.txt (dump custom: id type x y z, weight and vector of either mode, weight of the localized class) in
the folder and writes modes.png there.
"""

import argparse
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np


def read(path):
    """The box edges and the rows of the first snapshot."""
    lines = path.read_text().splitlines()
    bounds = np.array([[float(word) for word in line.split()[:2]] for line in lines[5:8]])
    count = int(lines[3])
    return bounds, np.array([[float(word) for word in line.split()] for line in lines[9:9 + count]])


def draw(axis, position, mode, bounds, title):
    weight, vector = mode[:, 0], mode[:, 1:]
    ratio = 1.0 / (len(weight) * (weight ** 2).sum())
    share = weight / weight.max()
    axis.scatter(*position.T, s=9, color="#b4bec8", alpha=0.55, lw=0, depthshade=False)
    moving = share > 0.04
    axis.scatter(*position[moving].T, s=14 + 90 * share[moving], c=share[moving], cmap="YlOrRd", vmin=-0.3, vmax=1.1,
                 lw=0.3, edgecolors="#7a2b1c", depthshade=False)
    arrows = 4.5 * vector[moving] / np.sqrt(weight.max())
    axis.quiver(*position[moving].T, *arrows.T, color="#7a2b1c", lw=0.9, arrow_length_ratio=0.3)
    axis.set_title(f"{title}, $P = {ratio:.3f}$", fontsize=10, y=1.02)
    axis.set(xlim=bounds[0], ylim=bounds[1], zlim=bounds[2], xticks=[], yticks=[], zticks=[])
    axis.set_box_aspect(np.ptp(bounds, axis=1), zoom=1.1)
    for pane in (axis.xaxis, axis.yaxis, axis.zaxis):
        pane.set_pane_color((0.96, 0.97, 0.98, 1.0))
    axis.view_init(18, -62)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    folder = parser.parse_args().folder
    bounds, rows = read(folder / "modes_atom.txt")
    edge = np.ptp(bounds, axis=1)
    position = bounds[:, 0] + (rows[:, 2:5] - bounds[:, 0]) % edge

    figure = plt.figure(figsize=(9.6, 4.9), layout="constrained")
    for panel, (columns, title) in enumerate(((slice(5, 9), "unstable localized"),
                                              (slice(9, 13), "unstable delocalized"))):
        mode = rows[:, columns]
        # The localized mode is put into the middle of the box.
        heaviest = position[rows[:, 5].argmax()]
        centred = bounds[:, 0] + (position - heaviest + edge / 2) % edge
        draw(figure.add_subplot(1, 2, panel + 1, projection="3d"), centred, mode, bounds, title)
    figure.savefig(folder / "modes.png", dpi=150)
    print(f"figure: {(folder / 'modes.png').resolve()}")


if __name__ == "__main__":
    main()
