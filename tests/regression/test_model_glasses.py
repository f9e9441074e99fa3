"""Glasses of the two models of this plugin, made as tests/data/in.ipl_glass and in.sticky_glass say: energy, pressure and
moduli against those of other samples of the same protocol."""

import pytest

from lammps_run import DATA, LOAD, ROOT, THERMO_YAML, lammps

POTENTIAL = {"ipl": "ipl", "sticky": "sticky_spheres"}

# From seeds 1 ... 6 of the decks, their mean and what a sample of 1728 atoms deviates from it (one standard deviation);
# the last column is what this project's notes had from one sample of its own before there was a pair style, by a table.
SAMPLES = {
    "ipl": {"U/N": (5.7177, 0.0046, 5.721), "P": (18.712, 0.012, 18.73), "G": (13.82, 0.60, 14.2), "K": (86.23, 0.05, 86.3)},
    "sticky": {"U/N": (-4.834, 0.0054, -4.841), "P": (4.217, 0.022, 4.22), "G": (25.42, 0.26, 25.4), "K": (63.34, 0.47, 63.2)},
}
# The configurations that are kept.
KEPT = {
    "ipl": {"U/N": 5.71934, "P": 18.7159, "G": 14.3228, "K": 86.2308},
    "sticky": {"U/N": -4.8286, "P": 4.18468, "G": 25.5188, "K": 63.5007},
}


def measure(name, ranks=1, **keywords):
    words = " ".join(f"{key} {value}" for key, value in keywords.items())
    run = lammps(f"""
units lj
atom_style atomic
read_data "{DATA}/{name}_glass.data"
{LOAD}
include "{ROOT}/potentials/{POTENTIAL[name]}.lmp"
min_style fire
minimize 0 1e-10 20000 20000
compute el all glass/elastic {words}
thermo_style custom step pe press fmax c_el c_el[3]
{THERMO_YAML}run 0
""", ranks)
    row = run.thermo()[-1]
    assert row["Fmax"] < 1e-9
    # second derivatives of the pair style's own, not differences
    assert "second derivatives by born_matrix()" in run.output and "are good to" not in run.output
    return {"U/N": row["PotEng"], "P": row["Press"], "G": row["c_el"], "K": row["c_el[3]"]}


@pytest.mark.parametrize("name", SAMPLES)
def test_as_other_samples(name):
    """Within three standard deviations of the mean of six, and of what an independent sample had."""
    for key, value in measure(name).items():
        mean, deviation, notes = SAMPLES[name][key]
        assert abs(value - mean) <= 3.0 * deviation, key
        assert abs(value - notes) <= 3.0 * 2.0 ** 0.5 * deviation, key


@pytest.mark.parametrize("name", SAMPLES)
def test_kept_configurations(name):
    """The minimum that the file holds, as it was when it was made, on two ranks and by the other solver."""
    for key, value in measure(name, ranks=2, solver="cg").items():
        assert value == pytest.approx(KEPT[name][key], rel=2e-5), key
