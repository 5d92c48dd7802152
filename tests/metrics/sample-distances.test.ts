import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadAssignmentWasserstein2 } from "../../src/metrics/assignment-wasserstein.js";
import { energyDistance } from "../../src/metrics/energy-distance.js";
import { maximumMeanDiscrepancy } from "../../src/metrics/maximum-mean-discrepancy.js";
import { slicedWasserstein } from "../../src/metrics/sliced-wasserstein.js";
import { zScoreOfMean } from "../../src/metrics/z-score.js";
import { fixture } from "./fixture.js";
import { normals } from "./laws.js";

const { line, plane } = fixture;
const a = Float64Array.from(plane.a);
const b = Float64Array.from(plane.b);

/** Any two-dimensional set as D-dimensional differences of at most n rows. */
function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((order) =>
    Array.from({ length: n }, (_, at) => [...order.slice(0, at), n - 1, ...order.slice(at)]),
  );
}

describe("energy distance", () => {
  it("equals SciPy's on the line, whose value is the root of the V-statistic", () => {
    const energy = energyDistance(Float64Array.from(line.y), 1);
    expect(Math.sqrt(energy.vStatistic(Float64Array.from(line.x)))).toBeCloseTo(line.energy, 13);
    expect(energy.unbiased(Float64Array.from(line.x))).toBeCloseTo(line.energyUnbiased, 13);
  });

  it("equals NumPy's sums over pairs in the plane", () => {
    const energy = energyDistance(b, 2);
    expect(energy.vStatistic(a)).toBeCloseTo(plane.energyV, 13);
    expect(energy.unbiased(a)).toBeCloseTo(plane.energyUnbiased, 13);
  });

  it("on the line equals the sum over pairs of a plane whose second coordinate is constant", () => {
    const x = Float64Array.from(line.x);
    const y = Float64Array.from(line.y);
    const lift = (v: Float64Array) => Float64Array.from({ length: 2 * v.length }, (_, i) => (i % 2 ? 7 : v[i >> 1]!));
    expect(energyDistance(y, 1).unbiased(x)).toBeCloseTo(energyDistance(lift(y), 2).unbiased(lift(x)), 13);
  });

  it("counts ties once", () => {
    // F jumps to 1/2 at 0, G to 1 at 0: 2 ∫ (1/2)² over [0, 1].
    expect(energyDistance(Float64Array.of(0, 0), 1).vStatistic(Float64Array.of(1, 0, 0, 1))).toBeCloseTo(0.5, 15);
  });

  it("is unbiased: two laws of known distance, N(0, 1) and N(1, 1)", () => {
    // E|N(μ, 2)| = √2 (2 φ(μ/√2) + (μ/√2)(1 − 2 Φ(−μ/√2))): μ = 1 gives 1.3992..., μ = 0 gives 2/√π.
    const folded = (2 / Math.sqrt(Math.PI)) * Math.exp(-0.25) + 0.5204998778130465;
    const exact = 2 * folded - 4 / Math.sqrt(Math.PI);
    const values = Array.from({ length: 400 }, (_, run) => {
      const y = normals(11, 8, "floor", run);
      const x = normals(11, 6, "target", run).map((v) => v + 1);
      return energyDistance(y, 1).unbiased(x);
    });
    expect(Math.abs(zScoreOfMean(values, exact))).toBeLessThan(4);
    const same = Array.from({ length: 400 }, (_, run) =>
      energyDistance(normals(12, 12, "floor", run), 2).unbiased(normals(12, 10, "target", run)),
    );
    expect(Math.abs(zScoreOfMean(same, 0))).toBeLessThan(4);
  });

  it("uses the first rows alone beyond the maximum", () => {
    const energy = energyDistance(b, 2, { maximum: 20 });
    expect(energy.vStatistic(a)).toBe(energyDistance(b.slice(0, 40), 2).vStatistic(a.slice(0, 40)));
  });

  it("refuses what has no pairs", () => {
    expect(() => energyDistance(Float64Array.of(1), 1).unbiased(Float64Array.of(1, 2))).toThrow(
      /two rows on both sides/,
    );
    expect(() => energyDistance(b, 2, { maximum: 1 })).toThrow(/maximum/);
    expect(() => energyDistance(b, 3)).toThrow(/multiple of the dimension 3/);
  });
});

describe("maximum mean discrepancy", () => {
  it("equals NumPy's with the median bandwidth", () => {
    const mmd = maximumMeanDiscrepancy(b, 2);
    expect(mmd.bandwidth).toBeCloseTo(plane.bandwidth, 14);
    expect(mmd.vStatistic(a)).toBeCloseTo(plane.mmdV, 14);
    expect(mmd.unbiased(a)).toBeCloseTo(plane.mmdUnbiased, 14);
  });

  it("is unbiased: N(0, 1) against N(δ, 1), where E k is a Gaussian integral", () => {
    // E exp(−Z²/2h²) for Z ~ N(μ, 2) is √(h²/(h² + 2)) exp(−μ²/(2(h² + 2))).
    const h = 1.3;
    const mean = (mu: number) => Math.sqrt((h * h) / (h * h + 2)) * Math.exp((-mu * mu) / (2 * (h * h + 2)));
    const values = Array.from({ length: 400 }, (_, run) =>
      maximumMeanDiscrepancy(normals(13, 8, "floor", run), 1, { bandwidth: h }).unbiased(
        normals(13, 6, "target", run).map((v) => v + 0.8),
      ),
    );
    expect(Math.abs(zScoreOfMean(values, 2 * mean(0) - 2 * mean(0.8)))).toBeLessThan(4);
  });

  it("takes the median over the first 256 rows of a longer reference", () => {
    // Rows spread more and more, so that every number of rows has a median of its own.
    const reference = Float64Array.from({ length: 300 }, (_, i) => i * i);
    const distances: number[] = [];
    for (let i = 0; i < 256; i++) for (let j = 0; j < i; j++) distances.push(i * i - j * j);
    distances.sort((a, b) => a - b);
    // 256 · 255 / 2 pairs are an even number.
    const half = distances.length / 2;
    expect(maximumMeanDiscrepancy(reference, 1).bandwidth).toBe((distances[half - 1]! + distances[half]!) / 2);
  });

  it("refuses a bandwidth that is not positive and points that coincide", () => {
    expect(() => maximumMeanDiscrepancy(b, 2, { bandwidth: 0 })).toThrow(/bandwidth: must be positive, but got 0/);
    expect(() => maximumMeanDiscrepancy(Float64Array.of(1, 1, 1), 1)).toThrow(/bandwidth/);
  });
});

