"""pair_style glass/ipl and glass/sticky: against exact arithmetic, and what LAMMPS asks of a pair style."""

from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
import pytest

from lammps_run import DATA, LOAD, ROOT, THERMO_YAML, lammps

getcontext().prec = 70
X_0 = Fraction(Decimal(2) ** (Decimal(1) / 6))    # to 70 digits
PAGES = {name: " ".join((ROOT / "docs" / f"pair_glass_{name}.rst").read_text().split()) for name in ("ipl", "sticky")}


# ---- the definitions, in rational arithmetic

def differentiate(powers, order, x):
    """The derivative of sum c x^p, powers = {p: c}."""
    total = Fraction(0)
    for p, c in powers.items():
        for k in range(order):
            c *= p - k
        total += c * x ** (p - order)
    return total


def solve(rows):
    """Gauss on rows of (coefficients..., right side)."""
    n = len(rows)
    for i in range(n):
        pivot = next(k for k in range(i, n) if rows[k][i] != 0)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(n):
            if k != i and rows[k][i] != 0:
                factor = rows[k][i] / rows[i][i]
                rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i])]
    return [rows[i][n] / rows[i][i] for i in range(n)]


def ipl(n=10, x_c=1.48, q=3):
    """x^-n + sum_{l<=q} c_2l x^2l, of which q derivatives and the value vanish at x_c; as pieces {powers} up to x."""
    x_c = Fraction(x_c)
    rows = [[differentiate({2 * l: Fraction(1)}, k, x_c) for l in range(q + 1)] +
            [-differentiate({-n: Fraction(1)}, k, x_c)] for k in range(q + 1)]
    return [({-n: Fraction(1), **{2 * l: c for l, c in enumerate(solve(rows))}}, x_c)]


def sticky(x_c=1.3469544579712476):
    """Lennard-Jones up to its minimum, then x^-12, x^-6, 1, x^2, x^4, x^6 by the six conditions at the joints."""
    x_c = Fraction(x_c)
    inner = {-12: Fraction(4), -6: Fraction(-4)}
    powers = (-12, -6, 0, 2, 4, 6)
    rows = [[differentiate({p: Fraction(1)}, k, x) for p in powers] + [value]
            for k in range(3) for x, value in ((X_0, differentiate(inner, k, X_0)), (x_c, Fraction(0)))]
    return [(inner, X_0), (dict(zip(powers, solve(rows))), x_c)]


def exact(pieces, x, order):
    """The derivative of phi at x < x_c, exactly rounded."""
    return next(differentiate(powers, order, x) for powers, end in pieces if x <= end or end is pieces[-1][1])


def test_reference_has_the_coefficients_of_the_models():
    assert [float(ipl()[0][0][p]) for p in (0, 2, 4, 6)] == pytest.approx(
        [-1.1106337662511795, 1.2676152372297063, -0.4960406072849211, 0.0660511826415732], rel=1e-14)
    outer = sticky()[1][0]
    assert [float(outer[p]) for p in (-12, -6, 0, 2, 4, 6)] == pytest.approx(
        [-106.99161352665233, 304.91846905956694, -939.38803799421098, 1190.7096225600227, -541.30013158755142,
         85.868493691471312], rel=1e-15)


FUNCTIONS = {
    "glass/ipl": ipl(),
    "glass/ipl 10 1.48 3": ipl(),
    "glass/ipl 12 1.25 4": ipl(12, 1.25, 4),
    "glass/ipl 6 2.5 2": ipl(6, 2.5, 2),
    "glass/sticky": sticky(),
    "glass/sticky 1.15": sticky(1.15),
    "glass/sticky 2.0": sticky(2.0),
}
LAMBDA = {(1, 1): 1.0, (1, 2): 1.18, (2, 2): 1.4}
EPSILON = {(1, 1): 1.0, (1, 2): 0.7, (2, 2): 2.5}
COEFF = "".join(f"pair_coeff {i} {j} {EPSILON[i, j]} {LAMBDA[i, j]}\n" for i, j in LAMBDA)


