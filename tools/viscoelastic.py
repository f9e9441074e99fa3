"""Moduli from modes and a memory kernel, Kohlrausch relaxation, and the fit of one to the other.

Source of all: Cui, Yang, Qiao, Jiang, Dai, Wang, Zaccone, PRB 96, 094203 (2017). Frequencies are angular. The nonaffine
part of a modulus, in units of energy/volume, is

  S(w) = (1/V) sum_p Xi_p^2 / (lambda_p - w^2 + i w nu(w)),    E*(w) = E_A - S(w),

with lambda_p the squared frequencies of the modes, and nu(w) the transform of the memory kernel nu(t). Kohlrausch
relaxation is phi(t) = exp(-(t/tau)^beta).
"""

import dataclasses

import numpy as np
import scipy.optimize
import scipy.special


# ---- Transforms

def stretched_transform(x, beta, points=900):
    """int_0^inf exp(-u^beta) exp(-i x u) du for x >= 0 and 0 < beta <= 1, to about 1e-12 of its absolute value.

    On the ray u = s exp(-i pi/4) nothing oscillates and everything falls off; with s = e^y the trapezoidal rule then
    converges as fast as any. For small x the imaginary part, and for large x the real one, are small against the rest;
    the real part beyond x = 10 is taken on the ray u = -i s instead, on which it is no difference of large numbers.
    """
    if not 0 < beta <= 1:
        raise ValueError(f"exponent {beta}, must be in (0, 1]")
    x = np.asarray(x, dtype=float)
    flat = np.atleast_1d(x).ravel()
    result = np.empty(len(flat), dtype=complex)
    ray = np.exp(-0.25j * np.pi)
    for k, one in enumerate(flat):
        # Where the integrand is over: s^beta cos(pi beta/4) + x s/sqrt(2) = 80, whichever comes first.
        end = np.log(80 / np.cos(np.pi * beta / 4)) / beta
        if one > 0:
            end = min(end, np.log(80 * np.sqrt(2) / one))
        y = np.linspace(end - 45 - 30 / beta * (one <= 10), end, points)
        s = np.exp(y)
        step = y[1] - y[0]
        result[k] = step * ray * np.sum(s * np.exp(-ray ** beta * s ** beta - 1j * one * ray * s))
        if one > 10:
            # Re = int exp(-x s - s^beta cos(pi beta/2)) sin(s^beta sin(pi beta/2)) ds
            angle = np.pi * beta / 2
            result.real[k] = step * np.sum(s * np.exp(-one * s - s ** beta * np.cos(angle)) *
                                           np.sin(s ** beta * np.sin(angle)))
    return result.reshape(x.shape) if x.ndim else result[0]


def kohlrausch(omega, beta, tau, relaxed=0.0, relaxing=1.0):
    """E'(w) + i E''(w) of sigma(t)/epsilon_0 = relaxed + relaxing exp(-(t/tau)^beta): Eqs. 8 and 9."""
    x = np.asarray(omega) * tau
    return relaxed + relaxing * 1j * x * stretched_transform(x, beta)


def stretched_kernel(omega, nu0, r, b):
    """nu(w) of nu(t) = nu0 exp(-r t^b)."""
    tau = r ** (-1 / b)
    return nu0 * tau * stretched_transform(np.asarray(omega) * tau, b)


def polygon_transform(omega, t, values):
    """int values(t) exp(-i w t) dt from the first to the last time of straight lines between the points, which may have
    any spacing; exact."""
    omega = np.asarray(omega, dtype=float)[..., None]
    width = np.diff(t)
    z = -1j * omega * width
    # int_0^1 e^{z u} du and int_0^1 u e^{z u} du, by their series where differences would lose digits
    small = np.abs(z) < 0.05
    safe = np.where(small, 1.0, z)
    first = np.where(small, 1 + z / 2 * (1 + z / 3 * (1 + z / 4 * (1 + z / 5 * (1 + z / 6)))), np.expm1(safe) / safe)
    second = np.where(small, 0.5 + z * (1 / 3 + z * (1 / 8 + z * (1 / 30 + z * (1 / 144 + z / 840)))),
                      (np.exp(safe) - np.expm1(safe) / safe) / safe)
    left, right = values[:-1], values[1:]
    return np.sum(np.exp(-1j * omega * t[:-1]) * width * (left * (first - second) + right * second), axis=-1)


# ---- Modes

@dataclasses.dataclass
class Modes:
    """Modes of one or more glasses of the same size: squared frequencies, Xi^2 of each (energy/time^2), and the volume
    of all of them together."""
    square: np.ndarray
    xi: np.ndarray
    volume: float

    @classmethod
    def of_frequencies(cls, omega, xi, volume):
        """From signed frequencies: imaginary ones are negative."""
        return cls(np.sign(omega) * omega ** 2, np.asarray(xi), volume)

    @property
    def omega(self):
        return np.sign(self.square) * np.sqrt(np.abs(self.square))

    def gathered(self, bins):
        """The same with modes of one bin (of equal width in lambda's logarithm) put together: means weighted by Xi^2.
        What a fit needs, in much less time."""
        if np.any(self.square <= 0):
            raise ValueError("modes of lambda <= 0")
        edges = np.linspace(*np.log(self.square[[self.square.argmin(), self.square.argmax()]]), bins + 1)[1:-1]
        where = np.digitize(np.log(self.square), edges)
        weight = np.bincount(where, self.xi, bins)
        used = weight > 0
        return Modes(np.bincount(where, self.xi * self.square, bins)[used] / weight[used], weight[used], self.volume)

    def nonaffine(self, omega, kernel):
        """S(w) in energy/volume, with nu(w) given at the same frequencies."""
        omega, kernel = np.asarray(omega), np.asarray(kernel)
        pole = -omega ** 2 + 1j * omega * kernel
        return np.array([np.sum(self.xi / (self.square + one)) for one in np.atleast_1d(pole)]) / self.volume


