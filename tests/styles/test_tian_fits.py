"""tools/relaxation_fits.py finds, in made-up data with known answers, these answers within its intervals."""

import pathlib
import sys

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import relaxation_fits as fits

T = np.array([0.47, 0.485, 0.50, 0.52, 0.54, 0.565, 0.595, 0.65, 0.7, 0.8, 1.0, 1.4, 2.0])


def inside(found, value):
    return found.interval[0] <= value <= found.interval[1]


# ---- reading

FILE = """# fix r all glass/relax: 1000 atoms of group all, 6712 pairs closer than 1.39 (mean of 5 origins), q 7.2, \
threshold 0.367879, segments of 20000 steps of 0.005
# group: tau_alpha 5.31 +- 0.12, tau_plus 7.1 +- inf, tau_minus not reached, gamma nan +- inf, diffusion coefficient \
0.0119 +- 0.0002, exponent 0.98
# type 1: tau_alpha 6.31 +- 0.1, tau_plus 8e+00 +- 0.2, tau_minus 1.2e1 +- 1, gamma 0.66 +- 0.02, diffusion \
coefficient -1.5e-05 +- 2e-06, exponent 1.01
# t fs fs_error msd msd_error fs_1 fs_error_1 msd_1 msd_error_1
0.1 0.9 0.01 0.2 0.02 0.8 0.03 0.4 inf
10 0.2 0.01 0.3 0.02 0.1 0.03 0.5 0.04
"""


def test_file(tmp_path):
    (tmp_path / "r.txt").write_text(FILE)
    read = fits.Relaxation(tmp_path / "r.txt")
    assert (read.atoms, read.pairs, read.cutoff, read.origins, read.q) == (1000, 6712, 1.39, 5, 7.2)
    assert read.threshold == 0.367879 and list(read.species) == ["group", "type 1"]
    group, one = read.species["group"], read.species["type 1"]
    assert group["tau_alpha"] == (5.31, 0.12) and group["tau_plus"] == (7.1, np.inf)
    assert group["tau_minus"] == (np.inf, np.inf) and np.isnan(group["gamma"][0])
    assert one["diffusion_coefficient"] == (-1.5e-5, 2e-6) and one["exponent"][0] == 1.01
    assert one["tau_minus"] == (12, 1)
    assert read.curve("fs")[0] == pytest.approx([0.9, 0.2]) and read.curve("msd", "type 1")[1][1] == 0.04


def test_other_file(tmp_path):
    (tmp_path / "r.txt").write_text("# t x\n1 2\n")
    with pytest.raises(ValueError, match="not a file of fix glass/relax"):
        fits.Relaxation(tmp_path / "r.txt")


# ---- stretched exponential

t = np.geomspace(0.01, 500, 100)


@pytest.mark.parametrize("amplitude,tau,beta", [(0.85, 40.0, 0.75), (0.6, 3.0, 0.5), (1.0, 1.0, 1.4)])
def test_kww(amplitude, tau, beta):
    rng = np.random.default_rng(1)
    error = np.full(len(t), 0.002)
    decay = np.exp(-t / (0.003 * tau))    # of the cage, over before the window begins
    f = amplitude * np.exp(-(t / tau) ** beta) + (1 - amplitude) * decay + error * rng.standard_normal(len(t))
    found = fits.fit_kww(t, f, error)
    assert (found.amplitude, found.tau, found.beta) == pytest.approx((amplitude, tau, beta), rel=0.03)
    assert found.window[0] >= 0.3 * t[np.argmax(f < np.exp(-1))] and np.all(found(t[t <= found.window[1]]) > 0)


def test_kww_not_reached():
    assert fits.fit_kww(t, np.full(len(t), 0.8), np.full(len(t), 0.01)) is None


def test_kww_without_errors():
    f = 0.9 * np.exp(-(t / 10) ** 0.8)
    for error in (np.full(len(t), np.inf), np.zeros(len(t))):
        assert fits.fit_kww(t, f, error).tau == pytest.approx(10, rel=1e-4)


# ---- T_x

def gamma_of(T_x):
    return 0.6 + 0.3 * np.log(T / T_x) ** 2 + 0.1 * np.log(T / T_x) ** 3


