"""compute glass/modulus against a full sum over modes by numpy: both engines, all kernels, the bound of the error, its
limits, and what must not change it."""

import concurrent.futures
import functools
import re

import numpy as np
import pytest
from scipy.special import gamma

import modulus_reference as reference
from lammps_run import DATA, KA, LOAD, ROOT, cuzr, lammps
from modulus_reference import FTM2V, NKTV2P

# 108 atoms far from any minimum, of unequal masses, in a box with tilts. They are read from a file: create_atoms gives
# other IDs on other numbers of ranks, and lattices have another unit in other units.
MADE = """
units lj
atom_style atomic
lattice fcc 0.9
region box block 0 3 0 3 0 3
create_box 2 box
create_atoms 1 box
change_box all triclinic
change_box all xy delta 0.4 xz delta -0.2 yz delta 0.3 remap units box
set type 1 type/fraction 2 0.3 991
mass 1 1.0
mass 2 2.5
pair_style lj/cut 2.5
pair_coeff * * 1.0 1.0
displace_atoms all random 0.09 0.09 0.09 4711 units box
write_data small.data nocoeff
"""
SMALL = """
units lj
atom_style atomic
neighbor 0.3 bin
read_data small.data
pair_style lj/cut 2.5
pair_coeff * * 1.0 1.0
pair_coeff 2 2 1.3 0.95
timestep 0.001
"""
PLANE = """
units lj
dimension 2
atom_style atomic
lattice sq2 0.9
region box block 0 8 0 8 -0.1 0.1
create_box 1 box
create_atoms 1 box
mass 1 1.7
pair_style lj/cut 2.5
pair_coeff * * 1.0 1.0
displace_atoms all random 0.1 0.1 0 4711 units box
"""


@functools.lru_cache
def small_data():
    run = lammps(MADE)
    return (run.path / "small.data").read_text()


TABLE_T = np.concatenate([[0.0], np.geomspace(0.002, 3.0, 40)])
TABLE_NU = 800.0 * np.exp(-20.0 * TABLE_T) * np.cos(9.0 * TABLE_T) + 30.0 * np.exp(-TABLE_T)
TABLE = "# t nu(t)\n" + "".join(f"{t:.17g} {nu:.17g}\n" for t, nu in zip(TABLE_T, TABLE_NU))

KERNELS = {
    "constant": ("constant 20", lambda w: reference.constant(w, 20.0)),
    "stretched": ("stretched 400 9 0.6", lambda w: reference.stretched(w, 400.0, 9.0, 0.6)),
    "prony": ("prony 2 900 0.02 30 1.5", lambda w: reference.prony(w, 900.0, 0.02, 30.0, 1.5)),
    "table": ("table kernel.txt", lambda w: reference.polygon(w, TABLE_T, TABLE_NU)),
}


class Results:
    """Of one run: scalar, vector and array of every compute glass/modulus, and the oscillators by brute force."""

    def __init__(self, run, names, strain, units):
        self.run, row = run, run.thermo()[-1]
        self.scalar = {name: row[f"c_{name}"] for name in names}
        self.vector = {name: np.array([row[f"c_{name}[{k}]"] for k in range(1, 9)]) for name in names}
        self.array = {name: last_block(run.path / f"{name}.txt") for name in names}
        if strain:
            self.exact = reference.read_oscillators(run, strain, units)

    def modulus(self, name):
        return self.array[name][:, 1] + 1j * self.array[name][:, 2]


def last_block(path):
    """What fix ave/time has written last, without the numbers of rows."""
    lines, block = path.read_text().splitlines()[3:], None
    while lines:
        n = int(lines[0].split()[1])
        block, lines = lines[1:n + 1], lines[n + 1:]
    return np.array([[float(word) for word in line.split()[1:]] for line in block])


def evaluate(system, definitions, strain=None, units="lj", ranks=1, before="", run="run 0\n", every=1,
             files=None):
    """`definitions`: keywords of compute glass/modulus by name."""
    words = " ".join(f"c_{name} c_{name}[*]" for name in definitions)
    script = system + LOAD + before
    script += "".join(f"compute {name} all glass/modulus {keywords}\n" for name, keywords in definitions.items())
    script += (reference.export(strain, words) if strain else
               f"thermo_style custom step {words}\nthermo_modify line yaml format float %.17g norm no\n")
    script += "".join(f"fix out_{name} all ave/time {every} 1 {every} c_{name}[*] mode vector file {name}.txt "
                      "format ' %.17g'\n" for name in definitions)
    files = {"kernel.txt": TABLE, "small.data": small_data(), **(files or {})}
    return Results(lammps(script + run, ranks, files=files), definitions, strain, units)


@pytest.fixture(scope="module")
def glass():
    """The CuZr glass at its inherent structure, as script lines."""
    run = lammps(cuzr("glass") + "min_style cg\nminimize 0 1e-8 5000 5000\nwrite_data glass.data nocoeff\n")
    yield cuzr("glass").replace(f"{DATA}/cuzr_glass.data", f"{run.path}/glass.data")
    del run


# ---- the reference itself

