"""compute glass/inm with solver kpm against dense eigenvalues: moments, histograms smoothed by the same kernel, errors
that are what they say."""

import concurrent.futures
import re

import numpy as np
import pytest

import modulus_reference as reference
from lammps_run import KA, LOAD, ROOT, lammps
from modulus_reference import FTM2V
from test_modulus import PLANE, SMALL, last_block, small_data


class Spectrum:
    """Of compute glass/inm with solver kpm (names), and all modes by brute force."""

    def __init__(self, run, names, strain, units, elements=8):
        self.run, row = run, run.thermo()[-1]
        self.vector = {name: np.array([row[f"c_{name}[{k}]"] for k in range(1, elements + 1)]) for name in names}
        self.array = {name: last_block(run.path / f"{name}.txt") for name in names}
        self.moments = {name: run.table(f"{name}.moments") for name in names}
        if strain:
            self.exact = reference.read_oscillators(run, strain, units)


def evaluate(system, definitions, strain=None, units="lj", ranks=1, group="all", before="", files=None):
    """`definitions`: keywords of compute glass/inm solver kpm by name; those of `strain` are added."""
    words = " ".join(f"c_{name}[{k}]" for name in definitions for k in range(1, 9))
    components = strain or "xy"
    columns = " ".join(f"c_{{0}}[{k}]" for k in range(1, 3 + len(components.split())))
    script = system + LOAD + before
    script += "".join(f"compute {name} {group} glass/inm solver kpm strain {components} {keywords}\n"
                      for name, keywords in definitions.items())
    script += (reference.export(strain, words) if strain else
               f"thermo_style custom step {words}\nthermo_modify line yaml format float %.17g norm no\n")
    for name in definitions:
        script += f"fix out_{name} all ave/time 1 1 1 c_{name}[*] mode vector file {name}.txt format ' %.17g'\n"
        script += (f"dump d_{name} all local 1 {name}.moments {columns.format(name)}\n"
                   f"dump_modify d_{name} format float %.17g\n")
    files = {"small.data": small_data(), **(files or {})}
    return Spectrum(lammps(script + "run 0\n", ranks, files=files), definitions, strain, units)


def edges_of(array):
    width = array[1, 0] - array[0, 0]
    return np.append(array[:, 0] - width / 2, array[-1, 0] + width / 2)


@pytest.fixture(scope="module")
def liquid():
    definitions = {f"m{n}": f"moments {n} vectors 16 seed 7 bins 60 range -15 90" for n in (200, 800, 3200)}
    return evaluate(KA, definitions, "xy xz")


@pytest.mark.parametrize("name", ["m200", "m800", "m3200"])
def test_moments(liquid, name):
    table, exact = liquid.moments[name], liquid.exact
    n, modes = int(name[1:]), len(exact.lambda_p)
    assert np.array_equal(table[:, 0], np.arange(n))
    centre, half_width = reference.interval_of(table[:, 2], exact.lambda_p, exact.xi2_cp[0])
    low, high, spread = exact.lambda_p.min(), exact.lambda_p.max(), np.ptp(exact.lambda_p)
    assert low - 0.2 * spread < centre - half_width < low and high < centre + half_width < high + 0.2 * spread
    x = (exact.lambda_p - centre) / half_width
    for c in range(2):
        expected = reference.chebyshev_moments(x, exact.xi2_cp[c], n)
        assert np.abs(table[:, 2 + c] - expected).max() <= 1e-10 * expected[0]
    expected = reference.chebyshev_moments(x, np.full(modes, 1.0 / modes), n)
    assert table[0, 1] == pytest.approx(1.0, abs=0.05)
    # Vectors of signs: the variance of each is at most twice the square of the matrix's norm.
    squares = 0.5 * (modes + reference.chebyshev_moments(x, np.ones(modes), 2 * n)[::2])
    deviation = np.sqrt(2.0 * squares / 16.0) / modes
    z = (table[:, 1] - expected) / deviation
    assert np.abs(z).max() <= 5.5
    assert 0.4 <= (z[100:] ** 2).mean() <= 1.6


