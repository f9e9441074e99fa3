"""Reads what the decks of examples/huang_viscosity write."""

import dataclasses
import functools
import pathlib

import numpy as np

import huang


@dataclasses.dataclass(frozen=True)
class Units:
    boltzmann: float    # energy / temperature
    mvv2e: float        # energy / (mass velocity^2)
    nktv2p: float       # pressure / (energy / volume)
    viscosity: float    # printed unit / (pressure time)
    viscosity_name: str
    frequency_name: str


UNITS = {"lj": Units(1.0, 1.0, 1.0, 1.0, r"$\epsilon\tau/\sigma^3$", r"rad/$\tau$"),
         "metal": Units(8.617343e-5, 1.0364269e-4, 1.6021765e6, 1e-4, "mPa s", "rad/ps")}


def read_about(path):
    """The two lines that a deck prints when it is done, as a dictionary."""
    names, values = path.read_text().splitlines()[:2]
    about = dict(zip(names.lstrip("# ").split(), values.split()))
    return {name: value if name == "units" else float(value) for name, value in about.items()}


def read_snapshots(path):
    """The snapshots of a dump local: omega, P, and Xi-hat^2 in three planes of every mode."""
    parts = path.read_text().split("ITEM: ENTRIES")[1:]
    words = [part.split("ITEM:")[0].split("\n", 1)[1].split() for part in parts]
    return [np.array(w, dtype=float).reshape(-1, 5) for w in words]


def read_sections(path):
    """The tables that a fix has appended, one for each time that it was defined."""
    sections, rows = [], []
    for line in path.read_text().splitlines():
        if not line.startswith("#"):
            rows.append([float(word) for word in line.split()])
        elif rows:
            sections.append(np.array(rows))
            rows = []
    return sections + [np.array(rows)]


def read_blocks(path):
    """The blocks of fix ave/correlate: a line with the number of rows, then the rows."""
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    blocks, at = [], 0
    while at < len(lines):
        rows = int(lines[at].split()[1])
        blocks.append(np.array([line.split() for line in lines[at + 1:at + 1 + rows]], dtype=float))
        at += 1 + rows
    return blocks


