"""fix glass/relax against sums over a dumped trajectory and against what is known of free and of bound atoms. Restarts
and interrupted runs: test_relax_runs.py; what it refuses: test_relax_errors.py."""

import re

import numpy as np
import pytest

from lammps_run import DATA, KA, LOAD, THERMO_YAML, cuzr, lammps
from relax_measured import (ARGUMENTS, EVERY, FIX, HOT, MOVE, PAIR, SEGMENT, STEPS, VECTOR_ARGUMENTS, VECTORS, Measured,
                            compare, dump, keep, read_file)
from relax_reference import QUANTITIES, TIMES, Relaxation, Trajectory, nearest_distances

def shuffled(text):
    """A data file with the IDs made random, with gaps."""
    head, atoms = text.split("Atoms # atomic\n\n")
    atoms, *rest = atoms.split("\n\n")
    rows = [line.split() for line in atoms.strip().splitlines()]
    ids = np.random.default_rng(5).choice(np.arange(3, 9 * len(rows)), len(rows), replace=False)
    return head + "Atoms # atomic\n\n" + "\n".join(" ".join([str(i)] + row[1:]) for i, row in zip(ids, rows)) + "\n"


# ---- any system: script, arguments of the fix, settings of the reference that go with them

SHUFFLED = KA.replace(f"{DATA}/ka.data", "shuffled.data")
TRICLINIC = """
units lj
atom_style atomic
lattice fcc 0.9
region box prism 0 4 0 3 0 3 1.7 -1.3 1.4
create_box 2 box
create_atoms 1 box
set type 1 type/fraction 2 0.3 991
displace_atoms all random 0.1 0.1 0.1 4711
""" + PAIR
FLAT = """
units lj
dimension 2
atom_style atomic
lattice hex 1.1
region box block 0 12 0 6 -0.5 0.5
create_box 2 box
create_atoms 1 box
set type 1 type/fraction 2 0.35 991
displace_atoms all random 0.05 0.05 0.0 4711
""" + PAIR + "fix flat all enforce2d\n"
SMALL_BOX = """
units lj
atom_style atomic
lattice fcc 1.0
region box block 0 2 0 2 0 2
create_box 1 box
create_atoms 1 box
pair_style lj/cut 2.5
pair_coeff * * 1.0 1.0
mass 1 1.0
displace_atoms all random 0.05 0.05 0.05 4711
"""
# Free atoms at 20 lengths of the box in 100 steps: images are all that tells where they went.
GAS = """
units lj
atom_style atomic
region box block 0 4 0 4 0 5
create_box 2 box
create_atoms 1 random 40 4711 box overlap 0.3
create_atoms 2 random 20 4712 box overlap 0.3
pair_style zero 1.2
pair_coeff * *
mass 1 1.0
mass 2 3.0
neigh_modify every 1 delay 0 check yes
"""
# The second type is a single atom, far from all others.
DILUTE = """
units lj
atom_style atomic
region box block 0 12 0 6 0 6
create_box 2 box
region left block 0 4 0 6 0 6
create_atoms 1 random 60 4711 left overlap 0.5
create_atoms 2 single 8 3 3
pair_style zero 1.2
pair_coeff * *
mass * 1.0
"""
SLAB = """
units lj
boundary p f f
atom_style atomic
lattice fcc 0.9
region box block 0 4 -0.3 3.8 -0.3 3.8
create_box 1 box
region inner block 0 4 0 3.6 0 3.6
create_atoms 1 region inner
pair_style lj/cut 2.5
pair_coeff * * 1.0 1.0
mass 1 1.0
displace_atoms all random 0.02 0.02 0.02 4711
fix walls all wall/reflect ylo EDGE yhi EDGE zlo EDGE zhi EDGE
"""
FAST = "velocity all create 4e4 8713 loop geom mom no\n" + MOVE
FLOW = "mass 2 5.0\nvelocity all create 2.5 8713 loop geom mom no\nvelocity all set 0.4 -0.3 0.2 sum yes\n" + MOVE
TYPE_2 = "group second type 2\n"
of_type_2 = lambda t: t.types == 2


def case(script, arguments="q 7.2 cutoff 1.39", hot=HOT, ranks=1, every=EVERY, segment=SEGMENT, steps=STEPS, dt=0.004,
         group="all", members=None, files=None, dump_every=None, **reference):
    return dict(script=script, arguments=arguments, hot=hot, ranks=ranks, every=every, segment=segment, steps=steps,
                dt=dt, group=group, members=members, files=files, dump_every=dump_every or every, reference=reference)