@pytest.mark.parametrize("name", ["m200", "m800", "m3200"])
def test_histograms_are_those_of_the_moments(liquid, name):
    table, array, vector, exact = (liquid.moments[name], liquid.array[name], liquid.vector[name], liquid.exact)
    centre, half_width = reference.interval_of(table[:, 2], exact.lambda_p, exact.xi2_cp[0])
    edges, modes = edges_of(array), len(exact.lambda_p)
    width = edges[1] - edges[0]
    share = reference.smoothed_histogram(table[:, 1], edges, centre, half_width)
    np.testing.assert_allclose(array[:, 1] * width, share, rtol=0, atol=1e-10)
    np.testing.assert_allclose(array[:, 4], share * modes, rtol=0, atol=1e-10 * modes)
    sums = reference.smoothed_histogram(table[:, 2:].mean(axis=1), edges, centre, half_width)
    np.testing.assert_allclose(array[:, 6], sums, rtol=0, atol=1e-10 * exact.xi2_cp.sum())
    filled = array[:, 4] > 1.0
    np.testing.assert_allclose(array[filled, 3], array[filled, 6] / array[filled, 4], rtol=1e-12)
    assert not array[:, [2, 5]].any()
    # of dense modes, smoothed by the same kernel
    x = (exact.lambda_p - centre) / half_width
    dense = reference.chebyshev_moments(x, exact.xi2_cp.mean(axis=0), len(table))
    np.testing.assert_allclose(array[:, 6], reference.smoothed_histogram(dense, edges, centre, half_width), rtol=0,
                               atol=1e-9 * dense[0])
    # The fraction below zero, smoothed in the same way.
    assert vector[1] == pytest.approx(reference.below((0.0 - centre) / half_width, table[:, 1]), rel=1e-9)
    assert vector[0] + vector[1] == pytest.approx(1.0, abs=1e-9)
    assert vector[5] == pytest.approx(modes * (1.0 - share.sum()), abs=1e-6)


def test_errors_fall_with_moments(liquid):
    exact = liquid.exact
    differences = []
    for name in ("m200", "m800", "m3200"):
        array = liquid.array[name]
        sharp = np.histogram(reference.frequencies(exact.lambda_p), edges_of(array),
                             weights=exact.xi2_cp.mean(axis=0))[0]
        differences.append(np.abs(array[:, 6] - sharp).sum() / sharp.sum())
    assert differences[1] < 0.7 * differences[0] and differences[2] < 0.7 * differences[1], differences
    assert differences[2] < 0.06
    # The fraction of unstable modes: noise of 16 vectors, and a little blur at zero.
    unstable, modes = (exact.lambda_p < 0).mean(), len(exact.lambda_p)
    noise = np.sqrt(2.0 * unstable / (16.0 * modes))
    assert noise < 0.03 * unstable + 0.001
    assert liquid.vector["m3200"][1] == pytest.approx(unstable, abs=4.0 * noise + 0.002)


def test_standard_errors_are_honest():
    """Over seeds, of the difference to dense moments under the same kernel: chi^2 a bin is (R - 1)/(R - 3)."""
    vectors, seeds = 16, range(1, 25)
    definitions = {f"s{seed}": f"moments 300 vectors {vectors} seed {seed} bins 30 range -20 60" for seed in seeds}
    results = evaluate(SMALL, definitions, "xy")
    exact = results.exact
    normalised, all_g = [], []
    for name in definitions:
        table, array = results.moments[name], results.array[name]
        centre, half_width = reference.interval_of(table[:, 2], exact.lambda_p, exact.xi2_cp[0])
        x = (exact.lambda_p - centre) / half_width
        dense = reference.chebyshev_moments(x, np.full(len(x), 1.0 / len(x)), 300)
        edges = edges_of(array)
        expected = reference.smoothed_histogram(dense, edges, centre, half_width) / (edges[1] - edges[0])
        heavy = expected > 0.05 * expected.max()
        assert (array[heavy, 7] > 0).all()
        normalised.append((array[heavy, 1] - expected[heavy]) / array[heavy, 7])
        all_g.append(array[:, 1])
    assert len({tuple(g) for g in all_g}) == len(definitions)
    chi2 = (np.array(normalised) ** 2).mean()
    assert chi2 == pytest.approx((vectors - 1) / (vectors - 3), rel=0.25), chi2
    # no bias: the mean over seeds, bin by bin
    mean = np.array(normalised).mean(axis=0) * np.sqrt(len(definitions))
    assert np.abs(mean).max() < 4.0


KEYWORDS = {"m": "moments 100 vectors 6 seed 3 bins 25 range -20 60"}


@pytest.fixture(scope="module")
def small():
    return evaluate(SMALL, KEYWORDS, "xy zz")


