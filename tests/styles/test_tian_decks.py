"""The decks of examples/tian_crossover and examples/relax run, small and short; tools/plot_tian.py and
tools/plot_relax.py read what they write."""

import os
import subprocess
import sys

import numpy as np
import pytest

from lammps_run import LAMMPS_POTENTIALS, PLUGIN, ROOT

sys.path.insert(0, str(ROOT / "tools"))
import relaxation_fits as fits

SHORT = {"segments": 3, "times": 20, "overlap": 2}
RUNS = {
    "ka": {"T": "0.9 0.7", "t_cool": 0.5, "t_hold": "1 1", "t_segment": "1 2", **SHORT},
    "blj": {"n": 150, "T": "800 700", "t_melt": 1, "t_cool": 0.2, "t_hold": "0.8 0.4", "t_segment": "1 1", **SHORT},
    "cuzr": {"n": 3, "T": "1900 1600", "t_melt": 0.4, "t_cool": 0.1, "t_hold": "0.2 0.2", "t_segment": "0.3 0.3",
             "q": 2.7, **SHORT},
    "al": {"n": 4, "T": "1500 1200", "t_melt": 0.4, "t_cool": 0.1, "t_hold": "0.2 0.2", "t_segment": "0.4 0.4",
           **SHORT},
}


def run_script(folder, script, variables):
    """Runs a script in `folder`/run, with relative paths: LAMMPS splits words at blanks that a path may have."""
    (folder / "run").mkdir(exist_ok=True)
    for name, target in (("examples", ROOT / "examples"), ("potentials", ROOT / "potentials"), ("plugin.so", PLUGIN)):
        if not (folder / name).exists():
            (folder / name).symlink_to(target)
    command = [os.environ["LAMMPS_EXECUTABLE"], "-in", f"../examples/{script}", "-nocite", "-var", "root", "..",
               "-var", "plugin", "../plugin.so"]
    for name, value in variables.items():
        command += ["-var", name, *str(value).split()]
    environment = dict(os.environ, OMP_NUM_THREADS="1", LAMMPS_POTENTIALS=str(LAMMPS_POTENTIALS))
    done = subprocess.run(command, cwd=folder / "run", env=environment, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=600)
    assert done.returncode == 0, done.stdout[-3000:]
    return folder / "run", done.stdout


def read_about(path):
    names, values = path.read_text().splitlines()
    return dict(zip(names.lstrip("# ").split(), values.split()))


