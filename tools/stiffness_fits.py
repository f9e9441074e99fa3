"""Reads what the decks of examples/kapteijns_stiffness write, and fits it.

Units have m = k_B = epsilon = 1. a0 = (V/N)^(1/3) is the distance of atoms, t0 = a0/sqrt(T) the time a free one takes
for it. Intervals hold 90 % of a bootstrap: the inherent structures of every temperature are drawn anew, and relaxation
times from a normal distribution of their logarithm with its error.
"""

import dataclasses

import numpy as np
import scipy.stats

import relaxation_fits

DRAWS = 1000
# columns of MODEL_T....is.txt: seven of glass/quench, then the values that in.stiffness lists
CONVERGED = 4
KAPPA, SPREAD, SMALLEST, PAIRS, RATTLERS, RESIDUAL, MODULUS, AFFINE, PRESSURE = range(7, 16)


def read_about(path):
    """Names and numbers of a file of two lines. Words that are no numbers are left out."""
    names, values = path.read_text().splitlines()[:2]
    return {name: float(value) for name, value in zip(names.lstrip("# ").split(), values.split())}


class State:
    """One model at one temperature: what in.stiffness measured."""

    def __init__(self, path):
        name = path.name[:-len(".run.txt")]
        self.model = name.split("_T")[0]
        self.about = read_about(path)
        self.T = self.about["T"]
        self.spacing = (self.about["volume"] / self.about["atoms"]) ** (1 / 3)
        self.ballistic = self.spacing / np.sqrt(self.T)
        self.relaxation = relaxation_fits.Relaxation(path.with_name(f"{name}.relax.txt"))
        self.tau, self.tau_error = self.relaxation.species["group"]["tau_alpha"]
        rows = np.loadtxt(path.with_name(f"{name}.is.txt"), ndmin=2)
        self.visits = len(rows)
        rows = rows[rows[:, CONVERGED] == 1]
        if len(rows) < 2:
            raise ValueError(f"{name}: fewer than two inherent structures that have converged")
        self.rows = rows
        self.kappa, self.modulus = rows[:, KAPPA], rows[:, MODULUS]

    def drawn(self, rng):
        """kappa, G and tau_alpha of the same temperature measured once more."""
        again = rng.integers(len(self.rows), size=len(self.rows))
        error = self.tau_error / self.tau if np.isfinite(self.tau_error) else 0.0
        return self.kappa[again].mean(), self.modulus[again].mean(), self.tau * np.exp(error * rng.standard_normal())


def mean_and_error(values):
    """Of independent values, and the standard error."""
    values = np.asarray(values)
    return values.mean(), values.std(ddof=1) / np.sqrt(len(values))


def interval(values):
    """What holds 90 % of them; values that are no numbers are left out."""
    values = np.asarray(values)
    return tuple(np.nanquantile(values, (0.05, 0.95), axis=0))


# ---- How much stiffer on cooling

def relative_changes(states, draws=DRAWS, seed=4711):
    """X(T)/X(T_0) - 1 for kappa and G, T_0 the highest temperature: arrays in the order of `states`, with intervals,
    which include that T_0 is measured with an error, too. The first result is of kappa, the second of G."""
    reference = max(range(len(states)), key=lambda k: states[k].T)
    measured = np.array([(state.kappa.mean(), state.modulus.mean()) for state in states])
    rng = np.random.default_rng(seed)
    drawn = np.array([[state.drawn(rng)[:2] for state in states] for _ in range(draws)])
    change = measured / measured[reference] - 1
    low, high = interval(drawn / drawn[:, reference:reference + 1] - 1)
    return [(change[:, k], low[:, k], high[:, k]) for k in range(2)]


# ---- Relaxation times and stiffness

@dataclasses.dataclass
class Mesoelastic:
    """ln(tau_alpha/t0) = (length a0)^2 kappa/T + ln time, `length` in units of 1/a0, `time` in units of t0."""
    slope: float
    intercept: float
    slope_interval: tuple
    intercept_interval: tuple
    scatter: float    # root mean square of what is left in ln tau
    correlation: float    # of both sides
    points: int

    def __call__(self, x):
        return self.slope * np.asarray(x) + self.intercept

    @property
    def length(self):
        return np.sqrt(self.slope) if self.slope >= 0 else np.nan

    @property
    def length_interval(self):
        return tuple(np.sqrt(max(side, 0)) for side in self.slope_interval)

    @property
    def time(self):
        return np.exp(self.intercept)

    @property
    def time_interval(self):
        return tuple(np.exp(self.intercept_interval))