def test_transforms_of_the_reference():
    omega = np.array([0.0, 0.3, 3.0, 30.0])
    np.testing.assert_allclose(reference.stretched(omega, 3.0, 2.0, 1.0), 3.0 / (2.0 + 1j * omega), rtol=1e-13)
    for b in (0.3, 0.58, 1.5, 2.0):
        for w, value in zip(omega, reference.stretched(omega, 3.0, 2.0, b)):
            # where it has not decayed, a power of the tail is left: not for the smallest b
            if b > 0.5:
                by_quad = reference.along_real_time(w, lambda t: 3.0 * np.exp(-2.0 * t ** b), (40.0 / 2.0) ** (1.0 / b))
                assert abs(value - by_quad) <= 1e-8 * abs(value)
        assert reference.stretched([0.0], 3.0, 2.0, b)[0] == pytest.approx(3.0 * gamma(1 / b) / (b * 2.0 ** (1 / b)),
                                                                           rel=1e-13)
        # nu0/(iw) - ... : what the beginning of the kernel leaves
        w = 1e7
        series = sum((-2.0) ** n / float(gamma(n + 1)) * gamma(n * b + 1) * (1j * w) ** (-n * b - 1) for n in range(9))
        assert abs(reference.stretched([w], 3.0, 2.0, b)[0] / (3.0 * series) - 1) <= 1e-10
    fine = np.linspace(0.0, 3.0, 40001)
    for w in omega:
        values = np.interp(fine, TABLE_T, TABLE_NU) * np.exp(-1j * w * fine)
        by_sum = (0.5 * (values[1:] + values[:-1])).sum() * (fine[1] - fine[0])
        assert abs(reference.polygon([w], TABLE_T, TABLE_NU)[0] - by_sum) <= 1e-5 * abs(by_sum)


# ---- engines

OMEGA = {"lj": "list 0.5 2 7 20 60 200", "metal": "list 0.3 1 4 12 30 100"}


@pytest.fixture(scope="module", params=["ka", "cuzr"])
def engines(request, glass):
    system, units = (KA, "lj") if request.param == "ka" else (glass, "metal")
    definitions = {}
    for name, (kernel, _) in KERNELS.items():
        common = f"omega {OMEGA[units]} kernel {kernel} strain xy xz zz"
        definitions[f"modes_{name}"] = common + " modes c_inm"
        definitions[f"lanczos_{name}"] = common + " tolerance 1e-11"
    return evaluate(system, definitions, "xy xz zz", units, before="compute inm all glass/inm strain xy xz zz\n")


@pytest.mark.parametrize("kernel", KERNELS)
def test_engines_agree(engines, kernel):
    _, nu_of = KERNELS[kernel]
    modes, lanczos = engines.array[f"modes_{kernel}"], engines.array[f"lanczos_{kernel}"]
    omega, nu = modes[:, 0], nu_of(modes[:, 0])
    each = engines.exact.modulus(omega, nu)
    for array in (modes, lanczos):
        assert np.array_equal(array[:, 0], omega)
        np.testing.assert_allclose(array[:, 4] - 1j * array[:, 5], nu, rtol=1e-11)
        of_components = array[:, 7::2] + 1j * array[:, 8::2]
        assert np.abs(of_components / each - 1).max() <= 1e-8
        assert np.abs((array[:, 1] + 1j * array[:, 2]) / each.mean(axis=1) - 1).max() <= 1e-8
    assert not modes[:, 3].any() and engines.vector[f"modes_{kernel}"][3] == 0
    size = np.abs(each.mean(axis=1))
    assert (lanczos[:, 3] <= 1e-11 * size).all()

    vector, exact = engines.vector[f"lanczos_{kernel}"], engines.exact
    assert vector[0] == engines.scalar[f"lanczos_{kernel}"] == pytest.approx(exact.affine_c.mean(), rel=1e-10)
    assert 50 <= vector[3] < 5000 and vector[5] == 0
    assert vector[4] == pytest.approx((lanczos[:, 3] / size).max(), rel=1e-6)
    lowest, highest = (np.sign(x) * np.sqrt(abs(x)) for x in (exact.lambda_p.min(), exact.lambda_p.max()))
    assert engines.vector[f"modes_{kernel}"][1:3] == pytest.approx([lowest, highest], rel=1e-8)
    assert vector[2] == pytest.approx(highest, rel=1e-6)
    assert vector[1] >= lowest - 1e-6 * highest


@pytest.mark.parametrize("kernel", KERNELS)
def test_modes_within_the_line_width(engines, kernel):
    modes, lanczos = engines.array[f"modes_{kernel}"], engines.array[f"lanczos_{kernel}"]
    omega = modes[:, 0]
    expected = engines.exact.within_line_width(omega, KERNELS[kernel][1](omega))
    np.testing.assert_allclose(modes[:, 6], expected, rtol=1e-8)
    # Of one random vector of signs: the variance is at most twice the sum of squares over modes.
    shifted = engines.exact.lambda_p - (omega ** 2)[:, None] + 1j * (omega * KERNELS[kernel][1](omega))[:, None]
    deviation = np.sqrt(2.0 * ((shifted.imag / np.abs(shifted)) ** 4).sum(axis=1)) / np.pi
    assert (np.abs(lanczos[:, 6] - expected) <= 5.0 * deviation + 1e-9).all()
    for name in (f"modes_{kernel}", f"lanczos_{kernel}"):
        array, vector = engines.array[name], engines.vector[name]
        # Beyond all modes there are none that could be too few.
        inside = omega ** 2 - omega * array[:, 5] < vector[2] ** 2
        few = np.flatnonzero((array[:, 6] < 1.0) & inside)
        first = few[-1] + 1 if len(few) else 0
        if first == len(omega):
            assert np.isnan(vector[6:]).all()
        else:
            assert vector[6] == omega[first]
            assert vector[7] == pytest.approx(omega[first] * array[first, 4], rel=1e-12)


