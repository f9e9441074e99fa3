"""compute glass/inm: what its outputs are, and what must not change them."""

import numpy as np
import pytest

import peer
from lammps_run import KA, KA_2D, LOAD, ROOT, THERMO_YAML, cuzr, dump_modes, lammps

THERMO = "thermo_style custom step c_inm c_inm[1] c_inm[2] c_inm[3] c_inm[4] c_inm[5] c_inm[6] c_inm[7] c_inm[8]"
SPLIT = " c_inm[9] c_inm[10] c_inm[11] c_inm[12] c_inm[13]"
SYSTEMS = {"ka": KA, "cuzr": cuzr("liquid")}

# A fifth of KA's atoms in a small box, 100 atoms: below 2 r_c, quick to solve, random positions made quiet.
SMALL_KA = f"""
units lj
atom_style atomic
region box prism 0 4.3 0 4.4 0 4.45 0.6 -0.4 0.9
create_box 2 box
create_atoms 1 random 80 991 NULL overlap 0.6 maxtry 1000
create_atoms 2 random 20 992 NULL overlap 0.6 maxtry 1000
include "{ROOT}/potentials/kob_andersen.lmp"
mass 2 2.5
minimize 0 0 60 600
"""


def modes(system, ranks=1, settings="", keywords="pc 0.3 strain xy zz", columns=4):
    script = system + LOAD + settings + f"compute inm all glass/inm {keywords}\n"
    return lammps(script + dump_modes(columns=columns) + "run 0\n", ranks).table("modes.txt")


def assert_same(ours, reference):
    assert ours.shape == reference.shape
    scale = np.abs(reference).max(axis=0)
    difference = np.abs(ours - reference) / scale
    # Frequencies are roots: the error of a small one is that of its eigenvalue, divided by twice the frequency.
    values = [np.sign(t[:, 0]) * t[:, 0] ** 2 for t in (ours, reference)]
    assert np.abs(values[0] - values[1]).max() <= 1e-10 * scale[0] ** 2
    assert difference[:, 1].max() <= 1e-10
    assert difference[:, 2:].max() <= 1e-10


@pytest.fixture(scope="module", params=SYSTEMS)
def reference(request):
    return SYSTEMS[request.param], modes(SYSTEMS[request.param])


@pytest.mark.parametrize("ranks", [2, 4])
def test_ranks(reference, ranks):
    system, expected = reference
    assert_same(modes(system, ranks), expected)


def test_newton_off(reference):
    system, expected = reference
    assert_same(modes("newton off\n" + system, 2), expected)


def test_ids_shuffled_and_with_gaps(reference):
    system, expected = reference
    data = system.split('read_data "')[1].split('"')[0]
    lines = open(data).read().splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith("Atoms")) + 2
    n = 500
    atoms = [line.split() for line in lines[start:start + n]]
    rng = np.random.default_rng(5)
    ids = rng.permutation(np.arange(1, 3 * n, 3)[:n])
    rng.shuffle(atoms)
    body = [" ".join([str(new)] + atom[1:]) for new, atom in zip(ids, atoms)]
    text = "\n".join(lines[:start] + body) + "\n"
    script = system.replace(data, "shuffled.data") + LOAD + "compute inm all glass/inm pc 0.3 strain xy zz\n"
    run = lammps(script + dump_modes(columns=4) + "run 0\n", 2, files={"shuffled.data": text})
    assert_same(run.table("modes.txt"), expected)


def test_wrapping_and_reneighbouring_do_not_matter(reference):
    # Atoms moved by whole box lengths, and a neighbour list with another skin.
    system, expected = reference
    moved = system + "group odd id <> 1 250\ndisplace_atoms odd move $(lx) $(-ly) 0 units box\n"
    assert_same(modes(moved + "neighbor 0.9 bin\n"), expected)


def test_lists_stay_exact_between_reneighbourings():
    # Solved in mid-run, without a new list since the start, and again from scratch at the same positions.
    run = lammps(KA + LOAD + "neighbor 0.6 bin\nneigh_modify delay 1000\nfix 1 all nve\ntimestep 0.002\n"
                 "compute inm all glass/inm strain xy zz\n" + dump_modes(columns=4) +
                 "thermo 30\nthermo_style custom step c_inm\nrun 0\nundump modes\n" +
                 dump_modes(columns=4, file="during.txt") + "dump_modify modes every 30\n"
                 "run 30\nundump modes\n" + dump_modes(columns=4, file="afresh.txt") + "run 0\n")
    assert_same(run.tables("during.txt")[-1], run.table("afresh.txt"))