CASES = {
    **{f"{ranks} ranks": case(KA, ranks=ranks) for ranks in (1, 2, 4)},
    "q and cutoff of the liquid": case(KA, "", ranks=2),
    "shuffled IDs": case(SHUFFLED, ranks=2, files=shuffled),
    "shuffled IDs, sorted": case(SHUFFLED.replace("atomic\n", "atomic\natom_modify sort 20 1.0\n", 1), files=shuffled),
    "newton off": case("newton off\n" + KA, ranks=2, steps=300),
    "newton off, one rank": case("newton off\n" + KA, steps=300),
    "tilted": case(TRICLINIC, ranks=2),
    "flat": case(FLAT, "q 6.5 cutoff 1.3", ranks=2, dimension=2),
    "flat, its own q and cutoff": case(FLAT, "", dimension=2),
    "flat, vectors": case(FLAT, "vectors 2 6 0 0 1 5 0 cutoff 1.3", dimension=2, vectors=((6.0, 0, 0), (1.0, 5.0, 0))),
    "one type": case(KA + TYPE_2, group="second", members=of_type_2, ranks=2),
    "unequal masses in a flow": case(KA, hot=FLOW, ranks=2),
    "one type in a flow": case(KA + TYPE_2, group="second", members=of_type_2, hot=FLOW),
    "drift kept": case(KA, "q 7.2 cutoff 1.39 drift no", hot=FLOW, drift=False, ranks=2),
    "overlapping origins": case(KA, "q 7.2 cutoff 1.39 origins 5", origins=5, ranks=2, steps=300),
    "vectors": case(KA, f"{VECTOR_ARGUMENTS} cutoff 1.39", vectors=VECTORS, ranks=2),
    "few times, other threshold and window": case(KA, "q 7.2 cutoff 1.39 times 9 threshold 0.7 window 0.1 0.6", times=9,
                                                  threshold=0.7, window=(0.1, 0.6)),
    "odd spacing, one segment": case(KA, every=7, segment=77, steps=100),
    "two segments": case(KA, every=7, segment=77, steps=160),
    "a pair may be closer through two images": case(SMALL_BOX, "q 7.0 cutoff 2.1", ranks=2),
    "cutoff beyond the potential": case(KA + "comm_modify cutoff 3.6\n", "q 7.2 cutoff 3.1", ranks=2, steps=200),
    "atoms that cross the box many times": case(GAS, "q 0.3 cutoff 1.1", hot=FAST, ranks=4),
    "the same with small wave vectors": case(GAS, "vectors 2 0.05 0 0 0.01 0.02 0.03 cutoff 1.1 drift no", hot=FAST,
                                             vectors=((0.05, 0, 0), (0.01, 0.02, 0.03)), drift=False),
    "from an odd step on": case(KA, hot=HOT + "run 3\n", dump_every=1, steps=300, ranks=2),
    "tiled domains": case(KA + "comm_style tiled\nbalance 1.0 rcb\n", ranks=4, steps=250),
    "neighbor lists by type": case(KA + "neighbor 0.3 multi\n", ranks=2, steps=250),
    "neighbor lists without bins": case(KA + "neighbor 0.3 nsq\n", steps=250),
    "free surfaces": case(SLAB, "q 7.0 cutoff 1.4", ranks=2),
    "a box that changes": case(KA, hot=HOT.replace("nve", "npt temp 2 2 0.2 iso 0 0 1"), ranks=2, steps=300),
    "metal": case(cuzr("liquid"), "", hot=HOT.replace("3.0", "1800").replace("0.004", "0.002"), dt=0.002, ranks=2,
                  steps=300),
    # 20 blocks of one origin, then half as many of two.
    **{f"{n} origins": case(SMALL_BOX, "q 7.0 cutoff 1.4 threshold 0.9", segment=20, steps=20 * n + 6, threshold=0.9)
       for n in (19, 20, 21, 45)},
    "45 origins that overlap": case(SMALL_BOX, "q 7.0 cutoff 1.4 origins 2", segment=40, steps=20 * 45 + 26, origins=2),
    "a type without pairs": case(DILUTE, "q 2.0 cutoff 1.2", ranks=2, steps=250),
    "too short for q": case(KA, "q 0.01 cutoff 1.39", steps=250),
    "below the threshold from the start": case(KA, "q 7.2 cutoff 1.39 threshold 0.9999", threshold=0.9999, steps=250),
}


