"""The decks of examples/yu_dmin: each of them runs, small and short, and writes what tools/plot_yu.py reads."""

import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import pytest

from lammps_run import LAMMPS_POTENTIALS, PLUGIN, ROOT

GLASS = {"t_melt": 0.2, "t_cool": 0.2, "t_hold": 0.1}
LIQUID = {"t_melt": 1, "t_cool": 2, "t_hold": 0.1}    # from random positions

DECKS = {
    "ka": {"T": "0.70", "t_w": 0.2, "matched": 2},
    "ka2d": {"N_A": 65, "N_B": 35, "t_w": 0.2, **LIQUID},
    "wca": {"N_A": 80, "N_B": 20, "t_w": 0.2, **LIQUID},
    "blj": {"N_A": 160, "N_B": 40, "t_w": 0.3, **GLASS},
    # what so short a time makes of silica is soft: tight tolerances take thousands of iterations
    "sio2": {"N_Si": 24, "t_w": 0.05, "ftol": 1.0, **GLASS},
    "cuzr": {"n": 3, "t_w": 0.1, **GLASS},
    "eam": {"file": "AlCu.eam.alloy", "A": "Al", "B": "Cu", "x_B": 0.3, "a": 4.0, "T": 800, "n": 3, "t_w": 0.1, **GLASS},
    "paper": {"N_A": 160, "N_B": 40, "t_w": 0.2, **LIQUID},
}


def run_deck(folder, deck, variables):
    """Runs a deck in `folder`/run, with relative paths: LAMMPS splits words at blanks that a path may have."""
    (folder / "run").mkdir(exist_ok=True)
    for name, target in (("examples", ROOT / "examples"), ("potentials", ROOT / "potentials"), ("plugin.so", PLUGIN)):
        if not (folder / name).exists():
            (folder / name).symlink_to(target)
    variables = {"root": "..", "plugin": "../plugin.so", "name": "test", "cycles": 4,
                 "data": "../examples/yu_dmin/ka_T0.70.data", "liquid": "liquid.restart", **variables}
    command = [os.environ["LAMMPS_EXECUTABLE"], "-in", f"../examples/yu_dmin/in.{deck}", "-nocite"]
    for name, value in variables.items():
        command += ["-var", name, str(value)]
    environment = dict(os.environ, OMP_NUM_THREADS="1", LAMMPS_POTENTIALS=str(LAMMPS_POTENTIALS))
    done = subprocess.run(command, cwd=folder / "run", env=environment, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=600)
    assert done.returncode == 0, done.stdout[-3000:]
    return folder / "run"


def rows_of(path):
    return np.loadtxt(path, ndmin=2)


@pytest.mark.parametrize("deck", DECKS)
def test_deck(tmp_path, deck):
    variables = DECKS[deck]
    path = run_deck(tmp_path, deck, variables)
    moduli, matched = rows_of(path / "test.moduli.txt"), rows_of(path / "test.dmin.0.txt")
    assert list(moduli[:, 0]) == [1, 2, 3, 4] and np.all(np.isfinite(moduli))
    steps = moduli[0, 1]
    assert list(matched[:, 0]) == [k * steps for k in range(1 + variables.get("matched", 4))]
    assert np.all(np.isfinite(matched)) and np.all(matched[0, 7:10] == 0.0)
    d_min, rmsd, relative = matched[1:, 7:10].T
    assert np.all(d_min <= rmsd + 1e-6)
    about = dict(zip(*(line.lstrip("# ").split() for line in (path / "test.run.txt").read_text().splitlines())))
    r0 = float(about["r0"])
    assert r0 == pytest.approx((float(about["volume"]) / float(about["atoms"])) ** (1 / int(about["dimensions"])))
    assert relative == pytest.approx(d_min / r0)


def test_paper_deck_goes_on_from_a_restart_file(tmp_path):
    variables = {**DECKS["paper"], "checkpoint": 0.11}    # in cycles and, at step 220 = 5.5 cycles, between
    path = run_deck(tmp_path, "paper", {**variables, "cycles": 10})
    whole, matched = rows_of(path / "test.moduli.txt"), rows_of(path / "test.dmin.0.txt")
    later = tmp_path / "later"
    (later / "run").mkdir(parents=True)
    shutil.copy(path / "test.restart.220", later / "run")
    resumed = run_deck(later, "paper", {**variables, "cycles": 10, "resume": "yes"})
    again, matched_again = rows_of(resumed / "test.moduli.txt"), rows_of(resumed / "test.dmin.220.txt")
    assert np.array_equal(again[:5], whole[:5])    # what was done is remembered
    # The first half kick of a run is not that of an uninterrupted one while the box moves, and liquids are chaotic.
    assert again[:, 2:5] == pytest.approx(whole[:, 2:5], rel=0.02, abs=0.2)
    assert list(matched_again[:, 0]) == list(matched[6:, 0])
    # Against the reference in the restart file; later, small differences may lead to other minima.
    assert matched_again[0, 7:10] == pytest.approx(matched[6, 7:10], rel=0.02, abs=1e-3)


def test_figure_and_fit(tmp_path):
    """Runs that follow delta = 6 (D_min/r0)^2 exactly give these numbers back."""
    for temperature, distances in ((0.45, (0.05, 0.09, 0.14)), (0.6, (0.2, 0.27, 0.4))):
        for period, distance in zip((4, 16, 64), distances):
            name, delta = f"T{temperature}_tw{period}", 6.0 * distance ** 2
            (tmp_path / f"{name}.run.txt").write_text(
                f"# T t_w cycles steps_per_cycle amplitude atoms volume dimensions r0\n"
                f"{temperature} {period} 4 800 0.012 1000 833.33 3 0.941036\n")
            scatter = 0.02 * np.array([0, 1, -1, 1, -1])    # the first cycle is left out
            np.savetxt(tmp_path / f"{name}.moduli.txt", [
                [k + 1, 0, 20 * np.cos(delta) * (1 + s), 20 * np.sin(delta) * (1 - s), 0, 0, 0, 0]
                for k, s in enumerate(scatter)])
            np.savetxt(tmp_path / f"{name}.dmin.0.txt", [
                [k, 0, 0, 0, 1, 0, 0, 0, 0, distance * (k > 0), 0, distance * (k > 0), distance * (k > 0)] for k in range(4)])
    done = subprocess.run([sys.executable, ROOT / "tools" / "plot_yu.py", tmp_path], text=True, check=True,
                          stdout=subprocess.PIPE)
    assert (tmp_path / "yu_dmin.png").stat().st_size > 10000
    fit = next(line.split() for line in done.stdout.splitlines() if line.startswith("all T"))
    assert fit[2] == "all" and int(fit[3]) == 6
    assert float(fit[4]) == pytest.approx(6.0, abs=0.01) and float(fit[5]) == pytest.approx(2.0, abs=0.01)
