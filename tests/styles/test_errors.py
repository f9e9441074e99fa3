"""Bad input and bad states get one clear error that names the style, the value and the mend.

The table in docs/compute_glass_inm.rst lists these.
"""

import os

import pytest

from lammps_run import KA, LAMMPS_POTENTIALS, LOAD, ROOT, cuzr, lammps

TWO_ATOMS = """
units lj
atom_style atomic
region box block 0 6 0 6 0 6
create_box 1 box
create_atoms 1 single 1 1 1
create_atoms 1 single 2.1 1 1
mass 1 1.0
"""

NAN = """
variable bad atom 1.0e300*1.0e300-1.0e300*1.0e300
compute inm all glass/inm
fix 1 all nve
thermo_style custom step c_inm
run 0
set atom 17 x v_bad
run 1 pre no
"""

INM = {
    "unknown keyword": ("compute inm all glass/inm bin 10", "Unknown compute glass/inm keyword: bin"),
    "missing value": ("compute inm all glass/inm bins", "compute glass/inm bins"),
    "missing second value": ("compute inm all glass/inm range 1", "compute glass/inm range"),
    "not a number": ("compute inm all glass/inm bins ten", "ten"),
    "no bins": ("compute inm all glass/inm bins 0", "bins must be > 0, not 0"),
    "negative bins": ("compute inm all glass/inm bins -3", "bins must be > 0, not -3"),
    "empty range": ("compute inm all glass/inm range 5 5", "range: lo 5 must be < hi 5"),
    "reversed range": ("compute inm all glass/inm range 5 -5", "range: lo 5 must be < hi -5"),
    "zero pc": ("compute inm all glass/inm pc 0", "pc must be in (0, 1], not 0"),
    "large pc": ("compute inm all glass/inm pc 1.01", "pc must be in (0, 1], not 1.01"),
    "negative cutoff": ("compute inm all glass/inm omega_min -1", "omega_min must be >= 0, not -1"),
    "unknown modes": ("compute inm all glass/inm modes few", "modes must be all, unstable or window, not few"),
    "reversed window": ("compute inm all glass/inm modes window 3 2", "window: lo 3 must be < hi 2"),
    "unknown strain": ("compute inm all glass/inm strain yx", "one or more of xx yy zz xy xz yz, not yx"),
    "no strain": ("compute inm all glass/inm strain", "compute glass/inm strain"),
    "unknown hessian": ("compute inm all glass/inm hessian numeric", "must be auto, rule or difference, not numeric"),
    "missing hessian": ("compute inm all glass/inm hessian", "compute glass/inm hessian"),
    "no zone": ("compute inm all glass/inm zone 0", "zone must be > 0, not 0"),
    "unknown matrix": ("compute h all glass/hessian matrix mass", "matrix must be hessian or dynamical, not mass"),
    "unknown file": ("compute h all glass/hessian file text h", "file must be market or numpy, not text"),
    "missing file": ("compute h all glass/hessian file numpy", "compute glass/hessian file"),
    "unknown hessian keyword": ("compute h all glass/hessian mass yes", "Unknown compute glass/hessian keyword: mass"),
    "file that cannot be written": ("compute h all glass/hessian file market no/such/folder.mtx\n"
                                    "thermo_style custom c_h\nrun 0", "cannot write file no/such/folder.mtx"),
    "unknown affine keyword": ("compute xi all glass/affine/atom xy", "Unknown compute glass/affine/atom keyword: xy"),
    "unknown affine strain": ("compute xi all glass/affine/atom strain zx", "one or more of xx yy zz xy xz yz, not zx"),
    "empty group": ("group none empty\ncompute inm none glass/inm\nrun 0", "group none has no atoms"),
    "scalar of no compute": ("compute w all glass/inm/atom c_inm\nrun 0", "there is no compute inm"),
    "wrong reference": ("compute w all glass/inm/atom inm", "as c_ID, not inm"),
    "wrong style": ("compute w all glass/inm/atom c_thermo_temp\nrun 0", "is of style temp, not glass/inm"),
    "unknown class": ("compute w all glass/inm/atom c_inm class soft", "delocalized, not soft"),
    "unknown atom keyword": ("compute w all glass/inm/atom c_inm modes 1", "Unknown compute glass/inm/atom keyword: modes"),
    "missing atom value": ("compute w all glass/inm/atom c_inm mode", "compute glass/inm/atom mode"),
    "missing reference": ("compute w all glass/inm/atom", "compute glass/inm/atom"),
    "mode zero": ("compute w all glass/inm/atom c_inm mode 0", "mode must be >= 1, not 0"),
    "class without pc": ("compute inm all glass/inm\ncompute w all glass/inm/atom c_inm class localized\nrun 0",
                         "needs keyword pc in compute inm"),
    "no such mode": ("compute inm all glass/inm\ncompute w all glass/inm/atom c_inm mode 1498\n"
                     "dump d all custom 1 d.txt id c_w[1]\nrun 0", "has no such mode"),
    "modes not initialized": ("compute inm all glass/inm\ncompute w all glass/inm/atom c_inm\nrun 0\nuncompute inm\n"
                              "compute inm all glass/inm\nwrite_dump all custom d.txt id c_w",
                              "(ID w): compute inm was defined after the last run; begin a run (run 0) before"),
    "not a number in a coordinate": (NAN, "a coordinate of atom 17 is not a number"),
}

