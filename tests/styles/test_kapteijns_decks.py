"""The decks of examples/kapteijns_stiffness run, small and short, and tools/plot_kapteijns.py reads what they write;
tools/stiffness_fits.py finds what made-up files were made of."""

import os
import subprocess
import sys

import numpy as np
import pytest

from lammps_run import PLUGIN, ROOT

sys.path.insert(0, str(ROOT / "tools"))
import stiffness_fits as fits

MODELS = {"ipl": "1.2 0.9", "mblj": "1.5 1.0", "sticky60": "1.2 0.9"}
COLUMNS = ("step U_IS iterations fmax converged transitions rate kappa spread smallest pairs rattlers residual G affine "
           "pressure")


def deck(folder, name, **variables):
    """Runs a deck in `folder`/run, with relative paths: LAMMPS splits words at blanks that a path may have."""
    (folder / "run").mkdir(exist_ok=True)
    for link, target in (("examples", ROOT / "examples"), ("potentials", ROOT / "potentials"), ("plugin.so", PLUGIN)):
        if not (folder / link).exists():
            (folder / link).symlink_to(target)
    command = [os.environ["LAMMPS_EXECUTABLE"], "-in", f"../examples/kapteijns_stiffness/in.{name}", "-nocite", "-var",
               "root", "..", "-var", "plugin", "../plugin.so"]
    for variable, value in variables.items():
        command += ["-var", variable, *str(value).split()]
    done = subprocess.run(command, cwd=folder / "run", env=dict(os.environ, OMP_NUM_THREADS="1"), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


def plotted(folder, *options):
    done = subprocess.run([sys.executable, ROOT / "tools" / "plot_kapteijns.py", folder, *options], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    return done.stdout


# ---- the decks

@pytest.mark.parametrize("model", MODELS)
def test_decks(tmp_path, model):
    cold = MODELS[model].split()[1]
    run = tmp_path / "run"
    deck(tmp_path, "liquid", model=model, n=150, T=MODELS[model], t_melt=2, t_cool=1, t_hold="2 2")
    for T in MODELS[model].split()[model != "ipl":]:
        deck(tmp_path, "stiffness", model=model, T=T, t_hold=0.5, every=2, t_segment=1, segments=3, overlap=2, times=20,
             visits=3)
        state = fits.State(run / f"{model}_T{T}.run.txt")
        assert state.model == model and state.T == float(T)
        assert state.about["mean_T"] == pytest.approx(state.T, rel=0.2)
        assert state.about["n_A"] == {"mblj": 120}.get(model, 75)
        assert state.visits == 3 and len(state.rows) == 3    # all have converged
        assert np.all(state.kappa > 0) and np.all(state.rows[:, fits.SMALLEST] > 0)
        assert np.all(state.rows[:, fits.SMALLEST] < state.kappa)
        assert np.all(state.rows[:, fits.MODULUS] < state.rows[:, fits.AFFINE])
        assert np.all(state.rows[:, fits.PAIRS] > 3 * 150) and np.all(state.rows[:, fits.RESIDUAL] < 1e-8)
    if model == "ipl":
        deck(tmp_path, "granularity", model=model, T=cold, t_hold=0.1, t_watch=0.5, between=10)
        watched = fits.Granularity(run / f"{model}_T{cold}.granularity.run.txt")
        assert len(watched.energy) == 11
        deck(tmp_path, "isoconfigurational", model=model, T=cold, t_apart=0.2, t_run=1, draws=3, configurations=2)
        first, second = (fits.Mobility.read(run / f"{model}_T{cold}.iso.{k}.txt") for k in (1, 2))
        assert len(first.kappa) == 150 and np.any(first.kappa != second.kappa)
        assert first.known().sum() > 140
        assert 0.05 < first.direct.mean() < 1.0 and 0.0 < first.quenched.mean() < 1.0
    plotted(run)
    assert (run / "kapteijns_stiffness.png").stat().st_size > 10000
    assert (run / "kapteijns_mobility.png").exists() == (model == "ipl")


# ---- made-up files

T = (1.2, 0.9, 0.75, 0.65, 0.6)
SPACING = 1.1
LENGTH, TIME = 0.4, 0.25    # in units of a0 and t0


def write_state(folder, model, T, kappa, modulus, tau, rng, error=0.03, noise=0.02):
    name = folder / f"{model}_T{T}"
    t = np.geomspace(1e-3 * tau, 3 * tau, 40)
    head = ("fix relax all glass/relax: 1000 atoms of group all, 6712 pairs closer than 1.39 (mean of 21 origins), "
            f"q 6.5, threshold 0.2, segments of 2000 steps of 0.005\ngroup: tau_alpha {tau} +- {error * tau}, "
            "diffusion coefficient 0.01 +- 0.001, exponent 0.99\nt fs fs_error")
    np.savetxt(f"{name}.relax.txt", np.column_stack([t, 0.2 ** (t / tau), np.full(40, 0.005)]), header=head)
    rows = np.zeros((16, len(COLUMNS.split())))
    rows[:, fits.CONVERGED] = 1
    rows[-1, fits.CONVERGED] = 0
    centred = rng.standard_normal((16, 2))
    centred[:15] -= centred[:15].mean(axis=0)
    rows[:, fits.KAPPA] = kappa * (1 + noise * centred[:, 0])
    rows[:, fits.MODULUS] = modulus * (1 + noise * centred[:, 1])
    rows[-1] *= np.where(np.arange(rows.shape[1]) == fits.KAPPA, 9, 1)    # has not converged, and must not count
    np.savetxt(f"{name}.is.txt", rows, header=COLUMNS)
    (folder / f"{name.name}.run.txt").write_text(
        "# T dt steps segments overlap atoms n_A volume mean_T mean_U mean_p visit\n"
        f"{T} 0.005 2000 4 5 1000 500 {1000 * SPACING ** 3} {T} 6.5 20.0 500\n")


def make_states(folder, noise=0.02, error=0.03):
    rng = np.random.default_rng(7)
    for one in T:
        kappa, modulus = 10 * (1.2 / one), 12 * (1.2 / one) ** 0.3
        tau = SPACING / np.sqrt(one) * TIME * np.exp(LENGTH ** 2 * SPACING ** 2 * kappa / one)
        write_state(folder, "ipl", one, kappa, modulus, tau, rng, error, noise)
    return sorted((fits.State(path) for path in folder.glob("*.run.txt")), key=lambda state: state.T)


def test_law_is_found(tmp_path):
    states = make_states(tmp_path)
    fit = fits.fit_mesoelastic(states)
    assert fit.points == 5 and fit.scatter < 1e-3 and fit.correlation > 0.9999
    assert fit.length == pytest.approx(LENGTH, rel=1e-3) and fit.time == pytest.approx(TIME, rel=1e-2)
    for value, (low, high) in ((LENGTH, fit.length_interval), (TIME, fit.time_interval)):
        assert low < value < high and high - low < 0.3 * value
    assert np.allclose(fit(fits.driving(states[0], 20.0, 0.0, "kappa")),
                       np.log(TIME) + LENGTH ** 2 * SPACING ** 2 * 20.0 / 0.6, rtol=1e-2)
    # ten times the noise, ten times the interval
    quiet = make_states(tmp_path, 0.002, 0.003)
    narrow = np.ptp(fits.fit_mesoelastic(quiet).length_interval)
    assert np.ptp(fit.length_interval) == pytest.approx(10 * narrow, rel=0.2)
    # the modulus grows less than kappa: the line is no line
    assert fits.fit_mesoelastic(states, of="G").scatter > 0.05


def test_fewer_temperatures(tmp_path):
    states = make_states(tmp_path)
    slow = [state.tau / state.ballistic for state in states]
    assert fits.fit_mesoelastic(states, slowest=sorted(slow)[1] * 0.99).points == 4
    assert fits.fit_mesoelastic(states, slowest=sorted(slow)[-2]) is None


def test_relative_changes(tmp_path):
    kappa, modulus = fits.relative_changes(make_states(tmp_path))
    assert kappa[0][0] == pytest.approx(1.0, rel=1e-6) and kappa[0][-1] == 0.0
    assert modulus[0][0] == pytest.approx(2 ** 0.3 - 1, rel=1e-6)
    assert kappa[1][0] < 1.0 < kappa[2][0] and kappa[2][0] - kappa[1][0] == pytest.approx(
        2 * 1.645 * 2 * 0.02 * np.sqrt(2 / 15), rel=0.25)


def test_table_and_figure(tmp_path):
    make_states(tmp_path)
    said = plotted(tmp_path, "--title", "made up", "--slowest", "0")
    assert "from T = 1.2 to 0.6: kappa grows by 100 %" in said and "G by 23 %" in said
    assert "length 0.400 (0.3" in said and (tmp_path / "kapteijns_stiffness.png").stat().st_size > 10000
    assert not (tmp_path / "kapteijns_mobility.png").exists()
    empty = tmp_path / "empty"
    empty.mkdir()
    done = subprocess.run([sys.executable, ROOT / "tools" / "plot_kapteijns.py", empty], text=True, stderr=subprocess.PIPE)
    assert done.returncode != 0 and "no *.run.txt" in done.stderr


def test_rates(tmp_path):
    """A change in every fourth interval; and back again, so that whoever looks every eighth misses all."""
    energy = 5000.0 + np.tile(np.repeat([0.0, 1.0], 4), 20)
    rows = np.zeros((len(energy), 7))
    rows[:, 0], rows[:, 1], rows[:, fits.CONVERGED] = 5 * np.arange(len(energy)), energy, 1
    np.savetxt(tmp_path / "ipl_T0.64.granularity.txt", rows)
    (tmp_path / "ipl_T0.64.granularity.run.txt").write_text("# T dt between atoms volume transition\n"
                                                            "0.64 0.008 5 500 500 1e-5\n")
    time, rate, error = fits.Granularity(tmp_path / "ipl_T0.64.granularity.run.txt").rates()
    ballistic = 1 / 0.8
    assert time[0] == pytest.approx(0.04 / ballistic) and time[3] == pytest.approx(8 * time[0])
    assert rate[0] == pytest.approx(39 / 159 * 1000 / 500 / time[0]) and rate[3] == 0.0
    assert np.all(error > 0)


def test_mobility(tmp_path):
    rng = np.random.default_rng(3)
    species = np.repeat([1, 2], [300, 200])
    kappa = rng.lognormal(2, 0.4, 500)
    kappa[7] = 0.0    # has no pairs
    gone = np.where(species == 1, 1 / np.maximum(kappa, 1e-9), rng.random(500))
    rows = np.column_stack([np.arange(1, 501), species, kappa, gone, -gone])
    path = tmp_path / "ipl_T0.6.iso.1.txt"
    path.write_text("ITEM\n" * 9 + "\n".join(" ".join(map(str, row)) for row in rows) + "\n")
    one = fits.Mobility.read(path)
    assert one.known().sum() == 499 and one.known(2).sum() == 200
    assert one.correlation(1) == pytest.approx(1.0) and one.correlation(1, "direct") == pytest.approx(-1.0)
    assert abs(one.correlation(2)) < 0.2
    least, most = one.extremes(0.1)
    assert len(least) == len(most) == 29 + 20 and np.median(most[:29]) < np.median(least[:29])
