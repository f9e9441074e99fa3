"""What compute glass/dipole and compute glass/qlm refuse and say, and that their pages have it."""

import concurrent.futures
import re

import pytest

from lammps_run import LOAD, ROOT, cuzr, lammps
from test_dipole import CLUSTER, KA_PAIR, MINIMIZE, SYSTEMS

PAGES = {style: " ".join((ROOT / "docs" / f"compute_glass_{style}.rst").read_text().split())
         for style in ("dipole", "qlm")}
GLASS = cuzr("glass") + "min_style cg\nminimize 0 1e-8 5000 5000\n"
# Two atoms that do not interact.
APART = """
units lj
atom_style atomic
region box block 0 8 0 8 0 8
create_box 1 box
mass 1 1.0
pair_style lj/cut 2.0
pair_coeff * * 1.0 1.0
create_atoms 1 single 1 1 1
create_atoms 1 single 5 5 5
"""
DIMER = APART.replace("single 5 5 5", "single 2.122462048309373 1 1")
UNNAMED = APART.replace("atom_style atomic", "atom_style atomic\natom_modify id no")
# No forces, and every atom at a minimum if the others are held; but planes slide.
CUBIC = f"""
units lj
atom_style atomic
lattice sc 0.95
region box block 0 5 0 5 0 5
create_box 2 box
create_atoms 1 box
mass * 1.0
{KA_PAIR}"""
UNSTABLE = SYSTEMS["several images"][0]
TURNING = CLUSTER + MINIMIZE


def evaluate(system, style, keywords, group="all"):
    return f"{system}{LOAD}compute k {group} glass/{style} {keywords}\nthermo_style custom c_k\nrun 0\n"


NO_MINIMUM = "Compute {} (ID k): the configuration is no minimum of the potential energy: "
NOT_SOLVED = ("Compute {} (ID k): a linear system has not been solved in 2 iterations; use a larger maxiter, or solver "
              "direct")
ZERO_MODES = ("minimize it first, or use solver dense, which leaves directions without stiffness out, if that is what "
              "they have")

# (system, keywords, message): of both styles, {} being the style.
BOTH = {
    "not an inherent structure": (cuzr("glass"), "", "Compute {} (ID k): the configuration is no inherent structure: "
                                  "its largest force component is 1.438, and "),
    "unstable": (CUBIC, "", NO_MINIMUM + "the Hessian has a negative eigenvalue, -"),
    "one atom is unstable": (UNSTABLE, "fmax 1e9", NO_MINIMUM + "displacing one atom alone lowers it; the stiffness is "
                             "then negative, -"),
    "no pairs": (APART, "", "Compute {} (ID k): no two atoms of group all interact"),
    "only rattlers": (DIMER, "", "Compute {} (ID k): no two atoms of group all interact"),
    "more pairs than there are": (GLASS, "pairs sample 30000 4711",
                                  "Compute {} (ID k): pairs sample asks for 30000 of "),
    "no IDs": (UNNAMED, "", "Compute {} (ID k): atoms have no IDs, by which pairs are named; use atom_modify id yes"),
    "unknown keyword": (APART, "relaxed yes", "Unknown compute {} keyword: relaxed"),
    "no value": (APART, "solver", "Illegal compute {} solver command: missing argument"),
    "no kind": (APART, "pairs", "Illegal compute {} pairs command: missing argument"),
    "no seed": (APART, "pairs sample 10", "Illegal compute {} pairs sample command: missing argument"),
    "pairs of another kind": (APART, "pairs some", "Compute {} pairs must be all or sample, not some"),
    "no pairs in the sample": (APART, "pairs sample 0 1", "Compute {} pairs sample must be > 0, not 0"),
    "seed": (APART, "pairs sample 5 0", "Compute {} pairs sample: the seed must be > 0, not 0"),
    "no tolerance": (APART, "tolerance 0", "Compute {} tolerance must be > 0, not 0"),
    "no iterations": (APART, "maxiter 0", "Compute {} maxiter must be > 0, not 0"),
    "no force": (APART, "fmax -1", "Compute {} fmax must be > 0, not -1"),
    "hessian": (APART, "hessian numeric", "Compute {} hessian must be auto, rule or difference, not numeric"),
    "no zone": (APART, "zone 0", "Compute {} zone must be > 0, not 0"),
}
DIPOLE = {
    "unstable, direct": (CUBIC, "solver direct pairs sample 8 1",
                         NO_MINIMUM + "the Hessian has an unstable direction (it is not positive definite); minimize"),
    "unstable, iteratively": (CUBIC, "solver cg pairs sample 8 1",
                              NO_MINIMUM + "the Hessian has an unstable direction (negative curvature met); minimize"),
    "zero modes, direct": (TURNING, "solver direct", ZERO_MODES),
    "zero modes, iteratively": (TURNING, "solver cg pairs sample 8 1", ZERO_MODES),
    "not converged": (GLASS, "solver cg maxiter 2 pairs sample 8 1", NOT_SOLVED),
    "solver": (APART, "solver lu", "Compute {} solver must be auto, dense, direct or cg, not lu"),
    "no bins": (APART, "bins 0", "Compute {} bins must be > 0, not 0"),
    "range": (APART, "range 2 1", "Compute {} range must be 0 < lo < hi, not 2 1"),
    "range from zero": (APART, "range 0 1", "Compute {} range must be 0 < lo < hi, not 0 1"),
    "half a range": (APART, "range 2", "Illegal compute {} range command: missing argument"),
}
QLM = {
    "zero modes": (TURNING, "", "Compute {} (ID k): 3 directions have no stiffness beside translations, and modes "
                   "along them no localization; hold the atoms of parts that move freely: use a group without them"),
    "not converged": (GLASS, "solver cg maxiter 2", NOT_SOLVED),
    "solver": (APART, "solver dense", "Compute {} solver must be auto, direct or cg, not dense"),
    "no starts": (APART, "starts 0", "Compute {} starts must be >= 1, not 0"),
    "no modes": (APART, "modes 0", "Compute {} modes must be >= 1, not 0"),
    "no fields": (APART, "fields 0", "Compute {} fields must be >= 1, not 0"),
    "normal": (APART, "normal -1", "Compute {} normal must be >= 0, not -1"),
    "more fields than modes": (APART, "modes 2 fields 3", "Compute {} fields 3 must not exceed modes 2"),
    "more normal modes than rows": (APART, "normal 11", "Compute {} normal 11 must not exceed modes 10"),
    "no convergence": (GLASS, "steps 1 starts 3",
                       "Compute {} (ID k): none of 3 minimizations has converged in 1 steps"),
    "more normal modes than there are": (SYSTEMS["several images"][0] + MINIMIZE, "modes 80 normal 80",
                                          "of 72 modes, at least 1 and at most 71 can be asked for, not 80"),
    "no gradient": (APART, "gtol 0", "Compute {} gtol must be > 0, not 0"),
    "no steps": (APART, "steps 0", "Compute {} steps must be >= 1, not 0"),
}
MISTAKES = {**{("dipole", name): case for name, case in {**BOTH, **DIPOLE}.items()},
            **{("qlm", name): case for name, case in {**BOTH, **QLM}.items()}}
