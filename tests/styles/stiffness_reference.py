"""What compute glass/dipole and compute glass/qlm should give, by brute force: every pair of images, the dense Hessian
that compute glass/hessian wrote, all of its eigenvectors (physics.md, section 6). Shares nothing with the plugin but
that matrix."""

import itertools

import numpy as np
import scipy.sparse

from lammps_run import read_bsr

# Of the mean diagonal element: what rounding leaves of a stiffness that is zero.
ZERO = 1e-9


class Configuration:
    """Atoms as a run left them: positions in ascending order of IDs, box edges as rows, the Hessian (dense)."""

    def __init__(self, run, dimension=3):
        lines = (run.path / "atoms.dump").read_text().splitlines()
        atoms = np.array([[float(word) for word in line.split()] for line in lines[9:]])
        atoms = atoms[np.argsort(atoms[:, 0])]
        self.ids, self.types, self.x, self.f = (atoms[:, 0].astype(int), atoms[:, 1].astype(int),
                                                atoms[:, 2:2 + dimension], atoms[:, 5:5 + dimension])
        self.dimension = dimension
        self.edges = edges_of(lines[4], [line.split() for line in lines[5:8]])[:dimension, :dimension]
        self.periodic = [flag == "pp" for flag in lines[4].split()[-3:]][:dimension]
        self.hessian = read_bsr(run.path / "hessian").toarray()
        self.rows = np.load(run.path / "hessian.id.npy")    # the group of the Hessian
        self.x, self.types = self.x[np.isin(self.ids, self.rows)], self.types[np.isin(self.ids, self.rows)]
        self.f, everybody = self.f[np.isin(self.ids, self.rows)], len(self.ids)
        self.ids = self.rows
        self.whole = everybody == len(self.ids)


def edges_of(header, bounds):
    """Box edges as rows, from the header of a dump."""
    low, high = np.array([[float(word) for word in line[:2]] for line in bounds]).T
    if "xy xz yz" not in header:
        return np.diag(high - low)
    xy, xz, yz = (float(line[2]) for line in bounds)
    low -= [min(0.0, xy, xz, xy + xz), min(0.0, yz), 0.0]    # a dump has the bounding box
    high -= [max(0.0, xy, xz, xy + xz), max(0.0, yz), 0.0]
    return np.array([[high[0] - low[0], 0.0, 0.0], [xy, high[1] - low[1], 0.0], [xz, yz, high[2] - low[2]]])


# Script lines that leave what Configuration reads.
WRITE = """
compute glasstesth all glass/hessian file numpy hessian
thermo_style custom step c_glasstesth
write_dump all custom atoms.dump id type x y z fx fy fz modify sort id format float %.17g
run 0
"""


class Pairs:
    """Interacting pairs: atoms i < j (rows) and r_ij = r_j - r_i, every image a pair of its own, none with itself."""

    def __init__(self, i, j, r):
        self.i, self.j, self.r = i, j, r
        self.length = np.linalg.norm(r, axis=1)

    def __len__(self):
        return len(self.i)

    def of(self, chosen):
        return Pairs(self.i[chosen], self.j[chosen], self.r[chosen])

    def dipoles(self, n_atoms):
        """Columns d = (1/sqrt 2) dr_ij/dx, of unit norm."""
        dimension = self.r.shape[1]
        d = np.zeros((dimension * n_atoms, len(self)))
        n = self.r / self.length[:, None] / np.sqrt(2.0)
        for alpha in range(dimension):
            d[dimension * self.j + alpha, np.arange(len(self))] += n[:, alpha]
            d[dimension * self.i + alpha, np.arange(len(self))] -= n[:, alpha]
        return d


def interacting_pairs(c, cutoff):
    """`cutoff` is a number, or the matrix of those of types."""
    cutoff = np.broadcast_to(cutoff, (c.types.max(), c.types.max()))
    limits = cutoff[np.ix_(c.types - 1, c.types - 1)] ** 2
    # Planes of lattice points are a volume over an area apart; atoms may be an edge outside of the box.
    spacing = 1.0 / np.linalg.norm(np.linalg.inv(c.edges), axis=0)
    fractional = c.x @ np.linalg.inv(c.edges)
    spread = np.ptp(fractional, axis=0)
    reach = [int(np.ceil(cutoff.max() / s + extent)) if p else 0
             for s, extent, p in zip(spacing, spread, c.periodic)]
    found = []
    i, j = np.triu_indices(len(c.x), 1)
    between, limit = c.x[j] - c.x[i], limits[i, j]
    for shift in itertools.product(*(range(-n, n + 1) for n in reach)):
        r = between + np.array(shift) @ c.edges
        near = (r ** 2).sum(axis=1) < limit
        found.append((i[near], j[near], r[near]))
    return Pairs(*(np.concatenate(parts) for parts in zip(*found)))


