"""What compute glass/modulus, and compute glass/inm with solver kpm, should give, by brute force: all modes of the
dynamical matrix that compute glass/hessian wrote, affine forces of compute glass/affine/atom, G_A of compute
glass/elastic (physics.md, sections 3 and 4). Shares nothing else with the plugin."""

import numpy as np
import scipy.integrate
import scipy.special

from lammps_run import read_bsr

VOIGT = ("xx", "yy", "zz", "yz", "xz", "xy")
STRESSES = ("xx", "yy", "zz", "xy", "xz", "yz")    # LAMMPS's order, of elements 12 to 17 of compute glass/elastic
FTM2V = {"lj": 1.0, "metal": 1.0 / 1.0364269e-4, "real": 1.0 / 48.88821291 ** 2}
NKTV2P = {"lj": 1.0, "metal": 1.6021765e6, "real": 68568.415}


class Oscillators:
    """Modes without translations: lambda_p (1/time^2), Xi-hat_cp^2 (energy/time^2) of each component c, the factor
    from these to pressure/time^2, and G_A of each component (pressure)."""

    def __init__(self, lambda_p, xi2_cp, pressure_per_energy, affine_c):
        self.lambda_p, self.xi2_cp, self.pressure_per_energy, self.affine_c = (lambda_p, xi2_cp, pressure_per_energy,
                                                                               affine_c)

    def nonaffine(self, omega, nu):
        """(1/V) sum_p Xi_p^2/(lambda_p - w^2 + i w nu): rows of frequencies, columns of components."""
        omega, nu = np.asarray(omega, float)[:, None], np.asarray(nu, complex)[:, None]
        return 1.0 / (self.lambda_p - omega ** 2 + 1j * omega * nu) @ self.xi2_cp.T * self.pressure_per_energy

    def modulus(self, omega, nu):
        return self.affine_c - self.nonaffine(omega, nu)

    def within_line_width(self, omega, nu):
        """(1/pi) sum_p s^2/((lambda_p - w^2 + w nu2)^2 + s^2), s = w nu1."""
        omega, nu = np.asarray(omega, float)[:, None], np.asarray(nu, complex)[:, None]
        shifted = self.lambda_p - omega ** 2 + 1j * omega * nu
        return (shifted.imag ** 2 / np.abs(shifted) ** 2).sum(axis=1) / np.pi


def export(strain, words=""):
    """Script lines that leave what read_oscillators reads; `words` are more columns of thermo output."""
    strain = strain.split()
    forces = " ".join(f"c_glasstestx[{k + 1}]" for k in range(3 * len(strain)))
    constants = " ".join(f"c_glasstestel[{k}]" for k in range(12, 18)) + " " + " ".join(
        f"c_glasstestel[{VOIGT.index(c) + 1}][{VOIGT.index(c) + 7}]" for c in strain)
    return f"""
compute glasstesth all glass/hessian matrix dynamical file numpy dynamical
compute glasstestx all glass/affine/atom strain {" ".join(strain)}
compute glasstestel all glass/elastic relaxed no
dump glasstestd all custom 1 affine.txt id {forces}
dump_modify glasstestd sort id format float %.17g
thermo_style custom step vol c_glasstesth {constants} {words}
thermo_modify line yaml format float %.17g norm no
"""


def read_oscillators(run, strain, units):
    strain, row = strain.split(), run.thermo()[-1]
    dynamical = read_bsr(run.path / "dynamical").toarray()
    mass = np.load(run.path / "dynamical.mass.npy")
    d, n = len(dynamical) // len(mass), len(mass)
    force_ic = run.table("affine.txt")[:, 1:].reshape(n, len(strain), 3)[:, :, :d]
    weighted_c = (force_ic / np.sqrt(mass)[:, None, None]).transpose(1, 0, 2).reshape(len(strain), d * n)
    # Uniform translations, lifted beyond all others: none is told by its eigenvalue, which is zero.
    translation = np.kron(np.sqrt(mass / mass.sum())[:, None], np.eye(d))
    lifted = dynamical + 4.0 * np.abs(dynamical).sum(axis=1).max() * translation @ translation.T
    lambda_p, modes = np.linalg.eigh(0.5 * (lifted + lifted.T))
    lambda_p, modes = lambda_p[:-d], modes[:, :-d]
    xi2_cp = (weighted_c @ modes) ** 2 * FTM2V[units]
    # A_ijij = C_ijij + sigma_jj, C the affine one.
    stress = {c: row[f"c_glasstestel[{12 + k}]"] for k, c in enumerate(STRESSES)}
    affine_c = [row[f"c_glasstestel[{VOIGT.index(c) + 1}][{VOIGT.index(c) + 7}]"] + stress[c[1] * 2] for c in strain]
    return Oscillators(lambda_p, xi2_cp, NKTV2P[units] / row["Volume"], np.array(affine_c))


