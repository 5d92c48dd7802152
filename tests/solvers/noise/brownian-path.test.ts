import { describe, expect, it } from "vitest";
import { UsageError } from "../../../solvers/errors.js";
import { type BrownianPath, type BrownianPathOptions, brownianPath } from "../../../solvers/noise/brownian-path.js";
import { fillUniform } from "../../../solvers/noise/normal.js";
import { kolmogorov, normalCdf, normalMomentZ } from "./statistics.js";

const OPTIONS: BrownianPathOptions = { seed: 7, run: 2, tMin: 1e-3, tMax: 1, count: 5 };

function query(path: BrownianPath, from: number, to: number): { w: Float64Array; h: Float64Array } {
  const w = new Float64Array(path.count);
  const h = new Float64Array(path.count);
  path.fillIncrement(from, to, w, h);
  return { w, h };
}

/** Arbitrary times of [tMin, tMax], with some ends of cells and close neighbours among them. */
function someTimes(count: number, tMin: number, tMax: number): number[] {
  const u = new Float64Array(count);
  fillUniform({ seed: 99, stream: "probe" }, 0, u);
  return Array.from(u, (v, i) => {
    const near = i % 5 === 1 ? 0.5 + (v - 0.5) * 1e-7 : i % 5 === 2 ? Math.floor(v * 64) / 64 : v;
    return i === 0 ? tMin : i === 5 ? tMax : tMin + near * (tMax - tMin);
  });
}