def without(c, out):
    """H as it is without some atoms, whose bonds go with them: the own block of an atom loses what they did to it,
    which is minus its blocks with them (exact for pair potentials). Their own rows are of no use."""
    d, n = c.dimension, len(c.x)
    blocks = c.hessian.copy().reshape(n, d, n, d)
    blocks[np.arange(n), :, np.arange(n), :] += blocks[:, :, out, :].sum(axis=2)
    return blocks.reshape(d * n, d * n)


def rattlers(c):
    """Atoms whose own block has an eigenvalue of next to nothing, taken out until there are no more: a mask."""
    d, n = c.dimension, len(c.x)
    stiffness = np.trace(c.hessian) / (d * n)
    out = np.zeros(n, bool)
    while True:
        own = without(c, out).reshape(n, d, n, d)[np.arange(n), :, np.arange(n), :]
        new = ~out & (np.linalg.eigvalsh(0.5 * (own + own.transpose(0, 2, 1)))[:, 0] < 1e-10 * stiffness)
        if not new.any():
            return out
        out |= new


class Spectrum:
    """Eigenvectors of H of the atoms that are kept, without translations and without modes of no stiffness."""

    def __init__(self, c, keep=None):
        d, n = c.dimension, len(c.x)
        self.keep = np.ones(n, bool) if keep is None else keep
        rows = np.repeat(self.keep, d)
        h = without(c, ~self.keep)[np.ix_(rows, rows)]
        scale = np.trace(h) / len(h)
        self.n_translations = d if c.whole else 0
        if c.whole:
            t = np.tile(np.eye(d), (self.keep.sum(), 1)) / np.sqrt(self.keep.sum())
            project = lambda m: m - t @ (t.T @ m)
            h = project(project(h).T)
            h = 0.5 * (h + h.T) + 1e3 * scale * t @ t.T    # beyond all others
        values, vectors = np.linalg.eigh(h)
        if c.whole:
            values, vectors = values[:-d], vectors[:, :-d]
        self.scale, zero = scale, np.abs(values) < ZERO * scale
        self.n_zero, self.smallest = zero.sum(), values.min()
        self.values, self.modes = values[~zero], np.zeros((d * n, (~zero).sum()))
        self.modes[rows] = vectors[:, ~zero]

    def solve(self, b, power=1):
        """H^-power b."""
        return self.modes @ (((self.modes.T @ b).T / self.values ** power).T)

    def stiffness(self, pairs):
        """kappa = d.H^-1 d/d.H^-2 d and d.H^-1 d of every pair, mode by mode: d = (1/sqrt 2) dr_ij/dx."""
        n = pairs.r.shape[1]
        normal, of_atom = pairs.r / pairs.length[:, None] / np.sqrt(2.0), self.modes.reshape(-1, n, len(self.values))
        first, second = np.empty(len(pairs)), np.empty(len(pairs))
        for chunk in np.array_split(np.arange(len(pairs)), len(pairs) // 500 + 1):
            along = sum(normal[chunk, alpha, None] * (of_atom[pairs.j[chunk], alpha] - of_atom[pairs.i[chunk], alpha])
                        for alpha in range(n))
            first[chunk], second[chunk] = along ** 2 @ (1.0 / self.values), along ** 2 @ (1.0 / self.values ** 2)
        return first / second, first


def dipole_reference(c, cutoff):
    """(pairs, kappa, d.H^-1 d, spectrum, number of rattlers): pairs of rattlers are left out."""
    out = rattlers(c)
    pairs = interacting_pairs(c, cutoff)
    pairs = pairs.of(~out[pairs.i] & ~out[pairs.j])
    spectrum = Spectrum(c, ~out)
    kappa, first = spectrum.stiffness(pairs)
    return pairs, kappa, first, spectrum, out.sum()


def in_order(rows):
    """Rows of a local array by IDs, then distance: in an order of their own."""
    rows = np.asarray(rows)
    return rows[np.lexsort((np.round(rows[:, 2], 9), rows[:, 1], rows[:, 0]))]


def reference_rows(c, pairs, kappa, first):
    """The local array as it should be."""
    return in_order(np.column_stack([c.ids[pairs.i], c.ids[pairs.j], pairs.length, kappa, first]))


def per_atom(c, pairs, kappa):
    """Mean of kappa over the pairs of each atom; 0 where it has none."""
    total, count = np.zeros(len(c.x)), np.zeros(len(c.x))
    for k in (pairs.i, pairs.j):
        np.add.at(total, k, kappa)
        np.add.at(count, k, 1.0)
    return np.where(count > 0, total / np.maximum(count, 1.0), 0.0)


class Cost:
    """C(z) = (z.H z)^2/sum_<ij> (z_ij.z_ij)^2 of one configuration (Richard et al., PRL 126, 015501 (2021))."""

    def __init__(self, c, pairs, spectrum):
        self.c, self.spectrum = c, spectrum
        p, ones = np.arange(len(pairs)), np.ones(len(pairs))
        shape = (len(pairs), len(c.x))
        self.difference = (scipy.sparse.csr_matrix((ones, (p, pairs.j)), shape) -
                           scipy.sparse.csr_matrix((ones, (p, pairs.i)), shape))

    def quartic(self, z):
        """b = sum_<ij> (z_ij.z_ij)^2 and its gradient."""
        z_ij = self.difference @ z.reshape(-1, self.c.dimension)
        square = (z_ij ** 2).sum(axis=1)
        return (square ** 2).sum(), (self.difference.T @ (4.0 * square[:, None] * z_ij)).ravel()

    def value(self, z):
        return (z @ self.c.hessian @ z) ** 2 / self.quartic(z)[0]

    def gradient(self, z):
        """dC/dz = 4 (a/b) [H z - (a/4b) db/dz]."""
        b, slope = self.quartic(z)
        hz = self.c.hessian @ z
        a = z @ hz
        return 4.0 * a / b * (hz - a / (4.0 * b) * slope)

    def relative_gradient(self, z):
        """|H z - (a/4b) db/dz|/|H z|."""
        b, slope = self.quartic(z)
        hz = self.c.hessian @ z
        return np.linalg.norm(hz - z @ hz / (4.0 * b) * slope) / np.linalg.norm(hz)

    def minimise(self, z, gtol=1e-8, steps=500):
        """z <- H^-1 db/dz, normalised; (z, steps)."""
        for step in range(steps + 1):
            z = z / np.linalg.norm(z)
            if self.relative_gradient(z) <= gtol:
                break
            z = self.spectrum.solve(self.quartic(z)[1])
        return z, step


def participation_ratio(z, dimension):
    """[N sum_i (e_i.e_i)^2]^-1 of a vector of unit norm."""
    weight = (z.reshape(-1, dimension) ** 2).sum(axis=1)
    return weight.sum() ** 2 / (len(weight) * (weight ** 2).sum())


def centre_of(c, z):
    """Where a field is: the mean of positions with weights z_i.z_i, on the circle of each box edge."""
    weight = (z.reshape(-1, c.dimension) ** 2).sum(axis=1)
    angle = 2.0 * np.pi * (c.x @ np.linalg.inv(c.edges))
    mean = np.angle((weight[:, None] * np.exp(1j * angle)).sum(axis=0)) / (2.0 * np.pi)
    return mean @ c.edges


def image_distance(c, difference):
    """Length of a difference of positions, by the nearest image."""
    fractional = difference @ np.linalg.inv(c.edges)
    fractional -= np.round(fractional)
    shifts = np.array(list(itertools.product((-1, 0, 1), repeat=c.dimension)))
    return np.linalg.norm((fractional + shifts) @ c.edges, axis=1).min()


def softest_without_common_atoms(pairs, kappa, n):
    """Indices of the n softest pairs of which no two share an atom."""
    taken, used = [], set()
    for p in np.argsort(kappa, kind="stable"):
        if not {pairs.i[p], pairs.j[p]} & used:
            taken.append(p)
            used |= {pairs.i[p], pairs.j[p]}
            if len(taken) == n:
                break
    return np.array(taken)
