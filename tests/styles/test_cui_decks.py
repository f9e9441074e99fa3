"""The decks of examples/cui_moduli run, small and short, and tools/plot_cui.py reads what they write; transforms and
fits of tools/viscoelastic.py against closed forms, and against parameters that are known."""

import os
import subprocess
import sys

import numpy as np
import pytest
import scipy.integrate
import scipy.special

from lammps_run import LAMMPS_POTENTIALS, PLUGIN, ROOT

sys.path.insert(0, str(ROOT / "tools"))
import kernel_table
import viscoelastic as visco

W = np.logspace(-6, 6, 25)


# ---- transforms

def test_maxwell():
    assert np.allclose(visco.kohlrausch(W, 1.0, 3.0, 2.0, 5.0), 2.0 + 5.0 * 3j * W / (1 + 3j * W), rtol=1e-9)
    assert np.allclose(visco.stretched_kernel(W, 7.0, 0.5, 1.0), 7.0 / (0.5 + 1j * W), rtol=1e-9)


@pytest.mark.parametrize("beta", [0.3, 0.55, 0.69, 0.9])
def test_limits(beta):
    gamma = scipy.special.gamma
    x = 1e-5
    slow = visco.stretched_transform(x, beta)
    assert slow.real == pytest.approx(gamma(1 + 1 / beta), rel=1e-5)
    assert -slow.imag == pytest.approx(x * gamma(2 / beta) / beta, rel=5e-5)
    x = 1e9
    fast = visco.stretched_transform(x, beta)
    turn = lambda k: np.exp(-0.5j * np.pi * k * beta)
    tail = lambda k: gamma(1 + k * beta) * turn(k) * (-x ** -beta) ** k / scipy.special.factorial(k)
    assert -fast.imag == pytest.approx((sum(tail(k) for k in range(4)) / x).real, rel=1e-6)
    assert fast.real == pytest.approx((sum(tail(k) for k in range(4)) / (1j * x)).real, rel=1e-6)


@pytest.mark.parametrize("x", [0.3, 2.0, 15.0])
def test_quadrature(x):
    for weight, part in (("cos", "real"), ("sin", "imag")):
        there = scipy.integrate.quad(lambda u: np.exp(-u ** 0.6), 0, np.inf, weight=weight, wvar=x, epsabs=1e-12,
                                     limlst=500)
        sign = 1 if weight == "cos" else -1
        assert getattr(visco.stretched_transform(x, 0.6), part) == pytest.approx(sign * there[0], abs=1e-9)


def test_exponent_out_of_range():
    with pytest.raises(ValueError, match="exponent 1.2"):
        visco.stretched_transform(1.0, 1.2)


def test_polygon():
    t = np.array([0.0, 0.1, 0.15, 1.0, 4.0])
    values = np.array([3.0, 2.0, -1.0, 0.5, 0.0])
    for omega in (0.0, 1e-4, 0.3, 20.0, 300.0):
        fine = np.linspace(0, 4, 40001)
        there = scipy.integrate.simpson(np.interp(fine, t, values) * np.exp(-1j * omega * fine), x=fine)
        assert visco.polygon_transform(omega, t, values) == pytest.approx(there, rel=1e-4, abs=1e-5)


# ---- modes and fits

def made_up_modes():
    rng = np.random.default_rng(5)
    square = rng.uniform(1.0, 9.0, 400) ** 2
    return visco.Modes(square, rng.gamma(0.5, 2.0, 400), 3000.0)


def test_one_oscillator():
    one = visco.Modes(np.array([4.0]), np.array([6.0]), 2.0)
    assert one.nonaffine(1.5, 0.3)[0] == pytest.approx(3.0 / (4.0 - 2.25 + 0.45j))


