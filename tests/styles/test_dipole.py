"""compute glass/dipole against brute force (stiffness_reference.py): every solver, kinds of potentials and boxes, what
is summed over pairs, ranks, orders of atoms, groups, rattlers and zero modes."""

import numpy as np
import pytest

from lammps_run import DATA, LAMMPS_POTENTIALS, LOAD, THERMO_YAML, cuzr, lammps
from stiffness_reference import (WRITE, Configuration, dipole_reference, in_order, per_atom, rattlers,
                                 reference_rows)

MINIMIZE = ("min_style cg\nminimize 0 1e-6 20000 200000\nmin_style fire\nminimize 0 1e-10 50000 50000\n"
            "reset_timestep 0\n")
# Smooth at the cutoff, so that all that a configuration has is differentiable.
KA_PAIR = """
pair_style lj/smooth/linear 2.5
pair_coeff 1 1 1.0 1.0 2.5
pair_coeff 1 2 1.5 0.8 2.0
pair_coeff 2 2 0.5 0.88 2.2
"""
KA_CUTOFF = np.array([[2.5, 2.0], [2.0, 2.2]])
SMOOTH_KA = f"units lj\natom_style atomic\nread_data \"{DATA}/ka.data\"\n{KA_PAIR}"
SW_PAIR = f'pair_style sw\npair_coeff * * "{LAMMPS_POTENTIALS}/Si.sw" Si\n'
EAM_CUTOFF = float((LAMMPS_POTENTIALS / "CuZr_mm.eam.fs").read_text().splitlines()[4].split()[4])


def random_mixture(box, count, dimension=3, seed=4711):
    """Atoms anywhere in a box, a fifth of them small; softened first, as they may overlap."""
    return f"""
units lj
dimension {dimension}
atom_style atomic
{box}
create_box 2 box
create_atoms 1 random {count - count // 5} {seed} NULL
create_atoms 2 random {count // 5} {seed + 1} NULL
mass * 1.0
pair_style soft 1.0
pair_coeff * * 50.0
minimize 0 1e-3 1000 10000
{KA_PAIR}
"""


# A vacancy, gaps in the IDs, disorder everywhere, a tilted box.
SILICON = f"""
units metal
atom_style atomic
lattice diamond 5.431
region box block 0 3 0 3 0 3
create_box 1 box
create_atoms 1 box
lattice none 1.0
mass 1 28.0855
group gone id 17 100 101
delete_atoms group gone compress no
change_box all triclinic
change_box all xy delta 2.1 xz delta -1.3 yz delta 0.7 remap
displace_atoms all random 0.8 0.8 0.8 4711
{SW_PAIR}"""

SYSTEMS = {    # script, cutoffs, dimension
    "KA": (SMOOTH_KA, KA_CUTOFF, 3),
    "CuZr": (cuzr("glass"), EAM_CUTOFF, 3),
    "silicon": (SILICON, 1.8 * 2.0951, 3),
    "several images": (random_mixture("region box prism 0 2.4 0 2.9 0 3.1 0.6 -0.4 0.5", 25), KA_CUTOFF, 3),
    "plane": (random_mixture("region box prism 0 12 0 11 -0.5 0.5 2.5 0 0", 150, 2), KA_CUTOFF, 2),
}
# All pairs by other solvers than the inverse would take minutes.
SOLVERS = {"dense": "solver dense", "direct": "solver direct pairs sample {} 4711",
           "cg": "solver cg tolerance 1e-11 pairs sample {} 4711"}
SAMPLE = 64


def solvers(sample=SAMPLE):
    return {name: keywords.format(sample) for name, keywords in SOLVERS.items()}


class Result:
    """What one compute gave."""

    def __init__(self, run, name, row, columns, bins):
        self.rows = in_order(run.table(f"{name}.local").reshape(-1, 5))
        self.scalar = row[f"c_{name}"]
        self.vector = np.array([row[f"c_{name}[{k + 1}]"] for k in range(12)])
        self.array = np.array([[row[f"c_{name}[{b + 1}][{k + 1}]"] for k in range(4)] for b in range(bins)])
        self.atoms = columns[f"c_{name}"]


