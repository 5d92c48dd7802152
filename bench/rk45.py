"""RK45 of scipy on the probability flow of a 1-D mixture under VP, all samples flattened to one system, as score_sde drives it.

Reads {"start", "rtol", "weights", "means", "deviations", "repeats"} as JSON on stdin, prints the least CPU and wall time, evaluations per sample and the
end points as JSON.
"""

import json
import sys
import time

import numpy as np
from scipy import integrate


def main():
    given = json.load(sys.stdin)
    start = np.array(given["start"])
    weights, means, deviations = (np.array(given[name]) for name in ("weights", "means", "deviations"))

    def slope(t, x):
        beta = 0.1 + 19.9 * t
        alpha = np.exp(-0.5 * (0.1 * t + 9.95 * t * t))
        variance = alpha**2 * deviations**2 + 1 - alpha**2
        gap = alpha * means - x[:, None]
        logits = np.log(weights / np.sqrt(variance)) - 0.5 * gap * gap / variance
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits)
        score = (shares * gap / variance).sum(axis=1) / shares.sum(axis=1)
        return -0.5 * beta * (x + score)

    best = None
    for _ in range(given["repeats"]):
        cpu, wall = time.process_time(), time.perf_counter()
        solution = integrate.solve_ivp(slope, (1, 1e-3), start, rtol=given["rtol"], atol=given["rtol"], method="RK45")
        took = time.process_time() - cpu, time.perf_counter() - wall
        best = took if best is None else min(best, took)
    print(json.dumps({"cpu": best[0], "wall": best[1], "evaluations": solution.nfev, "end": solution.y[:, -1].tolist()}))


main()