def evaluate(settings):
    """Runs a case; returns the run, what was measured and what is expected."""
    files = {"shuffled.data": settings["files"]((DATA / "ka.data").read_text())} if settings["files"] else None
    fix = "fix r {group} glass/relax {every} {segment} {arguments} file relax.txt\n".format(**settings)
    script = settings["script"] + LOAD + settings["hot"] + dump(settings["dump_every"]) + fix
    script += keep(settings["steps"]) + f"run {settings['steps']} upto\n"
    run = lammps(script, settings["ranks"], files=files)
    measured, trajectory = Measured(run), Trajectory(run.path / "d.txt")
    members = settings["members"](trajectory) if settings["members"] else None
    expected = Relaxation([trajectory], settings["every"], settings["segment"], settings["dt"], measured.q,
                          measured.cutoff, members=members, **settings["reference"])
    return run, measured, expected


@pytest.mark.parametrize("name", CASES)
def test_against_the_dumped_trajectory(name):
    run, measured, expected = evaluate(CASES[name])
    compare(measured, expected)
    arguments = CASES[name]["arguments"].split()
    for word, value in (("q", measured.q), ("cutoff", measured.cutoff)):
        if word in arguments:
            assert value == float(arguments[arguments.index(word) + 1])
    vectors = CASES[name]["reference"].get("vectors")
    if vectors:
        assert measured.q == pytest.approx(np.linalg.norm(vectors, axis=1).mean(), rel=1e-14)
    # The file has the array.
    table = read_file(run)[1]
    np.testing.assert_allclose(table, measured.array, rtol=1e-7, atol=1e-12)


def test_the_determined_cutoff_and_wave_number_are_those_of_the_structure():
    numbers = []
    for ranks in (1, 4):
        run = lammps(KA + LOAD + HOT + dump() + FIX + keep(SEGMENT) + f"run {SEGMENT}\n", ranks)
        measured = Measured(run)
        numbers.append((measured.q, measured.cutoff))
        for value, pattern in ((measured.cutoff, r"cutoff (\S+) is the first minimum of g\(r\)"),
                               (measured.q, r"q (\S+) is the highest peak of S\(q\)")):
            assert float(re.search(pattern, run.output)[1]) == pytest.approx(value, rel=1e-5)
    assert numbers[0] == pytest.approx(numbers[1], rel=1e-10)
    q, cutoff = numbers[0]
    trajectory = Trajectory(run.path / "d.txt")
    atoms, box = trajectory.positions[0], trajectory.boxes[0]
    # The mean of S(q) over the wave vectors of the box within 5 % of q is above that of any other such shell.
    integers = np.array([v for v in np.ndindex(27, 27, 27)]) - 13
    vectors = integers[(integers != 0).any(axis=1)] @ np.linalg.inv(box).T * 2 * np.pi
    lengths = np.linalg.norm(vectors, axis=1)
    vectors, lengths = vectors[lengths < 11.5], lengths[lengths < 11.5]
    structure = np.concatenate([np.abs(np.exp(1j * piece @ atoms.T).sum(axis=1)) ** 2
                                for piece in np.array_split(vectors, 40)]) / len(atoms)
    shell = lambda centre: structure[np.abs(lengths / centre - 1) < 0.05].mean()
    assert shell(q) >= 0.95 * max(shell(centre) for centre in np.arange(4.0, 10.6, 0.1)) > 1.5
    # Pairs per shell of r, per volume: lower at the cutoff than before and behind.
    distances, _ = nearest_distances(atoms, box, trajectory.periodic)
    density = lambda r: ((np.abs(distances - r) < 0.08).sum()) / r ** 2
    assert density(cutoff) < 0.4 * max(density(r) for r in np.arange(0.9, cutoff, 0.02))
    assert density(cutoff) < 0.8 * max(density(r) for r in np.arange(cutoff, 1.88, 0.02))


def test_results_stay_until_the_next_origin_is_complete():
    names = ["f_r"] + [f"f_r[{k}]" for k in (1, 12, 13, 14, 15)] + ["f_r[3][2]", "f_r[20][8]"]
    thermo = f"thermo_style custom step {' '.join(names)}\nthermo 25\n{THERMO_YAML}"
    run = lammps(KA + LOAD + HOT + FIX + thermo + "run 250\n")
    values = {row["Step"]: [row[name] for name in names] for row in run.thermo()}
    assert not any(values[0]) and not any(values[75])
    assert all(values[100]) and values[100] == values[125] == values[175] != values[200] == values[250]
    assert values[200][0] == values[200][1] and [values[step][5] for step in (75, 100, 200)] == [0, 1, 2]


def number(text):
    return float(text.rstrip(","))


