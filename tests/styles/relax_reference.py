"""What fix glass/relax should find, by plain sums over a dumped trajectory: the oracle of test_relax.py.

Nothing here is clever. Pairs are all pairs, images are tried one by one, and what is left out of a jackknife is left
out of the sums before everything is calculated again.
"""

import itertools

import numpy as np
import scipy.special

QUANTITIES = ("fs", "fplus", "fminus", "msd", "alpha2", "chi4")
TIMES = ("tau_alpha", "tau_plus", "tau_minus")


class Trajectory:
    """A dump with columns id type mass xu yu zu, sorted by ID: steps, edges of the box (rows), periodicity, atoms."""

    def __init__(self, path):
        self.steps, self.boxes, self.rows = [], [], []
        for snapshot in path.read_text().split("ITEM: TIMESTEP\n")[1:]:
            step, _, _, header, *bounds, _, atoms = snapshot.split("\n", 8)
            self.steps.append(int(step))
            bounds = np.array([[float(word) for word in line.split()] for line in bounds])
            self.periodic = np.array([word == "pp" for word in header.split()[-3:]])
            tilts = np.zeros(3)
            if bounds.shape[1] == 3:
                tilts = bounds[:, 2]
                xy, xz, yz = tilts
                # Bounds of a triclinic box are those of the box that encloses it.
                bounds[0, 0] -= min(0, xy, xz, xy + xz)
                bounds[0, 1] -= max(0, xy, xz, xy + xz)
                bounds[1, 0] -= min(0, yz)
                bounds[1, 1] -= max(0, yz)
            lengths = bounds[:, 1] - bounds[:, 0]
            self.boxes.append(np.array([[lengths[0], 0, 0], [tilts[0], lengths[1], 0],
                                        [tilts[1], tilts[2], lengths[2]]]))
            self.rows.append(np.array(atoms.split(), dtype=float).reshape(-1, 6))
        self.steps = np.array(self.steps)
        self.rows = np.array(self.rows)
        self.ids, self.types = self.rows[0, :, :2].T.astype(int)
        self.masses = self.rows[0, :, 2]
        self.positions = self.rows[:, :, 3:6]
        assert (np.diff(self.ids) > 0).all() and (self.rows[:, :, 0] == self.ids).all()


def nearest_distances(positions, box, periodic):
    """Distances of all pairs i < j to the nearest image, and the pairs."""
    i, j = np.triu_indices(len(positions), 1)
    fraction = (positions[j] - positions[i]) @ np.linalg.inv(box)
    fraction -= np.where(periodic, np.round(fraction), 0.0)
    # In a tilted box the image with the smallest fractional coordinates need not be the nearest.
    tilted = np.abs(box - np.diag(np.diag(box))).max() > 0
    shifts = itertools.product(*[(-1, 0, 1) if p else (0,) for p in periodic]) if tilted else [(0, 0, 0)]
    nearest = np.full(len(i), np.inf)
    for shift in shifts:
        nearest = np.minimum(nearest, (((fraction + np.array(shift)) @ box) ** 2).sum(axis=1))
    return np.sqrt(nearest), np.stack([i, j])


def multiples_of_every(longest, times):
    """The sampled times in units of Nevery."""
    return sorted({int(np.floor(np.exp(j / (times - 1) * np.log(longest)) + 0.5)) for j in range(times)} | {longest})


def q_average(displacements, q, vectors, dimension):
    if vectors is not None:
        return np.cos(displacements @ np.array(vectors).T).mean(axis=1)
    x = q * np.sqrt((displacements[:, :dimension] ** 2).sum(axis=1))
    # numpy's sinc has pi in it; dividing by it first would cost a digit.
    return scipy.special.j0(x) if dimension == 2 else np.where(x > 0, np.sin(x) / np.where(x > 0, x, 1.0), 1.0)


def crossing(times, curve, threshold):
    below = np.nonzero(curve <= threshold)[0]
    if np.isnan(curve).any():
        return np.nan
    if not len(below):
        return np.inf
    j = below[0]
    if j == 0:
        return np.nan
    weight = (threshold - curve[j - 1]) / (curve[j] - curve[j - 1])
    return np.exp(np.log(times[j - 1]) + weight * (np.log(times[j]) - np.log(times[j - 1])))