class Run:
    """One temperature: what measure.lmp wrote under one name."""

    def __init__(self, path, threshold, tail_fraction=0.1):
        self.about = read_about(path)
        self.stem = str(path)[:-len(".run.txt")]
        self.units = UNITS[self.about["units"]]
        self.T, self.volume = self.about["T"], self.about["volume"]
        self.atoms, self.atoms_a = int(self.about["atoms"]), int(self.about["n_A"])
        self.kT = self.units.boltzmann * self.T
        self.mass = self.about["mass"] * self.units.mvv2e    # energy / velocity^2
        self.threshold, self.tail_fraction = threshold, tail_fraction
        self.samples = read_snapshots(self.file("modes"))
        means = np.loadtxt(self.file("means"), ndmin=2)
        self.thermo = means[means[:, 0] > 0, 1:4]    # temperature, energy, pressure; at step 0 there is no mean yet
        structures = np.loadtxt(self.file("is"), ndmin=2) if self.file("is").exists() else np.empty((0, 12))
        self.structures = structures[structures[:, 4] == 1]    # converged

    def file(self, kind):
        return pathlib.Path(f"{self.stem}.{kind}.txt")

    def omega_min(self, bulk=None, volume=None):
        """2 pi/L sqrt(B/rho), B in pressure units (that of the liquid unless given); also of another volume at this
        density."""
        bulk = (self.about["bulk"] if bulk is None else bulk) / self.units.nktv2p
        sound = np.sqrt(bulk * self.volume / (self.atoms * self.mass))
        return 2 * np.pi * sound / (volume or self.volume) ** (1 / 3)

    @property
    def bulk_of_structures(self):
        return huang.mean_and_error(self.structures[:, 7])

    # Green and Kubo

    @functools.cached_property
    def stress(self):
        """Time, and V/kT <sigma sigma> of every block, in units of viscosity/time."""
        blocks = [b for b in read_blocks(self.file("stress")) if b[0, 2] > 1]    # the one at step 0 has one value
        correlation = np.array([b[:, 3:8].mean(axis=1) for b in blocks])
        scale = self.volume / (self.kT * self.units.nktv2p) * self.units.viscosity
        return blocks[0][:, 1] * self.about["dt"], scale * correlation

    @property
    def start_of_tail(self):
        return huang.start_of_tail(self.stress[1].mean(axis=0), self.tail_fraction)

    @functools.cached_property
    def green_kubo(self):
        """The viscosity and its error."""
        t, blocks = self.stress
        first = self.start_of_tail
        return huang.jackknife(lambda b: huang.integral_with_tail(b.mean(axis=0), t[1], first)[0], blocks)

    @property
    def tail(self):
        """A, tau, beta of the fit to the tail."""
        t, blocks = self.stress
        return huang.integral_with_tail(blocks.mean(axis=0), t[1], self.start_of_tail)[1]

    # Friction

    @functools.cached_property
    def diffusion(self):
        """D of all, A, B: slopes of mean square displacements over the second half of each sample, and errors."""
        slopes = []
        for rows in read_sections(self.file("msd")):
            t = (rows[:, 0] - rows[0, 0]) * self.about["dt"]
            late = t >= t[-1] / 2
            slopes.append(np.polyfit(t[late], rows[late, 1:4], 1)[0] / 6)
        return huang.mean_and_error(slopes)

    @property
    def friction_of_diffusion(self):
        """kT/(m D), 1/time, and its error."""
        D, error = self.diffusion[0][0], self.diffusion[1][0]
        return self.kT / (self.mass * D), self.kT / (self.mass * D ** 2) * error

    @functools.cached_property
    def friction(self):
        """That of fix glass/memory for all atoms, and its error."""
        return tuple(np.loadtxt(self.file("friction"), ndmin=2)[-1, 3:5])

    @functools.cached_property
    def memory(self):
        """Time, memory kernel v(t), its error, and its running integral over m, for all atoms."""
        table = np.loadtxt(self.file("memory"), ndmin=2)
        return table[:, [0, 2, 3, 4]].T

    # Modes

    @functools.cached_property
    def fractions(self):
        """f_s, f_u, f_uL, f_uD and their errors."""
        return huang.mean_and_error([huang.fractions(modes, self.threshold) for modes in self.samples])

    def mobility_edge(self, width):
        return huang.mobility_edge(self.samples, self.threshold, width)

    def sums(self, bulk=None, factor=1.0, threshold=None):
        """Viscosities for a friction rate of 1, of every sample: uL, uD, stable, all, unstable."""
        omega_min = factor * self.omega_min(bulk)
        sums = np.array([huang.mode_sums(modes, self.volume, omega_min, threshold or self.threshold)
                         for modes in self.samples])
        sums = np.column_stack((sums, sums[:, 0] + sums[:, 1]))
        return sums * self.units.nktv2p * self.units.viscosity

    def viscosities(self, **how):
        """Of the five classes, and errors: of the sums over samples, and of the friction rate."""
        value, error = huang.mean_and_error(self.sums(**how))
        rate, rate_error = self.friction
        return rate * value, np.hypot(rate * error, rate_error * value)


class Shear:
    """Steady shear at one temperature: what in.shear wrote."""

    def __init__(self, path):
        self.about = read_about(path)
        self.T = self.about["T"]
        blocks = np.vstack(read_sections(path.with_name(path.name.replace(".shear.", ".blocks."))))
        self.rates = np.array([(rate, *huang.mean_and_error(blocks[blocks[:, 1] == rate, 3]))
                               for rate in np.unique(blocks[:, 1])])
        self.plateau = huang.plateau(*self.rates.T)