describe("one path, whatever is asked of it", () => {
  const times = someTimes(30, 1e-3, 1);
  const queries = times.flatMap((from, i) => [1, 4, 11].map((step) => [from, times[(i + step) % 30]!] as const));

  it("gives the same bits in any order of queries and to a first question", () => {
    const forward = brownianPath(OPTIONS);
    const backward = brownianPath(OPTIONS);
    const answers = queries.map(([from, to]) => query(forward, from, to));
    for (let i = queries.length - 1; i >= 0; i--) {
      expect(query(backward, ...queries[i]!)).toEqual(answers[i]);
      if (i % 7 === 0) expect(query(brownianPath(OPTIONS), ...queries[i]!)).toEqual(answers[i]);
    }
  });

  it("gives the same increment with and without the area", () => {
    const path = brownianPath(OPTIONS);
    for (const [from, to] of queries) {
      const alone = new Float64Array(5);
      path.fillIncrement(from, to, alone);
      expect(alone).toEqual(query(path, from, to).w);
    }
  });

  it("backward is the forward increment negated, with the same area", () => {
    const path = brownianPath(OPTIONS);
    for (const [from, to] of queries) {
      const there = query(path, from, to);
      const back = query(path, to, from);
      expect(back.w.map((w) => 0 - w)).toEqual(there.w);
      expect(back.h).toEqual(there.h);
    }
  });

  it("is the same for 10, 100 and 1000 steps", () => {
    const path = brownianPath(OPTIONS);
    const whole = query(path, 1, 1e-3);
    const middle = query(path, 1, 0.4006);
    for (const steps of [10, 100, 1000]) {
      const sums = new Float64Array(5);
      for (let k = 0; k < steps; k++) {
        const from = 1 - (0.999 * k) / steps;
        const to = k === steps - 1 ? 1e-3 : 1 - (0.999 * (k + 1)) / steps;
        for (const [i, w] of query(path, from, to).w.entries()) sums[i]! += w;
        // t = 0.4006 is in every grid up to its rounding, over which the path moves by at most about √(1e-16).
        if ((k + 1) * 10 === 6 * steps)
          for (const [i, w] of middle.w.entries()) expect(Math.abs(sums[i]! - w)).toBeLessThan(1e-6);
      }
      // 1000 additions of numbers below 4, each to 2^-53 relative.
      for (const [i, w] of whole.w.entries()) expect(Math.abs(sums[i]! - w)).toBeLessThan(1000 * 4 * 2 ** -53);
    }
  });

  it("adds up over adjacent intervals to 1e-14, increments and areas, relative to their size", () => {
    const path = brownianPath({ ...OPTIONS, tMin: 0 });
    let worst = 0;
    const sorted = [...new Set(someTimes(35, 0, 1))].sort((a, b) => a - b);
    for (let i = 0; i < sorted.length; i++)
      for (let j = i + 1; j < sorted.length; j++)
        for (let k = j + 1; k < sorted.length; k += 9) {
          const [s, t, u] = [sorted[i]!, sorted[j]!, sorted[k]!];
          // Closer times lie inside one finest cell.
          if (t - s < 2 ** -29 || u - t < 2 ** -29) continue;
          const left = query(path, s, t);
          const right = query(path, t, u);
          const whole = query(path, s, u);
          const [a, b, h] = [t - s, u - t, u - s];
          for (let e = 0; e < 5; e++) {
            const [wl, wr, w] = [left.w[e]!, right.w[e]!, whole.w[e]!];
            const area = a * (left.h[e]! + wl / 2) + b * wl + b * (right.h[e]! + wr / 2) - (h * w) / 2;
            worst = Math.max(
              worst,
              Math.abs(wl + wr - w) / Math.sqrt(h),
              Math.abs(area / h - whole.h[e]!) / Math.sqrt(h),
            );
          }
        }
    expect(worst).toBeLessThan(1e-14);
  });

  it("stays consistent inside one finest cell", () => {
    const path = brownianPath({ ...OPTIONS, tMin: 0, resolution: 0.25 });
    const left = query(path, 0.26, 0.3);
    const right = query(path, 0.3, 0.45);
    const whole = query(path, 0.26, 0.45);
    for (let e = 0; e < 5; e++) {
      expect(left.w[e]! + right.w[e]!).toBeCloseTo(whole.w[e]!, 14);
      const area = 0.04 * (left.h[e]! + left.w[e]! / 2) + 0.15 * (left.w[e]! + right.h[e]! + right.w[e]! / 2);
      expect(area / 0.19 - whole.w[e]! / 2).toBeCloseTo(whole.h[e]!, 14);
    }
  });

  it("equal times give zeros", () => {
    const path = brownianPath(OPTIONS);
    for (const t of [1e-3, 0.3, 1]) {
      const { w, h } = query(path, t, t);
      expect([...w, ...h]).toEqual(new Array(10).fill(0));
    }
  });
});