class Measured:
    """Runs a script that ends at an inherent structure, with computes (name: keywords), and what Configuration
    needs."""

    def __init__(self, script, computes, ranks=1, group="all", dimension=3, bins=20, reference=True):
        text = script + LOAD
        for name, keywords in computes.items():
            text += f"compute {name} {group} glass/dipole bins {bins} {keywords}\n"
            text += f"dump {name} all local 1 {name}.local " + " ".join(f"c_{name}[{k + 1}]" for k in range(5))
            text += f"\ndump_modify {name} format float %.17g\n"
        names = " ".join(f"c_{name}" for name in computes)
        text += f"dump atoms all custom 1 atoms.txt id {names}\ndump_modify atoms sort id format float %.17g\n"
        columns = "".join(f" c_{name} c_{name}[*] " + " ".join(
            f"c_{name}[{b + 1}][{k + 1}]" for b in range(bins) for k in range(4)) for name in computes)
        text += "compute glasstestp all pressure NULL virial\n"
        if reference:
            write = WRITE.replace("glasstesth all", f"glasstesth {group}")
            text += write.replace("style custom step", "style custom step" + columns).replace(
                "run 0", THERMO_YAML + "run 0")
        else:
            text += f"thermo_style custom step{columns}\n{THERMO_YAML}run 0\n"
        self.run = lammps(text, ranks)
        row = self.run.thermo()[-1]
        table = self.run.table("atoms.txt")
        self.ids = table[:, 0].astype(int)
        atoms = {f"c_{name}": table[:, k + 1] for k, name in enumerate(computes)}
        self.of = {name: Result(self.run, name, row, atoms, bins) for name in computes}
        self.configuration = Configuration(self.run, dimension) if reference else None

    def __getitem__(self, name):
        return self.of[name]


def same(rows, expected, tolerance=1e-8):
    """The same pairs, and their numbers to a relative tolerance."""
    assert rows.shape == expected.shape
    assert np.array_equal(rows[:, :2], expected[:, :2])
    np.testing.assert_allclose(rows[:, 2], expected[:, 2], rtol=1e-12, atol=0)
    np.testing.assert_allclose(rows[:, 3:], expected[:, 3:], rtol=tolerance, atol=0)


def chosen(rows, whole):
    """The rows of all pairs that are of those of a sample."""
    places = {tuple(row): k for k, row in enumerate(np.round(whole[:, :3], 9))}
    return whole[[places[tuple(row)] for row in np.round(rows[:, :3], 9)]]


@pytest.fixture(scope="module")
def glasses():
    """Each system with every solver, in one run; it leaves a data file of the minimum."""
    found = {}
    for name, (script, cutoff, dimension) in SYSTEMS.items():
        measured = Measured(script + MINIMIZE + "write_data minimum.data nocoeff\n", solvers(), dimension=dimension)
        measured.reference = dipole_reference(measured.configuration, cutoff)
        found[name] = measured
    return found


def minimum(measured, pair, units="metal", before=""):
    return (f"{before}units {units}\natom_style atomic\nread_data \"{measured.run.path}/minimum.data\"\n{pair}")


EAM_PAIR = f'pair_style eam/fs\npair_coeff * * "{LAMMPS_POTENTIALS}/CuZr_mm.eam.fs" Cu Zr\n'


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("name", SYSTEMS)
def test_against_eigenvectors(glasses, name, solver):
    measured = glasses[name]
    c = measured.configuration
    pairs, kappa, first, spectrum, n_rattlers = measured.reference
    assert spectrum.smallest > 1e-6 * spectrum.scale and n_rattlers == 0
    result, expected = measured[solver], reference_rows(c, pairs, kappa, first)
    if solver == "dense":
        same(result.rows, expected)
        assert result.scalar == pytest.approx(kappa.mean(), rel=1e-9)
        np.testing.assert_allclose(result.atoms, per_atom(c, pairs, kappa), rtol=1e-8)
        assert result.vector[[5, 6]].tolist() == [len(pairs), len(pairs)]
    else:
        same(result.rows, chosen(result.rows, expected))
        assert result.vector[[5, 6]].tolist() == [SAMPLE, len(pairs)]
    assert result.vector[9] <= {"dense": 1e-9, "direct": 1e-10, "cg": 1e-11}[solver]
    assert (result.vector[11] > 0) == (solver == "cg")