@pytest.mark.parametrize("system", ["ka", "cuzr"])
def test_bound_holds_where_not_converged(system, glass):
    script, units = (KA, "lj") if system == "ka" else (glass, "metal")
    steps = (5, 20, 60, 150, 300, 500)
    definitions = {f"m{n}": f"omega {OMEGA[units]} kernel constant 8 tolerance 1e-13 maxiter {n}" for n in steps}
    results = evaluate(script, definitions, "xy", units)
    excess = []
    for name in definitions:
        array = results.array[name]
        exact = results.exact.modulus(array[:, 0], np.full(len(array), 8.0))[:, 0]
        error, rounding = np.abs(results.modulus(name) - exact), 1e-11 * np.abs(exact)
        assert (error <= array[:, 3] + rounding).all(), (name, error / array[:, 3])
        true = error > 10 * rounding
        excess += list(np.log10(array[true, 3] / error[true]))
        vector, relative = results.vector[name], array[:, 3] / np.abs(results.modulus(name))
        assert vector[3] <= int(name[1:]) and vector[5] == (relative > 1e-13).sum()
        assert vector[4] == pytest.approx(relative.max(), rel=1e-6)
    assert len(excess) > 10
    assert np.mean(excess) < 2.0 and np.max(excess) < 4.0, (np.mean(excess), np.max(excess))


def test_bound_of_the_static_modulus(glass):
    """Without damping: the distance to the spectrum is known as well as its lowest eigenvalue is, from few steps."""
    steps = (3, 5, 8, 12, 20, 40)
    definitions = {f"m{n}": f"omega list 0 1e-3 0.5 kernel constant 0.05 tolerance 1e-13 maxiter {n}" for n in steps}
    results = evaluate(glass, definitions, "xy", "metal")
    for name in definitions:
        array = results.array[name]
        error = np.abs(results.modulus(name) - results.exact.modulus(array[:, 0], np.full(3, 0.05))[:, 0])
        assert (error <= array[:, 3]).all() and (array[:, 3] <= 100.0 * error).all(), (name, array[:, 3] / error)


def test_bound_of_several_components():
    common = "omega list 2 7 20 kernel constant 8 tolerance 1e-13 maxiter 60 strain"
    names = ("xy", "zz", "xy zz")
    bounds = evaluate(KA, {name.replace(" ", ""): f"{common} {name}" for name in names})
    of = {name: bounds.array[name][:, 3] for name in ("xy", "zz", "xyzz")}
    np.testing.assert_allclose(of["xyzz"], 0.5 * (of["xy"] + of["zz"]), rtol=1e-6)


def test_what_missed_the_tolerance_is_told():
    results = evaluate(SMALL, {"m": "omega list 0.01 1000 kernel constant 1 maxiter 20"}, run="run 0\nrun 0\n")
    assert results.vector["m"][5] == 1
    assert results.vector["m"][3] == 20
    assert "glass/modulus: 20 steps in" in results.run.output
    # in every run
    assert results.run.output.count("; 1 of 2 frequencies missed the tolerance of 1.0e-06") == 2


# ---- limits

def test_limits_are_the_elastic_constants(glass):
    common = "omega list 0 1e-5 1e7 kernel constant 3 strain xy xz yz xx"
    definitions = {"modes": common + " modes c_inm", "lanczos": common + " tolerance 1e-10"}
    before = "compute inm all glass/inm strain xy xz yz xx\ncompute el all glass/elastic tolerance 1e-12\n"
    words = "fix el all ave/time 1 1 1 c_el[7] c_el[8] c_el[9] c_el[12] file el.txt format ' %.17g'\n"
    words += "fix c all ave/time 1 1 1 c_el[1] mode vector file c.txt format ' %.17g'\n"
    results = evaluate(glass, definitions, "xy xz yz xx", "metal", before=before + words)
    *shear, stress = np.loadtxt(results.run.path / "el.txt")[1:]
    relaxed = np.array(shear + [last_block(results.run.path / "c.txt")[0, 0] + stress])
    for name in definitions:
        array = results.array[name]
        each = array[:, 7::2] + 1j * array[:, 8::2]
        np.testing.assert_allclose(each[0].real, relaxed, rtol=1e-8)
        assert np.array_equal(each[0].imag, np.zeros(4))
        np.testing.assert_allclose(each[1].real, relaxed, rtol=1e-8)
        np.testing.assert_allclose(each[2], results.exact.affine_c, rtol=1e-8)
        # Below all modes G'' is w times a viscosity.
        exact = results.exact
        slope = exact.pressure_per_energy * 3.0 * (exact.xi2_cp / exact.lambda_p ** 2).sum(axis=1)
        np.testing.assert_allclose(each[1].imag / 1e-5, slope, rtol=1e-6)