def test_gathered_modes():
    modes = made_up_modes()
    omega = np.logspace(-3, 1, 20)
    kernel = visco.stretched_kernel(omega, 4.0, 2.0, 0.6)
    few = modes.gathered(100)
    assert len(few.square) <= 100
    assert np.allclose(few.nonaffine(omega[:14], kernel[:14]), modes.nonaffine(omega[:14], kernel[:14]), rtol=1e-3)
    with pytest.raises(ValueError, match="lambda <= 0"):
        visco.Modes(np.array([-1.0, 2.0]), np.ones(2), 1.0).gathered(3)


def test_reduced_density():
    rng = np.random.default_rng(2)
    omega = 10 * rng.random(200000) ** (1 / 3)    # g = 3 omega^2/1000
    centre, reduced, error = visco.reduced_density(omega, np.linspace(0, 10, 11))
    assert np.all(np.abs(reduced - 0.003 * (1 + 1 / (12 * centre ** 2))) < 4 * error)
    assert np.sum(visco.density(omega, np.linspace(0, 10, 11))) == pytest.approx(1.0)


@pytest.mark.parametrize("rescaled", [False, True])
def test_kernel_is_found(rescaled):
    """Of a strong kernel all three parameters; with constants of rescaling to be found beside them, too."""
    modes = made_up_modes()
    truth = (6.0, 0.02, 0.65)
    omega = np.logspace(-6, -1, 40)    # below all modes
    s = modes.nonaffine(omega, visco.stretched_kernel(omega, *truth))
    high = 5.0 * modes.xi.sum() / modes.volume
    target = visco.Rescaling(3.0, 2.5, 7.0)(s) if rescaled else high - s
    fit = visco.fit_kernel(modes, omega, target, (3.0, 0.05, 0.5), high=None if rescaled else high)
    assert (fit.nu0, fit.r, fit.b) == pytest.approx(truth, rel=1e-4) and fit.residual < 1e-5
    if rescaled:
        constants = (fit.rescaling.storage, fit.rescaling.loss, fit.rescaling.high)
        assert constants == pytest.approx((3.0, 2.5, 7.0), rel=1e-3)
    fixed = visco.fit_kernel(modes, omega, target, (truth[0], 0.05, 0.5), None if rescaled else high, ("nu0",))
    assert fixed.nu0 == truth[0] and fixed.b == pytest.approx(0.65, rel=1e-5)


def test_weak_kernel_gives_its_own_kohlrausch_law():
    """Where nu0 is small against all lambda, E* follows exp(-r t^b), and nothing else of the modes matters."""
    modes = made_up_modes()
    omega = np.logspace(-10, -3.5, 50)    # omega^2 is small even against nu0
    modulus = 1.0 - modes.nonaffine(omega, visco.stretched_kernel(omega, 1e-4, 1e-4, 0.65))
    fit = visco.fit_kohlrausch(omega, modulus)
    assert fit.beta == pytest.approx(0.65, rel=1e-3) and fit.tau == pytest.approx(1e-4 ** (-1 / 0.65), rel=1e-3)
    assert np.allclose(fit(omega).imag, modulus.imag, rtol=0.01, atol=0.003 * modulus.imag.max())


def test_kernel_table(tmp_path):
    t = np.linspace(0, 8, 401)
    nu = 50.0 + 200.0 * np.exp(-9 * t)
    rows = np.zeros((401, 11))
    rows[:, 0], rows[:, 2] = t, nu * 77.0 * 1.0364269e-4
    np.savetxt(tmp_path / "memory.txt", rows)
    command = [sys.executable, ROOT / "tools" / "kernel_table.py", tmp_path / "memory.txt", tmp_path / "out.txt",
               "--mass", "77"]
    subprocess.run(command, check=True)
    off = np.loadtxt(tmp_path / "out.txt")
    assert off[0] == pytest.approx([0.0, 200.0], rel=1e-2) and off[-1, 1] == 0.0
    assert np.allclose(off[:300, 1], nu[:300] - 50.0, atol=0.02 * 200)
    subprocess.run(command + ["--hold", "100"], check=True)
    kept = np.loadtxt(tmp_path / "out.txt")
    assert np.allclose(kept[:401, 1], nu, atol=0.02 * 200) and kept[-1, 1] == 0.0
    whole = visco.polygon_transform(1e-5, *kept.T).real
    assert whole == pytest.approx(50 * 132 + 200 / 9, rel=0.01)    # held to four times the last lag