def distances(pieces, length):
    """Distances all over the range, and on both sides of the joints as near as numbers lie."""
    x_c = float(pieces[-1][1])
    found = list(np.linspace(0.45, 1.0, 40)[:-1] * x_c)
    for _, end in pieces:
        for k in range(4, 50, 3):
            found += [float(end) * (1.0 - 2.0 ** -k), float(end) * (1.0 + 2.0 ** -k)]
    return [x * length for x in found if x * length < 1.2 * x_c * length]


def pairs_apart(pieces):
    """A data file with pairs of atoms far apart from each other, and (type, type, distance) of each. One of a pair is at
    x = 0, so that the distance is what the file says to the last bit."""
    pairs = [(i, j, r) for (i, j), length in LAMBDA.items() for r in distances(pieces, length)]
    side, spacing = int(np.ceil(np.sqrt(len(pairs)))), 10
    atoms = []
    for k, (i, j, r) in enumerate(pairs):
        y, z = spacing * (k % side), spacing * (k // side)
        atoms += [f"{2 * k + 1} {i} 0 {y} {z}", f"{2 * k + 2} {j} {r!r} {y} {z}"]
    text = (f"pairs\n\n{len(atoms)} atoms\n2 atom types\n\n-10 10 xlo xhi\n-5 {spacing * side - 5} ylo yhi\n"
            f"-5 {spacing * side - 5} zlo zhi\n\nMasses\n\n1 1.0\n2 1.0\n\nAtoms # atomic\n\n" + "\n".join(atoms) + "\n")
    return text, pairs


@pytest.mark.parametrize("style", FUNCTIONS)
def test_against_exact_arithmetic(style):
    """Energy, force and u'' to 1e-12 of their values, not of the largest, and what rounding the squared distance does to
    them: a part in 10^16 of r, which is all that a function of r^2 can know."""
    pieces = FUNCTIONS[style]
    x_c = float(pieces[-1][1])
    text, pairs = pairs_apart(pieces)
    run = lammps(f"""
units lj
atom_style atomic
read_data pairs.data
{LOAD}
pair_style {style}
{COEFF}
compute which all property/local patom1 patom2
compute one all pair/local dist eng force
compute each all pe/atom
compute h all glass/hessian
dump one all local 1 one.txt c_which[1] c_which[2] c_one[1] c_one[2] c_one[3]
dump_modify one format float %.17g
dump each all custom 1 each.txt id fx c_each
dump_modify each format float %.17g sort id
dump h all local 1 h.txt c_h[1] c_h[2] c_h[3] c_h[7] c_h[11]
dump_modify h format float %.17g
run 0
""", files={"pairs.data": text})
    assert "second derivatives by born_matrix()" in run.output
    each = {int(row[0]): row for row in run.table("each.txt")}
    one = {int(min(row[:2])): row for row in run.table("one.txt")}
    h = {int(min(row[:2])): row for row in run.table("h.txt") if row[0] != row[1]}
    inside = 0
    for k, (i, j, r) in enumerate(pairs):
        first = 2 * k + 1
        length, energy = Fraction(LAMBDA[i, j]), Fraction(EPSILON[i, j])
        x = Fraction(r) / length
        if x >= pieces[-1][1]:
            # by a rounding error it may be taken for within the cutoff
            assert abs(each[first][1]) < 1e-20 and abs(each[first][2]) < 1e-20
            assert first not in one or float(x) < x_c * (1 + 1e-15)
            continue
        u = [exact(pieces, x, order) * energy / length ** order for order in range(4)]
        rounding = Fraction(r) * Fraction(2) ** -52
        # what follows of 4 units in the last place of r^2; the second derivative is of two terms
        bounds = [1e-12 * abs(u[0]) + 3 * rounding * abs(u[1]),
                  1e-12 * abs(u[1]) + 3 * rounding * abs(u[2]),
                  1e-12 * (abs(u[2]) + abs(u[1] / Fraction(r))) + 3 * rounding * abs(u[3])]
        # next to the cutoff one more order, where the one above is zero there
        nearness = float(pieces[-1][1] - x) / x_c
        if nearness < 1e-15:
            continue
        inside += 1

        def check(value, expected, order, what):
            assert abs(Fraction(value) - expected) <= bounds[order], \
                f"{style}: {what} at r = {r!r}, x/x_c = {float(x) / x_c!r}: {value!r}, not {float(expected)!r}"

        check(each[first][1], u[1], 1, "force")
        check(-each[first + 1][1], u[1], 1, "force on the other")
        check(2.0 * each[first][2], u[0], 0, "energy")
        assert one[first][2] == r
        check(one[first][3], u[0], 0, "energy of single()")
        check(-one[first][4], u[1], 1, "force of single()")
        check(-h[first][2], u[2], 2, "second derivative")
        for column in (3, 4):
            check(-h[first][column] * r, u[1], 1, "transverse block")
    assert inside > 150


# ---- LAMMPS's own demands

def glass(name, style=None, extra=""):
    """The glasses of tests/data, with atoms displaced so that there are forces, moving."""
    return f"""
units lj
atom_style atomic
{extra}
read_data "{DATA}/{name}_glass.data"
displace_atoms all random 0.05 0.05 0.05 4711 units box
velocity all create 0.5 4712 loop geom
{LOAD}
pair_style {style or 'glass/' + name}
""" + "".join(f"pair_coeff {i} {j} 1.0 {LAMBDA[i, j]}\n" for i, j in LAMBDA)


STEP = "thermo_style custom step pe etotal pxx pyy pzz pxy pxz pyz vol press\n" + THERMO_YAML
FORCES = "dump f all custom 1 f.txt id fx fy fz c_e\ndump_modify f format float %.17g sort id\n"


def forces(script, ranks=1):
    run = lammps(script + "compute e all pe/atom\n" + STEP + FORCES + "run 0\n", ranks)
    row = run.thermo()[-1]
    return run.table("f.txt")[:, 1:], np.array([row[key] for key in ("PotEng", "Pxx", "Pyy", "Pzz", "Pxy", "Pxz", "Pyz")])


@pytest.mark.parametrize("name", ["ipl", "sticky"])
def test_newton_and_ranks(name):
    expected, totals = forces(glass(name))
    assert np.abs(expected[:, :3]).max() > 1.0
    for newton in ("on", "off"):
        for ranks in (1, 2):
            found, sums = forces(glass(name, extra=f"newton {newton}"), ranks)
            assert np.abs(found - expected).max() <= 1e-12 * np.abs(expected).max()
            assert np.abs(sums - totals).max() <= 1e-12 * np.abs(totals).max()


@pytest.mark.parametrize("name", ["ipl", "sticky"])
def test_virial_is_the_derivative_of_the_energy(name):
    """Of all six components, by strain of box and atoms; and the sum of stress/atom, whose pairs are tallied one by one."""
    still = glass(name) + "velocity all set 0 0 0\nchange_box all triclinic\n"
    run = lammps(still + "compute s all stress/atom NULL pair\ncompute t all reduce sum c_s[*]\n"
                 "thermo_style custom step pe pxx pyy pzz pxy pxz pyz lx ly lz vol c_t[*]\nthermo_modify norm no\n" +
                 THERMO_YAML + "run 0\n")
    here = run.thermo()[-1]
    pressure = [here[key] for key in ("Pxx", "Pyy", "Pzz", "Pxy", "Pxz", "Pyz")]
    tallied = [-here[f"c_t[{k}]"] / here["Volume"] for k in range(1, 7)]
    assert np.allclose(tallied, pressure, rtol=0, atol=1e-11 * max(pressure))
    step = 1e-5
    changes = [f"{axis} scale {{}}" for axis in "xyz"] + ["xy delta {}", "xz delta {}", "yz delta {}"]
    script = still + "thermo_style custom step pe\nthermo_modify norm no\n" + THERMO_YAML
    for k, change in enumerate(changes):
        for sign in (1, -1):
            size = 1.0 + sign * step if k < 3 else sign * step * here["Lx"]
            back = 1.0 / size if k < 3 else -size
            script += (f"change_box all {change.format(repr(size))} remap units box\nrun 0\n"
                       f"change_box all {change.format(repr(back))} remap units box\n")
    energies = [row["PotEng"] for row in lammps(script).thermo()]
    assert len(energies) == 12
    for k in range(6):
        slope = (energies[2 * k] - energies[2 * k + 1]) / (2.0 * step)
        assert -slope / here["Volume"] == pytest.approx(pressure[k], abs=3e-7 * max(pressure))


@pytest.mark.parametrize("name", ["ipl", "sticky"])
def test_energy_is_conserved(name):
    """What the integrator leaves falls with the square of the step: a jump of energy or force would not."""
    spread = []
    for dt in (0.004, 0.002):
        rows = lammps(glass(name) + f"timestep {dt}\nfix 1 all nve\nthermo_style custom step etotal\nthermo 1\n" +
                      THERMO_YAML + f"run {round(0.8 / dt)}\n").thermo()
        spread.append(np.std([row["TotEng"] for row in rows[len(rows) // 4:]]))
    assert spread[0] < 1e-3
    assert 3.0 < spread[0] / spread[1] < 5.0


@pytest.mark.parametrize("name", ["ipl", "sticky"])
def test_runs_in_parts_and_rerun(name):
    script = glass(name) + STEP + "timestep 0.002\nfix 1 all nve\nthermo 1\n"
    whole = lammps(script + "dump d all custom 1 d.txt id x y z\ndump_modify d format float %.17g sort id\nrun 4\n"
                   "run 0\nundump d\nrerun d.txt dump x y z\n")
    rows = whole.thermo()
    assert [row["Step"] for row in rows] == [0, 1, 2, 3, 4, 4, 0, 1, 2, 3, 4]
    parts = lammps(script + "run 2\nrun 2\n").thermo()
    parts = parts[:3] + parts[4:]
    for k in range(5):
        assert parts[k]["TotEng"] == pytest.approx(rows[k]["TotEng"], rel=1e-12)
        assert rows[6 + k]["PotEng"] == pytest.approx(rows[k]["PotEng"], rel=1e-12)
    assert rows[5]["PotEng"] == pytest.approx(rows[4]["PotEng"], rel=1e-12)


# Numbers that need all their digits, an explicit pair and a mixed one.
AWKWARD = {"ipl": "glass/ipl 12 1.4000000000000001 4", "sticky": "glass/sticky 1.3333333333333333"}
COEFF_AWKWARD = "pair_coeff 1 1 {} {}\npair_coeff 2 2 {} {}\npair_modify mix arithmetic\n".format(
    repr(1.0 / 3.0), repr(0.1 + 0.9 + 2e-16), repr(0.7 * 0.1), repr(1.4 / 1.1))
SQUARE = "region b block 0 4 0 4 0 4\n"
EXACT = "thermo_style custom step pe press\n" + THERMO_YAML


def cluster(style):
    return f"""
units lj
atom_style atomic
{SQUARE}create_box 2 b
create_atoms 1 random 20 4711 NULL overlap 0.7 maxtry 1000
create_atoms 2 random 20 4712 NULL overlap 0.7 maxtry 1000
mass * 1
{LOAD}
pair_style {style}
"""


@pytest.mark.parametrize("name", AWKWARD)
def test_restart_to_the_last_bit(name):
    first = lammps(cluster(AWKWARD[name]) + COEFF_AWKWARD + EXACT + "run 0\nwrite_restart a.restart\n")
    read = f'{LOAD}read_restart "{first.path}/a.restart"\n'
    for ranks in (1, 2):
        of_file = lammps(read + EXACT + "run 0\nwrite_restart b.restart\n", ranks)
        of_input = lammps(read + f"pair_style {AWKWARD[name]}\n" + COEFF_AWKWARD + EXACT + "run 0\n", ranks)
        for key in ("PotEng", "Press"):
            assert of_file.thermo()[0][key] == of_input.thermo()[0][key] != 0.0
            assert of_file.thermo()[0][key] == pytest.approx(first.thermo()[0][key], rel=1e-12)
    pair = (first.path / "a.restart").read_bytes()
    assert f"glass/{name}".encode() in pair
    # without the plugin LAMMPS does not know the style
    assert lammps(f'read_restart "{first.path}/a.restart"\n', check=False).returncode != 0


@pytest.mark.parametrize("name", AWKWARD)
@pytest.mark.parametrize("which", ["ii", "ij"])
def test_write_data_and_back(name, which):
    script = cluster(AWKWARD[name]) + COEFF_AWKWARD
    if which == "ij":
        script += "pair_coeff 1 2 0.123456789012345678 1.2345678901234567\n"
    first = lammps(script + EXACT + f"run 0\nwrite_data a.data pair {which}\n")
    read = f'units lj\natom_style atomic\n{LOAD}pair_style {AWKWARD[name]}\npair_modify mix arithmetic\n'
    back = lammps(read + f'read_data "{first.path}/a.data"\n' + EXACT + "run 0\n").thermo()[0]
    again = lammps(read + f'read_data "{first.path}/a.data" nocoeff\n' +
                   script[script.index("pair_coeff"):] + EXACT + "run 0\n").thermo()[0]
    assert back["PotEng"] == again["PotEng"] != 0.0
    assert back["PotEng"] == pytest.approx(first.thermo()[0]["PotEng"], rel=1e-12)
    text = (first.path / "a.data").read_text()
    assert ("PairIJ Coeffs" in text) == (which == "ij") and f"# glass/{name}" in text


PAIR = """
units lj
atom_style bond
region b block -5 5 -5 5 -5 5
create_box 2 b bond/types 1 extra/bond/per/atom 2 extra/special/per/atom 2
create_atoms 1 single 0 0 0 units box
create_atoms 2 single 1.125 0 0 units box
mass * 1
bond_style zero
bond_coeff *
special_bonds lj 0.25 1.0 1.0
{}
"""


@pytest.mark.parametrize("name", ["ipl", "sticky"])
def test_special_bonds(name):
    script = PAIR.format(LOAD) + f"pair_style glass/{name}\n" + COEFF
    measure = ("compute p all pair/local eng force\ncompute s all reduce sum c_p[1] c_p[2] inputs local\n"
               "variable f equal fx[2]\nthermo_style custom step pe v_f c_s[1] c_s[2] pxx\nthermo_modify norm no\n" +
               THERMO_YAML + "run 0\n")
    free = lammps(script + measure).thermo()[0]
    bound = lammps(script + "create_bonds single/bond 1 1 2\n" + measure).thermo()[0]
    assert free["PotEng"] == free["c_s[1]"] and free["v_f"] == pytest.approx(free["c_s[2]"], rel=1e-14)
    for key in ("PotEng", "v_f", "c_s[1]", "c_s[2]", "Pxx"):
        assert bound[key] == pytest.approx(0.25 * free[key], rel=1e-14) and free[key] != 0.0


@pytest.mark.parametrize("name", ["ipl", "sticky"])
def test_mixing(name):
    pieces = FUNCTIONS[f"glass/{name}"]
    for rule, length, energy in (("geometric tail yes", np.sqrt(1.4), np.sqrt(2.5)), ("arithmetic shift yes", 1.2, np.sqrt(2.5)),
                                 ("sixthpower", ((1.0 + 1.4 ** 6) / 2.0) ** (1.0 / 6.0),
                                  2.0 * np.sqrt(2.5) * 1.4 ** 3 / (1.0 + 1.4 ** 6))):
        script = (PAIR.format(LOAD) + f"pair_style glass/{name}\npair_modify mix {rule}\n"
                  "pair_coeff 1 1 1.0 1.0\npair_coeff 2 2 2.5 1.4\n")
        row = lammps(script + "thermo_style custom step pe\nthermo_modify norm no\n" + THERMO_YAML + "run 0\n").thermo()[0]
        expected = energy * float(exact(pieces, Fraction(1.125) / Fraction(length), 0))
        assert row["PotEng"] == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("name", ["ipl", "sticky"])
def test_fix_adapt(name):
    script = PAIR.format(LOAD) + f"pair_style glass/{name}\n" + COEFF
    measure = "thermo_style custom step pe\nthermo_modify norm no\n" + THERMO_YAML
    pieces = FUNCTIONS[f"glass/{name}"]
    run = lammps(script + f"pair_coeff 1 2 1.0 1.4\nvariable e equal 0.5+step\nvariable l equal 1.38-0.1*step\n"
                 f"fix a all adapt 1 pair glass/{name} epsilon 1 2 v_e pair glass/{name} lambda 1 2 v_l\nthermo 1\n"
                 + measure + "run 2\nunfix a\n")
    for k, row in enumerate(run.thermo()):
        expected = (0.5 + k) * float(exact(pieces, Fraction(1.125) / Fraction(1.38 - 0.1 * k), 0))
        assert row["PotEng"] == pytest.approx(expected, rel=1e-12)
    # The cutoff follows: nothing is left beyond it.
    shrunk = lammps(script + f"pair_coeff 1 2 1.0 1.4\nvariable l equal 1.4-0.9*step\n"
                    f"fix a all adapt 1 pair glass/{name} lambda 1 2 v_l\nthermo 1\n" + measure + "run 1\n").thermo()
    assert shrunk[0]["PotEng"] != 0.0 and shrunk[1]["PotEng"] == 0.0
    # Neighbor lists are those of the cutoffs that a run begins with; the next run may begin with others.
    adapt = f"fix a all adapt 1 pair glass/{name} lambda 1 2 v_l\nrun 1\n"
    larger = lammps(script + "run 0\npair_coeff 1 2 1.0 1.4\nvariable l equal 1.4\n" + measure + adapt).thermo()[-1]
    assert larger["PotEng"] == pytest.approx(float(exact(pieces, Fraction(1.125) / Fraction(1.4), 0)), rel=1e-12)
    for formula, message in (("-step", "lambda of types 1 and 2 is"), ("1.18+0.01*step", "lambda of types 1 and 2 has grown to")):
        failed = lammps(script + f"variable l equal {formula}\n" + adapt, check=False)
        message = f"Pair styles glass/ipl and glass/sticky: {message}"
        assert failed.returncode != 0 and message in " ".join(failed.output.split())
        assert message in " ".join(PAGES[name].split())


def test_hybrid():
    """Each pair of types by a style of its own, and two on top of each other."""
    alone = {name: lammps(cluster(f"glass/{name}") + COEFF + EXACT + "run 0\n").thermo()[0]["PotEng"]
             for name in ("ipl", "sticky")}
    both = "".join(f"pair_coeff {i} {j} glass/{name} {EPSILON[i, j]} {LAMBDA[i, j]}\n"
                   for i, j in LAMBDA for name in ("ipl", "sticky"))
    row = lammps(cluster("hybrid/overlay glass/ipl glass/sticky") + both + EXACT + "run 0\n").thermo()[0]
    assert row["PotEng"] == pytest.approx(sum(alone.values()), rel=1e-13)
    split = []
    for names in (("ipl", "sticky", "ipl"), ("sticky", "ipl", "sticky")):
        coeff = "".join(f"pair_coeff {i} {j} glass/{name} {EPSILON[i, j]} {LAMBDA[i, j]}\n"
                        for (i, j), name in zip(LAMBDA, names))
        split.append(lammps(cluster("hybrid glass/ipl glass/sticky") + coeff + EXACT + "run 0\n").thermo()[0]["PotEng"])
    assert sum(split) == pytest.approx(sum(alone.values()), rel=1e-13)


# ---- bad input

COMMON_ERRORS = {
    "pair_style glass/{}\npair_coeff 1 1 1.0\n":
        "Pair coeff of glass/ipl and glass/sticky: types I and J, epsilon, lambda; 3 argument(s) are given",
    "pair_style glass/{}\npair_coeff 1 1 1.0 1.0 1.48\n":
        "Pair coeff of glass/ipl and glass/sticky: types I and J, epsilon, lambda; 5 argument(s) are given",
    "pair_style glass/{}\npair_coeff 1 1 -1.0 1.0\n":
        "Pair coeff of glass/ipl and glass/sticky: epsilon must be >= 0, not -1.0",
    "pair_style glass/{}\npair_coeff 1 1 nan 1.0\n": "in input script or data file",
    "pair_style glass/{}\npair_coeff 1 1 1e999 1.0\n": "in input script or data file",
    "pair_style glass/{}\npair_coeff 1 1 1.0 0.0\n":
        "Pair coeff of glass/ipl and glass/sticky: lambda must be > 0, not 0.0",
    "pair_style glass/{}\npair_coeff 2*2 1 1.0 1.0\n":
        "Pair coeff of glass/ipl and glass/sticky: no types I <= J in 2*2 1",
    "pair_style glass/{}\npair_coeff 1 1 1.0 1.0\nrun 0\n": "All pair coeffs are not set",
    "pair_style glass/{}\npair_coeff 1 1 1.0 x\n": "in input script or data file",
    "pair_style glass/{}\npair_coeff * * 1.0 1.0\ntimestep 0.001\nrun_style respa 2 2 inner 1 1.0 1.2 outer 2\nrun 0\n":
        "Pair style does not support rRESPA inner/middle/outer",
}
ERRORS = {
    "ipl": {
        "pair_style glass/ipl 10\n":
            "Pair style glass/ipl takes n, xc and q, or none of them; 1 argument(s) are given",
        "pair_style glass/ipl 10 1.48 3 4\n":
            "Pair style glass/ipl takes n, xc and q, or none of them; 4 argument(s) are given",
        "pair_style glass/ipl 9 1.48 3\n":
            "Pair style glass/ipl: the exponent n must be even and from 2 to 60, not 9",
        "pair_style glass/ipl 62 1.48 3\n":
            "Pair style glass/ipl: the exponent n must be even and from 2 to 60, not 62",
        "pair_style glass/ipl 10 1.48 1\n": "Pair style glass/ipl: the order q must be from 2 to 12, not 1",
        "pair_style glass/ipl 10 -1.5 3\n":
            "Pair style glass/ipl: the cutoff xc must be from 0.1 to 100, not -1.500000",
        "pair_style glass/ipl 10 nan 3\n": "in input script or data file",
        "pair_style glass/ipl 10.0 1.48 3\n": "in input script or data file",
    },
    "sticky": {
        "pair_style glass/sticky 1.3 2.0\n": "Pair style glass/sticky takes xc or nothing; 2 arguments are given",
        "pair_style glass/sticky 1.1\n":
            "Pair style glass/sticky: the cutoff xc must be from 1.001 * 2^(1/6), which is 1.123585, to 10, not 1.100000",
        "pair_style glass/sticky 11\n":
            "Pair style glass/sticky: the cutoff xc must be from 1.001 * 2^(1/6), which is 1.123585, to 10, not 11.000000",
        "pair_style glass/sticky nan\n": "in input script or data file",
    },
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors(name):
    common = {key.format(name): message for key, message in COMMON_ERRORS.items()}
    # the code of both styles is the same there, the pages are two
    provoked = {**ERRORS[name], **(common if name == "ipl" else dict(list(common.items())[:1]))}
    for commands, message in {**common, **provoked}.items():
        # the page has the message, with a value of its own
        assert message.split(" not ")[0].split("; ")[0] in PAGES[name], message
    for commands, message in provoked.items():
        run = lammps(PAIR.format(LOAD) + commands, check=False)
        assert run.returncode != 0 and message in run.output, f"{commands}\n{run.output[-1500:]}"

def test_errors_of_one_rank_and_of_two():
    for ranks in (1, 2):
        run = lammps(PAIR.format(LOAD) + "pair_style glass/ipl 9 1.48 3\n", ranks, check=False)
        assert run.returncode != 0 and "must be even" in run.output