def test_dispersion_relation_and_loss(glass):
    """G' from G'' alone, for the kernel of a stretched exponential: every second point of a grid in ln w, which takes
    care of the principal value. Both engines."""
    definitions = {"m": "omega log 1e-3 1e5 801 kernel stretched 3000 8 0.58 tolerance 1e-9",
                   "sum": "omega log 1e-3 1e5 801 kernel stretched 3000 8 0.58 modes c_inm"}
    results = evaluate(glass, definitions, before="compute inm all glass/inm\n")
    for name in definitions:
        omega, storage, loss = results.array[name][:, :3].T
        np.testing.assert_allclose(omega, np.geomspace(1e-3, 1e5, 801), rtol=1e-12)
        assert (loss > 0).all() and (results.array[name][:, 4] > 0).all()
        step = np.log(omega[1] / omega[0])
        for k in range(100, 700, 33):
            others = np.arange((k + 1) % 2, len(omega), 2)
            principal = 2.0 * step * (omega[others] ** 2 * loss[others] / (omega[others] ** 2 - omega[k] ** 2)).sum()
            expected = results.scalar[name] - 2.0 / np.pi * principal
            assert storage[k] == pytest.approx(expected, abs=1e-5 * results.scalar[name])


# ---- what can be written down

DIMER = """
units {units}
atom_style atomic
region box block 0 8 0 8 0 8
create_box 1 box
create_atoms 1 single 2 2 2
create_atoms 1 single {place:.17g} {place:.17g} 2
mass 1 3.0
pair_style morse 2.4
pair_coeff 1 1 2.0 1.7 1.5
"""


def test_one_oscillator_and_maxwell():
    """Two atoms at rest along (1, 1, 0): the bond is all that xy feels, lambda = 2k/m, and G_A = k r^2/(4V)."""
    k, r, mass, nu = 2.0 * 2.0 * 1.7 ** 2, 1.5, 3.0, 0.7
    affine, square = k * r ** 2 / (4.0 * 512.0), 2.0 * k / mass
    definitions = {"lanczos": f"omega log 0.01 100 9 kernel constant {nu}",
                   "modes": f"omega log 0.01 100 9 kernel constant {nu} modes c_inm",
                   "maxwell": "omega log 1e-7 1e-3 9 kernel constant 1e6"}
    results = evaluate(DIMER.format(units="lj", place=2.0 + 1.5 / np.sqrt(2.0)), definitions,
                       before="compute inm all glass/inm\n")
    for name in definitions:
        assert results.scalar[name] == pytest.approx(affine, rel=1e-10)
    for name in ("lanczos", "modes"):
        omega = results.array[name][:, 0]
        inertia = -omega ** 2 + 1j * omega * nu
        np.testing.assert_allclose(results.modulus(name), affine * inertia / (square + inertia), rtol=1e-10)
    # The motion of two atoms without inertia is a spring and a dashpot in series: tau = nu/lambda.
    omega, tau = results.array["maxwell"][:, 0], 1e6 / square
    np.testing.assert_allclose(results.modulus("maxwell"), affine * 1j * omega * tau / (1.0 + 1j * omega * tau),
                               rtol=1e-8)


def test_nothing_to_relax():
    """A crystal in which every atom is a centre of inversion, and one with one atom: G* = G_A."""
    for side in (1, 4):
        system = f"""
units lj
atom_style atomic
lattice sc 0.95
region box block 0 {side} 0 {side} 0 {side}
create_box 1 box
create_atoms 1 box
mass 1 1.0
pair_style lj/cut 2.5
pair_coeff * * 1.0 1.0
"""
        results = evaluate(system, {"m": "omega list 0.1 10 kernel constant 1 strain xx xy"}, "xx xy")
        array = results.array["m"]
        np.testing.assert_allclose(array[:, 7::2] + 0 * array[:, 8::2], np.tile(results.exact.affine_c, (2, 1)),
                                   rtol=1e-12)
        assert np.abs(array[:, 8::2]).max() <= 1e-12 * np.abs(results.exact.affine_c).max()
        assert (array[:, 3] <= 1e-12 * np.abs(results.exact.affine_c).max()).all()


# ---- kernels

STRETCHED = [(0.137, 1.2e-6, 0.72), (0.137, 7e-6, 0.58), (3.0, 2.0, 0.1), (3.0, 2.0, 1.0), (3.0, 2.0, 1.4),
             (3.0, 2.0, 2.0)]


def test_stretched_kernels():
    """From w tau << 1 to >> 1, those of Cui et al. among them; where it decays faster than any power, while it can be
    told from zero."""
    definitions = {}
    for k, (nu0, r, b) in enumerate(STRETCHED):
        rate = r ** (1.0 / b)
        low, high = 1e-4 * rate, (1e6 if b < 1.2 else 100.0 if b < 2 else 8.0) * rate
        definitions[f"m{k}"] = f"omega log {low:.17g} {high:.17g} 31 kernel stretched {nu0} {r} {b} tolerance 1e9"
    results = evaluate(SMALL, definitions)
    for k, parameters in enumerate(STRETCHED):
        array = results.array[f"m{k}"]
        nu = reference.stretched(array[:, 0], *parameters)
        assert np.abs((array[:, 4] - 1j * array[:, 5]) / nu - 1).max() <= 1e-12
        # what dissipates, by itself: orders of magnitude smaller at high frequencies
        np.testing.assert_allclose(array[:, 4], nu.real, rtol=1e-8, atol=1e-15 * np.abs(nu).max())


