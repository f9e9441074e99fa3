"""compute glass/qlm: pseudo-harmonic modes that brute force finds from the same starts (stiffness_reference.py), what
is said of each, normal modes beside them, ranks, groups, boxes."""

import numpy as np
import pytest

from lammps_run import LOAD, THERMO_YAML, lammps
from stiffness_reference import (WRITE, Configuration, Cost, centre_of, dipole_reference, image_distance,
                                 participation_ratio, rattlers, softest_without_common_atoms)
from test_dipole import HOLE, KA_CUTOFF, KA_PAIR, MINIMIZE, SYSTEMS, WCA, WCA_CUTOFF, minimum

N_MODES, N_FIELDS, N_NORMAL = 8, 3, 4
COMMON = f"modes {N_MODES} fields {N_FIELDS} normal {N_NORMAL}"
# Enough to find some modes more than once.
STARTS = {"KA": 8, "CuZr": 12, "silicon": 10, "plane": 6}
# Starts among all pairs come from the inverse, those of a sample from the solver itself.
SAMPLE = "pairs sample 300 4711"
SOLVERS = {"all": "", "direct": f"solver direct {SAMPLE}", "cg": f"solver cg tolerance 1e-11 {SAMPLE}"}


class Result:
    """What one compute gave."""

    def __init__(self, name, row, atoms):
        self.scalar = row[f"c_{name}"]
        self.vector = np.array([row[f"c_{name}[{k + 1}]"] for k in range(6)])
        self.array = np.array([[row[f"c_{name}[{m + 1}][{k + 1}]"] for k in range(12)] for m in range(N_MODES)])
        self.modes = self.array[:int(min(self.vector[0], N_MODES))]
        self.fields = atoms


class Measured:
    """Runs a script that ends at an inherent structure, with computes (name: keywords)."""

    def __init__(self, script, computes, ranks=1, group="all", dimension=3):
        text = script + LOAD
        columns, fields = "", ""
        for name, keywords in computes.items():
            text += f"compute {name} {group} glass/qlm {COMMON} {keywords}\n"
            columns += f" c_{name} c_{name}[*] " + " ".join(
                f"c_{name}[{m + 1}][{k + 1}]" for m in range(N_MODES) for k in range(12))
            fields += "".join(f" c_{name}[{k + 1}]" for k in range(3 * N_FIELDS))    # [*] means the global array
        text += f"dump fields all custom 1 fields.txt id{fields}\ndump_modify fields sort id format float %.17g\n"
        text += WRITE.replace("glasstesth all", f"glasstesth {group}").replace(
            "style custom step", "style custom step" + columns).replace("run 0", THERMO_YAML + "run 0")
        text = text.replace("dump fields", f"compute sample {group} glass/dipole {SAMPLE} solver direct\n"
                            "dump sample all local 1 sample.txt c_sample[1] c_sample[2] c_sample[3]\n"
                            "dump_modify sample format float %.17g\ndump fields", 1)
        self.run = lammps(text, ranks)
        row, table = self.run.thermo()[-1], self.run.table("fields.txt")
        self.configuration = c = Configuration(self.run, dimension)
        inside = np.isin(table[:, 0].astype(int), c.ids)
        self.outside = table[~inside, 1:]
        fields = table[inside, 1:].reshape(len(c.ids), len(computes), N_FIELDS, 3)
        assert not fields[..., dimension:].any()
        self.of = {name: Result(name, row, [fields[:, k, m, :dimension].ravel() for m in range(N_FIELDS)])
                   for k, name in enumerate(computes)}

    def __getitem__(self, name):
        return self.of[name]


class Expected:
    """Modes by brute force from the same starts: the softest first, duplicates (|overlap| near 1) together."""

    def __init__(self, c, cutoff, starts, sample=None, like=None):
        """`sample` is the pairs that starts are chosen from, rows of a local array; `like` has the same pairs."""
        known = (like.pairs, like.kappa, None, like.spectrum, 0) if like else dipole_reference(c, cutoff)
        self.pairs, self.kappa, _, self.spectrum, _ = known
        self.cost = Cost(c, self.pairs, self.spectrum)
        kappa = self.kappa
        if sample is not None:
            of_sample = {tuple(row) for row in np.round(sample, 9)}
            rows = np.round(np.column_stack([c.ids[self.pairs.i], c.ids[self.pairs.j], self.pairs.length]), 9)
            kappa = np.where([tuple(row) in of_sample for row in rows], kappa, np.inf)
            assert np.isfinite(kappa).sum() == len(sample)
        chosen = softest_without_common_atoms(self.pairs, kappa, starts)
        responses = self.spectrum.solve(self.pairs.of(chosen).dipoles(len(c.x)))
        self.modes, self.starts, self.steps = [], [], 0
        for start, z in zip(chosen, responses.T):
            pi, steps = self.cost.minimise(z)
            self.steps = max(self.steps, steps)
            known = [m for m, other in enumerate(self.modes) if abs(other @ pi) > 0.999]
            if not known:
                known = [len(self.modes)]
                self.modes.append(pi)
                self.starts.append([])
            self.starts[known[0]].append(self.kappa[start])
        self.stiffness = np.array([pi @ c.hessian @ pi for pi in self.modes])
        order = np.argsort(self.stiffness)
        self.stiffness = self.stiffness[order]
        self.modes, self.starts = [self.modes[m] for m in order], [self.starts[m] for m in order]