def test_ranks_without_atoms():
    # A dimer in a corner: most of four ranks own nothing. Springs in series: omega^2 = 2 u''/m and 2 u'/(r m).
    dimer = """
units lj
atom_style atomic
processors * 1 1
region box block 0 20 0 6 0 6
create_box 1 box
create_atoms 1 single 1.0 1.0 1.0
create_atoms 1 single 2.05 1.0 1.0
mass 1 2.0
pair_style lj/cut 2.5
pair_coeff 1 1 1.0 1.0
"""
    r, mass = 1.05, 2.0
    du = 24.0 * (r ** -7 - 2.0 * r ** -13)
    d2u = 24.0 * (26.0 * r ** -14 - 7.0 * r ** -8)
    expected = sorted(np.sign(k) * np.sqrt(2.0 * abs(k) / mass) for k in (d2u, du / r, du / r))
    for ranks in (1, 4):
        table = modes(dimer, ranks, columns=3, keywords="strain xy")
        np.testing.assert_allclose(table[:, 0], expected, rtol=1e-12)
        np.testing.assert_allclose(table[:, 1], 1.0, rtol=1e-12)


def test_excluded_pairs_are_left_out():
    excluded = KA + "neigh_modify exclude type 1 2\n"
    values = np.linalg.eigvalsh(peer.dynamical_matrix(excluded, 1e-6))
    ours = modes(excluded, 2, columns=3, keywords="strain xy")[:, 0]
    ours = np.sort(np.append(np.sign(ours) * ours ** 2, np.zeros(3)))
    assert np.abs(ours - values).max() <= 1e-7 * np.abs(values).max()


@pytest.mark.parametrize("ranks", [1, 4])
def test_box_changes_at_the_end_of_a_step(ranks):
    # fix deform moves atoms and box after the images were last updated; a run from the same positions knows better.
    run = lammps(KA + LOAD + "fix 1 all nve\nfix 2 all deform 1 x erate 0.05 remap x\nneigh_modify delay 100\n"
                 "compute inm all glass/inm strain xy zz\nthermo 3\nthermo_style custom step c_inm\n" +
                 dump_modes(columns=4, file="during.txt") + "dump_modify modes every 3\nrun 3\nundump modes\n"
                 "unfix 2\n" + dump_modes(columns=4, file="afresh.txt") + "run 0\n", ranks)
    assert_same(run.tables("during.txt")[-1], run.table("afresh.txt"))


def test_rerun():
    run = lammps(KA + LOAD + "fix 1 all nve\ncompute inm all glass/inm\nthermo 5\nthermo_style custom step c_inm[3]\n" +
                 THERMO_YAML + "dump d all custom 5 d.txt id type x y z\ndump_modify d format float %.17g\nrun 20\n"
                 "undump d\nrerun d.txt dump x y z\nrun 0\n")
    rows = run.thermo()
    first, again = rows[:5], rows[5:10]
    assert [row["Step"] for row in again] == [0, 5, 10, 15, 20]
    for before, after in zip(first, again):
        assert after["c_inm[3]"] == pytest.approx(before["c_inm[3]"], rel=1e-9)
    assert "2 neighbor lists, perpetual/occasional/extra = 1 1 0" in run.output
    assert "3 neighbor lists" not in run.output


def test_dynamic_group():
    run = lammps(KA + LOAD + "region half block INF INF INF INF 0 3.7\ngroup slab dynamic all region half every 1\n"
                 "fix 1 all nve\ncompute inm slab glass/inm\nvariable n equal count(slab)\n"
                 "thermo_style custom step v_n\n" + THERMO_YAML + dump_modes() + "run 1\n")
    counts = [int(row["v_n"]) for row in run.thermo()]
    assert 100 < counts[-1] < 400
    assert len(run.table("modes.txt")) == 3 * counts[-1]


def test_units():
    # The same atoms in metal units: energies in eV, masses in g/mol; lambda scales with ftm2v.
    metal = KA.replace("units lj", "units metal")
    ours, expected = modes(metal), modes(KA)
    ftm2v = peer.FTM2V["metal"]
    ours[:, 0] /= np.sqrt(ftm2v)
    ours[:, 2:] /= ftm2v
    assert_same(ours, expected)


@pytest.mark.parametrize("ranks", [1, 2])
def test_small_triclinic_cell_with_unequal_masses(ranks):
    ours = modes(SMALL_KA, ranks, columns=3, keywords="strain xy")
    _, masses = peer.forces(SMALL_KA)
    assert set(masses) == {1.0, 2.5}
    theirs = peer.modes(peer.dynamical_matrix(SMALL_KA, 1e-6), masses, "lj")
    values = [np.sign(t[:, 0]) * t[:, 0] ** 2 for t in (ours, theirs)]
    assert np.abs(values[0] - values[1]).max() <= 1e-7 * np.abs(values[1]).max()


