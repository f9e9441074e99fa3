"""Reads the files of fix glass/relax, and finds the temperatures at which the dynamics of a liquid changes.

Errors of what comes in are standard errors; intervals hold 90 % of a bootstrap, which draws every number anew from a
normal distribution with its error. A temperature that is not between the measured ones is said to be below or above
them: it is -inf or +inf here.
"""

import dataclasses
import re

import numpy as np
import scipy.optimize

DRAWS = 1000
TIMES = ("tau_alpha", "tau_plus", "tau_minus")


# ---- The files of fix glass/relax

class Relaxation:
    """One file: `curves` are its columns by name, `species` what its head says of the group and of every type."""

    def __init__(self, path):
        text = path.read_text()
        comments = [line[1:].strip() for line in text.splitlines() if line.startswith("#")]
        rows = np.loadtxt(path, ndmin=2)
        self.curves = dict(zip(comments[-1].split(), rows.T))
        self.species = {match[1]: parse_results(match[2])
                        for match in (re.match(r"(group|type \d+): (.*)", line) for line in comments) if match}
        head = re.search(r"(\d+) atoms of group .*, (\S+) pairs closer than (\S+) \(mean of (\d+) origins?\), "
                         r"q (\S+), threshold (\S+),", comments[0])
        if head is None or "group" not in self.species:
            raise ValueError(f"{path} is not a file of fix glass/relax")
        self.atoms, self.origins = int(head[1]), int(head[4])
        self.pairs, self.cutoff, self.q, self.threshold = (float(head[k]) for k in (2, 3, 5, 6))

    def curve(self, name, species="group"):
        """Values and errors of a function at the sampled times; MSD, alpha2 and chi4, too."""
        suffix = "" if species == "group" else "_" + species.split()[1]
        return self.curves[name + suffix], self.curves[f"{name}_error{suffix}"]


def parse_results(text):
    """The numbers of "tau_alpha 5.31 +- 0.12, tau_plus not reached, ..." with their errors, by name."""
    results = {}
    for part in text.split(", "):
        name, value = re.match(r"(.*?) (not reached|\S+(?: \+- \S+)?)$", part).groups()
        if value == "not reached":
            results[name.replace(" ", "_")] = (np.inf, np.inf)
        else:
            value, _, error = value.partition(" +- ")
            results[name.replace(" ", "_")] = (float(value), float(error) if error else np.nan)
    return results


# ---- Stretched exponentials

@dataclasses.dataclass
class Kww:
    amplitude: float
    tau: float
    beta: float
    window: tuple    # first and last time of the fit

    def __call__(self, t):
        return self.amplitude * np.exp(-(np.asarray(t) / self.tau) ** self.beta)


def fit_kww(t, f, error, threshold=np.exp(-1), start=0.3, floor=0.02):
    """f exp(-(t/tau)^beta), by least squares at the sampled times from `start` tau_alpha on, as far as the function is
    above `floor`; weighed by the errors, of which none counts as less than a tenth of the largest. None if it does not
    fall to the threshold there, or if fewer than five times are left.

    From a third of tau_alpha on a cold liquid is past its plateau, and in a hot one atoms have met; f is at most 1. No
    errors come with the parameters: those of neighbouring times are not independent.
    """
    below = f < threshold
    if not below.any():
        return None
    tau = t[np.argmax(below)]
    ends = np.append(f < floor, True)
    used = (t >= start * tau) & (np.arange(len(t)) < np.argmax(ends))
    if used.sum() < 5:
        return None
    error = np.where(np.isfinite(error), error, np.nan)[used]
    largest = np.nanmax(error) if np.isfinite(error).any() else 1.0
    sigma = np.clip(np.nan_to_num(error, nan=largest), 0.1 * largest, None) if largest > 0 else None
    law = lambda t, amplitude, tau, beta: amplitude * np.exp(-(t / tau) ** beta)
    parameters, _ = scipy.optimize.curve_fit(law, t[used], f[used], p0=(0.9, tau, 0.8), sigma=sigma, maxfev=20000,
                                             bounds=((0.0, 0.0, 0.1), (1.0, np.inf, 2.5)))
    return Kww(*parameters, (t[used][0], t[used][-1]))


# ---- Characteristic temperatures