# ---- kernels: nu~(w) = int_0^inf nu(t) exp(-iwt) dt

def constant(omega, nu0):
    return np.full(np.shape(omega), nu0, complex)


def prony(omega, *terms):
    omega = np.asarray(omega, float)
    return sum(nu * tau / (1.0 + 1j * omega * tau) for nu, tau in zip(terms[::2], terms[1::2]))


def stretched(omega, nu0, r, b):
    """Along t = s exp(-i theta), where the integrand does not oscillate; the trapezoid rule in ln s."""
    theta = np.pi / (4.0 * max(b, 1.0))
    step, direction = theta / 40.0, np.exp(-1j * theta)
    values = []
    for w in np.atleast_1d(np.asarray(omega, float)):
        longest = (60.0 / (r * np.cos(theta * b))) ** (1.0 / b)
        if w > 0:
            longest = min(longest, 60.0 / (w * np.sin(theta)))
        s = np.exp(np.log(longest) - np.arange(0.0, 50.0 + 4.0 / b, step))
        t = s * direction
        values.append(nu0 * step * (t * np.exp(-r * s ** b * np.exp(-1j * theta * b) - 1j * w * t)).sum())
    return np.array(values)


def polygon(omega, t, nu):
    """Exact for the polygon through (t, nu), nothing after its end."""
    omega = np.atleast_1d(np.asarray(omega, float))
    t, nu = np.asarray(t, float), np.asarray(nu, float)
    h, slope = np.diff(t), np.diff(nu) / np.diff(t)
    node, weight = np.polynomial.legendre.leggauss(20)
    node, weight = 0.5 * (node + 1.0), 0.5 * weight
    inside = t[:-1, None] + h[:, None] * node
    values = []
    for w in omega:
        if w * h.max() < 2.0:    # 20 points are exact to rounding
            pieces = h * ((nu[:-1, None] + slope[:, None] * h[:, None] * node) * np.exp(-1j * w * inside) @ weight)
            values.append(pieces.sum())
        else:    # twice by parts
            phase = np.exp(-1j * w * t)
            values.append((nu[0] * phase[0] - nu[-1] * phase[-1]) / (1j * w) -
                          (slope * (phase[:-1] - phase[1:])).sum() / w ** 2)
    return np.array(values)


def along_real_time(w, nu, end):
    """scipy's quadrature with an oscillating weight, to `end`: slow, and good to some nine digits."""
    parts = [scipy.integrate.quad(nu, 0.0, end, weight=kind, wvar=w, limit=2000, epsabs=1e-13)[0]
             for kind in ("cos", "sin")] if w > 0 else [scipy.integrate.quad(nu, 0.0, end, limit=2000)[0], 0.0]
    return parts[0] - 1j * parts[1]


KERNELS = {"constant": constant, "prony": prony, "stretched": stretched}


# ---- kernel polynomials

def chebyshev_moments(x, weight, n):
    """sum_p weight_p T_k(x_p), k = 0 ... n - 1."""
    theta = np.arccos(np.clip(x, -1.0, 1.0))
    return np.array([(weight * np.cos(k * theta)).sum(axis=-1) for k in range(n)])


def jackson(n):
    k, q = np.arange(n), np.pi / (n + 1)
    return ((n - k + 1) * np.cos(q * k) + np.sin(q * k) / np.tan(q)) / (n + 1)


def below(x, moments):
    """Weight below x of the series with Jackson's factors: the density in x, integrated term by term."""
    n = len(moments)
    theta = np.arccos(np.clip(np.asarray(x, float), -1.0, 1.0))
    smooth = jackson(n) * moments
    k = np.arange(1, n)
    return (smooth[0] * (np.pi - theta) - 2.0 * np.sin(np.multiply.outer(theta, k)) @ (smooth[1:] / k)) / np.pi


def frequencies(lambda_p):
    return np.sign(lambda_p) * np.sqrt(np.abs(lambda_p))


def signed_square(omega):
    return np.asarray(omega) * np.abs(omega)


def smoothed_histogram(moments, edges, centre, half_width):
    """Weight in each bin of signed omega: its edges are lambda = w|w|."""
    return np.diff(below((signed_square(edges) - centre) / half_width, moments))


def interval_of(moments, lambda_p, weight_p):
    """Centre and half width of the interval that is mapped to -1 ... 1, from moments 0, 1, 2 and the exact ones."""
    mean = (weight_p * lambda_p).sum() / weight_p.sum()
    variance = (weight_p * (lambda_p - mean) ** 2).sum() / weight_p.sum()
    x_mean, x2_mean = moments[1] / moments[0], 0.5 * (moments[2] / moments[0] + 1.0)
    half_width = np.sqrt(variance / (x2_mean - x_mean ** 2))
    return mean - half_width * x_mean, half_width