def assert_same(ours, theirs, noisy=True):
    kept = slice(None) if noisy else [0, 2, 5, 6]
    np.testing.assert_allclose(ours.array["m"][:, kept], theirs.array["m"][:, kept], rtol=1e-8,
                               atol=1e-9 * np.abs(theirs.array["m"][:, kept]).max(axis=0).max())
    columns = slice(None) if noisy else [0, 2, 3]
    np.testing.assert_allclose(ours.moments["m"][:, columns], theirs.moments["m"][:, columns], rtol=0,
                               atol=1e-9 * theirs.moments["m"][0].max())


@pytest.mark.parametrize("ranks, newton", [(2, "on"), (4, "on"), (2, "off")])
def test_ranks(small, ranks, newton):
    assert_same(evaluate(f"newton {newton}\n" + SMALL, KEYWORDS, "xy zz", ranks=ranks), small)


def test_units(small):
    scale = np.sqrt(FTM2V["metal"])
    keywords = f"moments 100 vectors 6 seed 3 bins 25 range {-20 * scale:.17g} {60 * scale:.17g}"
    ours = evaluate(SMALL.replace("units lj", "units metal"), {"m": keywords}, "xy zz", "metal")
    np.testing.assert_allclose(ours.array["m"][:, 1] * scale, small.array["m"][:, 1], rtol=1e-6, atol=1e-10)
    np.testing.assert_allclose(ours.array["m"][:, 6] / scale ** 2, small.array["m"][:, 6], rtol=1e-6,
                               atol=1e-8 * small.array["m"][:, 6].max())


def against_dense(system, group="all", n=100):
    """Moments of the affine forces against compute glass/inm's own modes of the same group."""
    columns = " ".join(f"c_dense[{k}]" for k in (1, 2, 3))
    extra = f"compute dense {group} glass/inm strain xy\ndump dense all local 1 dense.txt {columns}\n"
    extra += "dump_modify dense format float %.17g\n"
    results = evaluate(system,  {"m": f"moments {n} vectors 400 seed 3 bins 25 range -30 60"},
                       group=group, before=extra)
    omega, _, xi2 = results.run.table("dense.txt").T
    table = results.moments["m"]
    values = reference.signed_square(omega)
    centre, half_width = reference.interval_of(table[:, 2], values, xi2)
    x = (values - centre) / half_width
    assert np.abs(x).max() < 1.0
    expected = reference.chebyshev_moments(x, xi2, n)
    assert np.abs(table[:, 2] - expected).max() <= 1e-9 * expected[0]
    expected = reference.chebyshev_moments(x, np.full(len(x), 1.0 / len(x)), n)
    assert np.abs(table[:, 1] - expected).max() <= 5.5 * np.sqrt(2.0 / (400 * len(x)))
    assert results.array["m"][:, 4].sum() + results.vector["m"][5] == pytest.approx(len(x), rel=1e-9)


def test_two_dimensions():
    against_dense(PLANE)


def test_frozen_atoms():
    against_dense(SMALL + "group half id <> 1 54\n", "half")


def test_sums_of_the_viscosity():
    """S over |omega| >= omega_min of the smoothed density: near to that of the modes, away from zero."""
    results = evaluate(SMALL, {"m": "moments 4000 vectors 2 omega_min 8 bins 40 range -20 60"}, "xy")
    exact = results.exact
    term = np.where(np.abs(exact.lambda_p) >= 64.0, exact.xi2_cp[0] / exact.lambda_p ** 2, 0.0)
    for element, chosen in ((6, exact.lambda_p > 0), (7, exact.lambda_p < 0)):
        assert results.vector["m"][element] == pytest.approx(term[chosen].sum(), rel=0.05)
    assert np.isnan(evaluate(SMALL, {"m": "moments 4000 vectors 2"}).vector["m"][[4, 6, 7]]).all()


def test_what_is_chosen():
    """Range, moments and vectors."""
    results = evaluate(SMALL, {"m": "bins 40"})
    array, table = results.array["m"], results.moments["m"]
    edges = edges_of(array)
    assert np.abs(edges).min() < 1e-9 * edges[-1]
    assert edges[0] < results.vector["m"][2] < 0 < results.vector["m"][3] < edges[-1]
    assert 200 <= len(table) <= 20000
    assert (array[:, 1] * (edges[1] - edges[0])).sum() == pytest.approx(1.0, abs=1e-3)
    log = [line for line in results.run.output.splitlines() if "Chebyshev moments of" in line]
    assert f"{len(table)} Chebyshev moments of 64 random vectors and 1 affine force fields" in log[0]


CRYSTAL = """
units lj
atom_style atomic
atom_modify id {ids}
lattice fcc 1.0
region box block 0 4 0 4 0 4
create_box 1 box
create_atoms 1 box
mass 1 1.0
pair_style lj/smooth/linear 2.5
pair_coeff 1 1 1.0 1.0
"""


