"""The unstable fraction of the Kob-Andersen liquid at T = 1.0, against an independent measurement.

Reference: f_u = 0.1283(7), N = 500, 26-29 configurations, by LAMMPS's dynamical_matrix and numpy.
"""

import numpy as np
import pytest

from lammps_run import KA, LOAD, THERMO_YAML, lammps


def test_kob_andersen_at_one():
    script = KA.replace("include", "replicate 2 1 1\ninclude") + LOAD + f"""
velocity all create 1.0 8713 loop geom
timestep 0.004
fix 1 all nvt temp 1.0 1.0 0.5
run 5000
compute inm all glass/inm modes unstable
thermo 500
thermo_style custom step pe c_inm
{THERMO_YAML}
run 11500
"""
    rows = lammps(script).thermo()
    assert len(rows) == 24
    fractions = np.array([row["c_inm"] for row in rows])
    error = fractions.std(ddof=1) / np.sqrt(len(fractions))
    assert error < 0.001    # enough configurations to tell
    assert fractions.mean() == pytest.approx(0.128, abs=0.003)