@dataclasses.dataclass
class Characteristic:
    """A temperature with its interval; -inf and +inf are below and above `range`, nan is not to be had."""
    value: float
    interval: tuple
    range: tuple
    detail: object = None    # what the method that found it has to say: a parabola, a line, a fit

    def text(self, digits=3):
        side = lambda T: (f"below {self.range[0]:g}" if T < self.range[0] else
                          f"above {self.range[1]:g}" if T > self.range[1] else f"{T:.{digits}f}")
        if np.isnan(self.value):
            return "not found"
        text = side(self.value)
        if np.isfinite(self.interval).any() or np.isfinite(self.value):
            text += f" ({side(self.interval[0])} … {side(self.interval[1])})"
        return text


def bootstrap(find, values, errors, draws, seed=4711):
    """5 % and 95 % quantiles of find(values drawn anew), infinite ones included; draws without a result are left out,
    and a method that has none in half of them has no interval."""
    rng = np.random.default_rng(seed)
    found = np.array([find(values + errors * rng.standard_normal(len(values))) for _ in range(draws)])
    found = np.sort(found[~np.isnan(found)])
    if len(found) < draws / 2:
        return np.nan, np.nan
    return found[int(0.05 * (len(found) - 1))], found[int(np.ceil(0.95 * (len(found) - 1)))]


def finite(T, values, errors):
    """Ascending temperatures with a value and an error."""
    T, values, errors = (np.asarray(x, dtype=float) for x in (T, values, errors))
    usable = np.isfinite(values) & np.isfinite(errors) & (errors > 0)
    order = np.argsort(T[usable])
    return T[usable][order], values[usable][order], errors[usable][order]


def lowest_of_parabola(x, y, weights, points):
    """Where y(x) is lowest, by a parabola through `points` points about the lowest one: as many on either side as there
    are. -inf, +inf when the lowest point is the first or the last; and the parabola, None when it has no minimum among
    its points, and the lowest point has to do."""
    lowest = int(np.argmin(y))
    if lowest in (0, len(y) - 1):
        return (-np.inf if lowest == 0 else np.inf), None
    half = points // 2
    about = slice(max(lowest - half, 0), lowest + half + 1)
    parabola = np.polynomial.Polynomial(np.polynomial.polynomial.polyfit(x[about], y[about], 2, w=weights[about]))
    curvature = parabola.coef[2]
    bottom = -parabola.coef[1] / (2 * curvature) if curvature > 0 else np.nan
    if not x[about][0] <= bottom <= x[about][-1]:
        return x[lowest], None
    return bottom, parabola


def crossover_temperature(T, gamma, error, points=5, draws=DRAWS):
    """T_x, where gamma_tau(T) is lowest: a parabola in ln T through `points` points about the lowest one. `detail`: the
    parabola as a function of ln T."""
    T, gamma, error = finite(T, gamma, error)
    if len(T) < 3:
        return Characteristic(np.nan, (np.nan, np.nan), (np.nan, np.nan))
    find = lambda y: np.exp(lowest_of_parabola(np.log(T), y, 1 / error, points)[0])
    value, parabola = lowest_of_parabola(np.log(T), gamma, 1 / error, points)
    sides = lambda T: np.where(T == 0.0, -np.inf, T)    # of exp(-inf)
    low, high = sides(np.array(bootstrap(find, gamma, error, draws)))
    return Characteristic(float(sides(np.exp(value))), (low, high), (T[0], T[-1]), parabola)


def straight_line(T, y, error, largest=1.5):
    """The line through as many of the hottest points as one fits, at least three: chi^2 for a degree of freedom below
    `largest`. The line, and how many they are."""
    for count in range(len(T), 2, -1):
        hot = slice(len(T) - count, len(T))
        line = np.polynomial.Polynomial(np.polynomial.polynomial.polyfit(T[hot], y[hot], 1, w=1 / error[hot]))
        chi2 = (((y[hot] - line(T[hot])) / error[hot]) ** 2).sum()
        if count == 3 or chi2 < largest * (count - 2):
            return line, count


def departure(T, y, line, count, excess):
    """Where y first exceeds the line by this part of it on the way down from the coldest point of the line: linear
    between points. -inf if it does not, and nan if that point does."""
    above = y / line(T) - 1 - excess
    coldest = len(T) - count
    if above[coldest] > 0:
        return np.nan
    beyond = np.flatnonzero(above[:coldest] > 0)
    if len(beyond) == 0:
        return -np.inf
    first = beyond[-1]
    return T[first] + above[first] * (T[first + 1] - T[first]) / (above[first] - above[first + 1])