@pytest.mark.parametrize("deck", RUNS)
def test_deck(tmp_path, deck):
    variables = RUNS[deck]
    path, output = run_script(tmp_path, f"tian_crossover/in.{deck}", variables)
    for T in variables["T"].split():
        about = read_about(path / f"{deck}_T{T}.run.txt")
        assert about["T"] == T and float(about["mean_T"]) == pytest.approx(float(T), rel=0.25)
        read = fits.Relaxation(path / f"{deck}_T{T}.relax.txt")
        # the last origin is taken when only one segment is left
        assert read.origins == variables["overlap"] * (variables["segments"] - 1) + 1
        assert read.atoms == float(about["atoms"]) and read.pairs > 3 * read.atoms
        t, (f, error) = read.curves["t"], read.curve("fs")
        assert t[-1] == pytest.approx(float(about["steps"]) * float(about["dt"]))
        assert f[0] > 0.9 and np.all(np.isfinite(error))
        assert len(np.loadtxt(path / f"{deck}_T{T}.means.txt")) == variables["segments"]
        assert f"T = {T}: tau_alpha" in output
    done = subprocess.run([sys.executable, ROOT / "tools" / "plot_tian.py", path], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    assert (path / "tian_crossover.png").stat().st_size > 10000


def test_deck_makes_its_own_liquid(tmp_path):
    path, _ = run_script(tmp_path, "tian_crossover/in.ka", {
        "from": 0, "n": 150, "t_melt": 1, **RUNS["ka"], "T": 1.9, "t_hold": 0.4, "t_segment": 1})
    assert float(read_about(path / "ka_T1.9.run.txt")["n_A"]) == 120
    path, _ = run_script(tmp_path, "tian_crossover/in.ka", {
        "copies": 2, **RUNS["ka"], "T": 1.2, "t_hold": 0.4, "t_segment": 0.2})
    assert float(read_about(path / "ka_T1.2.run.txt")["atoms"]) == 8000


def test_relax_example(tmp_path):
    path, output = run_script(tmp_path, "relax/in.relax", {"hold": 100, "segment": 1000, "segments": 2})
    done = subprocess.run([sys.executable, ROOT / "tools" / "plot_relax.py", path], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    assert (path / "relax.png").stat().st_size > 10000
    assert [line.split()[0] for line in done.stdout.splitlines()[1:4]] == ["group", "type", "type"]


# ---- from made-up files

T = (0.47, 0.50, 0.54, 0.58, 0.65, 0.8, 1.0, 1.4, 2.0)


def write_run(path, T, tau, gamma, product, reached=True):
    t = np.geomspace(1e-3 * tau, 10 * tau if reached else 0.5 * tau, 50)
    times = {"alpha": tau, "plus": 2 * tau, "minus": 2 * tau / gamma}
    said = ", ".join(f"tau_{name} {value} +- {0.002 * value}" if reached else f"tau_{name} not reached"
                     for name, value in times.items())
    said += (f", gamma {gamma} +- 0.001" if reached else ", gamma nan +- inf")
    said += f", diffusion coefficient {product / tau} +- {0.002 * product / tau}, exponent 0.99"
    head = (f"fix relax all glass/relax: 1000 atoms of group all, 6712 pairs closer than 1.39 (mean of 21 origins), "
            f"q 7.25, threshold 0.367879, segments of 2000 steps of 0.005\ngroup: {said}\n"
            "t fs fs_error fplus fplus_error fminus fminus_error")
    columns = [t]
    for value in times.values():
        columns += [np.exp(-(t / value) ** 0.8), np.full(len(t), 0.005)]
    np.savetxt(path / f"ka_T{T}.relax.txt", np.column_stack(columns), header=head)
    (path / f"ka_T{T}.run.txt").write_text(
        "# T dt steps segments overlap atoms n_A volume mean_T mean_U mean_p units\n"
        f"{T} 0.005 2000 3 10 1000 800 833.3 {T} -6.5 1.0 lj\n")


def plotted(folder, *options):
    done = subprocess.run([sys.executable, ROOT / "tools" / "plot_tian.py", folder, *options], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    assert (folder / "tian_crossover.png").stat().st_size > 10000
    table = (folder / "tian_crossover_table.txt").read_text()
    assert table in done.stdout
    return table


def test_table_and_figure(tmp_path):
    for one in T:
        product = 0.016 * (1 + 2 * max(0.68 / one - 1, 0))
        write_run(tmp_path, one, 1.2 * (one - 0.43) ** -2, 0.6 + 0.2 * np.log(one / 0.6) ** 2, product)
    table = plotted(tmp_path, "--paper", "BLJ", "--title", "made up", "--window-points", "3").splitlines()
    found = {line.split()[0]: line.split() for line in table if line.startswith("T_") and ":" not in line}
    assert float(found["T_x"][1]) == pytest.approx(0.6, abs=0.005) and found["T_x"][-3:] == ["0.538", "+-", "0.025"]
    assert 0.65 < float(found["T_b"][1]) < 0.73    # linear between these and 0.8
    assert float(found["T_c"][1]) == pytest.approx(0.43, abs=1e-3)
    assert "everywhere" in table[-1]
    row = next(line for line in table if line.strip().startswith("2 "))
    assert "1.000" in row and "0.800" in row    # KWW f and beta


def test_table_and_figure_of_what_was_not_reached(tmp_path):
    for one in T:
        write_run(tmp_path, one, 1.2 * (one - 0.43) ** -2, 0.6 + 0.1 * np.log(one), 0.016, one > 0.5)
    write_run(tmp_path, 3.0, 0.1, 1.2, 0.016)
    table = plotted(tmp_path)
    assert "not reached" in table and "below 0.54" in table
    assert table.splitlines()[-1].endswith("NOT at T = 3")


def test_few_temperatures(tmp_path):
    write_run(tmp_path, 1.0, 1.0, 0.6, 0.016)
    assert "not found" in plotted(tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()
    done = subprocess.run([sys.executable, ROOT / "tools" / "plot_tian.py", empty], text=True, stderr=subprocess.PIPE)
    assert done.returncode != 0 and "no *.run.txt" in done.stderr
