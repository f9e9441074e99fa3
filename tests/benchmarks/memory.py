"""fix glass/memory: what it adds to the run, and the memory that it takes against what it announces."""

import os
import re
import statistics
import subprocess
import tempfile

from turns import cpu_seconds, liquid


SETUP = "velocity all create 1.0 99 loop geom\ntimestep 0.005\nfix move all nve\n"


def shares(lags, tag, pairs):
    """Extra time of a run with the fix over the same run without it. Each run has all its lags, and some hundred
    more."""
    steps = lags + max(lags // 2, 400)
    ours = f"fix m all glass/memory 1 {lags} 10000000 tag {tag}\nrun {steps}\nunfix m\n"
    seconds = cpu_seconds(liquid(rest=SETUP), ours, f"run {steps}\n", pairs)
    return seconds[:, 0] / seconds[:, 1] - 1.0


def peak(script):
    """The most memory that a run of LAMMPS had, in bytes, and what it printed."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "in"), "w") as file:
            file.write(script)
        run = subprocess.Popen([os.environ["LAMMPS_EXECUTABLE"], "-in", "in", "-nocite"], cwd=folder,
                               stdout=subprocess.PIPE, text=True)
        output = run.stdout.read()
        return os.wait4(run.pid, 0)[2].ru_maxrss * 1024.0, output


def memory_table(quick):
    print("\nfix glass/memory at every step, KA, N = 4000, one rank: time added to the run without it, memory as announced")
    print(f"{'atoms':>7}{'lags':>7}{'added':>9}{'quartiles':>16}{'announced (GB)':>16}{'taken (GB)':>12}")
    cases = [(1000, 100), (1000, 1000), (1000, 4000), (500, 1000), (2000, 1000), (4000, 1000)]
    for atoms, lags in cases[:2] if quick else cases:
        share = shares(lags, 4000 // atoms, 4 if quick else 6)
        low, middle, high = statistics.quantiles(share, n=4)
        steps = lags + max(lags // 2, 400)
        without, _ = peak(f"{liquid(rest=SETUP)}run 100\n")
        with_fix, output = peak(f"{liquid(rest=SETUP)}fix m all glass/memory 1 {lags} {steps} tag {4000 // atoms}\nrun {steps}\n")
        announced = float(re.search(r"lags take up to (\S+) GiB", output)[1]) * 2 ** 30
        print(f"{atoms:7d}{lags:7d}{middle:9.3f}{f'{low:.3f}-{high:.3f}':>16}{announced / 1e9:16.3f}"
              f"{(with_fix - without) / 1e9:12.3f}", flush=True)