def test_memory_kernel_of_the_fix():
    lags, every, dt = 60, 2, 0.002
    period = lags * every * dt
    omega = " ".join(f"{np.pi * k / period:.17g}" for k in (0.37, 1, 2, 3, 4, 4.4))
    mass = 2.5
    measure = (f"mass * {mass}\nvelocity all create 1.0 8713 loop geom\ntimestep {dt}\nfix move all nve\n"
               f"fix mem all glass/memory {every} {lags} 400 file memory.txt\nthermo 400\nrun 400\n")
    definitions = {"lanczos": f"omega list {omega} kernel memory memory.txt",
                   "sum": f"omega list {omega} kernel memory memory.txt modes c_inm"}
    results = evaluate(KA, definitions, before=measure + "compute inm all glass/inm\n")
    lines = (results.run.path / "memory.txt").read_text().splitlines()
    names = [line for line in lines if line.startswith("#")][-1][2:].split()
    columns = dict(zip(names, np.loadtxt(results.run.path / "memory.txt").T))
    for name in definitions:
        array = results.array[name]
        np.testing.assert_allclose(array[:, 4] - 1j * array[:, 5],
                                   reference.polygon(array[:, 0], columns["t"], columns["v"] / mass), rtol=1e-6)
        for k, row in ((1, 1), (2, 2), (3, 3), (4, 4)):
            assert array[row, 4] == pytest.approx(columns["nu1"][k], rel=1e-5)
            assert array[row, 5] == pytest.approx(columns["nu2"][k], rel=1e-5, abs=1e-6 * columns["nu1"][0])


# ---- what must not change it

COMMON = "omega log 0.5 80 7 kernel stretched 300 5 0.7 strain xy zz yz"
DEFINITIONS = {"lanczos": COMMON + " tolerance 1e-11", "modes": COMMON + " modes c_inm"}
INM = "compute inm all glass/inm strain zz yz xx xy\n"


@pytest.fixture(scope="module")
def small():
    return evaluate(SMALL, DEFINITIONS, "xy zz yz", before=INM)


def assert_same(ours, theirs):
    for name in theirs.array:
        np.testing.assert_allclose(ours.array[name], theirs.array[name], rtol=1e-9,
                                   atol=1e-11 * theirs.scalar[name])
        # Steps to the tolerance, and what is left of the error there, are up to rounding.
        kept = [0, 1, 2, 5, 6, 7] if name == "modes" else [0, 5, 6, 7]
        np.testing.assert_allclose(ours.vector[name][kept], theirs.vector[name][kept], rtol=1e-8)


def test_small_triclinic_box_and_unequal_masses(small):
    for name in DEFINITIONS:
        array = small.array[name]
        each = small.exact.modulus(array[:, 0], reference.stretched(array[:, 0], 300.0, 5.0, 0.7))
        assert np.abs((array[:, 7::2] + 1j * array[:, 8::2]) / each - 1).max() <= 1e-9
        np.testing.assert_allclose(array[:, 1] + 1j * array[:, 2], each.mean(axis=1), rtol=1e-9)


@pytest.mark.parametrize("ranks, newton", [(2, "on"), (4, "on"), (2, "off")])
def test_ranks(small, ranks, newton):
    assert_same(evaluate(f"newton {newton}\n" + SMALL, DEFINITIONS, ranks=ranks, before=INM), small)


def test_ids_shuffled_and_with_gaps(small):
    """The random vector of column 7 depends on IDs, so only its mean is the same; all else is."""
    lines = small_data().splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith("Atoms")) + 2
    atoms = [line.split() for line in lines[start:start + 108]]
    rng = np.random.default_rng(5)
    rng.shuffle(atoms)
    ids = rng.permutation(np.arange(1, 324, 3))
    body = [" ".join([str(new)] + atom[1:]) for new, atom in zip(ids, atoms)]
    text = "\n".join(lines[:start] + body) + "\n"
    ours = evaluate(SMALL, DEFINITIONS, before=INM, ranks=2, files={"small.data": text})
    ours.array["lanczos"][:, 6] = small.array["lanczos"][:, 6]
    ours.vector["lanczos"][6:] = small.vector["lanczos"][6:]
    assert_same(ours, small)


def test_seed():
    definitions = {f"s{seed}": f"omega list 10 kernel constant 20 seed {seed}" for seed in range(1, 25)}
    results = evaluate(SMALL, definitions, "xy")
    counts = np.array([results.array[name][0, 6] for name in definitions])
    exact = results.exact.within_line_width([10.0], [20.0])[0]
    assert len(set(counts)) == len(counts)
    assert abs(counts.mean() - exact) <= 4.0 * counts.std(ddof=1) / np.sqrt(len(counts))
    for name in definitions:
        np.testing.assert_allclose(results.array[name][:, 1:3], results.array["s1"][:, 1:3], rtol=1e-12)