def test_there_are_pairs_with_several_images(glasses):
    """Of the small box, where an atom is near its own image, too."""
    pairs = glasses["several images"].reference[0]
    several = np.unique(np.column_stack([pairs.i, pairs.j]), axis=0, return_counts=True)[1]
    assert several.max() >= 3
    assert np.linalg.norm(glasses["several images"].configuration.edges[0]) < 2.5


def sampling_error(kappa, total):
    """Of the mean of a sample without replacement."""
    n = len(kappa)
    return np.sqrt(kappa.var(ddof=1) / n * (1.0 - n / total)) if n > 1 else 0.0


def consistent(result, total, ids):
    """All that is said of the pairs taken follows from the local rows."""
    i, j, r, kappa, first = result.rows.T
    assert (i < j).all() and (kappa > 0).all() and (first > 0).all()
    vector = result.vector
    assert vector[0] == result.scalar == pytest.approx(kappa.mean(), rel=1e-13)
    assert vector[1] == pytest.approx(sampling_error(kappa, total), rel=1e-10, abs=1e-300)
    assert vector[2] == pytest.approx(kappa.std(ddof=1), rel=1e-10)
    assert (vector[3], vector[4]) == (kappa.min(), kappa.max())
    assert (vector[5], vector[6]) == (len(kappa), total)
    sums, counts = np.zeros(ids.max() + 1), np.zeros(ids.max() + 1)
    for k in (i, j):
        np.add.at(sums, k.astype(int), kappa)
        np.add.at(counts, k.astype(int), 1)
    np.testing.assert_allclose(result.atoms, (sums / np.maximum(counts, 1))[ids], rtol=1e-12)
    centre, density, below, count = result.array.T
    ratio = centre[1] / centre[0]
    np.testing.assert_allclose(centre[1:] / centre[:-1], ratio, rtol=1e-10)
    edges = np.append(centre / np.sqrt(ratio), centre[-1] * np.sqrt(ratio))
    inside = (kappa >= edges[0]) & (kappa < edges[-1])
    expected = np.histogram(kappa[inside], edges)[0]
    # A value may be an edge.
    assert np.abs(expected - count).max() <= 1 and abs(count.sum() - inside.sum()) <= 1
    np.testing.assert_allclose(density, count / len(kappa) / np.diff(edges), rtol=1e-9)
    np.testing.assert_allclose(below, [(kappa < e).mean() for e in edges[1:]], atol=1.01 / len(kappa))
    return edges, count


@pytest.mark.parametrize("solver", ["dense", "cg"])
@pytest.mark.parametrize("name", ["KA", "silicon", "plane"])
def test_sums_are_those_of_the_rows(glasses, name, solver):
    measured = glasses[name]
    _, count = consistent(measured[solver], len(measured.reference[0]), measured.ids)
    assert count.sum() == measured[solver].vector[5]    # the range is chosen to hold all
    assert (measured[solver].vector[1] == 0.0) == (solver == "dense")
    force = np.abs(measured.configuration.f).max()
    assert measured[solver].vector[10] == pytest.approx(force, rel=1e-3, abs=1e-12)    # of rounding


SAMPLES = {"whole": "solver dense", "some": "pairs sample 40 4711 solver direct",
           "iterated": "pairs sample 40 4711 solver cg tolerance 1e-12"}
MORE = {"dense": "pairs sample 40 4711 solver dense", "other": "pairs sample 40 4712 solver direct"}


@pytest.fixture(scope="module")
def alone(glasses):
    return Measured(minimum(glasses["CuZr"], EAM_PAIR), {**SAMPLES, **MORE}, reference=False)


def test_a_sample_is_of_the_pairs(alone):
    for name in ("some", "iterated", "dense"):
        rows = alone[name].rows
        assert len(np.unique(rows[:, :3], axis=0)) == len(rows) == 40
        same(rows, chosen(rows, alone["whole"].rows), 1e-9)
        assert np.array_equal(rows[:, :2], alone["some"].rows[:, :2])
        consistent(alone[name], len(alone["whole"].rows), alone.ids)
        assert alone[name].vector[1] > 0.0
    assert not np.array_equal(alone["other"].rows[:, :2], alone["some"].rows[:, :2])