describe("sliced Wasserstein", () => {
  it("of a shift δ: W1 and W2 are the mean and root mean square of |δ·θ| over its own unit directions", () => {
    const delta = [0.3, -0.7, 0.2];
    const points = normals(21, 300);
    const moved = points.map((x, i) => x + delta[i % 3]!);
    const sliced = slicedWasserstein(points, 3, { seed: 5, directions: 32 });
    let first = 0;
    let second = 0;
    for (let k = 0; k < 32; k++) {
      const theta = sliced.directions.subarray(3 * k, 3 * k + 3);
      expect(Math.hypot(...theta)).toBeCloseTo(1, 14);
      const dot = delta[0]! * theta[0]! + delta[1]! * theta[1]! + delta[2]! * theta[2]!;
      first += Math.abs(dot) / 32;
      second += (dot * dot) / 32;
    }
    expect(sliced.w1(moved)).toBeCloseTo(first, 13);
    expect(sliced.w2(moved)).toBeCloseTo(Math.sqrt(second), 13);
  });

  it("has isotropic directions: Σ θθᵀ/K = I/D", () => {
    const { directions } = slicedWasserstein(b, 2, { directions: 20000 });
    // Var(θ₁²) = 1/8 and Var(θ₁θ₂) = 1/8 on the circle: standard error 0.0025.
    let square = 0;
    let cross = 0;
    for (let k = 0; k < 40000; k += 2) {
      square += directions[k]! ** 2 / 20000;
      cross += (directions[k]! * directions[k + 1]!) / 20000;
    }
    expect(Math.abs(square - 0.5) / 0.0025).toBeLessThan(4);
    expect(Math.abs(cross) / 0.0025).toBeLessThan(4);
  });

  it("is zero to itself, symmetric, scales, depends on the seed, and never exceeds W2", async () => {
    const assignment = await loadAssignmentWasserstein2();
    const from = slicedWasserstein(b, 2);
    expect(from.w2(b)).toBe(0);
    expect(from.w2(a)).toBeCloseTo(slicedWasserstein(a, 2).w2(b), 13);
    expect(
      slicedWasserstein(
        b.map((x) => 3 * x),
        2,
      ).w2(a.map((x) => 3 * x)),
    ).toBeCloseTo(3 * from.w2(a), 12);
    expect(slicedWasserstein(b, 2, { seed: 1 }).w2(a)).not.toBe(from.w2(a));
    const half = b.slice(0, a.length);
    expect(slicedWasserstein(half, 2).w2(a)).toBeLessThan(assignment(a, half, 2));
  });

  it("refuses bad options", () => {
    expect(() => slicedWasserstein(b, 2, { directions: 0 })).toThrow(/directions/);
    expect(() => slicedWasserstein(b, 2, { seed: -1 })).toThrow(/seed/);
    expect(() => slicedWasserstein(b, 2).w2(Float64Array.of(1, 2, 3))).toThrow(/multiple of the dimension 2/);
  });
});

describe("assignment W2", () => {
  it("equals SciPy's linear_sum_assignment", async () => {
    const assignment = await loadAssignmentWasserstein2();
    expect(assignment(a, b.slice(0, a.length), 2)).toBeCloseTo(plane.assignment, 13);
  });

  it("equals the best of all permutations", async () => {
    const assignment = await loadAssignmentWasserstein2();
    const orders = [0, 1, 2, 3, 4, 5, 6, 7].map(permutations);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 1e6 }), (n, seed) => {
        const x = normals(seed, 2 * n, "floor");
        const y = normals(seed, 2 * n, "target");
        const costs = orders[n]!.map((order) =>
          order.reduce((sum, j, i) => sum + (x[2 * i]! - y[2 * j]!) ** 2 + (x[2 * i + 1]! - y[2 * j + 1]!) ** 2, 0),
        );
        expect(assignment(x, y, 2)).toBeCloseTo(Math.sqrt(Math.min(...costs) / n), 13);
      }),
      { numRuns: 12, seed: 3 },
    );
  });

  it("refuses sets that are large or of unequal size", async () => {
    const assignment = await loadAssignmentWasserstein2();
    expect(() => assignment(new Float64Array(513), new Float64Array(513), 1)).toThrow(/at most 512 rows, but got 513/);
    expect(() => assignment(a, b, 2)).toThrow(/as many as the reference's 40, but got 31/);
  });
});
