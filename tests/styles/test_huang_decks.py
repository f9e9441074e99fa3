"""The decks of examples/huang_viscosity run, small and short; tools/plot_huang.py reads what they write; and what it
computes has the values that are known exactly."""

import os
import subprocess
import sys

import numpy as np
import pytest
import scipy.integrate
import scipy.signal
import scipy.special

from lammps_run import LAMMPS_POTENTIALS, PLUGIN, ROOT

sys.path.insert(0, str(ROOT / "tools"))
import huang
import huang_runs

LIQUID = {"t_melt": 3, "t_cool": 2, "t_hold": 1}
SHORT = {"samples": 4, "per_quench": 2, "t_sample": 2, "t_window": 0.4, "t_memory": 0.4, "t_bulk": 1, "ftol": 1e-5}
RUNS = {
    "ka": [{"n": 150, "T": T, **LIQUID, **SHORT} for T in (0.8, 1.0, 1.5, 2.0)],
    "edge": [{"n": n, "samples": 3, "t_sample": 0.5, **LIQUID} for n in (100, 200)],
    "shear": [{"n": 150, "rate": "1.0 0.3", "blocks": "3 3", "t_block": 1, **LIQUID}],
    "entropy": [{"n": 100, "steps": 200}],
    "cuzr": [{"t_hold": 0.2, "samples": 2, "per_quench": 2, "t_sample": 0.4, "t_window": 0.1, "t_memory": 0.1,
              "t_bulk": 0.2, "ftol": 1e-4}],
}


def run_deck(folder, deck, variables):
    """Runs a deck in `folder`/run, with relative paths: LAMMPS splits words at blanks that a path may have."""
    (folder / "run").mkdir(exist_ok=True)
    for name, target in (("examples", ROOT / "examples"), ("potentials", ROOT / "potentials"), ("plugin.so", PLUGIN),
                         ("tests", ROOT / "tests")):
        if not (folder / name).exists():
            (folder / name).symlink_to(target)
    command = [os.environ["LAMMPS_EXECUTABLE"], "-in", f"../examples/huang_viscosity/in.{deck}", "-nocite",
               "-var", "root", "..", "-var", "plugin", "../plugin.so"]
    for name, value in variables.items():
        command += ["-var", name, *str(value).split()]
    environment = dict(os.environ, OMP_NUM_THREADS="1", LAMMPS_POTENTIALS=str(LAMMPS_POTENTIALS))
    done = subprocess.run(command, cwd=folder / "run", env=environment, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=600)
    assert done.returncode == 0, done.stdout[-3000:]
    return folder / "run"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("huang")
    for deck in ("ka", "edge", "shear", "entropy"):
        for variables in RUNS[deck]:
            path = run_deck(folder, deck, variables)
    return path


def check_run(path, threshold):
    run = huang_runs.Run(path, threshold)
    samples = int(run.about["samples"])
    t, blocks = run.stress
    assert len(run.samples) == samples + 1 and len(blocks) == len(run.thermo) == samples
    assert all(len(modes) == 3 * run.atoms - 3 for modes in run.samples)
    assert np.all(blocks[:, 0] > 0) and t[1] == pytest.approx(run.about["dt"] * run.about["every"])
    stable, unstable, localized, delocalized = run.fractions[0]
    assert stable + unstable == pytest.approx(1) and localized + delocalized == pytest.approx(unstable)
    # compute glass/viscosity, for a friction rate of 1 in pressure times time, says the same as the dumped modes
    eta = np.loadtxt(run.file("eta"))[:, 5:9] * run.units.viscosity
    assert run.sums()[:, :4] == pytest.approx(eta, rel=1e-5)
    assert run.omega_min() == pytest.approx(np.loadtxt(run.file("eta"))[0, 10], rel=1e-5)
    assert run.friction[0] > 0 and len(run.memory[0]) > 10
    assert np.all(np.isfinite(run.diffusion))
    assert len(np.loadtxt(run.file("is"), ndmin=2)) == samples // 2
    return run