@pytest.fixture(scope="module")
def glasses():
    found = {}
    for name, starts in STARTS.items():
        script, cutoff, dimension = SYSTEMS[name]
        measured = Measured(script + MINIMIZE + "write_data minimum.data nocoeff\n",
                            {solver: f"starts {starts} {keywords}" for solver, keywords in SOLVERS.items()},
                            dimension=dimension)
        everything = Expected(measured.configuration, cutoff, starts)
        some = Expected(measured.configuration, cutoff, starts, measured.run.table("sample.txt"), everything)
        measured.expected = {"all": everything, "direct": some, "cg": some}
        found[name] = measured
    return found


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("name", STARTS)
def test_modes_are_those_of_brute_force(glasses, name, solver):
    measured, c = glasses[name], glasses[name].configuration
    expected, result = measured.expected[solver], measured[solver]
    n = len(expected.modes)
    assert result.vector[:3].tolist() == [n, STARTS[name], STARTS[name]]
    assert result.vector[4] >= 1 and abs(result.vector[4] - expected.steps) <= 1
    assert result.vector[5] == pytest.approx(np.abs(c.f).max(), rel=1e-3, abs=1e-12)
    assert result.scalar == result.array[0, 0]
    modes = result.modes
    np.testing.assert_allclose(modes[:, 0], expected.stiffness[:N_MODES], rtol=1e-7)
    assert not result.array[len(modes):, :9].any()
    for m, row in enumerate(modes):
        pi = expected.modes[m]
        assert row[1] == pytest.approx(participation_ratio(pi, c.dimension), rel=1e-6)
        assert row[5] == pytest.approx(expected.cost.value(pi), rel=1e-9)
        assert row[6] <= 1e-8
        assert row[7] == pytest.approx(min(expected.starts[m]), rel=1e-8)
        assert row[8] == len(expected.starts[m])
        centre = row[2:2 + c.dimension]
        assert image_distance(c, centre - centre_of(c, pi)) < 1e-5
        if m < N_FIELDS:
            field = result.fields[m]
            assert np.linalg.norm(field) == pytest.approx(1.0, rel=1e-12)
            assert abs(field @ pi) == pytest.approx(1.0, abs=1e-10)
            assert field[np.abs(field).argmax()] > 0.0
    assert result.vector[3] == modes[:, 6].max()


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("name", STARTS)
def test_fields_are_minima(glasses, name, solver):
    """The gradient at the field that is given, by the exported H; and C rises in any direction."""
    measured = glasses[name]
    c, cost = measured.configuration, measured.expected[solver].cost
    random = np.random.default_rng(5)
    n_modes = len(measured[solver].modes)
    for m, field in enumerate(measured[solver].fields):
        if m >= n_modes:
            assert not field.any()
            continue
        row = measured[solver].modes[m]
        assert cost.relative_gradient(field) <= 1e-8 * (1.0 + 1e-3)
        assert cost.relative_gradient(field) == pytest.approx(row[6], rel=0.05, abs=1e-11)
        assert field @ c.hessian @ field == pytest.approx(row[0], rel=1e-9)
        assert cost.value(field) == pytest.approx(row[5], rel=1e-9)
        assert np.abs(field.reshape(-1, c.dimension).sum(axis=0)).max() < 1e-9    # no translation
        assert row[0] <= row[7] * (1.0 + 1e-9)    # at or below the stiffness of its start
        here = cost.value(field)
        for _ in range(5):
            step = random.standard_normal(len(field))
            assert cost.value(field + 1e-3 * step / np.linalg.norm(step)) > here


@pytest.mark.parametrize("name", STARTS)
def test_duplicates_are_merged(glasses, name):
    result = glasses[name]["all"]
    fields = result.fields[:len(result.modes)]
    overlaps = [abs(a @ b) for k, a in enumerate(fields) for b in fields[:k]]
    assert max(overlaps, default=0.0) < 0.9
    assert (np.diff(result.modes[:, 0]) >= 0.0).all()
    if result.vector[0] <= N_MODES:
        assert result.modes[:, 8].sum() == result.vector[2]


