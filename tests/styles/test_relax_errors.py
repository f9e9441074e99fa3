"""What fix glass/relax refuses, warns of and logs, and that its page says so."""

import concurrent.futures
import re

import pytest

from lammps_run import KA, LOAD, ROOT, lammps

PAGE = (ROOT / "docs" / "fix_glass_relax.rst").read_text()
PAIR = f'include "{ROOT}/potentials/kob_andersen.lmp"\n'
MOVE = "velocity all create 1.5 8713 loop geom\ntimestep 0.002\nfix move all nve\n"
FIX = "fix r all glass/relax 1 100"
ME = "Fix glass/relax (ID r):"
DUMP = "dump t all custom 2 t.txt id type x y z ix iy iz\nrun 20\n"
RERUN = "rerun t.txt dump x y z ix iy iz box no"
RESTART = f"run 10\nwrite_restart r\nclear\nread_restart r\n{PAIR}{LOAD}timestep 0.002\nfix move all nve\n"
FEW = """
units lj
atom_style atomic
region box block 0 8 0 8 0 8
create_box 1 box
mass 1 1.0
pair_style zero 2.0
pair_coeff * *
create_atoms 1 single 1 1 1
create_atoms 1 single 2 1 1
"""
FLAT = FEW.replace("units lj", "units lj\ndimension 2").replace("8 0 8\n", "8 -0.5 0.5\n").replace(" 1 1\n", " 1 0\n")
UNNAMED = FEW.replace("atom_style atomic", "atom_style atomic\natom_modify id no")
# Two atoms a quarter of the diagonal apart: S is 0 or 2 for half of the wave vectors of a length each, or 1 for all.
NO_PEAK = FEW.replace("2 1 1\n", "3 3 3\n").replace("zero 2.0", "zero 4.0")
OPEN = FEW.replace("units lj", "units lj\nboundary p p f")


def ka(lines):
    return KA + LOAD + MOVE + lines + "\n"


def few(lines, system=FEW):
    return system + LOAD + "timestep 0.002\nfix move all nve\n" + lines + "\n"


def few_relax(arguments):
    return few(f"fix r all glass/relax {arguments}")