TWO_RANKS = ("not an inherent structure", "no pairs", "one atom is unstable", "zero modes, iteratively")


@pytest.fixture(scope="module")
def failed_runs():
    # Starting MPI is mostly waiting.
    wanted = [(name, ranks) for name in MISTAKES for ranks in (1, 2) if ranks == 1 or name[1] in TWO_RANKS]

    def run(one):
        system, keywords, _ = MISTAKES[one[0]]
        return lammps(evaluate(system, one[0][0], keywords), one[1], check=False)

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        return dict(zip(wanted, pool.map(run, wanted)))


@pytest.mark.parametrize("name", MISTAKES, ids=" ".join)
def test_mistakes(failed_runs, name):
    for ranks in (1, 2) if name[1] in TWO_RANKS else (1,):
        run = failed_runs[name, ranks]
        assert run.returncode != 0, run.output[-1500:]
        errors = [line for line in run.output.splitlines() if line.startswith("ERROR")]
        assert len(errors) == 1, run.output[-1500:]
        message = MISTAKES[name][2].format(f"glass/{name[0]}")
        assert message in " ".join(run.output.split()), run.output[-1500:]


def test_memory():
    """What does not fit is refused before it is allocated."""
    run = lammps(evaluate(GLASS + "replicate 3 3 3\n", "dipole", "solver dense"), check=False,
                 address_space=2 * 10 ** 9)
    assert run.returncode != 0
    assert ("Compute glass/dipole (ID k): the inverse of a Hessian of 40500 degrees of freedom needs "
            in " ".join(run.output.split())), run.output[-1500:]


def test_zero_modes_have_a_mend():
    run = lammps(evaluate(TURNING, "dipole", "solver dense"))
    assert "directions without stiffness beside translations are left out" in " ".join(run.output.split())


def sources(style):
    folder = ROOT / "src" / "lammps"
    return sorted(folder.glob(f"compute_glass_{style}*.cpp")) + [folder / "compute_glass_pairs.cpp",
                                                                 folder / "compute_glass_inherent.cpp"]


@pytest.mark.parametrize("style", PAGES)
def test_messages_are_documented(style):
    count = 0
    for source in sources(style):
        code = re.sub(r'"\s*\n\s*"', "", source.read_text())
        for message in re.findall(r'(?:error->\w+\(FLERR,|log\(|fmt::format\(|stop_if\([^"]*,)\s*"([^"]*)"', code):
            count += 1
            for part in re.split(r"\{[^}]*\}", message):
                part = part.strip(" :,;()")
                # words that belong to no other message
                if len(part.split()) > 2:
                    assert any(part in page for page in (PAGES[style], PAGES["dipole"])), message
    assert count > 15


def test_every_provoked_message_is_documented():
    for (style, _), (_, _, message) in MISTAKES.items():
        # Numbers and names differ between the table and the tests; common ones are on the page of glass/inm.
        for part in re.split(r"-?\d[\d.e-]*|-$|(?<=energy): |; |, not .*|\{\}|\(ID k\)|group \w+", message):
            part = re.sub(r"^(starts|modes|fields|steps|normal) (must be >=)", r"\2", part.strip(" :,;()"))
            if len(part.split()) > 2 and not re.search("hessian must|zone must|missing arg", part):
                assert any(part in page for page in (PAGES[style], PAGES["dipole"])), part