def test_group_is_the_sub_block_of_the_rest_frozen():
    half = KA + "group half id <> 1 250\n"
    ours = lammps(half + LOAD + "compute inm half glass/inm\n" + dump_modes() + "run 0\n", 2).table("modes.txt")
    assert len(ours) == 3 * 250    # no translations to leave out
    values = np.linalg.eigvalsh(peer.dynamical_matrix(half, 1e-6, "half"))
    assert np.abs(np.sign(ours[:, 0]) * ours[:, 0] ** 2 - values).max() <= 1e-7 * np.abs(values).max()


def test_single_atom_affine_force_against_lammps_forces():
    # One mobile atom has three modes, and the sum of their Xi-hat^2 is |Xi_i|^2/m_i.
    for component in ("xy", "yz", "zz"):
        xi = peer.affine_force(KA, component, 7.469007910928606, 1e-6)
        for atom in (7, 123, 450):
            ours = lammps(KA + LOAD + f"group one id {atom}\ncompute inm one glass/inm strain {component}\n" +
                          dump_modes() + "run 0\n").table("modes.txt")
            assert ours.shape == (3, 3)
            assert ours[:, 2].sum() == pytest.approx((xi[atom - 1] ** 2).sum(), rel=1e-7)


def test_two_dimensions():
    # LAMMPS's dynamical matrix has z rows; in 2d they are no degrees of freedom.
    run = lammps(KA_2D + LOAD + "compute inm all glass/inm\n" + dump_modes() + THERMO_YAML + "run 0\n", 2)
    ours = run.table("modes.txt")
    full = peer.dynamical_matrix(KA_2D, 1e-6)
    n = len(full) // 3
    assert len(ours) == 2 * n - 2
    plane = np.sort(np.r_[np.arange(0, 3 * n, 3), np.arange(1, 3 * n, 3)])
    values = np.linalg.eigvalsh(full[np.ix_(plane, plane)])
    zero = np.argsort(np.abs(values))[:2]
    values = np.delete(values, zero)
    assert np.abs(np.sign(ours[:, 0]) * ours[:, 0] ** 2 - values).max() <= 1e-7 * np.abs(values).max()


@pytest.fixture(scope="module")
def outputs():
    run = lammps(KA + LOAD + "compute inm all glass/inm pc 0.27 bins 40 omega_min 2.0 strain xy xz\n" +
                 THERMO + SPLIT + "\n" + THERMO_YAML + dump_modes(columns=4) +
                 "fix array all ave/time 1 1 1 c_inm[*] mode vector file array.txt format ' %.17g'\nrun 0\n")
    array = np.loadtxt(run.path / "array.txt", skiprows=4)[:, 1:]
    row = run.thermo()[-1]
    vector = np.array([row[f"c_inm[{k}]"] for k in range(1, 14)])
    return run.table("modes.txt"), array, vector, row["c_inm"]


def test_array_bins_the_local_rows(outputs):
    local, array, *_ = outputs
    omega, ratio, xi = local[:, 0], local[:, 1], local[:, 2:].mean(axis=1)
    centres = array[:, 0]
    width = centres[1] - centres[0]
    edges = np.append(centres - width / 2, centres[-1] + width / 2)
    count, _ = np.histogram(omega, edges)
    assert count.sum() == len(omega) == 1497
    np.testing.assert_allclose(array[:, 4], count)
    assert array[:, 1].sum() * width == pytest.approx(1.0, abs=1e-12)
    np.testing.assert_allclose(array[:, 1], count / (1497 * width), rtol=1e-12)
    for column, values in ((5, ratio), (6, xi)):
        np.testing.assert_allclose(array[:, column], np.histogram(omega, edges, weights=values)[0], rtol=1e-10)
    filled = count > 0
    np.testing.assert_allclose(array[filled, 2], array[filled, 5] / count[filled], rtol=1e-12)
    np.testing.assert_allclose(array[filled, 3], array[filled, 6] / count[filled], rtol=1e-12)
    assert (array[~filled][:, 1:] == 0).all()
    # Zero is an edge between bins: no bin mixes the branches.
    assert np.abs(edges).min() < 1e-9 * width


