"""What the memory kernel of a Kob-Andersen liquid at T = 1 must have in common with other measurements of the same run.

v(0) is the trace of the Hessian, beta(inf) = kT/(m D) with D from the mean square displacement, the kernel put into the
generalised Langevin equation returns the velocity autocorrelation, and in Laplace space it is that of the mean square
displacement. The potential's force is continuous: where it steps, the Hessian misses what the step contributes.
"""

import numpy as np
import pytest

from lammps_run import DATA, LOAD, THERMO_YAML, lammps

SEGMENTS, LENGTH, EVERY, DT = 20, 3000, 1, 0.005
N = 500


def smooth_ka():
    lines = "\n".join(f"pair_coeff {ab} {eps} {sigma} {2.5 * sigma:.3g}" for ab, eps, sigma in
                      (("1 1", 1.0, 1.0), ("1 2", 1.5, 0.8), ("2 2", 0.5, 0.88)))
    return f"""
units lj
atom_style atomic
read_data "{DATA}/ka.data"
pair_style lj/smooth/linear 2.5
{lines}
mass * 1.0
"""


@pytest.fixture(scope="module")
def run():
    return lammps(smooth_ka() + LOAD + f"""
timestep {DT}
fix 1 all nvt temp 1.0 1.0 0.5
run 4000
unfix 1
fix 1 all nve
reset_timestep 0
fix m all glass/memory {EVERY} 1600 {SEGMENTS * LENGTH} file memory.txt
compute inm all glass/inm
dump modes all local {LENGTH} modes.txt c_inm[1]
dump_modify modes format float %.17g
thermo 10
label loop
variable k loop {SEGMENTS}
compute msd all msd com yes
thermo_style custom step temp c_msd[4] f_m f_m[2] f_m[4] f_m[5]
{THERMO_YAML}run {LENGTH}
thermo_style one
uncompute msd
next k
jump SELF loop
""")


@pytest.fixture(scope="module")
def table(run):
    names = [line for line in (run.path / "memory.txt").read_text().splitlines() if line.startswith("#")][-1][2:].split()
    return dict(zip(names, np.loadtxt(run.path / "memory.txt").T))


@pytest.fixture(scope="module")
def msd(run):
    """A row a segment: the mean square displacement every ten steps since its beginning."""
    rows = [row for row in run.thermo() if "c_msd[4]" in row]
    return np.array([row["c_msd[4]"] for row in rows]).reshape(SEGMENTS, LENGTH // 10 + 1)


def test_value_at_zero_is_the_trace_of_the_hessian(run, table):
    traces = np.array([(np.sign(omega) * omega ** 2).sum() / (3 * N) for omega in
                       (snapshot[:, 0] for snapshot in run.tables("modes.txt"))])
    assert len(traces) >= SEGMENTS
    error = np.hypot(traces.std(ddof=1) / np.sqrt(len(traces)), table["v_error"][0])
    assert error < 0.01 * table["v"][0]
    assert table["v"][0] == pytest.approx(traces.mean(), abs=3.0 * error)


def test_friction_is_that_of_diffusion(run, msd):
    time = 10 * DT * np.arange(msd.shape[1])
    half = len(time) // 2
    diffusion = (msd[:, -1] - msd[:, half]) / (6.0 * (time[-1] - time[half]))
    relative = diffusion.std(ddof=1) / np.sqrt(SEGMENTS) / diffusion.mean()
    last = [row for row in run.thermo() if "f_m" in row][-1]
    friction, error = last["f_m"], last["f_m[4]"]
    expected = last["f_m[2]"] / diffusion.mean()
    total = np.hypot(error, relative * expected)
    assert total < 0.04 * expected
    assert friction == pytest.approx(expected, abs=3.0 * total)


def test_langevin_equation_returns_the_velocity_autocorrelation(table):
    delta, v, c = EVERY * DT, table["v"], table["vacf"]
    forward, slope = [c[0]], [0.0]
    for k in range(1, len(v)):
        known = -delta * (0.5 * v[k] * forward[0] + np.dot(v[1:k], forward[k - 1:0:-1]))
        half = 0.5 * delta * v[0]
        forward.append((forward[-1] + 0.5 * delta * (slope[-1] + known)) / (1.0 + 0.5 * delta * half))
        slope.append(known - half * forward[-1])
    # Of second order in the spacing, v(0) spacing^2 = 0.016.
    assert np.abs(np.array(forward) - c).max() < 0.004 * c[0]


@pytest.mark.parametrize("s", [1.5, 4.0, 12.0])
def test_laplace_transform_is_that_of_the_displacement(table, msd, s):
    time = 10 * DT * np.arange(msd.shape[1])
    temperature = table["vacf"][0]

    def laplace(t, values):
        return np.trapz(np.exp(-s * t) * values, t)

    # The displacement grows as t^2 at first: its root is what can be interpolated.
    fine = np.linspace(0.0, time[-1], 20001)
    of_segments = np.array([laplace(fine, np.interp(fine, time, np.sqrt(row / 6.0)) ** 2) for row in msd])
    w = of_segments.mean()
    relative = of_segments.std(ddof=1) / np.sqrt(SEGMENTS) / w
    expected = temperature / (s ** 2 * w) - s
    error = relative * (expected + s)
    assert error < 0.05 * expected
    assert laplace(table["t"], table["v"]) == pytest.approx(expected, abs=3.0 * error + 0.01 * expected)