class Relaxation:
    """All that the fix gives, of the segments that trajectories hold. Each trajectory begins with an origin, as the fix
    does after a break. members: those in the group, as a mask."""

    def __init__(self, trajectories, every, segment, timestep, q, cutoff, members=None, dimension=3, times=60,
                 threshold=np.exp(-1), origins=1, window=(0.3, 1.0), drift=True, vectors=None):
        self.dimension, self.threshold, self.window = dimension, threshold, window
        self.multiples = multiples_of_every(segment // every, times)
        self.t = timestep * every * np.array(self.multiples)
        self.segment = timestep * segment
        self.origins = [(trajectory, step) for trajectory in trajectories
                        for step in range(trajectory.steps[0], trajectory.steps[-1] - segment + 1, segment // origins)]
        trajectory = trajectories[0]
        members = np.ones(len(trajectory.ids), bool) if members is None else members
        types = trajectory.types[members]
        n_types = trajectory.types.max()
        self.species = [np.ones(len(types), bool)] + [types == a for a in range(1, n_types + 1)] * int(n_types > 1)
        self.counts = np.array([s.sum() for s in self.species])
        shape = len(self.origins), len(self.species), len(self.t)
        self.fs, self.msd, self.fourth = (np.zeros(shape) for _ in range(3))    # means over the atoms of an origin
        self.plus, self.minus = (np.zeros(shape) for _ in range(2))             # sums over its pairs
        self.pairs, self.number = np.zeros(shape[:2]), np.zeros(shape[0])
        for o, (trajectory, step) in enumerate(self.origins):
            where = {step: k for k, step in enumerate(trajectory.steps)}
            start = where[step]
            origin = trajectory.positions[start]
            distances, pairs = nearest_distances(origin[members], trajectory.boxes[start], trajectory.periodic)
            i, j = pairs[:, distances < cutoff]
            # A distance within rounding of the cutoff would make either answer right.
            assert np.abs(distances - cutoff).min() > 1e-9
            # How often a pair counts: once for the group, and for a type once for each end that is of the type.
            weights = [np.ones(len(i))] + [s[i] * 1.0 + s[j] for s in self.species[1:]]
            self.number[o] = len(i)
            self.pairs[o] = [w.sum() for w in weights]
            for k, multiple in enumerate(self.multiples):
                now = where[step + every * multiple]
                moved = trajectory.positions[now] - origin
                if drift:
                    moved = moved - trajectory.masses @ moved / trajectory.masses.sum()
                moved = moved[members][:, :dimension]
                directions = None if vectors is None else np.array(vectors)[:, :dimension]
                single = q_average(moved, q, directions, dimension)
                squared = (moved ** 2).sum(axis=1)
                plus = q_average((moved[i] + moved[j]) / 2, q, directions, dimension)
                minus = q_average((moved[i] - moved[j]) / 2, q, directions, dimension)
                for s, (of_species, w) in enumerate(zip(self.species, weights)):
                    if of_species.any():
                        self.fs[o, s, k] = single[of_species].mean()
                        self.msd[o, s, k] = squared[of_species].mean()
                        self.fourth[o, s, k] = (squared[of_species] ** 2).mean()
                    self.plus[o, s, k] = w @ plus
                    self.minus[o, s, k] = w @ minus
        # Origins that overlap are in one block; blocks are joined two by two when there would be more than 20.
        size = origins
        while len(self.origins) > 20 * size:
            size *= 2
        everything = list(range(len(self.origins)))
        self.blocks = [everything[o:o + size] for o in everything[::size]]

    def curves(self, kept, s):
        """Dictionary of curves and numbers from the origins `kept`, of species s."""
        result = {"fs": self.fs[kept, s].mean(axis=0), "msd": self.msd[kept, s].mean(axis=0)}
        with np.errstate(all="ignore"):
            for name, sums in (("fplus", self.plus), ("fminus", self.minus)):
                result[name] = sums[kept, s].sum(axis=0) / self.pairs[kept, s].sum()
            d, msd = self.dimension, result["msd"]
            result["alpha2"] = d / (d + 2) * self.fourth[kept, s].mean(axis=0) / msd ** 2 - 1
        n = len(kept)
        variance = self.fs[kept, s].var(axis=0)
        result["chi4"] = self.counts[s] * n / (n - 1) * variance if n > 1 else np.full(len(self.t), np.nan)
        for name, curve in zip(TIMES, ("fs", "fplus", "fminus")):
            result[name] = crossing(self.t, result[curve], self.threshold)
        # A tau_- that is not reached leaves the ratio open: it is not zero.
        known = np.isfinite(result["tau_minus"])
        result["gamma"] = result["tau_plus"] / result["tau_minus"] if known else np.nan
        low, high = (w * self.segment for w in self.window)
        inside = (self.t >= low * (1 - 1e-9)) & (self.t <= high * (1 + 1e-9))
        # Times and values about their means: the plain normal equations would lose digits that the comparison needs.
        slope = lambda x, y: ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
        result["D"] = slope(self.t[inside], result["msd"][inside]) / (2 * d)
        with np.errstate(all="ignore"):
            result["exponent"] = slope(np.log(self.t[inside]), np.log(result["msd"][inside]))
        return result

    def results(self, s):
        """curves of species s, and their standard errors by the jackknife."""
        everything = range(len(self.origins))
        values = self.curves(list(everything), s)
        if self.counts[s] == 0:
            return [{name: np.zeros_like(value) for name, value in values.items()}] * 2
        if len(self.blocks) < 2:
            return values, {name: np.full_like(np.asarray(value, float), np.inf) for name, value in values.items()}
        left_out = [self.curves([o for o in everything if o not in block], s) for block in self.blocks]
        errors = {}
        for name in values:
            x = np.array([one[name] for one in left_out])
            with np.errstate(all="ignore"):
                error = np.sqrt((len(x) - 1) / len(x) * ((x - x.mean(axis=0)) ** 2).sum(axis=0))
            errors[name] = np.where(np.isfinite(x).all(axis=0) & np.isfinite(values[name]), error, np.inf)
        return values, errors