def test_two_dimensions():
    common = "omega log 0.5 80 5 kernel constant 9 strain xy yy"
    results = evaluate(PLANE, {"lanczos": common + " tolerance 1e-11", "modes": common + " modes c_inm"}, "xy yy",
                       before="compute inm all glass/inm strain xy yy\n", ranks=2)
    for name in ("lanczos", "modes"):
        array = results.array[name]
        each = results.exact.modulus(array[:, 0], np.full(5, 9.0))
        np.testing.assert_allclose(array[:, 7::2] + 1j * array[:, 8::2], each, rtol=1e-9)


@pytest.mark.parametrize("units", ["metal", "real"])
def test_units(small, units):
    """The same numbers in other units: frequencies scale with the root of ftm2v, moduli with nktv2p."""
    scale = np.sqrt(FTM2V[units])
    common = (f"omega log {0.5 * scale:.17g} {80 * scale:.17g} 7 kernel stretched {300 * scale ** 2:.17g} "
              f"{5 * scale ** 0.7:.17g} 0.7 strain xy zz yz")
    definitions = {"lanczos": common + " tolerance 1e-11", "modes": common + " modes c_inm"}
    results = evaluate(SMALL.replace("units lj", f"units {units}"), definitions, "xy zz yz", units, before=INM)
    for name in definitions:
        array, reduced = results.array[name], small.array[name]
        # LAMMPS's own factors have eight digits, and ours are theirs.
        np.testing.assert_allclose(array[:, 0], reduced[:, 0] * scale, rtol=1e-9)
        np.testing.assert_allclose(array[:, [1, 2]], reduced[:, [1, 2]] * NKTV2P[units], rtol=1e-7,
                                   atol=1e-9 * results.scalar[name])
        np.testing.assert_allclose(array[:, 4:6], reduced[:, 4:6] * scale, rtol=1e-7)
        each = results.exact.modulus(array[:, 0], reference.stretched(array[:, 0], 300 * scale ** 2,
                                                                      5 * scale ** 0.7, 0.7))
        np.testing.assert_allclose(array[:, 1] + 1j * array[:, 2], each.mean(axis=1), rtol=1e-8)


def test_rescale(small):
    """G' = E_A - A Re S, G'' = B Im S."""
    definitions = {name: keywords + " rescale 0.7 1.9 55.5" for name, keywords in DEFINITIONS.items()}
    results = evaluate(SMALL, definitions, before=INM)
    for name in definitions:
        plain, scaled = small.array[name], results.array[name]
        nonaffine = small.scalar[name] - small.modulus(name)
        np.testing.assert_allclose(scaled[:, 1], 55.5 - 0.7 * nonaffine.real, rtol=1e-9)
        np.testing.assert_allclose(scaled[:, 2], -1.9 * nonaffine.imag, rtol=1e-9)
        np.testing.assert_allclose(scaled[:, 4:7], plain[:, 4:7], rtol=1e-9)
        np.testing.assert_allclose(scaled[:, 3], 1.9 * plain[:, 3], rtol=1e-6)
        assert results.scalar[name] == pytest.approx(small.scalar[name], rel=1e-12)


def test_frequencies():
    definitions = {"list": "omega list 3 0.5 20 kernel constant 5", "log": "omega log 0.1 1000 5 kernel constant 5",
                   "linear": "omega linear 1 9 5 kernel constant 5", "one": "omega list 3 kernel constant 5"}
    results = evaluate(SMALL, definitions)
    for name, omega in (("list", [3, 0.5, 20]), ("log", [0.1, 1, 10, 100, 1000]), ("linear", [1, 3, 5, 7, 9])):
        np.testing.assert_allclose(results.array[name][:, 0], omega, rtol=1e-13)
    np.testing.assert_allclose(results.array["one"][0, :3], results.array["list"][0, :3], rtol=1e-6)


def test_in_a_running_simulation():
    """At every step that asks; the same as afresh from the same positions."""
    move = "velocity all create 1.0 44\nfix 1 all nve\nthermo 10\n"
    during = evaluate(SMALL + move, DEFINITIONS, before=INM, run="thermo 20\nrun 20\n", every=20)
    rows = during.run.thermo()
    assert rows[0]["c_lanczos"] != rows[1]["c_lanczos"]
    afresh = evaluate(SMALL + move + "run 20\n", DEFINITIONS, before=INM)
    assert_same(during, afresh)


def test_other_positions_at_the_same_step():
    move = "group some id <= 54\ndisplace_atoms some move 0.02 -0.01 0.03 units box\n"
    moved = evaluate(SMALL, DEFINITIONS, before=INM, run="run 0\n" + move + "run 0\n")
    rows = moved.run.thermo()
    assert rows[0]["Step"] == rows[1]["Step"] == 0 and rows[0]["c_lanczos"] != rows[1]["c_lanczos"]
    afresh = evaluate(SMALL + move, DEFINITIONS, before=INM)
    for name in DEFINITIONS:
        moved.array[name] = afresh.array[name]    # fix ave/time writes once a step
    assert_same(moved, afresh)


