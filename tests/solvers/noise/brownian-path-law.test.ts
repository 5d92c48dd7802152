import { describe, expect, it, vi } from "vitest";
import type { NoiseName } from "../../../solvers/noise/normal.js";

// A path is linear in the normals of its tree. Here path i gets the i-th of them as 1 and all others as 0, so that the paths together
// are the matrix of that map and their inner products are the exact covariances.
const order = new Map<number, number>();
vi.mock("../../../solvers/noise/normal.js", () => ({
  checkSeed: () => undefined,
  fillNormal: ({ step = 0 }: NoiseName, _first: number, out: Float64Array) => {
    const position = order.get(step) ?? order.size;
    order.set(step, position);
    out.fill(0);
    for (const which of [0, 1]) {
      const path = 2 * position + which;
      if (2 * path + which >= out.length) throw new Error("more normals than paths");
      out[2 * path + which] = 1;
    }
  },
}));
const { brownianPath } = await import("../../../solvers/noise/brownian-path.js");

type Interval = readonly [number, number];

/** ∫ f g with W = ∫ dB and H = ∫ ((t − r)/h − ½) dB over their intervals: exact by Simpson's rule. */
function covariance(one: Interval, other: Interval, areaOfOne: boolean, areaOfOther: boolean): number {
  const lo = Math.max(one[0], other[0]);
  const hi = Math.min(one[1], other[1]);
  if (hi <= lo) return 0;
  const weight = ([s, t]: Interval, area: boolean, r: number): number => (area ? (t - r) / (t - s) - 0.5 : 1);
  const f = (r: number): number => weight(one, areaOfOne, r) * weight(other, areaOfOther, r);
  return ((hi - lo) / 6) * (f(lo) + 4 * f((lo + hi) / 2) + f(hi));
}

function linearMaps(intervals: readonly Interval[], tMin: number, tMax: number, resolution?: number): Float64Array[][] {
  order.clear();
  const count = 1200;
  const path = brownianPath({ seed: 0, tMin, tMax, count, ...(resolution ? { resolution } : {}) });
  return intervals.map(([s, t]) => {
    const maps = [new Float64Array(count), new Float64Array(count)];
    path.fillIncrement(s, t, maps[0]!, maps[1]);
    return maps;
  });
}

/** Largest deviation of a covariance from the exact one; relative to the root of both lengths, or absolute. */
function worstCovariance(intervals: readonly Interval[], maps: Float64Array[][], relative: boolean): number {
  let worst = 0;
  for (const [i, one] of intervals.entries())
    for (const [j, other] of intervals.entries())
      for (const a of [0, 1])
        for (const b of [0, 1]) {
          if (2 * i + a > 2 * j + b) continue;
          const [x, y] = [maps[i]![a]!, maps[j]![b]!];
          let got = 0;
          for (let k = 0; k < x.length; k++) got += x[k]! * y[k]!;
          const scale = relative ? Math.sqrt((one[1] - one[0]) * (other[1] - other[0])) : 1;
          worst = Math.max(worst, Math.abs(got - covariance(one, other, a === 1, b === 1)) / scale);
        }
  return worst;
}

const pairs = (times: readonly number[]): Interval[] =>
  times.flatMap((s, i) => times.slice(i + 1).map((t): Interval => [s, t]));

describe("exact covariances of increments and areas over all pairs of times", () => {
  it("on [0, 1], relative to the lengths", () => {
    // Ends, cell ends of several levels, arbitrary times, and close neighbours (exact, for the expected values) beside a cell's end.
    const times = [
      0,
      1e-7,
      0.1,
      0.25,
      0.3183098861837907,
      0.5 - 2 ** -27,
      0.5,
      0.5 + 5 * 2 ** -28,
      0.6180339887498949,
      0.6875,
      1 - 2 ** -20,
      1,
    ];
    const intervals = pairs(times);
    // Times are exact fractions of the range; about 30 levels of rounding.
    expect(worstCovariance(intervals, linearMaps(intervals, 0, 1), true)).toBeLessThan(1e-12);
  });

  it("on [−3, 77], relative to the range", () => {
    const intervals = pairs([-3, -2.9, 0, 1.234567, 17, 40, 76.5, 77]);
    expect(worstCovariance(intervals, linearMaps(intervals, -3, 77), false)).toBeLessThan(80 * 1e-12);
  });

  it("with a coarse resolution, as long as no two times share the inside of a cell", () => {
    const intervals = pairs([0, 0.2, 0.25, 0.4, 0.5, 0.7, 0.8, 1]);
    expect(worstCovariance(intervals, linearMaps(intervals, 0, 1, 0.25), true)).toBeLessThan(1e-13);
  });

  it("inside one finest cell each time by itself has the exact law with all outside", () => {
    for (const t of [0.01, 0.1, 0.3, 0.49]) {
      const intervals = pairs([0, t, 0.5, 0.75, 1]);
      expect(worstCovariance(intervals, linearMaps(intervals, 0, 1, 0.5), true)).toBeLessThan(1e-13);
    }
  });
});