def test_translations_are_no_modes_of_a_crystal():
    """All modes are far above zero, where the translations are that rounding brings in."""
    run = lammps(CRYSTAL.format(ids="yes") + LOAD + f"{KPM} moments 2000 vectors 8 range 0 24 bins 24\n"
                 "thermo_style custom step c_inm[1] c_inm[3] c_inm[6]\nthermo_modify line yaml\nrun 0\n")
    row = run.thermo()[-1]
    assert row["c_inm[3]"] > 2.0
    assert row["c_inm[1]"] == pytest.approx(1.0, abs=1e-3) and abs(row["c_inm[6]"]) < 0.1


def test_atoms_without_identity():
    for compute, name in ((KPM, "inm"), ("compute inm all glass/modulus omega list 1 kernel constant 1", "inm")):
        run = lammps(CRYSTAL.format(ids="no") + LOAD + f"{compute}\nthermo_style custom step c_inm[2]\nrun 0\n",
                     check=False)
        assert run.returncode != 0
        assert f"(ID {name}): random vectors need atoms with IDs; use atom_modify id yes" in run.output


# ---- what it refuses

PAGE = " ".join((ROOT / "docs" / "compute_glass_inm.rst").read_text().split())
STYLE = "Compute glass/inm"
KPM = "compute inm all glass/inm solver kpm"
NO_MODES = "solver kpm of compute inm finds no modes; use another solver there"
ERRORS = {
    "few moments": (f"{KPM} moments 15", f"{STYLE} moments must be >= 16, not 15"),
    "one vector": (f"{KPM} vectors 1", f"{STYLE} vectors must be >= 2, not 1"),
    "no seed": (f"{KPM} seed 0", f"{STYLE} seed must be >= 1, not 0"),
    "no value": (f"{KPM} moments", "Illegal compute glass/inm moments command: missing argument"),
    "of another solver": ("compute inm all glass/inm moments 100", f"{STYLE} moments belongs to solver kpm"),
    "vectors of another solver": ("compute inm all glass/inm solver lapack vectors 10",
                                  f"{STYLE} vectors belongs to solver kpm"),
    "participation": (f"{KPM} pc 0.3",
                      f"{STYLE} solver kpm finds the density of all modes and none of them: it goes with modes all "
                      "and without pc"),
    "part of the modes": (f"{KPM} modes unstable",
                          f"{STYLE} solver kpm finds the density of all modes and none of them: it goes with modes "
                          "all and without pc"),
    "resolution": (f"{KPM} moments 20 bins 100 range -20 60 vectors 2",
                   f"{STYLE} (ID inm): 20 moments resolve bins 0.8 wide for only "),
    "atoms of modes": (f"{KPM}\ncompute w all glass/inm/atom c_inm\nrun 0", f"(ID w): {NO_MODES}"),
    "viscosity": (f"{KPM}\ncompute w all glass/viscosity c_inm friction 1 wmin 1\nrun 0", f"(ID w): {NO_MODES}"),
    "modulus": (f"{KPM}\ncompute w all glass/modulus omega list 1 kernel constant 1 modes c_inm\nrun 0",
                f"(ID w): {NO_MODES}"),
    "no atoms": ("group none empty\ncompute inm none glass/inm solver kpm", "group none has no atoms"),
}


@pytest.fixture(scope="module")
def failed_runs():
    def run(entry):
        script = f"{SMALL}{LOAD}{entry[0]}\nthermo_style custom step c_inm\nrun 0\n"
        return lammps(script, check=False, files={"small.data": small_data()})

    # Starting MPI is mostly waiting.
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        return dict(zip(ERRORS, pool.map(run, ERRORS.values())))


@pytest.mark.parametrize("name", ERRORS)
def test_errors(failed_runs, name):
    run, message = failed_runs[name], ERRORS[name][1]
    assert run.returncode != 0, run.output[-1500:]
    errors = [line for line in run.output.splitlines() if line.startswith("ERROR")]
    assert len(errors) == 1 and message in " ".join(run.output.split()), run.output[-1500:]
    for part in re.split(r"-?\d[\d.e-]*|, not .*|\(ID \w+\)|compute inm (?=finds)|group \w+", message):
        part = re.sub("^Compute glass/inm (vectors|seed) ", "", part.strip(" :,;()"))
        if len(part.split()) > 2 and "missing arg" not in part:
            assert part in PAGE, part