def test_crossover():
    found = fits.crossover_temperature(T, gamma_of(0.58), np.full(len(T), 1e-5))
    assert found.value == pytest.approx(0.58, rel=0.01) and found.detail is not None
    rng = np.random.default_rng(2)
    hits = 0
    for _ in range(40):
        error = np.full(len(T), 0.003)
        found = fits.crossover_temperature(T, gamma_of(0.7) + error * rng.standard_normal(len(T)), error, draws=200)
        hits += inside(found, 0.7)
    assert hits > 30    # of 40, nine in ten expected


def test_crossover_outside():
    for T_x, side, text in ((0.3, -np.inf, "below 0.47"), (4.0, np.inf, "above 2")):
        found = fits.crossover_temperature(T, gamma_of(T_x), np.full(len(T), 0.002))
        assert found.value == side and text in found.text()


def test_crossover_with_the_minimum_near_the_end_may_be_outside():
    error = np.full(len(T), 0.004)
    found = fits.crossover_temperature(T, gamma_of(0.49), error)
    assert found.interval[0] == -np.inf and "(below 0.47 …" in found.text()


def test_what_was_not_reached_is_left_out():
    gamma, error = gamma_of(0.6), np.full(len(T), 1e-4)
    gamma[:2], error[:2] = np.nan, np.inf
    found = fits.crossover_temperature(T, gamma, error)
    assert found.range == (0.50, 2.0) and found.value == pytest.approx(0.6, rel=0.02)
    none = fits.crossover_temperature(T[:2], gamma[:2], error[:2])
    assert np.isnan(none.value) and none.text() == "not found"


# ---- T_b

def product_of(T_b, slope=0.004):
    """On a line above T_b, growing from it below; a twentieth above it at T_b/1.025."""
    return (0.012 + slope * T) * (1 + 2 * np.maximum(T_b / T - 1, 0.0))


@pytest.mark.parametrize("above", [None, 0.8])
def test_breakdown(above):
    product = product_of(0.7)
    found = fits.breakdown_temperature(T, product, 0.005 * product, above=above)
    assert found.value == pytest.approx(0.7 / 1.025, rel=0.01) and inside(found, 0.7 / 1.025)
    line, count = found.detail
    assert line.coef == pytest.approx([0.012, 0.004], rel=0.05) and 3 <= count <= 5
    assert fits.breakdown_temperature(T, product, 1e-4 * product, excess=0.2, above=0.8).value < found.value


def test_breakdown_outside():
    straight = 0.012 + 0.004 * T
    found = fits.breakdown_temperature(T, straight, 0.01 * straight, above=0.8)
    assert found.value == -np.inf and "below 0.47" in found.text()
    assert np.isnan(fits.breakdown_temperature(T[:3], straight[:3], straight[:3]).value)
    tau = np.array([np.inf, *straight[1:]])    # not reached at the lowest
    assert fits.breakdown_temperature(T, tau, 0.01 * tau, above=0.8).range == (0.485, 2.0)


# ---- T_c

def test_power_law():
    tau = 1.7 * (T - 0.435) ** -2.3
    found = fits.critical_temperature(T, tau, 1e-6 * tau)
    assert found.value == pytest.approx(0.435, abs=1e-4) and found.detail.first == 0.47
    assert (found.detail.exponent, found.detail.amplitude) == pytest.approx((2.3, 1.7), rel=1e-3)
    assert found.detail(T[:4]) == pytest.approx(tau[:4], rel=1e-4)
    assert found.detail.points == 5 and found.detail.last == 0.54


def test_interval_of_the_critical_temperature():
    rng = np.random.default_rng(3)
    tau, hits = 1.7 * (T - 0.435) ** -2.3, 0
    for _ in range(20):
        drawn = tau * np.exp(0.01 * rng.standard_normal(len(T)))
        found = fits.critical_temperature(T, drawn, 0.01 * tau, points=5, draws=60)
        assert found.detail.points == 5 and found.interval[0] < found.value < found.interval[1]
        hits += inside(found, 0.435)
    assert hits > 14    # of 20, nine in ten expected


def test_power_law_that_is_none():
    """An Arrhenius law has no T_c close by; too few temperatures have none at all."""
    found = fits.critical_temperature(T, 0.1 * np.exp(1.5 / T), 0.01 * T)
    assert np.isnan(found.value) or found.value < 0.4
    assert fits.critical_temperature(T[::4], T[::4], 0.1 * T[::4]).text() == "not found"
    nothing = fits.critical_temperature(T, np.full(len(T), np.inf), np.full(len(T), np.inf))
    assert np.isnan(nothing.value)
