"""Viscosities, fractions of modes, entropies and laws of the temperature, from arrays of numbers.

Errors are standard errors over samples or blocks of a run; of what is not a mean over them, by jackknife. Fits are
scipy's. tools/huang_runs.py reads the numbers, tools/plot_huang.py draws what comes out.
"""

import dataclasses

import numpy as np
import scipy.integrate
import scipy.interpolate
import scipy.odr
import scipy.optimize
import scipy.special


def mean_and_error(values):
    values = np.asarray(values)
    error = values.std(axis=0, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.full(values.shape[1:], np.nan)
    return values.mean(axis=0), error


def jackknife(estimate, blocks):
    """estimate(blocks) and its error, by leaving out one block at a time."""
    n = len(blocks)
    left_out = np.array([estimate(np.delete(blocks, k, axis=0)) for k in range(n)])
    return estimate(blocks), np.sqrt((n - 1) * left_out.var(axis=0))


# ---- Green and Kubo

def running_integral(correlation, dt):
    return scipy.integrate.cumulative_trapezoid(correlation, dx=dt, initial=0.0)


def stretched(t, amplitude, tau, beta):
    return amplitude * np.exp(-(t / tau) ** beta)


def start_of_tail(correlation, fraction):
    """The first lag at which the correlation function is below this fraction of its value at zero."""
    return int(np.argmax(correlation < fraction * correlation[0]))


def integral_with_tail(correlation, dt, first):
    """The integral to infinity, and A, tau, beta: numerical up to lag `first`, from there that of A exp(-(t/tau)^beta),
    fitted to the correlation function from `first` on.

    The noise of an integral grows with its length; the tail has only that of the fit. Every time weighs as much as
    every other: the noise of a correlation function hardly depends on time.
    """
    t, tail = dt * np.arange(first, len(correlation)), correlation[first:]
    height = max(tail[:5].mean(), 0.01 * correlation[0])
    bounds = np.array([(0.0, 50.0), (1e-2 * dt, 10 * t[-1]), (0.3, 1.0)])
    rough = np.clip((1.5, dt * np.argmax(tail < height / np.e), 0.7), *bounds.T)
    (amplitude, tau, beta), _ = scipy.optimize.curve_fit(stretched, t, tail / height, p0=rough, bounds=bounds.T,
                                                         maxfev=20000)
    amplitude *= height
    gamma = scipy.special.gamma(1 / beta) * scipy.special.gammaincc(1 / beta, (t[0] / tau) ** beta)
    return running_integral(correlation[:first + 1], dt)[-1] + amplitude * tau / beta * gamma, (amplitude, tau, beta)


def plateau(rates, eta, error, largest=1.5):
    """Newtonian viscosity, its error, and the highest rate that has part in it: the mean over as many of the lowest
    rates as agree, with a chi^2 for each degree of freedom below the largest."""
    for count in range(len(rates), 0, -1):
        weight = error[:count] ** -2.0
        mean = (weight * eta[:count]).sum() / weight.sum()
        chi2 = (weight * (eta[:count] - mean) ** 2).sum()
        if count == 1 or chi2 < largest * (count - 1):
            return mean, weight.sum() ** -0.5, rates[count - 1]


# ---- Modes

def mode_sums(modes, volume, omega_min, threshold):
    """sum Xi-hat^2/lambda^2 / V over localized and delocalized unstable modes, stable ones, and all."""
    omega, ratio, xi2 = modes[:, 0], modes[:, 1], modes[:, 2:5].mean(axis=1)
    kept = np.abs(omega) >= omega_min
    terms = np.where(kept, xi2 / np.where(kept, omega, 1.0) ** 4, 0.0) / volume
    unstable, localized = omega < 0, ratio < threshold
    localized, delocalized = terms[unstable & localized].sum(), terms[unstable & ~localized].sum()
    stable = terms[~unstable].sum()
    return np.array([localized, delocalized, stable, localized + delocalized + stable])


def fractions(modes, threshold, total=None):
    """f_s, f_u, f_uL, f_uD; `total` modes, if stable ones were not solved for."""
    unstable, localized = modes[:, 0] < 0, modes[:, 1] < threshold
    counts = np.array([unstable.sum(), (unstable & localized).sum(), (unstable & ~localized).sum()])
    fractions = counts / (total or len(modes))
    return np.append(1 - fractions[0], fractions)


def binned(samples, edges):
    """Number of modes, sum of P and sum of Xi-hat^2 in every bin, for every sample."""
    sums = []
    for modes in samples:
        weights = (None, modes[:, 1], modes[:, 2:5].mean(axis=1))
        sums.append([np.histogram(modes[:, 0], edges, weights=w)[0] for w in weights])
    return np.array(sums, dtype=float)


def crossing(omega, ratio, threshold):
    """Where P(omega) first reaches the threshold on the way from the lowest frequency to zero, linear between bins."""
    seen = (omega < 0) & np.isfinite(ratio)
    x, y = omega[seen], ratio[seen]
    for k in range(1, len(x)):
        if y[k - 1] < threshold <= y[k]:
            return x[k - 1] + (threshold - y[k - 1]) / (y[k] - y[k - 1]) * (x[k] - x[k - 1])
    return np.nan


def mean_of_bins(sums, which):
    with np.errstate(invalid="ignore", divide="ignore"):
        return sums[:, which].sum(axis=0) / sums[:, 0].sum(axis=0)


def mobility_edge(samples, threshold, width):
    lowest = min(modes[0, 0] for modes in samples)
    edges = np.arange(np.floor(lowest / width), 1) * width
    centres = (edges[1:] + edges[:-1]) / 2
    return jackknife(lambda sums: crossing(centres, mean_of_bins(sums, 1), threshold), binned(samples, edges))


def size_exponents(ratios, sizes):
    """-d ln P/d ln N in every bin, by least squares over the sizes that have a P there: 1 where modes are localized, 0
    where they are not."""
    seen = np.isfinite(ratios)
    mean = lambda values: np.where(seen, values, 0.0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    x = np.log(sizes)[:, None] - mean(np.log(sizes)[:, None])
    y = np.log(np.where(seen, ratios, 1.0))
    slope = -mean(x * y) / np.maximum(mean(x ** 2), 1e-300)
    return np.where(seen.sum(axis=0) > 1, slope, np.nan)


# ---- Entropy

def entropy_ideal(atoms, atoms_a, volume, mass, kT, hbar=1.0):
    """Of the ideal gas of two kinds, N_A of the first, in units of k_B; factorials exact."""
    wavelength = hbar * np.sqrt(2 * np.pi / (mass * kT))
    factorials = scipy.special.gammaln(atoms_a + 1) + scipy.special.gammaln(atoms - atoms_a + 1)
    return atoms * np.log(volume / wavelength ** 3) - factorials + 1.5 * atoms


def entropy_harmonic(atoms, volume, mass, kT, log_omega, hbar=1.0):
    """Of one inherent structure that vibrates, 3N - 3 frequencies of mean logarithm log_omega, and drifts."""
    wavelength = hbar * np.sqrt(2 * np.pi / (mass * atoms * kT))
    return (3 * atoms - 3) * (1 + np.log(kT / hbar) - log_omega) + np.log(volume / wavelength ** 3) + 1.5


def ideal_gas_limit(density, fraction_a, sigma=(1.0, 0.8, 0.88), epsilon=(1.0, 1.5, 0.5)):
    """d(beta F_ex/N)/dx at x = T^(-1/4) = 0: the second virial coefficient of r^-12 is proportional to x."""
    pairs = (fraction_a ** 2, 2 * fraction_a * (1 - fraction_a), (1 - fraction_a) ** 2)
    volumes = sum(p * s ** 3 * (4 * e) ** 0.25 for p, s, e in zip(pairs, sigma, epsilon))
    return density * 2 * np.pi / 3 * scipy.special.gamma(0.75) * volumes


def excess_free_energy(temperatures, energies, limit):
    """beta F_ex/N as a function of T along an isochore, from the energies U/N at temperatures up to very high ones.

    beta F = integral of U d beta = integral of 4 x^3 U dx with x = T^(-1/4), from x = 0, where the integrand is
    `limit`.
    """
    order = np.argsort(temperatures)[::-1]
    x = np.concatenate(([0.0], np.asarray(temperatures)[order] ** -0.25))
    integrand = np.concatenate(([limit], 4 * x[1:] ** 3 * np.asarray(energies)[order]))
    spline = scipy.interpolate.CubicSpline(x, integrand)
    return lambda T: spline.integrate(0.0, T ** -0.25)


# ---- Laws of the temperature

@dataclasses.dataclass
class Fit:
    parameters: np.ndarray
    errors: np.ndarray
    chi2: float         # for one degree of freedom; nan without any
    model: object       # eta of the temperature, or of what the law takes


def fit_log(model, x, eta, error, start, bounds=(-np.inf, np.inf)):
    """Least squares of ln eta, weighed by its errors."""
    relative = error / eta
    parameters, covariance = scipy.optimize.curve_fit(model, x, np.log(eta), p0=start, sigma=relative,
                                                      absolute_sigma=True, bounds=bounds, maxfev=100000)
    freedom = len(eta) - len(parameters)
    chi2 = (((np.log(eta) - model(x, *parameters)) / relative) ** 2).sum() / freedom if freedom > 0 else np.nan
    return Fit(parameters, np.sqrt(np.diag(covariance)), chi2, lambda x: np.exp(model(np.asarray(x), *parameters)))


def fit_vft(T, eta, error):
    """ln eta0, B, T0 of eta = eta0 exp(B/(T - T0))."""
    lowest = T.min()
    law = lambda T, log_eta0, B, T0: log_eta0 + B / (T - T0)
    return fit_log(law, T, eta, error, (np.log(eta.min()) - 1, lowest, 0.5 * lowest),
                   ((-np.inf, 0.0, 0.0), (np.inf, np.inf, 0.99 * lowest)))


def fit_adam_gibbs(T, entropy, eta, error, power):
    """ln eta0, B of eta = eta0 exp(B/(T s)^power), s given: eta cannot tell B from the scale of s."""
    law = lambda Ts, log_eta0, B: log_eta0 + B / Ts ** power
    Ts = T * entropy
    slope = (np.log(eta[0]) - np.log(eta[-1])) / (Ts[0] ** -power - Ts[-1] ** -power)
    return fit_log(law, Ts, eta, error, (np.log(eta.min()), abs(slope)))


def fit_fraction(T, fraction, eta, error, power):
    """ln eta0, B, c of eta = eta0 exp(B/(T [ln f + c])^power): a of a ln f + b is taken as 1, since eta determines
    B/a^power and b/a alone."""
    def law(x, log_eta0, log_B, log_c):
        T, log_f = x
        return log_eta0 + np.exp(log_B) / (T * (log_f + c_of(log_c))) ** power
    lowest = np.log(fraction).min()
    c_of = lambda log_c: -lowest + np.exp(log_c)    # a ln f + b stays positive
    fit = fit_log(law, np.array([T, np.log(fraction)]), eta, error, (np.log(eta.min()) - 1, 0.0, 0.5))
    log_eta0, log_B, log_c = fit.parameters
    fit.parameters = np.array([log_eta0, np.exp(log_B), c_of(log_c)])
    fit.errors = fit.errors * np.array([1.0, np.exp(log_B), np.exp(log_c)])
    return fit


def fit_line(x, y, x_error, y_error):
    """(a, b) of y = a x + b with errors of both coordinates, and the errors of a and b, widened by the scatter."""
    a, b = np.polyfit(x, y, 1)
    data = scipy.odr.RealData(x, y, np.maximum(x_error, 1e-9), np.maximum(y_error, 1e-9))
    done = scipy.odr.ODR(data, scipy.odr.unilinear, beta0=(a, b)).run()
    return done.beta, done.sd_beta