def test_the_comments_of_the_file_tell_what_was_measured():
    run, measured, _ = evaluate(CASES["tilted"])
    comments, table = read_file(run)
    assert len(comments) == 5    # head, group, two types, names of columns
    head, *species, names = comments
    assert head.startswith("# fix r glass/relax: 144 atoms of group all, ")
    numbers = re.search(r"group all, (\S+) pairs closer than (\S+) \(mean of (\S+) origins\), q (\S+), "
                        r"threshold (\S+), segments of (\S+) steps of (\S+)$", head).groups()
    expected = [measured.mean_pairs, 1.39, 6, 7.2, np.exp(-1), SEGMENT, 0.004]
    assert [float(n) for n in numbers] == pytest.approx(expected, rel=1e-5)
    for s, line in enumerate(species):
        assert line.startswith("# group: " if s == 0 else f"# type {s}: ")
        values, errors = measured.numbers(s)
        for name in TIMES:
            if np.isinf(values[name]):
                assert f"{name} not reached" in line
        for name, column in dict(zip(TIMES, TIMES), gamma="gamma", D="diffusion coefficient").items():
            if np.isfinite(values[name]):
                value, error = re.search(rf"{column} (\S+) \+- (\S+)", line).groups()
                assert number(value) == pytest.approx(values[name], rel=1e-3)
                assert number(error) == pytest.approx(errors[name], rel=6e-2)
        assert number(re.search(r"exponent (\S+)", line)[1]) == pytest.approx(values["exponent"], rel=1e-3)
    expected = ["t"] + [f"{q}{e}{s}" for s in ("", "_1", "_2") for q in QUANTITIES for e in ("", "_error")]
    assert names[2:].split() == expected and table.shape[1] == len(expected)


def test_times_that_are_not_reached():
    run, measured, _ = evaluate(CASES["too short for q"])
    assert np.isinf(measured.vector[[0, 2, 4]]).all() and np.isnan(measured.vector[6])
    assert read_file(run)[0][1].count("not reached") == 3


def test_two_fixes_do_not_disturb_each_other():
    other = "fix s second glass/relax 3 60 q 5 cutoff 1.3 file other.txt\n"
    script = KA + TYPE_2 + LOAD + HOT
    both, first, second = (lammps(script + fixes + "run 250\n", 2) for fixes in (FIX + other, FIX, other))
    assert (both.path / "relax.txt").read_text() == (first.path / "relax.txt").read_text()
    assert (both.path / "other.txt").read_text() == (second.path / "other.txt").read_text()


def test_pairs_that_the_neighbor_list_leaves_out_are_not_followed():
    run = lammps(KA + "neigh_modify exclude type 1 2\n" + LOAD + HOT + dump() +
                 f"fix r all glass/relax {ARGUMENTS} q 7.2 cutoff 1.39\n" + keep(SEGMENT) + f"run {SEGMENT}\n")
    trajectory = Trajectory(run.path / "d.txt")
    distances, (i, j) = nearest_distances(trajectory.positions[0], trajectory.boxes[0], trajectory.periodic)
    near = (distances < 1.39) & (trajectory.types[i] == trajectory.types[j])
    assert Measured(run).mean_pairs == near.sum() > 0


# ---- atoms whose motion is known

BOX = """
units lj
atom_style atomic
region box block 0 10 0 10 0 10
create_box 1 box
mass 1 2.0
pair_style zero 2.5
pair_coeff * *
neigh_modify every 1 delay 0 check yes
"""


def sinc(x):
    return np.sinc(x / np.pi)