@pytest.mark.parametrize("name", STARTS)
def test_normal_modes(glasses, name, capsys):
    """The lowest ones are those of numpy; softest modes of both kinds are nearly the same where there are few."""
    measured, expected = glasses[name], glasses[name].expected["all"]
    spectrum, c = expected.spectrum, measured.configuration
    order = np.argsort(spectrum.values)[:N_NORMAL]
    vectors = spectrum.modes[:, order]
    for solver in SOLVERS:
        array = measured[solver].array[:N_NORMAL]
        np.testing.assert_allclose(array[:, 9], spectrum.values[order], rtol=1e-8)
        np.testing.assert_allclose(array[:, 10], [participation_ratio(v, c.dimension) for v in vectors.T], rtol=1e-4)
        listed = np.array(measured.expected[solver].modes[:N_MODES])
        np.testing.assert_allclose(array[:, 11], np.abs(listed @ vectors).max(axis=0), atol=1e-5)
    overlap = abs(expected.modes[0] @ vectors[:, 0])
    with capsys.disabled():
        print(f"\n{name}: softest pseudo-harmonic mode {measured['all'].scalar:.5g}, softest normal mode "
              f"{spectrum.values.min():.5g} of participation ratio {measured['all'].array[0, 10]:.3f}, overlap "
              f"{overlap:.3f}")
    assert overlap > {"KA": 0.95, "CuZr": 0.7, "silicon": 0.95, "plane": 0.9}[name]
    # The softest normal mode is the softest direction there is.
    assert measured["all"].scalar >= spectrum.values.min()


def aligned(a, b):
    return max(np.abs(a - b).max(), 0.0) if a @ b > 0 else np.abs(a + b).max()


def test_a_sample_on_ranks(glasses):
    """Starts from a sample: the same for a seed, on any number of ranks; others for another seed."""
    computes = {"a": "pairs sample 100 4711 starts 4 solver direct", "b": "pairs sample 100 4711 starts 4 solver cg",
                "c": "pairs sample 100 4712 starts 4 solver direct"}
    script = minimum(glasses["KA"], KA_PAIR, "lj")
    one, two = Measured(script, computes), Measured(script, computes, 2)
    for name in computes:
        columns = [0, 1, 5, 7, 8, 9, 10]
        np.testing.assert_allclose(two[name].array[:, columns], one[name].array[:, columns], rtol=1e-6)
        np.testing.assert_allclose(two[name].array[:, 11], one[name].array[:, 11], atol=1e-6)
        for a, b in zip(one[name].fields, two[name].fields):
            assert aligned(a, b) < 1e-6
    assert np.array_equal(one["a"].modes[:, 8], one["b"].modes[:, 8])
    np.testing.assert_allclose(one["a"].modes[:, 0], one["b"].modes[:, 0], rtol=1e-7)
    assert not np.array_equal(one["a"].modes[:, 7], one["c"].modes[:, 7])
    # A sample of starts can miss modes, and finds none that are softer than the softest of all starts here.
    assert one["a"].scalar >= glasses["KA"].expected["all"].stiffness[0] * (1.0 - 1e-7)


def test_group(glasses):
    """Atoms outside are held; they have no field."""
    script = minimum(glasses["KA"], KA_PAIR, "lj") + "region some block INF INF 1 6 INF INF\ngroup some region some\n"
    measured = Measured(script, {"m": "starts 4"}, group="some")
    expected = Expected(measured.configuration, KA_CUTOFF, 4)
    np.testing.assert_allclose(measured["m"].modes[:, 0], expected.stiffness, rtol=1e-7)
    assert abs(measured["m"].fields[0] @ expected.modes[0]) == pytest.approx(1.0, abs=1e-8)
    np.testing.assert_allclose(measured["m"].array[:N_NORMAL, 9], np.sort(expected.spectrum.values)[:N_NORMAL],
                               rtol=1e-8)
    assert not measured.outside.any()


def test_rattlers():
    """They take no part, and do not count in participation ratios."""
    measured = Measured(WCA + HOLE + MINIMIZE, {"m": "starts 4"})
    c, result = measured.configuration, measured["m"]
    out, expected = rattlers(c), Expected(measured.configuration, WCA_CUTOFF, 4)
    assert out.any()
    np.testing.assert_allclose(result.modes[:, 0], expected.stiffness, rtol=1e-7)
    field = result.fields[0]
    assert abs(field @ expected.modes[0]) == pytest.approx(1.0, abs=1e-8)
    assert not field.reshape(-1, 3)[out].any()
    assert result.modes[0, 1] == pytest.approx(participation_ratio(field, 3) * len(out) / (~out).sum(), rel=1e-9)
    np.testing.assert_allclose(result.array[:N_NORMAL, 9], np.sort(expected.spectrum.values)[:N_NORMAL], rtol=1e-8)


def test_unconverged_starts_are_counted(glasses):
    """Too few steps: what is listed has converged, or there is nothing."""
    result = Measured(minimum(glasses["KA"], KA_PAIR, "lj"), {"m": "starts 8 steps 24"})["m"]
    assert result.vector[1] == 8 and 0 < result.vector[2] < 8
    assert (result.modes[:, 6] <= 1e-8).all()
