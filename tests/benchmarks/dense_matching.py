#!/usr/bin/env python3
"""What users have today for D_min: all squared distances in a matrix, and scipy's linear_sum_assignment.

    dense_matching.py POSITIONS REFERENCES XX YY ZZ

Raw float64, three numbers an atom, in a box with right angles. Prints seconds for the matrix, for the solution, peak memory in MB, and
the sum of squares.
"""

import re
import sys
import time

import numpy as np
from scipy.optimize import linear_sum_assignment

position, reference = (np.fromfile(name).reshape(-1, 3) for name in sys.argv[1:3])
edges = [float(edge) for edge in sys.argv[3:6]]
begin = time.perf_counter()
cost = np.zeros((len(position), len(reference)))
for k in range(3):
    d = position[:, None, k] - reference[None, :, k]
    d -= edges[k] * np.round(d / edges[k])
    cost += d * d
built = time.perf_counter()
rows, columns = linear_sum_assignment(cost)
total = cost[rows, columns].sum()
end = time.perf_counter()
peak = int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read()).group(1)) / 1024
print(built - begin, end - built, peak, repr(float(total)))
