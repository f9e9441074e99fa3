"""fix glass/relax through restarts, interrupted runs and reruns, and what it does to the run around it."""

import pytest

from lammps_run import KA, LOAD, THERMO_YAML, lammps
from relax_measured import (EVERY, FIX, HOT, MOVE, PAIR, SEGMENT, VECTOR_ARGUMENTS, Measured, compare, dump, keep,
                            read_file, same)
from relax_reference import Relaxation, Trajectory


def test_the_fix_changes_no_trajectory():
    script = KA + LOAD + HOT + "dump d all custom 50 d.txt id x y z vx vy vz fx fy fz\n"
    script += f"dump_modify d format float %.17g\nthermo_style custom step temp pe press\nthermo 50\n{THERMO_YAML}"
    with_fix, without = (lammps(script + fix + "run 300\n", 2) for fix in (FIX, ""))
    assert (with_fix.path / "d.txt").read_text() == (without.path / "d.txt").read_text()
    assert with_fix.thermo() == without.thermo()


THERMO = ("thermo_style custom step pe f_r f_r[2] f_r[3] f_r[9] f_r[10] f_r[11] f_r[12] f_r[13] f_r[14] f_r[15] "
          f"f_r[17] f_r[27] f_r[7][2] f_r[20][13] f_r[30][25]\nthermo 50\n{THERMO_YAML}")


@pytest.mark.parametrize("ranks, first, arguments", [(1, 9, ""), (2, 137, ""), (1, 200, ""), (2, 137, "origins 5"),
                                                     (1, 251, f"origins 2 drift no {VECTOR_ARGUMENTS}")])
def test_restart_goes_on_to_the_last_bit(ranks, first, arguments):
    # A restart file has neighbour lists built anew, as reading it does; nothing else differs.
    fix = FIX.strip() + f" {arguments}\n"
    whole = lammps(KA + "atom_modify sort 0 0\n" + LOAD + HOT + fix + f"{THERMO}restart {first} r.*\nrun 400\n", ranks)
    again = lammps(f'read_restart "{whole.path}/r.{first}"\natom_modify sort 0 0\n{PAIR}{LOAD}{MOVE}{fix}{THERMO}'
                   f"restart {first} r.*\nrun {400 - first}\n", ranks)
    assert (again.path / "relax.txt").read_text() == (whole.path / "relax.txt").read_text()
    rows = {row["Step"]: repr(row) for row in whole.thermo()}
    compared = [row for row in again.thermo() if row["Step"] in rows]
    assert len(compared) >= 2 and all(repr(row) == rows[row["Step"]] for row in compared)
    assert "a new segment begins" not in again.output and again.output.count("is the highest peak") == 0


@pytest.mark.parametrize("ranks", [(2, 1), (1, 4)])
def test_restart_on_another_number_of_ranks(ranks):
    whole = lammps(KA + LOAD + HOT + FIX + "run 137\nwrite_restart r\nrun 113\n", ranks[0])
    again = lammps(f'read_restart "{whole.path}/r"\n{PAIR}{LOAD}{MOVE}{FIX}run 113\n', ranks[1])
    # What differs is the order in which forces are summed.
    same(again, whole, 1e-10)


@pytest.mark.parametrize("pieces", ["run 30\nrun 70 pre no\nrun 11\nrun 0\nrun 189\n", "run 300 every 50 NULL\n",
                                    "run 100\nrun 200 pre no every 60 'print hello'\n",
                                    "min_style fire\nrun 300 every 75 'glass/quench IS 0 1e-6 100 1000'\n"])
@pytest.mark.parametrize("arguments", ["", "origins 5"])
def test_runs_in_pieces(pieces, arguments):
    script = KA + LOAD + HOT + FIX.strip() + f" {arguments}\n"
    in_pieces, whole = lammps(script + pieces), lammps(script + "run 300\n")
    assert "a new segment begins" not in in_pieces.output
    same(in_pieces, whole, 1e-9)


@pytest.mark.parametrize("touch", ["velocity all scale 4.0", "displace_atoms all random 0.01 0.01 0.01 17 units box",
                                   "minimize 0 0 2 20", "velocity all create 1.0 77 loop geom\nrun 0"])
@pytest.mark.parametrize("arguments", ["", "origins 5"])
def test_what_is_done_between_runs_begins_a_new_segment(touch, arguments):
    # The runs end at odd steps, between samples.
    first = dump(1).replace("dump d", "dump one").replace("d.txt", "one.txt").replace("modify d", "modify one")
    script = KA + LOAD + HOT + first
    fix = f"{FIX.strip()} q 7.2 cutoff 1.39 {arguments}\n"
    run = lammps(script + fix + f"run 251\nundump one\n{touch}\n" + dump(1) + keep(450) + "run 450 upto\n")
    assert run.output.count("atoms have been changed since the last step; a new segment begins") == 1
    pieces = [Trajectory(run.path / name) for name in ("one.txt", "d.txt")]
    if "minimize" in touch:    # counts its iterations as steps
        assert pieces[1].steps[0] > 251
    compare(Measured(run), Relaxation(pieces, EVERY, SEGMENT, 0.004, 7.2, 1.39, origins=5 if arguments else 1))


def test_what_commands_do_within_a_run_begins_a_new_segment():
    run = lammps(KA + LOAD + HOT + FIX + "run 300 every 150 'velocity all scale 2.5'\n")
    assert run.output.count("a new segment begins") == 1
    assert "mean of 2 origins" in read_file(run)[0][0]


def test_noise_of_a_thermostat_is_no_change():
    script = KA + LOAD + HOT + "fix bath all langevin 1.0 1.0 0.5 4711\n" + FIX
    run = lammps(script + "run 51\nrun 149\n")
    assert "a new segment begins" not in run.output and "mean of 2 origins" in read_file(run)[0][0]


@pytest.mark.parametrize("columns", ["x y z ix iy iz", "xu yu zu"])
def test_rerun_of_a_dump(columns):
    stored = f"dump t all custom {EVERY} t.txt id type {columns}\ndump_modify t sort id format float %.17g\n"
    first = lammps(KA + LOAD + HOT + stored + FIX + "run 250\n")
    fields = "x y z wrapped no" if "xu" in columns else columns
    again = lammps(KA + LOAD + MOVE + FIX + f'rerun "{first.path}/t.txt" dump {fields} box no\n', 2)
    assert "a new segment begins" not in again.output
    same(again, first, 1e-9)


def test_atoms_that_migrate_carry_more_than_buffers_have_to_spare():
    # Rows of 3000 origins: LAMMPS reserves 1024 numbers beyond what a fix asks for.
    script = KA + LOAD + HOT + "fix r all glass/relax 1 3000 q 7.2 cutoff 1.39 origins 3000\nrun 40\n"
    assert "Total wall time" in lammps(script, 2).output
