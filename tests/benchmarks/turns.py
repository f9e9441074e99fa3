"""What a fix adds to a run, measured in turns within one run of LAMMPS."""

import re

import numpy as np

from lammps_run import KA, LOAD, lammps


def liquid(replicate="replicate 2 2 2", rest=""):
    """A Kob-Andersen liquid, N = 4000 unless said otherwise."""
    lines = KA.strip().splitlines()
    lines.insert(3, replicate)
    return "\n".join(lines) + f"\n{rest}{LOAD}"


def cpu_seconds(script, ours, peer, pairs, ranks=1):
    """Of the loops of `ours` and of `peer`, one row a pair. Neighbours in time are compared: they take turns in being
    the first. CPU seconds, which other processes disturb less than wall times."""
    turns = "".join(ours + peer if k % 2 else peer + ours for k in range(pairs))
    output = lammps(f"{script}run 200\n{turns}", ranks).output
    loops = [float(wall) * float(share) / 100.0 for wall, share in
             re.findall(r"Loop time of (\S+).*?(\S+)% CPU use", output, re.S)][1:]
    seconds = np.reshape(loops, (pairs, 2))
    seconds[::2] = seconds[::2, ::-1]    # pairs of even number began with the peer
    return seconds
