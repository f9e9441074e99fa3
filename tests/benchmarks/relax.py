"""fix glass/relax: what it adds to the run, against a dump of the same positions and on large systems."""

import re
import statistics

from lammps_run import lammps
from turns import cpu_seconds, liquid

SETUP = "velocity all create 1.0 99 loop geom\ntimestep 0.005\nfix move all nve\n"
OPTIONS = "q 7.2 cutoff 1.39"


def relax_table(quick):
    print("\nfix glass/relax, KA, N = 4000, one rank, 60 times a segment: time added to the run without it")
    print(f"{'segment':>9}{'sampled':>9}{'origins':>9}{'added':>9}{'quartiles':>18}")
    cases = [(2000, 1), (10000, 1), (10000, 4)]
    for segment, origins in cases[:1] if quick else cases:
        ours = (f"fix r all glass/relax 1 {segment} {OPTIONS} times 60 origins {origins}\nrun {segment}\n"
                f"unfix r\n")
        seconds = cpu_seconds(liquid(rest=SETUP), ours, f"run {segment}\n", 6 if quick or segment > 5000 else 20)
        low, middle, high = statistics.quantiles(seconds[:, 0] / seconds[:, 1] - 1.0, n=4)
        print(f"{segment:9d}{60:9d}{origins:9d}{middle:9.4f}{f'{low:.4f} to {high:.4f}':>18}", flush=True)
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