# ---- what it refuses

PAGE = " ".join((ROOT / "docs" / "compute_glass_modulus.rst").read_text().split())
FREE = "omega list 1 kernel constant 1"
STYLE, ME = "Compute glass/modulus", "Compute glass/modulus (ID g)"
FILES = {"word.txt": "# t nu\n0 1\n0.1 half\n", "short.txt": "0 1\n0.5\n", "one.txt": "0 1\n",
         "late.txt": "0.1 1\n0.2 0\n", "back.txt": "0 3\n0.2 2\n0.1 1\n", "step.txt": "0 1\n1 1\n",
         "empty.txt": "# t omega v v_error beta beta_error nu1 nu2\n0 0 0 0 0 0 0 0\n1 1 0 0 0 0 0 0\n"}
MODES = "modes c_inm"
NO_KERNEL = f"{STYLE} needs the kernel of the friction: give kernel constant, stretched, prony, table or memory"

# keywords, message; lines before
ERRORS = {
    "no frequencies": ("kernel constant 1", f"{STYLE} needs frequencies: give omega list, log or linear"),
    "no kernel": ("omega list 1", NO_KERNEL),
    "frequencies of another kind": ("omega 1 2 3", f"{STYLE} omega must be list, log or linear, not 1"),
    "no numbers": ("omega list kernel constant 1", f"{STYLE} omega list must be followed by numbers, not kernel"),
    "negative frequency": ("omega list 1 -2 kernel constant 1", f"{STYLE} omega must be >= 0, not -2"),
    "logarithm of zero": ("omega log 0 10 5 kernel constant 1", f"{STYLE} omega log: lo must be > 0, not 0"),
    "negative logarithm": ("omega log -1 10 5 kernel constant 1", f"{STYLE} omega log: lo must be > 0, not -1"),
    "negative linear": ("omega linear -1 10 5 kernel constant 1", f"{STYLE} omega linear: lo must be >= 0, not -1"),
    "range": ("omega log 3 3 5 kernel constant 1", f"{STYLE} omega log: lo 3 must be < hi 3"),
    "one of a range": ("omega linear 1 3 1 kernel constant 1", f"{STYLE} omega linear: n must be > 1, not 1"),
    "half a range": ("omega log 1 3", "Illegal compute glass/modulus omega log command: missing argument"),
    "kernel of another kind": ("omega list 1 kernel maxwell 3",
                               f"{STYLE} kernel must be constant, stretched, prony, table or memory, not maxwell"),
    "half a kernel": ("omega list 1 kernel stretched 1 2",
                      "Illegal compute glass/modulus kernel stretched command: missing argument"),
    "half a series": ("omega list 1 kernel prony 2 1 1 3",
                      "Illegal compute glass/modulus kernel prony command: missing argument"),
    "rate of decay": ("omega list 1 kernel stretched 1 0 0.5",
                      f"{STYLE} kernel stretched: a stretched kernel needs r > 0 and 0.05 <= b <= 2"),
    "exponent": ("omega list 1 kernel stretched 1 1 2.1",
                 f"{STYLE} kernel stretched: a stretched kernel needs r > 0 and 0.05 <= b <= 2"),
    "no terms": ("omega list 1 kernel prony 0", f"{STYLE} kernel prony: n must be > 0, not 0"),
    "time of a term": ("omega list 1 kernel prony 1 1 0",
                       f"{STYLE} kernel prony: a Prony kernel needs a time > 0 for every term"),
    "no file": ("omega list 1 kernel table none.txt", f"{STYLE} kernel: cannot read file none.txt"),
    "a word": ("omega list 1 kernel table word.txt", f"{STYLE} kernel table: file word.txt: line 3 has no 2 numbers"),
    "a number missing": ("omega list 1 kernel table short.txt",
                         f"{STYLE} kernel table: file short.txt: line 2 has no 2 numbers"),
    "a table of the other kind": ("omega list 1 kernel memory back.txt",
                                  f"{STYLE} kernel memory: file back.txt: line 1 has no 7 numbers"),
    "one row": ("omega list 1 kernel table one.txt",
                f"{STYLE} kernel table: file one.txt: a tabulated kernel needs two or more rows"),
    "late beginning": ("omega list 1 kernel table late.txt",
                       f"{STYLE} kernel table: file late.txt: a tabulated kernel must begin at t = 0"),
    "back in time": ("omega list 1 kernel table back.txt",
                     f"{STYLE} kernel table: file back.txt: row 3 of a tabulated kernel is not finite or its time "
                     "is not above that of the row before"),
    "nothing measured": ("omega list 1 kernel memory empty.txt",
                         f"{STYLE} kernel memory: file empty.txt: the friction rate in its column nu1 is not above "
                         "zero: the fix had no results yet, or has sampled too little"),
    "no damping": ("omega list 0 1 kernel constant 0",
                   f"{STYLE}: the kernel does not damp at omega 1: the real part of its spectrum is 0 and must be > "
                   "0"),
    "negative damping": ("omega list 1 4 kernel table step.txt",
                         f"{STYLE}: the kernel does not damp at omega 4: the real part of its spectrum is -0.1892"),
    "no tolerance": (f"{FREE} tolerance 0", f"{STYLE} tolerance must be > 0, not 0"),
    "no steps": (f"{FREE} maxiter 0", f"{STYLE} maxiter must be > 0, not 0"),
    "no seed": (f"{FREE} seed 0", f"{STYLE} seed must be > 0, not 0"),
    "unknown keyword": (f"{FREE} mode c_inm", "Unknown compute glass/modulus keyword: mode"),
    "missing value": (f"{FREE} rescale 1 1", "Illegal compute glass/modulus rescale command: missing argument"),
    "strain": (f"{FREE} strain yx", f"{STYLE} strain must name one or more of xx yy zz xy xz yz, not yx"),
    "no name": (f"{FREE} modes inm", f"{ME} needs a compute glass/inm as c_ID, not inm"),
    "no such compute": (f"{FREE} modes c_x", f"{ME}: there is no compute x"),
    "another style": (f"{FREE} modes c_thermo_pe", f"{ME}: compute thermo_pe is of style pe, not glass/inm"),
    "some modes": (f"{FREE} modes c_some",
                   f"{ME}: compute some does not find all modes; use modes all and a dense solver there, or leave "
                   "out keyword modes here, for Lanczos steps"),
    "modes of a group": (f"{FREE} modes c_part",
                         f"{ME}: its group is all and that of compute part is part; use the same"),
    "components": (f"{FREE} strain xy zz {MODES}",
                   f"{ME}: compute inm does not have all components of strain asked for; give it the same strain"),
    "unstable": ("omega list 0 1 kernel constant 1",
                 f"{ME}: omega = 0 needs a stable configuration, and the lowest eigenvalue of the dynamical matrix "
                 "is -"),
    "unstable, by modes": (f"omega list 0 1 kernel constant 1 {MODES}",
                           f"{ME}: omega = 0 needs a stable configuration, and the lowest eigenvalue of the "
                           "dynamical matrix is -"),
}
COMPUTES = """group part id <= 50
compute inm all glass/inm
compute some all glass/inm modes unstable
compute part part glass/inm
"""