describe("elements", () => {
  it("are the same alone and in a batch, also far out", () => {
    for (const firstElement of [0, 3, 2 ** 33 + 1]) {
      const whole = query(brownianPath({ ...OPTIONS, firstElement, count: 7 }), 0.2, 0.7);
      for (const [start, count] of [
        [0, 1],
        [1, 2],
        [3, 4],
        [6, 1],
      ] as const) {
        const part = query(brownianPath({ ...OPTIONS, firstElement: firstElement + start, count }), 0.2, 0.7);
        expect(part.w).toEqual(whole.w.slice(start, start + count));
        expect(part.h).toEqual(whole.h.slice(start, start + count));
      }
    }
  });

  it("runs and seeds differ", () => {
    const reference = query(brownianPath(OPTIONS), 0.2, 0.7).w[0];
    expect(query(brownianPath({ ...OPTIONS, run: 3 }), 0.2, 0.7).w[0]).not.toBe(reference);
    expect(query(brownianPath({ ...OPTIONS, seed: 8 }), 0.2, 0.7).w[0]).not.toBe(reference);
  });

  it("are independent Brownian paths: 20 000 of them, |z| < 4 and Kolmogorov–Smirnov at 1e-4", () => {
    const count = 20000;
    const path = brownianPath({ seed: 11, tMin: 0, tMax: 3, count });
    const times = [0, 0.1, 1.1, 1.5, 1.5001, 2.9, 3];
    const samples: Float64Array[] = [];
    for (let k = 0; k + 1 < times.length; k++) {
      const h = times[k + 1]! - times[k]!;
      const answer = query(path, times[k]!, times[k + 1]!);
      samples.push(
        answer.w.map((w) => w / Math.sqrt(h)),
        answer.h.map((x) => x * Math.sqrt(12 / h)),
      );
    }
    for (const [i, x] of samples.entries()) {
      for (const order of [1, 2, 3, 4]) expect(Math.abs(normalMomentZ(x, order)), `${i} ${order}`).toBeLessThan(4);
      expect(kolmogorov(x, normalCdf), `${i}`).toBeLessThan(2.23);
      for (const [j, y] of samples.entries()) {
        // Neighbouring elements, and for different quantities the same element.
        const lag = x.subarray(1).reduce((sum, value, e) => sum + value * y[e]!, 0) / Math.sqrt(count - 1);
        expect(Math.abs(lag), `${i} ${j}`).toBeLessThan(4);
        if (i === j) continue;
        const same = x.reduce((sum, value, e) => sum + value * y[e]!, 0) / Math.sqrt(count);
        expect(Math.abs(same), `${i} ${j}`).toBeLessThan(4);
      }
    }
  });

  it("golden bits", () => {
    const { w, h } = query(brownianPath(OPTIONS), 0.9, 0.123);
    expect([...w.slice(0, 2), ...h.slice(0, 2)]).toEqual([
      -0.2013373166964999, 0.4084384663129315, 0.1401791459381404, -0.33869782838400153,
    ]);
  });
});

describe("refusals", () => {
  it.each([
    [{ seed: -1 }, "seed: must be an integer in [0, 2^53), but got -1"],
    [{ run: 0.5 }, "run: must be a whole number in [0, 2^32), but got 0.5"],
    [{ tMin: 1 }, "tMin: must be below tMax, both finite, but got 1 and 1"],
    [{ tMax: Number.POSITIVE_INFINITY }, "tMin: must be below tMax, both finite"],
    [{ count: 0 }, "count: must be a whole number ≥ 1, but got 0"],
    [{ firstElement: -1 }, "firstElement: must be a whole number in [0, 4503599627370"],
    [{ firstElement: 2 ** 52 }, "firstElement: must be a whole number in [0, 4503599627370"],
    [{ resolution: 1 }, "resolution: must be in [2^-31, 1/2], but got 1"],
    [{ resolution: 1e-10 }, "resolution: must be in [2^-31, 1/2], but got 1e-10"],
  ])("%o", (change, message) => {
    expect(() => brownianPath({ ...OPTIONS, ...change })).toThrow(UsageError);
    expect(() => brownianPath({ ...OPTIONS, ...change })).toThrow(message);
  });

  it("times outside the range and short arrays", () => {
    const path = brownianPath(OPTIONS);
    const out = new Float64Array(5);
    expect(() => path.fillIncrement(0, 1, out)).toThrow("from: must be in [tMin, tMax] = [0.001, 1], but got 0");
    expect(() => path.fillIncrement(0.5, Number.NaN, out)).toThrow(
      "to: must be in [tMin, tMax] = [0.001, 1], but got NaN",
    );
    expect(() => path.fillIncrement(0.5, 1, new Float64Array(4))).toThrow("out: must hold 5 numbers, but got 4");
    expect(() => path.fillIncrement(0.5, 1, out, new Float64Array(4))).toThrow("area: must hold 5 numbers, but got 4");
  });

  it("the finest resolution works", () => {
    const path = brownianPath({ ...OPTIONS, tMin: 0, resolution: 2 ** -31 });
    const { w } = query(path, 1 - 2 ** -31, 1 - 2 ** -33);
    for (const value of w) expect(Math.abs(value)).toBeLessThan(8.6 * 2 * 2 ** -15.5);
  });
});