# ": ..." follows the style and the ID, "..." the style alone; two stand for themselves.
MISTAKES = {
    "too few arguments": (few_relax("1"), "Illegal fix glass/relax command: missing argument"),
    "no value": (few_relax("1 100 q"), "Illegal fix glass/relax q command: missing argument"),
    "too few vectors": (few_relax("1 100 vectors 2 1 0 0 1"),
                        "Illegal fix glass/relax vectors command: missing argument"),
    "Nevery": (few_relax("0 100"), "Nevery must be >= 1, not 0"),
    "Nsegment": (few_relax("10 1005"), "Nsegment must be a multiple of Nevery 10, not 1005"),
    "short": (few_relax("10 5"), "Nsegment 5 is shorter than the first sampled time, Nevery 10"),
    "no length": (few_relax("1 0"), "Nsegment 0 is shorter than the first sampled time, Nevery 1"),
    "times": (few_relax("1 100 times 1"), "times must be >= 2, not 1"),
    "too many times": (few_relax("1 100 times 100001"), "times must be <= 100000, not 100001"),
    "more vectors than words": (few_relax("1 100 vectors 1000000000 1 0 0"),
                                "Illegal fix glass/relax vectors command: missing argument"),
    "more origins than memory": (ka(f"{FIX.replace('100', '1000000000')} origins 1000000000"),
                                 ": 1000000000 origins at a time need "),
    "origins": (few_relax("1 100 origins 0"), "origins must be >= 1, not 0"),
    "uneven origins": (few_relax("1 1000 origins 3"), "Nsegment 1000 must be a multiple of origins 3 times Nevery 1"),
    "origins and Nevery": (few_relax("10 100 origins 4"),
                           "Nsegment 100 must be a multiple of origins 4 times Nevery 10"),
    "q": (few_relax("1 100 q -1"), "q must be > 0 or peak, not -1"),
    "cutoff": (few_relax("1 100 cutoff 0"), "cutoff must be > 0 or minimum, not 0"),
    "threshold of one": (few_relax("1 100 threshold 1"), "threshold must be > 0 and < 1, not 1"),
    "threshold of zero": (few_relax("1 100 threshold 0"), "threshold must be > 0 and < 1, not 0"),
    "window": (few_relax("1 100 window 1 0.3"), "window must be two numbers 0 <= lo < hi <= 1, not 1 0.3"),
    "window below": (few_relax("1 100 window -0.1 0.3"), "window must be two numbers 0 <= lo < hi <= 1, not -0.1 0.3"),
    "window beyond": (few_relax("1 100 window 0.1 1.3"), "window must be two numbers 0 <= lo < hi <= 1, not 0.1 1.3"),
    "narrow window": (few_relax("1 1000 times 8 window 0.99 1"),
                      "window 0.99 1 holds fewer than two of the 8 sampled times"),
    "no vectors": (few_relax("1 100 vectors 0"), "vectors must be >= 1, not 0"),
    "a zero vector": (few_relax("1 100 vectors 2 1 0 0 0 0 0"), "vector 2 is zero"),
    "z in two dimensions": (few(f"{FIX} vectors 1 1 0 0.5", FLAT), "vector 1 has a z component in a 2d simulation"),
    "q and vectors": (few_relax("1 100 q 7 vectors 1 1 0 0"), "takes q or vectors, not both"),
    "vectors and q": (few_relax("1 100 vectors 1 1 0 0 q 7"), "takes q or vectors, not both"),
    "vectors and a peak": (few_relax("1 100 vectors 1 1 0 0 q peak"), "takes q or vectors, not both"),
    "drift": (few_relax("1 100 drift maybe"), "drift must be yes or no, not maybe"),
    "keyword": (few_relax("1 100 foo 1"), "Unknown fix glass/relax keyword: foo"),
    "no IDs": (few(f"{FIX} q 3 cutoff 1.2\nrun 1", UNNAMED), ": atoms need IDs to be followed; use atom_modify id yes"),
    "dynamic group": (ka(f"group moving dynamic all every 1\n{FIX.replace('all', 'moving')}\nrun 1"),
                      ": group moving is dynamic; followed atoms must stay the same"),
    "no atoms": (few(f"group none empty\n{FIX.replace('all', 'none')}\nrun 1"), ": there are no atoms in group none"),
    "too few ghosts": (ka(f"{FIX} q 7 cutoff 4\nrun 1"),
                       ": pairs within 4 need ghost atoms up to 4.3 (with the neighbor skin), which reach only to 2.8; "
                       "use comm_modify cutoff 4.3"),
    "ghosts by type": (ka(f"neighbor 0.3 multi\ncomm_modify mode multi\n{FIX}\nrun 1"),
                       ": ghost atoms of every type are needed alike; use comm_modify mode single"),
    "no time step": (ka(f"timestep 0.0\n{FIX}\nrun 1"), ": the time step must be > 0, not 0"),
    "no pairs": (ka(f"{FIX} q 7 cutoff 0.1\nrun 1"), ": no pairs are closer than the cutoff 0.1 at step 0"),
    "no minimum": (few(f"{FIX} q 7\nrun 1", FEW.replace("single 2", "single 5")),
                   ": no first minimum of g(r) up to 2; give cutoff, or use comm_modify cutoff to reach farther"),
    "no minimum with all that is needed": (few(f"comm_modify cutoff 20\n{FIX} q 7\nrun 1",
                                               FEW.replace("single 2", "single 1.01")),
                                           ": no first minimum of g(r) up to 12.6992; give cutoff"),
    "no structure factor": (few(f"{FIX} cutoff 1.2\nrun 1", OPEN), ": S(q) needs a periodic box; give q"),
    "no peak": (few(f"{FIX} cutoff 3.8\nrun 1", NO_PEAK), ": no peak of S(q) up to "),
    "lost atoms": (ka("fix r all glass/relax 20 100\nrun 10\ngroup one id 7\ndelete_atoms group one compress no\n"
                      "run 90"),
                   ": 499 of 500 followed atoms are there at step "),
    "new atoms": (ka("fix r all glass/relax 20 100\nrun 10\ncreate_atoms 1 single 1.7 1.7 1.7\nrun 90"),
                  ": 501 of 500 followed atoms are there at step "),
    "one atom for another": (ka(f"{FIX}\nrun 10\ngroup one id 7\ndelete_atoms group one compress no\n"
                                "create_atoms 1 single 1.7 1.7 1.7\nrun 10"),
                             ": atom 501 has come to group all; followed atoms must stay the same"),
    "other atoms that are lost": (ka(f"group A type 1\ngroup some id 1:100\ngroup B subtract some A\n"
                                     f"{FIX.replace('all', 'A')} q 7 cutoff 1.4\nrun 10\n"
                                     "region whole block INF INF INF INF INF INF\n"
                                     "fix lose B evaporate 5 1 whole 4711\nrun 30"),
                                  ", so that its center of mass tells no drift; use drift no"),
    "sparse dump": (ka(f"{DUMP}fix r all glass/relax 3 60 q 7 cutoff 1.4\n{RERUN}"),
                    ": step 3 was passed without a sample; with rerun, Nevery must be a multiple of the steps between "
                    "snapshots"),
    "time step": (ka(f"{FIX}\nrun 10\ntimestep 0.001\nrun 10"),
                  ": the time step is 0.001 and was 0.002; sampled times must stay the same: unfix it and define it "
                  "anew"),
    "types": (ka(f"{FIX}\nrun 10\nset atom 7 type 2\nrun 10"),
              ": atom 7 has changed its type; types of followed atoms must not"),
    "other atoms": (ka(f"group some id <= 100\n{FIX.replace('all', 'some')} q 7 cutoff 1.4\nrun 10\ngroup some clear\n"
                       "group some id 101:200\nrun 10"),
                    " has come to group some; followed atoms must stay the same"),
    "file": (ka(f"{FIX} file no/such/folder\nrun 1"), ": cannot write file no/such/folder"),
    "restart with other arguments": (ka(f"{FIX}\n{RESTART}{FIX.replace('100', '200')}\nrun 1"),
                                     ": the restart file goes on with other arguments (1 100; 500 atoms, a time step "
                                     "of 0.002); use the same, or another fix ID to begin anew"),
    "restart with another threshold": (ka(f"{FIX}\n{RESTART}{FIX} threshold 0.2\nrun 1"),
                                       ": the restart file goes on with other arguments (1 100; 500 atoms, "),
    "restart with another time step": (ka(f"{FIX}\n{RESTART.replace('0.002', '0.001')}{FIX}\nrun 1"),
                                       ": the restart file goes on with other arguments (1 100; 500 atoms, "),
    "restart of fewer atoms": (ka(f"group some id <= 100\n{FIX.replace('all', 'some')} cutoff 1.4 q 7\n{RESTART}"
                                  f"{FIX} cutoff 1.4 q 7\nrun 1"),
                               ": the restart file goes on with other arguments (1 100 cutoff 1.4 q 7; 100 atoms, "),
    "restart with other atoms": (ka(f"group some id <= 100\n{FIX.replace('all', 'some')} cutoff 1.4 q 7\n{RESTART}"
                                    f"group others id 101:200\n{FIX.replace('all', 'others')} cutoff 1.4 q 7\nrun 1"),
                                 ": the restart file is not of this simulation"),
}