def test_free_atoms():
    """Gaussian displacements, independent of each other: all is known but for the finite number of atoms."""
    n, temperature, mass, q = 1000, 1.5, 2.0, 3.0
    atoms = f"create_atoms 1 random {n} 4711 NULL\nvelocity all create {temperature} 313 mom no dist gaussian\n"
    run = lammps(BOX + atoms + LOAD + "timestep 0.01\nfix move all nve\n"
                 f"fix r all glass/relax 1 100 q {q} cutoff 1.2 drift no\n" + keep(200) + "run 200\n", 2)
    measured = Measured(run)
    t, (curves, errors) = measured.array[:, 0], measured.curves(0)
    speed = np.linspace(0, 12, 6001)[1:] * np.sqrt(temperature / mass)
    weight = speed ** 2 * np.exp(-mass * speed ** 2 / (2 * temperature))
    weight /= weight.sum()

    def moments(scale):
        """Mean and variance of the contribution of one atom, or of a pair whose velocity is less by `scale`."""
        values = sinc(np.outer(t, speed) * q * scale)
        mean = values @ weight
        return mean, values ** 2 @ weight - mean ** 2

    mean, variance = moments(1.0)
    np.testing.assert_allclose(mean, np.exp(-q ** 2 * temperature * t ** 2 / (2 * mass)), atol=1e-9)
    assert (np.abs(curves["fs"] - mean) < 4 * np.sqrt(variance / n)).all()
    mean, variance = moments(np.sqrt(0.5))
    # Pairs that share an atom have at most half their variance in common.
    bound = 4 * np.sqrt(variance * (1 / measured.mean_pairs + 2 / n))
    assert (np.abs(curves["fplus"] - mean) < bound).all() and (np.abs(curves["fminus"] - mean) < bound).all()
    # The temperature is that of 3n - 3 degrees of freedom.
    np.testing.assert_allclose(curves["msd"], 3 * (n - 1) / n * temperature / mass * t ** 2, rtol=1e-9)
    assert measured.numbers(0)[0]["exponent"] == pytest.approx(2, rel=1e-9)
    assert np.abs(curves["alpha2"]).max() < 5 * np.sqrt(8 / (3 * n))
    # One segment is like the other: no error, no fluctuations of F_s from origin to origin.
    assert np.abs(curves["chi4"]).max() < 1e-9 and errors["fs"].max() < 1e-10


def pair(velocities, arguments, lines="", positions=((5, 5, 5), (5.6, 5.3, 4.6))):
    """A run of two atoms for one segment of 300 steps."""
    atoms = "".join(f"create_atoms 1 single {x} {y} {z}\n" for x, y, z in positions)
    for k, (x, y, z) in enumerate(velocities):
        atoms += f"group a{k} id {k + 1}\nvelocity a{k} set {x} {y} {z}\n"
    run = lammps(BOX + atoms + lines + LOAD + "timestep 0.01\nfix move all nve\n"
                 f"fix r all glass/relax 1 300 q 3 cutoff 2.5 {arguments}\n" + keep(300) + "run 300\n", 2)
    return Measured(run)


def test_two_atoms_that_move_together():
    velocity = (1.3, -0.4, 0.7)
    measured = pair([velocity, velocity], "drift no")
    t, (curves, errors) = measured.array[:, 0], measured.curves(0)
    x = 3 * np.linalg.norm(velocity) * t
    np.testing.assert_allclose(curves["fminus"], 1, rtol=0, atol=1e-14)
    np.testing.assert_allclose(curves["fplus"], sinc(x), atol=1e-12)
    np.testing.assert_allclose(curves["fs"], sinc(x), atol=1e-12)
    np.testing.assert_allclose(curves["alpha2"], 3 / 5 - 1, atol=1e-12)
    values = measured.numbers(0)[0]
    assert values["tau_plus"] == values["tau_alpha"] and values["tau_minus"] == np.inf and np.isnan(values["gamma"])
    # sin x = x/e at x = 2.2 is bracketed by two sampled times.
    j = np.searchsorted(x, 2.2017)
    assert t[j - 1] < values["tau_plus"] < t[j]
    assert np.isnan(curves["chi4"]).all() and np.isinf(errors["fs"]).all()


def test_two_atoms_at_rest_to_each_other_without_their_drift():
    measured = pair([(1.3, -0.4, 0.7)] * 2, "drift yes")
    curves = measured.curves(0)[0]
    for name in ("fs", "fplus", "fminus"):
        np.testing.assert_allclose(curves[name], 1, rtol=0, atol=1e-14)
    assert curves["msd"].max() < 1e-26


@pytest.mark.parametrize("drift", ["yes", "no"])
def test_two_atoms_that_move_against_each_other(drift):
    bound = "pair_style lj/cut 3.0\npair_coeff * * 5.0 0.7\n"
    measured = pair([(0.3, 0.4, 0.9), (-0.3, -0.4, -0.9)], f"drift {drift}", bound)
    curves = measured.curves(0)[0]
    np.testing.assert_allclose(curves["fplus"], 1, rtol=0, atol=1e-12)
    # (d_i - d_j)/2 is d_i.
    np.testing.assert_allclose(curves["fminus"], curves["fs"], rtol=0, atol=1e-12)
    assert curves["fs"].min() < 0.5


def test_later_origins_may_be_without_pairs():
    # The atoms are 3.4 apart at the end of the first segment.
    measured = pair([(0.5, 0, 0), (-0.5, 0, 0)], "drift no", "", ((5.2, 5, 5), (4.8, 5, 5)))
    assert measured.completed == 1 and measured.mean_pairs == 1
    np.testing.assert_allclose(measured.curves(0)[0]["fplus"], 1, rtol=0, atol=1e-12)