def density(omega, edges):
    """Density of states in bins: its integral over all frequencies is 1."""
    return np.histogram(omega, edges)[0] / len(omega) / np.diff(edges)


def reduced_density(omega, edges):
    """g/omega^2, which Debye's law makes constant, and its standard error, from the number of modes in each bin of
    positive frequencies."""
    g = density(omega, edges)
    counts = np.histogram(omega, edges)[0]
    centre = (edges[1:] + edges[:-1]) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        return centre, g / centre ** 2, g / centre ** 2 / np.sqrt(counts)


# ---- Fits

@dataclasses.dataclass
class Rescaling:
    """E' = high - storage Re S,  E'' = loss Im S: the constants E_A, A, B that the paper fits."""
    storage: float
    loss: float
    high: float

    def __call__(self, nonaffine):
        return self.high - self.storage * nonaffine.real - 1j * self.loss * nonaffine.imag

    @classmethod
    def to(cls, nonaffine, target):
        """By least squares over the given frequencies; S is that of the class's head, so that Im S < 0 where there is
        loss."""
        columns = np.column_stack([-nonaffine.real, np.ones(len(target))])
        (storage, high), *_ = np.linalg.lstsq(columns, target.real, rcond=None)
        return cls(storage, -np.dot(nonaffine.imag, target.imag) / np.dot(nonaffine.imag, nonaffine.imag), high)


@dataclasses.dataclass
class KernelFit:
    nu0: float
    r: float
    b: float
    rescaling: Rescaling    # None: not rescaled
    residual: float    # root mean square, relative to the largest loss modulus


def fit_kernel(modes, omega, target, start, high=None, fixed=()):
    """Parameters of the stretched kernel with which the modes have the moduli `target` (E' + i E'') at the frequencies.

    With `high`, E_A in the units of the target and of S, nothing is rescaled; without, E_A, A and B follow from each
    trial by linear least squares. `start` are nu0, r, b; `fixed` names those that stay as they are. Where nu0 is small
    against all lambda, S is linear in nu0, which is then one and the same as A and B: fix it, or do not rescale.
    """
    names = ("nu0", "r", "b")
    free = [k for k, name in enumerate(names) if name not in fixed]
    nu0, r, b = start
    # of tau = r^(-1/b), as r and b are all but proportional to each other; b below 1
    inner = np.array([np.log(nu0), -np.log(r) / b, scipy.special.logit(min(b, 0.999))])
    unit = np.abs(target.imag).max()

    def unpack(free_values):
        values = inner.copy()
        values[free] = free_values
        b = scipy.special.expit(values[2]) if "b" not in fixed else start[2]
        tau = values[1] if "r" not in fixed else -np.log(start[1]) / b
        return np.exp(values[0]), tau, b

    def model(free_values):
        nu0, log_tau, b = unpack(free_values)
        tau = np.exp(log_tau)
        s = modes.nonaffine(omega, nu0 * tau * stretched_transform(omega * tau, b))
        rescaling = Rescaling.to(s, target) if high is None else None
        return (rescaling(s) if rescaling else high - s), rescaling

    def left(free_values):
        difference = (model(free_values)[0] - target) / unit
        return np.concatenate([difference.real, difference.imag])

    found = scipy.optimize.least_squares(left, inner[free], xtol=1e-12, ftol=1e-12, gtol=1e-12)
    nu0, log_tau, b = unpack(found.x)
    return KernelFit(nu0, np.exp(-b * log_tau), b, model(found.x)[1],
                     np.sqrt(np.mean(found.fun ** 2) * 2))


@dataclasses.dataclass
class KohlrauschFit:
    beta: float
    tau: float
    relaxed: float
    relaxing: float
    residual: float    # root mean square, relative to the largest loss modulus

    def __call__(self, omega):
        return kohlrausch(omega, self.beta, self.tau, self.relaxed, self.relaxing)


def fit_kohlrausch(omega, modulus):
    """beta, tau and the two moduli of Eqs. 8, 9 that come closest to E' + i E''."""
    peak = omega[np.argmax(modulus.imag)]
    unit = modulus.imag.max()

    def linear(values):
        beta, tau = scipy.special.expit(values[0]), np.exp(values[1])
        one = kohlrausch(omega, beta, tau)
        columns = np.vstack([np.column_stack([one.real, np.ones(len(omega))]),
                             np.column_stack([one.imag, np.zeros(len(omega))])])
        rows = np.concatenate([modulus.real, modulus.imag])
        (relaxing, relaxed), *_ = np.linalg.lstsq(columns, rows, rcond=None)
        return (columns @ (relaxing, relaxed) - rows) / unit, beta, tau, relaxed, relaxing

    found = scipy.optimize.least_squares(lambda values: linear(values)[0],
                                         [scipy.special.logit(0.6), -np.log(peak)], xtol=1e-12, ftol=1e-12)
    _, beta, tau, relaxed, relaxing = linear(found.x)
    return KohlrauschFit(beta, tau, relaxed, relaxing, np.sqrt(np.mean(found.fun ** 2) * 2))