def in_full(message):
    if message.startswith((" ", ",")):    # which of the atoms is found first depends on their order
        return message[1:]
    if message.startswith(":"):
        return ME + message[1:]
    return message if message.startswith(("Illegal", "Unknown")) else f"Fix glass/relax {message}"


TWO_RANKS = ("lost atoms", "too few ghosts", "no pairs", "no minimum", "types", "file", "no atoms")


@pytest.fixture(scope="module")
def failed_runs():
    # Starting MPI is mostly waiting.
    wanted = [(name, ranks) for name in MISTAKES for ranks in (1, 2) if ranks == 1 or name in TWO_RANKS]
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        return dict(zip(wanted, pool.map(lambda one: lammps(MISTAKES[one[0]][0], one[1], check=False), wanted)))


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes(failed_runs, name):
    for ranks in (1, 2) if name in TWO_RANKS else (1,):
        run = failed_runs[name, ranks]
        assert run.returncode != 0, run.output[-1500:]
        errors = [line for line in run.output.splitlines() if line.startswith("ERROR")]
        assert len(errors) == 1, run.output[-1500:]
        assert in_full(MISTAKES[name][1]) in " ".join(run.output.split()), run.output[-1500:]


def test_a_changing_box_is_reported():
    run = lammps(ka(f"unfix move\nfix move all npt temp 1 1 0.2 iso 0 0 2\n{FIX}\nrun 50\nrun 50"))
    warning = "WARNING: " + ME + " the box changes during the run; displacements include its change"
    assert run.output.count(warning) == 1
    still = lammps(ka(f"{FIX}\nrun 1"))
    assert "the box changes" not in still.output