def mistaken(keywords, system=SMALL, group="all", ranks=1, run="run 0\n"):
    script = system + LOAD + COMPUTES + f"compute g {group} glass/modulus {keywords}\n"
    script += "thermo_style custom step c_g\n" + run
    return lammps(script, ranks, check=False, files={"small.data": small_data(), **FILES})


@pytest.fixture(scope="module")
def failed_runs():
    # Starting MPI is mostly waiting.
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        return dict(zip(ERRORS, pool.map(lambda entry: mistaken(entry[0]), ERRORS.values())))


@pytest.mark.parametrize("name", ERRORS)
def test_errors(failed_runs, name):
    run, message = failed_runs[name], ERRORS[name][1]
    assert run.returncode != 0, run.output[-1500:]
    errors = [line for line in run.output.splitlines() if line.startswith("ERROR")]
    assert len(errors) == 1 and message in " ".join(run.output.split()), run.output[-1500:]


def test_errors_of_the_system():
    surface = mistaken(FREE, SMALL.replace("units lj", "units lj\nboundary p p f"))
    assert f"{ME}: the box must be periodic in all directions; use boundary p p p" in surface.output
    assert f"{ME}: moduli are of the whole system; use group all" in mistaken(FREE, group="part").output
    for keywords in (ERRORS["unstable"], ERRORS["a word"]):
        assert keywords[1] in " ".join(mistaken(keywords[0], ranks=2).output.split())
    gone = mistaken(f"{FREE} {MODES}", run="run 0\nuncompute inm\nrun 0\n")
    assert f"{ME}: there is no compute inm" in gone.output
    late = mistaken(f"{FREE} {MODES}", run="thermo_style custom step\nrun 0\nuncompute inm\ncompute inm all glass/inm\n"
                    'print "$(c_g[2])"\n')
    assert late.returncode != 0
    assert f"{ME}: compute inm was defined after the last run; begin a run (run 0) before" in late.output


def test_messages_are_documented():
    count = 0
    for source in ("lammps/compute_glass_modulus.cpp", "lammps/compute_glass_modulus_arguments.cpp",
                   "lammps/inm_reference.cpp", "core/observable/friction_kernel.cpp"):
        code = re.sub(r'"\s*\n\s*"', "", (ROOT / "src" / source).read_text())
        says = r'(?:error->all\(\s*FLERR,|log\(|fmt::format\(|invalid_argument\()\s*"([^"]*)"'
        for message in re.findall(says, code):
            count += 1
            for part in re.split(r"\{[^}]*\}", message):
                part = part.strip(" :,;()")
                # words that belong to no other message
                if len(part.split()) > 2:
                    assert part in PAGE, message
    assert count > 25
    for _, message in ERRORS.values():
        for part in re.split(r"-?\d[\d.e-]*|-$|, not .*|\(ID g\)|file \w+\.txt|compute \w+ (?=does|is)", message):
            part = re.sub("^Compute glass/modulus (maxiter|seed) ", "", part.strip(" :,;()"))
            if len(part.split()) > 3 and "missing arg" not in part:
                assert part in PAGE, part