def fit_line(x, y):
    """Slope and intercept by least squares. All points weigh the same: what a law leaves of them is more than their
    errors."""
    intercept, slope = np.polynomial.polynomial.polyfit(x, y, 1)
    return slope, intercept


def fit_mesoelastic(states, slowest=0.0, of="kappa", draws=DRAWS, seed=4711):
    """The law fitted to all temperatures at which tau_alpha/t0 is at least `slowest`, and was reached. With `of` = "G"
    the same with G a0^3 in place of kappa a0^2: the law of an elastic model of the macroscopic modulus. None with fewer
    than three points."""
    used = [state for state in states if np.isfinite(state.tau) and state.tau >= slowest * state.ballistic]
    if len(used) < 3:
        return None
    rng = np.random.default_rng(seed)
    sides = lambda kappa, modulus, tau, state: (driving(state, kappa, modulus, of), np.log(tau / state.ballistic))
    x, y = np.array([sides(state.kappa.mean(), state.modulus.mean(), state.tau, state) for state in used]).T
    slope, intercept = fit_line(x, y)
    drawn = np.array([fit_line(*np.array([sides(*state.drawn(rng), state) for state in used]).T) for _ in range(draws)])
    ends = np.array(interval(drawn)).T
    return Mesoelastic(slope, intercept, tuple(ends[0]), tuple(ends[1]),
                       np.sqrt(np.mean((y - slope * x - intercept) ** 2)), np.corrcoef(x, y)[0, 1], len(used))


def driving(state, kappa, modulus, of):
    """kappa a0^2/T, or G a0^3/T."""
    return (kappa * state.spacing ** 2 if of == "kappa" else modulus * state.spacing ** 3) / state.T


# ---- Granularity of the landscape

class Granularity:
    """Inherent structures in short intervals, as in.granularity visits them."""

    def __init__(self, path):
        name = path.name[:-len(".granularity.run.txt")]
        self.model, self.about = name.split("_T")[0], read_about(path)
        self.T = self.about["T"]
        self.ballistic = (self.about["volume"] / self.about["atoms"]) ** (1 / 3) / np.sqrt(self.T)
        rows = np.loadtxt(path.with_name(f"{name}.granularity.txt"), ndmin=2)
        rows = rows[rows[:, CONVERGED] == 1]
        self.step, self.energy = rows[:, 0], rows[:, 1]

    def rates(self, fewest=5):
        """Transitions per t0 and 1000 atoms, if one looks every one, two, four, ... intervals, as long as there are
        `fewest` looks: intervals in units of t0, rates, their standard errors."""
        found, stride = [], 1
        while (len(self.energy) - 1) // stride >= fewest:
            moved = np.abs(np.diff(self.energy[::stride])) > self.about["transition"]
            # between two looks at most one counts; how many looks count is binomial
            time = stride * self.about["between"] * self.about["dt"] / self.ballistic
            scale = 1000 / self.about["atoms"] / time
            share = moved.mean()
            variance = max(share * (1 - share), 0.25 / len(moved)) / len(moved)
            found.append((time, share * scale, scale * np.sqrt(variance)))
            stride *= 2
        return np.array(found).T


# ---- Mobility

@dataclasses.dataclass
class Mobility:
    """One configuration of in.isoconfigurational, one element an atom."""
    species: np.ndarray
    kappa: np.ndarray
    quenched: np.ndarray    # mean distances between inherent structures
    direct: np.ndarray      # and of the atoms themselves

    @classmethod
    def read(cls, path):
        rows = np.loadtxt(path, skiprows=9)    # a dump with one snapshot
        return cls(rows[:, 1].astype(int), *rows[:, 2:5].T)

    def known(self, species=None):
        """Atoms that have a stiffness, of one species or of all."""
        return (self.kappa > 0) & (True if species is None else self.species == species)

    def correlation(self, species, which="quenched"):
        """Spearman's rank correlation of 1/kappa_i with the mobility."""
        atoms = self.known(species)
        return scipy.stats.spearmanr(1 / self.kappa[atoms], getattr(self, which)[atoms]).statistic

    def extremes(self, part=0.1, which="quenched"):
        """kappa_i of the least and of the most mobile atoms: this part of every species."""
        least, most = [], []
        for species in np.unique(self.species):
            atoms = self.known(species)
            order = np.argsort(getattr(self, which)[atoms])
            count = max(int(part * len(order)), 1)
            least.append(self.kappa[atoms][order[:count]])
            most.append(self.kappa[atoms][order[-count:]])
        return np.concatenate(least), np.concatenate(most)