def test_a_threshold_that_is_passed_before_the_first_time_is_reported():
    run = lammps(ka(f"{FIX} q 7 cutoff 1.4 threshold 0.9999\nrun 300"))
    warnings = [line for line in run.output.splitlines() if line.startswith("WARNING: " + ME)]
    assert len(warnings) == 1, run.output
    assert "F_s of group all is below the threshold at the first sampled time 0.002 already" in warnings[0]


@pytest.mark.parametrize("exclude", ["exclude type 1 2", "include some"])
def test_pairs_that_no_list_has_are_reported(exclude):
    run = lammps(ka(f"group some id <= 100\natom_modify first some\nneigh_modify {exclude}\n{FIX} q 7 cutoff 1.4\n"
                    "run 1\nrun 1"))
    warning = "WARNING: " + ME + " pairs that neigh_modify leaves out of neighbor lists are not followed"
    assert run.output.count(warning) == 1


def test_bonded_pairs_that_no_list_has_are_reported():
    chain = """
units lj
atom_style bond
region box block 0 8 0 8 0 8
create_box 1 box bond/types 1 extra/bond/per/atom 2 extra/special/per/atom 4
mass 1 1.0
pair_style zero 2.0
pair_coeff * *
bond_style zero
bond_coeff 1
comm_modify cutoff 3
create_atoms 1 single 1 1 1
create_atoms 1 single 2 1 1
create_atoms 1 single 3 1 1
create_bonds single/bond 1 1 2
"""
    warning = " pairs that special_bonds leaves out of neighbor lists are not followed"
    run = lammps(few(f"{FIX} q 3 cutoff 1.2\nrun 1", chain))
    assert f"WARNING: {ME}{warning}" in run.output and "3 atoms, 1 pairs" in run.output
    kept = lammps(few(f"special_bonds lj/coul 1 1 1\n{FIX} q 3 cutoff 1.2\nrun 1", chain))
    assert warning not in kept.output and "3 atoms, 2 pairs" in kept.output


def test_a_restart_file_keeps_the_results_of_another_run():
    script = ka(f"{FIX} file r.txt\nrun 10\nwrite_restart r\nrun 90\nclear\nread_restart r\n{PAIR}{LOAD}timestep 0.002\n"
                f"fix move all nve\n{FIX} file r.txt")
    assert "mean of 1 origins" in (lammps(script).path / "r.txt").read_text()


def test_the_log_says_what_is_followed():
    run = lammps(ka(f"{FIX}\nrun 250\nrun 100"), 2)
    lines = [line for line in run.output.splitlines() if line.startswith(ME)]
    assert len(lines) == 4, lines
    assert re.fullmatch(re.escape(ME) + r" cutoff 1\.[345]\d* is the first minimum of g\(r\)", lines[0])
    assert lines[1] == ME + " looking for the peak of S(q)"
    assert re.fullmatch(re.escape(ME) + r" q [67]\.\d+ is the highest peak of S\(q\)", lines[2])
    assert re.fullmatch(re.escape(ME) + r" 500 atoms, 3\d\d\d pairs closer than 1\.\d+, q [67]\.\d+, "
                        r"\d+ times from 0\.002 to 0\.2; \S+ MiB on each of 2 ranks", lines[3])


def sources():
    return sorted((ROOT / "src" / "lammps").glob("fix_glass_relax*.cpp"))


def test_messages_are_documented():
    assert sources()
    page = " ".join(PAGE.split())
    count = 0
    for source in sources():
        code = re.sub(r'"\s*\n\s*"', "", source.read_text())
        for message in re.findall(r'(?:error->\w+\(FLERR,|log\(|fmt::format\()\s*"([^"]*)"', code):
            if message.startswith("#"):    # of the file
                continue
            count += 1
            for part in re.split(r"\{[^}]*\}", message):
                part = part.strip(" :,;()")
                # words that belong to no other message
                if len(part.split()) > 2:
                    assert part in page, message
    assert count > 20


def test_every_provoked_message_is_documented():
    page = " ".join(PAGE.split())
    for _, message in MISTAKES.values():
        # Numbers and names differ between the table and the tests.
        for part in re.split(r"-?\d[\d.e-]*|, not .*|no/such/folder|group \w+", message):
            part = part.strip(" :,;()")
            if len(part.split()) > 2 and not part.startswith("Illegal"):
                assert part in page, part