def test_decks_of_kob_andersen(results):
    paths = sorted(results.glob("ka_*.run.txt"))
    assert len(paths) == len(RUNS["ka"])
    for path in paths:
        run = check_run(path, 0.27)
        vibrating = np.loadtxt(run.file("is"), ndmin=2)[:, 10:12]
        assert np.all(vibrating.sum(axis=1) == 3 * run.atoms - 3)    # no mode is lost outside the range
    shear = huang_runs.Shear(next(results.glob("*.shear.txt")))
    assert list(shear.rates[:, 0]) == [0.3, 1.0] and np.all(shear.rates[:, 1] > 0)
    T, energy, error = huang_runs.energies_of_isochore(results)
    assert len(T) == 17 and T[0] == pytest.approx(1e4) and np.all(np.diff(T) < 0) and np.all(np.diff(energy) < 0)


def test_deck_of_cuzr(tmp_path):
    path = run_deck(tmp_path, "cuzr", RUNS["cuzr"][0])
    run = check_run(next(path.glob("*.run.txt")), 0.37)
    assert run.mass / run.units.mvv2e == pytest.approx((63.546 + 91.224) / 2)


def test_figures(results):
    done = subprocess.run([sys.executable, ROOT / "tools" / "plot_huang.py", results], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    for name in ("modes", "localization", "viscosity", "green_kubo"):
        assert (results / f"huang_{name}.png").stat().st_size > 10000
    for title in ("Viscosity", "Sensitivity", "Steady shear", "Finite-size", "Entropy", "Fits"):
        assert f"\n{title}" in done.stdout


# ---- what is known exactly

def test_vft():
    T = np.array([0.5, 0.6, 0.8, 1.0, 1.4, 2.0])
    fit = huang.fit_vft(T, 2.0 * np.exp(1.5 / (T - 0.3)), 0.01 * T)
    assert fit.parameters == pytest.approx([np.log(2.0), 1.5, 0.3], rel=1e-4)
    assert fit.model(0.7) == pytest.approx(2.0 * np.exp(1.5 / 0.4), rel=1e-4)


def test_laws_of_adam_and_gibbs():
    T = np.array([0.5, 0.6, 0.8, 1.0, 1.4, 2.0])
    fraction = 0.08 * T ** 0.7
    entropy = 0.6 * np.log(fraction) + 3.0
    eta = 2.0 * np.exp(1.3 / (T * entropy) ** 2.1)
    given = huang.fit_adam_gibbs(T, entropy, eta, 0.02 * eta, 2.1)
    assert given.parameters == pytest.approx([np.log(2.0), 1.3], rel=1e-5)
    free = huang.fit_fraction(T, fraction, eta, 0.02 * eta, 2.1)
    assert free.parameters == pytest.approx([np.log(2.0), 1.3 / 0.6 ** 2.1, 5.0], rel=1e-3)
    assert free.model(np.array([T, np.log(fraction)])) == pytest.approx(eta, rel=1e-5)


def test_integral_of_a_known_correlation():
    dt = 0.02
    t = dt * np.arange(1500)
    fast = lambda t: 50 * np.exp(-(t / 0.08) ** 2)
    exact = 50 * 0.08 * np.sqrt(np.pi) / 2 + 6 * 2.5 / 0.7 * scipy.special.gamma(1 / 0.7)
    value, (amplitude, tau, beta) = huang.integral_with_tail(fast(t) + huang.stretched(t, 6, 2.5, 0.7), dt, 25)
    # the cusp of the stretched exponential at t = 0 is not integrated exactly in steps
    assert value == pytest.approx(exact, rel=5e-3) and (amplitude, tau, beta) == pytest.approx((6, 2.5, 0.7), rel=1e-3)


def test_error_of_an_integral_is_that_of_its_blocks():
    rng = np.random.default_rng(1)
    dt, tau, steps = 0.05, 1.0, 200000
    kicks = rng.standard_normal((8, 5, steps)) * np.sqrt(1 - np.exp(-2 * dt / tau))
    signal = scipy.signal.lfilter([1], [1, -np.exp(-dt / tau)], kicks)
    lags = 200
    padded = np.fft.rfft(signal, n=2 * steps)
    correlation = np.fft.irfft(np.abs(padded) ** 2)[..., :lags] / (steps - np.arange(lags))
    estimate = lambda blocks: huang.integral_with_tail(blocks.mean(axis=0), dt, 10)[0]
    value, error = huang.jackknife(estimate, correlation.mean(axis=1))
    assert value == pytest.approx(tau, abs=4 * error) and error < 0.02


def test_ideal_gas():
    N, volume, mass, kT, hbar = 10 ** 6, 1.3e6, 2.0, 0.7, 0.1
    wavelength = hbar * np.sqrt(2 * np.pi / (mass * kT))
    per_atom = 2.5 - np.log(N / volume * wavelength ** 3) - 0.8 * np.log(0.8) - 0.2 * np.log(0.2)
    assert huang.entropy_ideal(N, 0.8 * N, volume, mass, kT, hbar) / N == pytest.approx(per_atom, abs=1e-4)


def test_entropies_are_derivatives_of_free_energies_and_planck_cancels():
    N, volume, mass, log_omega = 50, 40.0, 1.5, 1.2
    difference = lambda hbar: (huang.entropy_ideal(N, 40, volume, mass, 0.8, hbar) -
                               huang.entropy_harmonic(N, volume, mass, 0.8, log_omega, hbar))
    assert difference(1.0) == pytest.approx(difference(0.01))
    heat_capacity = 3 * N - 3 + 1.5    # of oscillators and of the drift
    step = 1e-4
    difference = (huang.entropy_harmonic(N, volume, mass, 0.8 * np.exp(step), log_omega) -
                  huang.entropy_harmonic(N, volume, mass, 0.8 * np.exp(-step), log_omega)) / (2 * step)
    assert difference == pytest.approx(heat_capacity)


def test_free_energy_along_an_isochore():
    """beta F = 3 x - x^2 + 2 x^3, x = T^(-1/4), has U = dbeta F/dbeta = (3 - 2 x + 6 x^2)/(4 x^3)."""
    x = np.arange(0.1, 1.21, 0.05)
    free = huang.excess_free_energy(x ** -4.0, (3 - 2 * x + 6 * x ** 2) / (4 * x ** 3), 3.0)
    assert free(0.9 ** -4.0) == pytest.approx(3 * 0.9 - 0.9 ** 2 + 2 * 0.9 ** 3, rel=1e-6)


def test_ideal_gas_limit_is_the_second_virial_coefficient():
    beta, density = 1e-4, 1.2
    mayer = lambda r, e, s: -np.expm1(-4 * beta * e * (s / r) ** 12)
    b2 = lambda e, s: 2 * np.pi * scipy.integrate.quad(lambda r: mayer(r, e, s) * r * r, 0, 40)[0]
    mixed = 0.64 * b2(1.0, 1.0) + 0.32 * b2(1.5, 0.8) + 0.04 * b2(0.5, 0.88)
    assert huang.ideal_gas_limit(density, 0.8) == pytest.approx(density * mixed / beta ** 0.25, rel=1e-3)


def test_modes():
    # omega, P, Xi^2 in three planes
    modes = np.array([[-4.0, 0.1, 1, 2, 3], [-2.0, 0.5, 4, 4, 4], [-0.5, 0.1, 1, 1, 1], [3.0, 0.4, 9, 9, 9]])
    assert huang.mode_sums(modes, 2.0, 1.0, 0.3) == pytest.approx(
        [2 / 256 / 2, 4 / 16 / 2, 9 / 81 / 2, (2 / 256 + 4 / 16 + 9 / 81) / 2])
    assert huang.fractions(modes, 0.3) == pytest.approx([0.25, 0.75, 0.5, 0.25])
    assert huang.crossing(np.array([-3.0, -2.0, -1.0]), np.array([0.1, 0.2, 0.4]), 0.3) == pytest.approx(-1.5)
    sizes = np.array([100, 200, 800])
    assert huang.size_exponents(np.array([[3 / n, 0.4, n ** -0.5] for n in sizes]), sizes) == pytest.approx([1, 0, 0.5])


def test_plateau():
    rates, error = np.array([0.01, 0.03, 0.1, 0.3]), np.array([0.5, 0.2, 0.1, 0.05])
    eta, eta_error, highest = huang.plateau(rates, np.array([10.3, 9.9, 8.5, 6.0]), error)
    assert highest == 0.03 and eta == pytest.approx((10.3 / 0.25 + 9.9 / 0.04) / (1 / 0.25 + 1 / 0.04))
    assert eta_error == pytest.approx((1 / 0.25 + 1 / 0.04) ** -0.5)