SW_MOD = f'pair_style sw/mod\npair_coeff * * "{LAMMPS_POTENTIALS}/Si.sw" Si\n'

SYSTEM = {
    "no pair style": ("pair_style none", "", "there is no pair style; define pair_style and pair_coeff"),
    "style without rule": (SW_MOD, "hessian rule",
                           "pair style sw/mod has no rule for its second derivatives; use hessian auto or difference"),
    "hybrid without rule": (SW_MOD.replace("sw/mod", "hybrid sw/mod").replace("* * ", "* * sw/mod "),
                            "hessian rule", "in a hybrid, pair style sw/mod has no rule"),
    "random forces": ("comm_modify vel yes\npair_style dpd 1.0 2.5 4711\npair_coeff * * 1.0 1.0", "hessian difference",
                      "pair style dpd gives other forces at the same positions"),
    "zone too small": (SW_MOD, "hessian difference zone 1.05", "zone 1.05 is too small"),
}


def failing(script, ranks=1, **settings):
    run = lammps(script, ranks, check=False, **settings)
    assert run.returncode != 0, run.output[-1500:]
    errors = [line for line in run.output.splitlines() if line.startswith("ERROR")]
    assert len(errors) == 1, run.output[-1500:]
    return " ".join(run.output.split())


@pytest.mark.parametrize("name", INM)
def test_input(name):
    script, message = INM[name]
    assert message in failing(KA + LOAD + script + "\n")


@pytest.mark.parametrize("name", SYSTEM)
def test_system(name):
    pair_style, keywords, message = SYSTEM[name]
    script = (TWO_ATOMS.replace("lj", "metal") + pair_style + f"\n{LOAD}compute inm all glass/inm {keywords}\n"
              "thermo_style custom step c_inm\nrun 0\n")
    output = failing(script)
    assert message in output and "glass/inm (ID inm)" in output


def test_errors_on_one_rank_end_all():
    assert "a coordinate of atom 17 is not a number" in failing(KA + LOAD + NAN, 4)


def test_two_dimensions_have_no_z():
    script = "dimension 2\n" + TWO_ATOMS.replace("0 6 0 6 0 6", "0 6 0 6 -0.1 0.1").replace(" 1 1\n", " 1 0\n")
    assert "strain xz does not exist in 2d" in failing(script + LOAD + "compute inm all glass/inm strain xz\n")


BONDED = """
units lj
atom_style full
region box block 0 6 0 6 0 6
create_box 1 box bond/types 1 extra/bond/per/atom 2 extra/special/per/atom 4
create_atoms 1 single 1 1 1
create_atoms 1 single 2.1 1 1
create_atoms 1 single 3.2 1 1
mass 1 1.0
"""


def test_bonds_and_special_pairs():
    tail = LOAD + "compute inm all glass/inm\nthermo_style custom step c_inm\nrun 0\n"
    pair = "pair_style lj/cut 2.5\npair_coeff * * 1.0 1.0\n"
    bonds = "bond_style {}\nbond_coeff 1 {}\ncreate_bonds single/bond 1 1 2 special yes\n"
    weak = "special_bonds lj/coul 0.5 1 1\n"
    assert "forces of style harmonic have no rule, only those of pair styles can; use hessian difference" in failing(
        BONDED + pair + weak + bonds.format("harmonic", "10.0 1.0") + tail)
    # Without a bond style, bonds exert no force, but the pairs are weakened.
    assert "pairs weakened by special_bonds are not supported; use special_bonds lj/coul 1 1 1 or hessian difference" in failing(
        BONDED + pair + weak + bonds.format("zero", "1.0") + "bond_style none\n" + tail)


