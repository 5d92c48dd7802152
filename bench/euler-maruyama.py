"""Euler-Maruyama on the reverse VP-SDE of a 2-D mixture, vectorised NumPy, one thread: the fastest of whole arrays and blocks of rows.

Reads {"samples", "steps", "means", "deviation", "block"} as JSON on stdin, prints {"cpu", "wall", "mean", "second"} as JSON.
"""

import json
import sys
import time

import numpy as np


def march(x, rng, means, deviation, steps):
    """All steps of one block; every operation writes to a buffer made before."""
    rows, count = len(x), len(means)
    noise, pull = np.empty_like(x), np.empty_like(x)
    shares, column = np.empty((rows, count)), np.empty((rows, 1))
    squares = (means**2).sum(1)
    times = 1 + (1e-3 - 1) * np.arange(steps + 1) / steps
    for t, u in zip(times[:-1], times[1:]):
        h = t - u
        beta = 0.1 + 19.9 * t
        alpha = np.exp(-0.5 * (0.1 * t + 9.95 * t * t))
        variance = alpha**2 * deviation**2 + 1 - alpha**2
        # log of each component's share but for |x|^2, which all components have in common
        np.dot(x, (alpha / variance) * means.T, out=shares)
        shares -= 0.5 * alpha**2 / variance * squares
        np.amax(shares, axis=1, keepdims=True, out=column)
        shares -= column
        np.exp(shares, out=shares)
        np.sum(shares, axis=1, keepdims=True, out=column)
        np.dot(shares, alpha * means, out=pull)
        pull /= column
        pull -= x
        pull *= h * beta / variance
        x *= 1 + 0.5 * h * beta
        x += pull
        rng.standard_normal(out=noise)
        noise *= np.sqrt(h * beta)
        x += noise
    return x


def main():
    given = json.load(sys.stdin)
    samples, steps, block = given["samples"], given["steps"], given["block"]
    means, rng = np.array(given["means"]), np.random.default_rng(0)
    march(rng.standard_normal((256, 2)), rng, means, given["deviation"], 3)
    cpu, wall = time.process_time(), time.perf_counter()
    ends = [
        march(rng.standard_normal((min(block, samples - first), 2)), rng, means, given["deviation"], steps)
        for first in range(0, samples, block)
    ]
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    x = np.concatenate(ends)
    print(json.dumps({"cpu": cpu, "wall": wall, "mean": float(x.mean()), "second": float((x**2).mean())}))


main()