def test_vector_sums_the_local_rows(outputs):
    local, array, vector, scalar = outputs
    omega, ratio, xi = local[:, 0], local[:, 1], local[:, 2:].mean(axis=1)
    unstable, localized, counted = omega < 0, ratio < 0.27, np.abs(omega) >= 2.0
    sums = xi / omega ** 4
    expected = [(~unstable).mean(), unstable.mean(), omega.min(), omega.max(), ratio.mean(), 0.0,
                sums[~unstable & counted].sum(), sums[unstable & counted].sum(),
                (unstable & localized).mean(), (unstable & ~localized).mean()]
    np.testing.assert_allclose(vector[:10], expected, rtol=1e-9)
    np.testing.assert_allclose(vector[11:], [sums[unstable & counted & localized].sum(),
                                             sums[unstable & counted & ~localized].sum()], rtol=1e-9)
    assert scalar == vector[1]
    assert vector[0] + vector[1] == pytest.approx(1.0, abs=1e-14)
    assert vector[8] + vector[9] == pytest.approx(vector[1], abs=1e-14)
    # The mobility edge lies between two neighbouring bins whose means straddle P_c.
    filled = array[(array[:, 4] > 0) & (array[:, 0] < 0)]
    after = np.searchsorted(filled[:, 0], vector[10])
    assert filled[after - 1, 2] < 0.27 <= filled[after, 2]


def test_modes_of_a_range():
    every = modes(KA, keywords="modes all", columns=3)
    unstable = modes(KA, keywords="modes unstable", columns=3)
    window = modes(KA, keywords="modes window -3 5", columns=3)
    chosen = every[every[:, 0] < 0]
    for ours, theirs in ((unstable, chosen), (window, every[(every[:, 0] > -3) & (every[:, 0] <= 5)])):
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours[:, 0], theirs[:, 0], rtol=0, atol=1e-7)
        np.testing.assert_allclose(ours[:, 1], theirs[:, 1], rtol=1e-6)
        np.testing.assert_allclose(ours[:, 2], theirs[:, 2], rtol=1e-5, atol=1e-5 * theirs[:, 2].mean())


def test_vector_without_threshold_has_no_split():
    run = lammps(KA + LOAD + "compute inm all glass/inm\nthermo_style custom step c_inm[9]\nrun 0\n", check=False)
    assert run.returncode != 0 and "out-of-range" in run.output


def test_range_is_kept_so_that_averages_make_sense():
    run = lammps(KA + LOAD + "fix 1 all nve\ncompute inm all glass/inm bins 50\n"
                 "fix a all ave/time 10 2 20 c_inm[1] c_inm[2] c_inm[5] mode vector ave running file a.txt "
                 "format ' %.17g'\nrun 40\n")
    blocks = (run.path / "a.txt").read_text().splitlines()[3:]
    table = np.array([[float(w) for w in line.split()] for line in blocks if len(line.split()) == 4])
    first, last = table[:50], table[-50:]
    np.testing.assert_array_equal(first[:, 1], last[:, 1])
    width = last[1, 1] - last[0, 1]
    assert last[:, 2].sum() * width == pytest.approx(1.0, abs=1e-12)
    assert last[:, 3].sum() == pytest.approx(1497, abs=1e-9)


def test_defining_computes_changes_nothing():
    system = KA + "fix 1 all nvt temp 1.0 1.0 0.5\nthermo 20\nthermo_style custom step temp epair press\n"
    run_it = THERMO_YAML + "run 100\n"
    define = LOAD + "compute inm all glass/inm pc 0.3\ncompute w all glass/inm/atom c_inm\n"
    for ranks in (1, 2):
        plain = lammps(system + run_it, ranks)
        loaded = lammps(system + define + run_it, ranks)
        assert len(plain.thermo()) == 6
        assert plain.thermo() == loaded.thermo()


def test_nonperiodic_box_works_and_says_so():
    cluster = KA + "change_box all boundary s s s\n"
    run = lammps(cluster + LOAD + "compute inm all glass/inm\n" + dump_modes() + "run 0\n")
    assert "not periodic in all directions" in run.output
    values = np.linalg.eigvalsh(peer.dynamical_matrix(cluster, 1e-6))
    ours = run.table("modes.txt")[:, 0]
    ours = np.sort(np.append(np.sign(ours) * ours ** 2, np.zeros(3)))
    assert np.abs(ours - values).max() <= 1e-7 * np.abs(values).max()


@pytest.mark.parametrize("suffix", ["opt", "omp"])
def test_accelerated_eam(suffix):
    package = "package omp 1\n" if suffix == "omp" else ""
    run = lammps(package + f"suffix {suffix}\n" + cuzr("glass") + LOAD + "compute inm all glass/inm strain xy zz\n" +
                 dump_modes(columns=4) + "run 0\n")
    assert f"eam/fs/{suffix}" in run.output
    assert_same(run.table("modes.txt"), modes(cuzr("glass"), keywords="strain xy zz"))


def test_reload_after_clear():
    solve = KA + LOAD + "compute inm all glass/inm\n" + dump_modes() + "run 0\n"
    assert lammps(solve + "clear\n" + solve).returncode == 0
