"""fix glass/relax: what it adds to the run, against a dump of the same positions and on large systems."""

import re
import statistics

from lammps_run import lammps
from turns import cpu_seconds, liquid

SETUP = "velocity all create 1.0 99 loop geom\ntimestep 0.005\nfix move all nve\n"
OPTIONS = "q 7.2 cutoff 1.39"


def added(options, steps, pairs):
    """Time that the fix adds to a run of so many steps, in parts of the run without it: quartiles."""
    ours = f"fix r all glass/relax 1 {options} {OPTIONS}\nrun {steps}\nunfix r\n"
    seconds = cpu_seconds(liquid(rest=SETUP), ours, f"run {steps}\n", pairs)
    return statistics.quantiles(seconds[:, 0] / seconds[:, 1] - 1.0, n=4)


def relax_table(quick):
    """The cost of a sampled time is measured where every step is one; that of 60 in a segment is lost in the scatter of
    the runs if the machine has other work."""
    low, middle, high = added("300 times 100000", 300, 10)
    print("\nfix glass/relax, KA, N = 4000, one rank")
    print(f"a sampled time takes {middle:.2f} ({low:.2f} to {high:.2f}) of a step of the run; "
          f"60 of them in a segment of 2000 steps {60 * middle / 2000:.4f}, of 10000 {60 * middle / 10000:.4f} of the run")
    cases = [(2000, 1, 6)] if quick else [(2000, 1, 20), (10000, 1, 6), (10000, 4, 6)]
    for segment, origins, pairs in cases:
        low, middle, high = added(f"{segment} times 60 origins {origins}", segment, pairs)
        print(f"segments of {segment}, origins {origins}: {middle:.4f} ({low:.4f} to {high:.4f}) of the run", flush=True)
    if not quick:
        large()


def large():
    """The time that the fix takes is in LAMMPS's line "Modify", with that of fix nve, which is measured alone first."""
    steps = 200
    print("\nfix glass/relax, KA, N = 108000, 2 ranks: a segment of 200 steps, 20 times")
    script = liquid("replicate 6 6 6", SETUP)
    output = lammps(f"{script}run {steps}\nfix r all glass/relax 1 {steps} {OPTIONS} times 20\nrun {steps}\n", 2).output
    loops = [float(seconds) for seconds in re.findall(r"Loop time of (\S+)", output)]
    modify = [float(seconds) for seconds in re.findall(r"Modify +\| *\S+ *\| *(\S+)", output)]
    announced = re.search(r"(\d+) times from.*?; (\S+) MiB on each", output)
    each = (modify[1] - modify[0]) / int(announced[1])
    print(f"{1e3 * each:.1f} ms a sampled time, {each / (loops[0] / steps):.2f} of a step of the run; "
          f"{announced[2]} MiB on each rank")