def breakdown_temperature(T, product, error, above=None, excess=0.05, draws=DRAWS):
    """T_b, where D tau_alpha has left the straight line in T of the hot liquid upwards by `excess` of it. The line goes
    through the points at and above the temperature `above`; without one, through as many of the hottest as are on a
    line within their errors (straight_line), and always the same ones in the bootstrap. `detail`: the line and the
    number of points."""
    T, product, error = finite(T, product, error)
    if len(T) < 4:
        return Characteristic(np.nan, (np.nan, np.nan), (np.nan, np.nan))
    count = max(int((T >= above).sum()), 2) if above is not None else straight_line(T, product, error)[1]
    hot = slice(len(T) - count, len(T))

    def find(y):
        line = np.polynomial.Polynomial(np.polynomial.polynomial.polyfit(T[hot], y[hot], 1, w=1 / error[hot]))
        return departure(T, y, line, count, excess), line
    value, line = find(product)
    return Characteristic(value, bootstrap(lambda y: find(y)[0], product, error, draws), (T[0], T[-1]), (line, count))


@dataclasses.dataclass
class PowerLaw:
    """tau_alpha = amplitude (T - critical)^-exponent, fitted from `first` to `last`."""
    critical: float
    exponent: float
    amplitude: float
    first: float
    last: float
    points: int

    def __call__(self, T):
        return self.amplitude * (np.asarray(T) - self.critical) ** -self.exponent


def fit_power_law(T, log_tau, weights):
    """Least squares in ln tau. For a given T_c the rest is a straight line in ln(T - T_c), so one number is searched
    for, from far below T to just below; None if no T_c within is best."""
    def line(log_gap):
        x = np.log(T - T[0] + np.exp(log_gap))
        w, mean = weights ** 2, lambda y: (weights ** 2 * y).sum() / (weights ** 2).sum()
        dx, dy = x - mean(x), log_tau - mean(log_tau)
        slope = (w * dx * dy).sum() / (w * dx * dx).sum()
        return (w * (dy - slope * dx) ** 2).sum(), slope, mean(log_tau) - slope * mean(x)
    ends = np.log(1e-3 * T[0]), np.log(T[0])    # T_c from 0 to 0.999 T
    grid = np.linspace(*ends, 60)
    best = int(np.argmin([line(g)[0] for g in grid]))
    if best in (0, len(grid) - 1):
        return None
    found = scipy.optimize.minimize_scalar(lambda g: line(g)[0], bounds=(grid[best - 1], grid[best + 1]),
                                           method="bounded", options={"xatol": 1e-10})
    _, slope, intercept = line(found.x)
    return PowerLaw(T[0] - np.exp(found.x), -slope, np.exp(intercept), T[0], T[-1], len(T))


def moving_fits(T, log_tau, weights, width, points):
    """The power laws fitted in [T_i, (1 + width) T_i], for every T_i with so many points there."""
    fits = []
    for first in range(len(T)):
        last = np.searchsorted(T, (1 + width) * T[first] * (1 + 1e-9), side="right")
        if last - first >= points:
            fits.append(fit_power_law(T[first:last], log_tau[first:last], weights[first:last]))
    return [fit for fit in fits if fit is not None]


def critical_temperature(T, tau, error, width=0.15, points=3, draws=DRAWS):
    """T_c of tau_alpha = A (T - T_c)^-nu, fitted in windows [T_i, 1.15 T_i]: that of the window whose T_c is nearest
    its T_i. `detail`: the fit. Windows with fewer than `points` points are not used; three determine three parameters
    without a check.

    The interval is that of this window, and knows nothing of the choice, which prefers a T_c too high by chance.
    """
    T, tau, error = finite(T, tau, error)
    weights, log_tau = tau / error, np.log(tau)
    best = min(moving_fits(T, log_tau, weights, width, points), key=lambda fit: fit.first - fit.critical, default=None)
    if best is None:
        return Characteristic(np.nan, (np.nan, np.nan), (0.0, T[-1] if len(T) else np.nan))
    used = slice(np.searchsorted(T, best.first), np.searchsorted(T, best.last) + 1)
    critical = lambda drawn: getattr(fit_power_law(T[used], drawn, weights[used]), "critical", np.nan)
    interval = bootstrap(critical, log_tau[used], 1 / weights[used], draws)
    return Characteristic(best.critical, interval, (0.0, T[-1]), best)