class Sizes:
    """Participation ratios at several N and one T: what in.edge wrote, and the run at the same temperature."""

    def __init__(self, samples, volumes, T, width):
        self.T, self.samples, self.volumes = T, samples, volumes
        self.numbers = sorted(samples)
        lowest = min(m[0, 0] for of in samples.values() for m in of)
        highest = max(m[-1, 0] for of in samples.values() for m in of)
        edges = width * np.arange(np.floor(lowest / width), np.ceil(highest / width) + 1)
        self.omega = (edges[1:] + edges[:-1]) / 2
        self.sums = {n: huang.binned(samples[n], edges) for n in self.numbers}
        self.ratio = {n: np.where(s[:, 0].sum(axis=0) < 8, np.nan, huang.mean_of_bins(s, 1))
                      for n, s in self.sums.items()}
        self.exponent = huang.size_exponents(np.array([self.ratio[n] for n in self.numbers]), np.array(self.numbers))

    @classmethod
    def read(cls, folder, runs, width):
        samples, volumes = {}, {}
        paths = sorted(folder.glob("*.edge.txt"))
        for path in paths:
            about = read_about(path)
            samples[int(about["atoms"])] = read_snapshots(path.with_name(path.name.replace(".edge.", ".modes.")))
            volumes[int(about["atoms"])] = about["volume"]
        if not paths:
            return None
        for run in runs:
            if run.T == about["T"]:
                samples[run.atoms], volumes[run.atoms] = run.samples, run.volume
        return cls(samples, volumes, about["T"], width)

    def threshold(self, level, draws=200):
        """Frequency on the unstable branch where -d ln P/d ln N falls to the level, P there at every N; and errors, by
        drawing the samples anew."""
        rng = np.random.default_rng(4711)

        def read(sums):
            ratios = np.array([huang.mean_of_bins(sums[n], 1) for n in self.numbers])
            seen = np.all([s[:, 0].sum(axis=0) >= 8 for s in self.sums.values()], axis=0) & (self.omega < 0)
            omega, ratios = self.omega[seen], ratios[:, seen]
            at = huang.crossing(omega, -huang.size_exponents(ratios, np.array(self.numbers)), -level)
            return np.array([at, *(np.interp(at, omega, ratio) for ratio in ratios)])

        redrawn = [read({n: s[rng.integers(len(s), size=len(s))] for n, s in self.sums.items()}) for _ in range(draws)]
        return read(self.sums), np.nanstd(redrawn, axis=0)


def energies_of_isochore(folder):
    """Temperatures, U/N and errors of what in.entropy wrote; None if it was not run."""
    for path in folder.glob("*.entropy.txt"):
        sections = read_sections(path.with_name(path.name.replace(".entropy.", ".energy.")))
        energy = [huang.mean_and_error(rows[:, 3] / read_about(path)["atoms"]) for rows in sections]
        return np.array([(rows[0, 1], *e) for rows, e in zip(sections, energy)]).T
    return None


class Entropy:
    """Configurational entropy of every run, with what in.entropy wrote: S_liquid - S_vib, for each atom, in k_B.

    Vibrations are harmonic, which inherent structures allow for below the onset temperature only: `cold` are the runs
    that the linear relation to ln f_uL is fitted to.
    """

    def __init__(self, isochore, runs, onset=np.inf, draws=200):
        rng = np.random.default_rng(4711)
        run = runs[0]
        limit = huang.ideal_gas_limit(run.atoms / run.volume, run.atoms_a / run.atoms)
        # the runs take the place of what is as cold as they are
        T, energy, error = isochore[:, isochore[0] > 1.001 * max(run.T for run in runs)]
        own = np.array([huang.mean_and_error(run.thermo[:, 1] / run.atoms) for run in runs])
        T, energy = np.append(T, [run.T for run in runs]), np.append(energy, own[:, 0])
        error = np.append(error, own[:, 1])

        def liquid(energy):
            free = huang.excess_free_energy(T, energy, limit)
            excess = energy[-len(runs):] / T[-len(runs):] - [free(run.T) for run in runs]
            ideal = [huang.entropy_ideal(run.atoms, run.atoms_a, run.volume, run.mass, run.kT) / run.atoms
                     for run in runs]
            return ideal + excess

        self.liquid = liquid(energy)
        self.liquid_error = np.std([liquid(energy + error * rng.standard_normal(len(T))) for _ in range(draws)], axis=0)
        log_omega = np.array([huang.mean_and_error(run.structures[:, 9]) for run in runs])
        self.vibrations = np.array([huang.entropy_harmonic(run.atoms, run.volume, run.mass, run.kT, log) / run.atoms
                                    for run, log in zip(runs, log_omega[:, 0])])
        self.value = self.liquid - self.vibrations
        self.error = np.hypot(self.liquid_error, 3 * log_omega[:, 1])
        self.log_fraction = np.log([run.fractions[0][2] for run in runs])
        self.log_fraction_error = np.array([run.fractions[1][2] / run.fractions[0][2] for run in runs])
        cold = self.cold = np.array([run.T for run in runs]) <= onset
        self.line, self.line_error = huang.fit_line(self.log_fraction[cold], self.value[cold],
                                                    self.log_fraction_error[cold], self.error[cold])