def test_styles_that_exert_no_force_are_no_obstacle():
    run = lammps(BONDED + "pair_style lj/cut 2.5\npair_coeff * * 1.0 1.0\nspecial_bonds lj/coul 1 1 1\n"
                 "bond_style zero\nbond_coeff 1 1.0\ncreate_bonds single/bond 1 1 2 special yes\n" + LOAD +
                 "compute inm all glass/inm\nthermo_style custom step c_inm\nrun 0\n")
    assert "solved in" in run.output


def test_overlapping_atoms():
    script = TWO_ATOMS.replace("2.1 1 1", "1 1 1") + "pair_style lj/cut 2.5\npair_coeff * * 1.0 1.0\n"
    assert "two atoms overlap" in failing(
        script + LOAD + "compute inm all glass/inm\nthermo_style custom step c_inm\nrun 0\n")


def test_contacts_with_memory():
    script = """
units lj
atom_style sphere
comm_modify vel yes
region box block 0 6 0 6 0 6
create_box 1 box
create_atoms 1 single 1 1 1
create_atoms 1 single 1.9 1 1
set type 1 diameter 1.0 density 1.0
pair_style gran/hooke/history 1000.0 NULL 50.0 NULL 0.4 0
pair_coeff * *
fix 1 all nve/sphere
"""
    assert "forces of pair style gran/hooke/history depend on the history of contacts" in failing(
        script + LOAD + "compute inm all glass/inm\nthermo_style custom step c_inm\nrun 0\n")


@pytest.mark.parametrize("keywords", ["hessian rule", "hessian difference"])
def test_overlapping_atoms_of_a_many_body_style(keywords):
    script = TWO_ATOMS.replace("lj", "metal").replace("2.1 1 1", "1 1 1") + SW_MOD.replace("sw/mod", "sw")
    assert "two atoms overlap: their forces are not finite" in failing(
        script + LOAD + f"compute inm all glass/inm {keywords}\nthermo_style custom step c_inm\nrun 0\n")


def test_kspace():
    script = BONDED + ("set group all charge 0.1\npair_style lj/cut/coul/long 2.5\npair_coeff * * 1.0 1.0\n"
                       "kspace_style ewald 1e-4\nkspace_modify gewald 1.0\nset atom 1 charge -0.2\n")
    assert "forces of style ewald have no rule, only those of pair styles can; use hessian difference" in failing(
        script + LOAD + "compute inm all glass/inm\nthermo_style custom step c_inm\nrun 0\n")


def test_scaled_potential():
    script = cuzr("glass") + LOAD + """
variable half equal 0.5
fix a all adapt 1 pair eam/fs scale * * v_half
compute inm all glass/inm hessian rule
thermo_style custom step c_inm
run 0
"""
    assert "pair style eam/fs is scaled (fix adapt)" in failing(script)


def test_memory_that_does_not_fit():
    # 4000 atoms: 12000 x 12000 needs 2.15 GiB at least, which a limit of 2 GiB of address space leaves no room for.
    script = (KA.replace("include", "replicate 2 2 2\ninclude") + LOAD +
              "compute inm all glass/inm\nthermo_style custom step c_inm\nrun 0\n")
    output = failing(script, address_space=2 << 30)
    assert "a dense solve for 12000 degrees of freedom needs 2.15 GiB" in output
    assert "GiB available; use a smaller group or system" in output


def test_other_lammps_version():
    run = lammps(f"plugin load '{os.environ['GLASS_FOREIGN_PLUGIN']}'\ncompute inm all glass/inm\n", check=False)
    assert run.returncode != 0
    lines = [line for line in run.output.splitlines() if "glassplugin.so is not loaded" in line]
    assert len(lines) == 1
    assert "built for LAMMPS version 20240829" in lines[0] and "rebuild it with -DLAMMPS_SOURCE_DIR" in lines[0]


def test_plugin_exports_one_symbol():
    import subprocess
    names = subprocess.run(["nm", "-D", "--defined-only", os.environ["GLASS_PLUGIN"]], text=True,
                           stdout=subprocess.PIPE, check=True).stdout.split()[2::3]
    assert names == ["lammpsplugin_init"]


def test_documented():
    page = (ROOT / "docs" / "compute_glass_inm.rst").read_text()
    for row in ("no pair style", "unsupported pair style", "unknown keyword", "missing value", "empty group",
                "NaN", "another LAMMPS version", "periodic", "memory"):
        assert row.lower() in page.lower(), row