def shuffled(text):
    """A data file with its atoms in another order."""
    head, rest = text.split("Atoms # atomic\n\n")
    atoms, *others = rest.split("\n\n")
    lines = atoms.splitlines()
    np.random.default_rng(7).shuffle(lines)
    return "\n\n".join([head + "Atoms # atomic\n\n" + "\n".join(lines)] + others)


@pytest.mark.parametrize("case", ["2 ranks", "4 ranks", "shuffled", "newton off, 2 ranks"])
def test_the_same_numbers(glasses, alone, case, tmp_path):
    script = minimum(glasses["CuZr"], EAM_PAIR, before="newton off\n" if "newton" in case else "")
    if case == "shuffled":
        (tmp_path / "shuffled.data").write_text(shuffled((glasses["CuZr"].run.path / "minimum.data").read_text()))
        script = script.replace(f"{glasses['CuZr'].run.path}/minimum.data", f"{tmp_path}/shuffled.data")
    ranks = int(case.split()[-2]) if "ranks" in case else 1
    again = Measured(script, SAMPLES, ranks, reference=False)
    for name in SAMPLES:
        same(again[name].rows, alone[name].rows, 1e-9)
        np.testing.assert_allclose(again[name].vector[:9], alone[name].vector[:9], rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(again[name].atoms, alone[name].atoms, rtol=1e-9)
        np.testing.assert_allclose(again[name].array[:, 0], alone[name].array[:, 0], rtol=1e-9)


def test_samples_are_fair(glasses):
    """Means of samples scatter about that of all pairs as their errors say."""
    computes = {f"s{k}": f"pairs sample 100 {1000 + k} solver direct" for k in range(16)}
    # Everything but an atom or two: as good as all, with an error that is much smaller than that without correction.
    total = len(glasses["KA"].reference[0])
    computes["nearly"] = f"pairs sample {total - 40} 5 solver dense"
    computes["every"] = f"pairs sample {total} 5 solver dense"
    measured = Measured(minimum(glasses["KA"], KA_PAIR, "lj"), computes, reference=False)
    kappa = glasses["KA"].reference[1]
    deviations = np.array([(measured[f"s{k}"].vector[0] - kappa.mean()) / measured[f"s{k}"].vector[1]
                           for k in range(16)])
    assert 4.0 < (deviations ** 2).sum() < 40.0 and abs(deviations.mean()) < 0.9, deviations
    assert len({tuple(measured[f"s{k}"].rows[:, 0]) for k in range(16)}) == 16
    assert measured["every"].vector[1] == 0.0
    assert measured["every"].scalar == pytest.approx(kappa.mean(), rel=1e-7)
    assert measured["nearly"].vector[1] == pytest.approx(
        kappa.std() * np.sqrt(40 / total / (total - 40)), rel=0.05)


def test_a_range(glasses):
    """Of the low tail; what is outside counts in the fractions."""
    kappa = glasses["KA"].reference[1]
    lo, hi = np.quantile(kappa, [0.001, 0.2])
    result = Measured(minimum(glasses["KA"], KA_PAIR, "lj"), {"d": f"range {lo:.17g} {hi:.17g}"}, bins=12,
                      reference=False)["d"]
    ratio = (hi / lo) ** (1.0 / 12)
    np.testing.assert_allclose(result.array[:, 0], lo * ratio ** (np.arange(12) + 0.5), rtol=1e-12)
    assert result.array[-1, 2] == pytest.approx(0.2, abs=2.0 / len(kappa))
    assert result.array[:, 3].sum() / len(kappa) == pytest.approx(0.199, abs=2.0 / len(kappa))


def test_group(glasses):
    """Atoms outside are held, and their pairs are none."""
    script = minimum(glasses["KA"], KA_PAIR, "lj") + "region some block INF INF 1 5 INF INF\ngroup some region some\n"
    measured = Measured(script, solvers(), group="some")
    c = measured.configuration
    assert not c.whole
    pairs, kappa, first, _, _ = dipole_reference(c, KA_CUTOFF)
    expected, inside = reference_rows(c, pairs, kappa, first), np.isin(measured.ids, c.ids)
    for result in measured.of.values():
        same(result.rows, chosen(result.rows, expected))
        assert result.vector[6] == len(pairs)
        assert not result.atoms[~inside].any()
        assert result.vector[9] <= 1e-9
    assert len(measured["dense"].rows) == len(pairs)
    np.testing.assert_allclose(measured["dense"].atoms[inside], per_atom(c, pairs, kappa), rtol=1e-8)


# Purely repulsive, with holes: one with an atom in it.
WCA = f"""
units lj
atom_style atomic
read_data "{DATA}/ka.data"
pair_style lj/cut 1.122462048309373
pair_coeff 1 1 1.0 1.0
pair_coeff 1 2 1.5 0.8 0.8979696386474984
pair_coeff 2 2 0.5 0.88 0.9877666025122482
pair_modify shift yes
"""
WCA_CUTOFF = 2.0 ** (1.0 / 6.0) * np.array([[1.0, 0.8], [0.8, 0.88]])
HOLE = "region hole sphere 3.7 3.7 3.7 1.9\ndelete_atoms region hole compress no\n"


@pytest.fixture(scope="module")
def hole():
    return Measured(WCA + HOLE + MINIMIZE + "create_atoms 2 single 3.7 3.7 3.7\n" + MINIMIZE +
                    "write_data minimum.data nocoeff\n", solvers())


@pytest.mark.parametrize("solver", SOLVERS)
def test_rattlers(hole, solver):
    pairs, kappa, first, spectrum, n_rattlers = dipole_reference(hole.configuration, WCA_CUTOFF)
    assert n_rattlers > 0 and spectrum.n_zero == 0, "the test is of another configuration"
    result = hole[solver]
    assert result.vector[7] == n_rattlers and result.vector[8] == 0
    assert result.vector[6] == len(pairs)
    same(result.rows, chosen(result.rows, reference_rows(hole.configuration, pairs, kappa, first)))
    if solver == "dense":
        assert np.array_equal(result.atoms == 0.0, rattlers(hole.configuration))


def test_a_rattler_that_rests_on_a_neighbour(hole):
    """What a minimiser leaves of a force pushes it aside: its stiffness is a little below zero, and it is a rattler
    all the same. Nothing changes for the others."""
    c = hole.configuration
    k = np.flatnonzero(rattlers(c))[0]
    between = c.x - c.x[k]
    between -= np.round(between / np.diag(c.edges)) * np.diag(c.edges)
    distance, touching = np.linalg.norm(between, axis=1), WCA_CUTOFF[c.types[k] - 1][c.types - 1]
    distance[k] = np.inf
    m = np.argmin(distance - touching)
    x, y, z = c.x[k] + between[m] * (1.0 - (touching[m] - 1e-8) / distance[m])
    pair = WCA.split('ka.data"')[1]
    moved = Measured(minimum(hole, pair, "lj") + f"set atom {c.ids[k]} x {x:.17g} y {y:.17g} z {z:.17g}\n",
                     {"dense": "solver dense"}, reference=False)
    assert moved["dense"].vector[10] > 1e-8
    assert moved["dense"].vector[7] == hole["dense"].vector[7]
    same(moved["dense"].rows, hole["dense"].rows, 1e-7)


# A cluster in vacuum turns freely; an atom far away is nobody's neighbour.
CLUSTER = f"""
units lj
atom_style atomic
lattice fcc 1.1
region box block 0 10 0 10 0 10
create_box 2 box
region ball sphere 5 5 5 1.7
create_atoms 1 region ball
lattice none 1.0
mass * 1.0
displace_atoms all random 0.2 0.2 0.2 4711
{KA_PAIR}"""
LONELY = "create_atoms 2 single 1 1 1\n"


def test_a_free_cluster():
    """Rotations have no stiffness, and pairs do not couple to them."""
    measured = Measured(CLUSTER + LONELY + MINIMIZE, {"dense": "solver dense"})
    pairs, kappa, first, spectrum, n_rattlers = dipole_reference(measured.configuration, KA_CUTOFF)
    assert spectrum.n_zero == 3 and n_rattlers == 1
    result = measured["dense"]
    assert result.vector[7:9].tolist() == [1, 3]
    same(result.rows, reference_rows(measured.configuration, pairs, kappa, first), 1e-7)


def test_rotations_that_forces_hold():
    """A force that is left gives a rotation some stiffness, of either sign, which changes no number."""
    kappa = []
    for shift in ("0.0", "1e-9", "1e-6"):
        script = (CLUSTER + MINIMIZE + LOAD + f"displace_atoms all random {shift} {shift} {shift} 13\n"
                  "compute k all glass/dipole solver dense fmax 0.01\nthermo_style custom c_k c_k[4] c_k[9]\n"
                  + THERMO_YAML + "run 0\n")
        row = lammps(script).thermo()[-1]
        assert row["c_k[9]"] == 3
        kappa.append([row["c_k"], row["c_k[4]"]])
        for solver in ("direct", "cg"):
            run = lammps(script.replace("solver dense", f"solver {solver}"), check=False)
            assert run.returncode != 0 and "use solver dense" in " ".join(run.output.split())
    np.testing.assert_allclose(kappa[1], kappa[0], rtol=1e-7)
    np.testing.assert_allclose(kappa[2], kappa[0], rtol=1e-4)


def test_differences(glasses):
    """Of the forces of LAMMPS instead of the rule."""
    measured = Measured(minimum(glasses["silicon"], SW_PAIR, before="box tilt large\n"),
                        {"d": "hessian difference fmax 1e-6"}, reference=False)
    c = glasses["silicon"].configuration
    pairs, kappa, first, _, _ = glasses["silicon"].reference
    same(measured["d"].rows, reference_rows(c, pairs, kappa, first), 1e-5)


def test_at_inherent_structures_of_a_run():
    """By glass/quench; where it stays, the reference looks."""
    quench = "glass/quench IS 0 1e-10 50000 50000 c_k c_k[1] c_k[4] c_k[7]"
    measured = Measured(f"""{SMOOTH_KA}{LOAD}min_style fire
compute k all glass/dipole
velocity all create 1.0 4711
fix nve all nve
timestep 0.002
run 40 every 20 "{quench} file is.txt"
unfix nve
velocity all set 0 0 0
{quench} restore no
print "quenched $(f_IS[8]:%.17g) $(f_IS[9]:%.17g) $(f_IS[10]:%.17g) $(f_IS[11]:%.17g)"
reset_timestep 0
uncompute k
""", {"d": "solver dense"})
    pairs, kappa, _, _, _ = dipole_reference(measured.configuration, KA_CUTOFF)
    line = next(line for line in measured.run.output.splitlines() if line.startswith("quenched"))
    assert [float(word) for word in line.split()[1:]] == pytest.approx(
        [kappa.mean(), kappa.mean(), kappa.min(), len(kappa)], rel=1e-7)
    rows = [line.split() for line in (measured.run.path / "is.txt").read_text().splitlines()
            if not line.startswith("#")]
    assert len(rows) == 2 and len({row[7] for row in rows}) == len(rows)


def test_the_trajectory_is_the_same(glasses):
    """Slow atoms near the minimum, and the compute in use."""
    move = "velocity all create 1e-5 99 loop geom\nfix nve all nve\ntimestep 0.001\nthermo 10\n"
    thermo = f"thermo_style custom step temp pe ke press {{}}\n{THERMO_YAML}"
    dipole = f"{LOAD}compute d all glass/dipole fmax 1 pairs sample 5 1 solver {{}}\n"
    script = minimum(glasses["CuZr"], EAM_PAIR) + move
    before = lammps(script + thermo.format("") + "run 30\n").thermo()
    for solver in ("dense", "cg"):
        rows = lammps(script + dipole.format(solver) + thermo.format("c_d") + "run 30\n").thermo()
        assert len({row.pop("c_d") for row in rows}) == len(rows)
        assert rows == before