def test_kernel_table_damps_everywhere():
    """Noise does not make a spectrum negative, and what decays is left as it is within the noise."""
    rng = np.random.default_rng(1)
    t = np.linspace(0, 4, 401)
    truth = 300 * np.exp(-(t / 0.05) ** 2)    # its spectrum is nothing at high frequencies
    decaying = kernel_table.damping(t, truth + rng.normal(0, 2, 401) * np.where(t > 3.5, 0, 1))
    omega = np.linspace(0.01, 150, 500)
    assert np.all(visco.polygon_transform(omega, *decaying).real > 0)
    assert np.max(np.abs(decaying[1][:401] - truth)[1:]) < 10
    clean = kernel_table.damping(t, truth)
    assert np.allclose(clean[1][:401], truth, atol=2.0)


# ---- the decks

def deck(folder, which, **variables):
    """Runs a deck in `folder`/run, with relative paths: LAMMPS splits words at blanks that a path may have."""
    (folder / "run").mkdir(exist_ok=True)
    for link, target in (("examples", ROOT / "examples"), ("plugin.so", PLUGIN)):
        if not (folder / link).exists():
            (folder / link).symlink_to(target)
    command = [os.environ["LAMMPS_EXECUTABLE"], "-in", f"../examples/cui_moduli/in.{which}", "-nocite", "-var", "root",
               "..", "-var", "plugin", "../plugin.so"]
    for variable, value in variables.items():
        command += ["-var", variable, *(value if isinstance(value, tuple) else (str(value),))]
    environment = dict(os.environ, OMP_NUM_THREADS="1", LAMMPS_POTENTIALS=str(LAMMPS_POTENTIALS))
    done = subprocess.run(command, cwd=folder / "run", env=environment, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=600)
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


def test_decks(tmp_path):
    run = tmp_path / "run"
    deck(tmp_path, "quench", n=108, rate=2000, t_melt=0.3, t_hold=0.2, name="g")
    deck(tmp_path, "modes", name="g")
    deck(tmp_path, "moduli", name="g", points=13)
    deck(tmp_path, "memory", name="g", T=300, t_heat=0.2, t_hold=0.2, t_run=0.8, t_memory=0.2)
    deck(tmp_path, "oscillate", name="g", T=300, period=("0.1", "0.2"), cycles=("3", "2"))
    subprocess.run([sys.executable, ROOT / "tools" / "kernel_table.py", "--mass", "77.385", run / "g_T300.memory.txt",
                    run / "g_T300.kernel.txt"], check=True)
    deck(tmp_path, "measured", name="g", T=300, points=9, lo=20, hi=90)
    deck(tmp_path, "scale", name="g", copies="2 1 1", moments=200, vectors=2)
    table = np.loadtxt(run / "scale.kpm.txt", skiprows=4)
    assert np.sum(table[:, 2]) * 0.5 == pytest.approx(1.0, rel=0.05)
    done = subprocess.run([sys.executable, ROOT / "tools" / "plot_cui.py", run], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    assert "sheared G'" in done.stdout
    differences = [float(line.split("by at most ")[1].split()[0]) for line in done.stdout.splitlines()
                   if "mode sum and" in line]
    assert len(differences) == 3 and max(differences) < 1e-8
    for name in ("modes", "moduli", "measured"):
        assert (run / f"cui_{name}.png").stat().st_size > 10000
    # the compute's mode sum, and this one's; the relaxed modulus is the limit
    about = dict(zip(*(line.lstrip("# ").split() for line in (run / "g.about.txt").read_text().splitlines())))
    table = np.loadtxt(run / "g.modulus.1.modes.txt", skiprows=4)[:, 1:]
    assert table[0, 1] == pytest.approx(float(about["E"]), rel=1e-6)
