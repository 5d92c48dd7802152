import { describe, expect, it } from "vitest";
import { energyDistance } from "../../src/metrics/energy-distance.js";
import { maximumMeanDiscrepancy } from "../../src/metrics/maximum-mean-discrepancy.js";
import { metricSuite } from "../../src/metrics/metric-suite.js";
import { modeWeightsError } from "../../src/metrics/mode-weights-error.js";
import { covarianceError, meanError, sampleCovariance } from "../../src/metrics/moment-errors.js";
import { pathError } from "../../src/metrics/path-error.js";
import { wasserstein2 } from "../../src/metrics/wasserstein.js";
import { zScoreOfMean } from "../../src/metrics/z-score.js";
import { mixture } from "../../src/targets/index.js";
import { blobs, mixtureLaw, normals } from "./laws.js";

const f = (...values: number[]) => Float64Array.from(values);

function sampled(dimension: number, count: number, run = 0): Float64Array {
  return blobs(dimension).sample({ count, seed: 99, run }).data;
}

describe("moments, modes and paths", () => {
  it("covariance of (0,0), (2,0), (1,3) with denominator n − 1", () => {
    // Means 1, 1; squares 2/2, (1 + 1 + 4)/2; products (1·1 − 1·1 + 0)/2.
    const points = f(0, 0, 2, 0, 1, 3);
    expect([...sampleCovariance(points, 2)]).toEqual([1, 0, 0, 3]);
    expect(meanError(points, f(1, 0))).toBe(1);
    expect(covarianceError(points, f(1, 0, 0, 3))).toBe(0);
    expect(covarianceError(points, f(1, 1, 1, 5))).toBeCloseTo(Math.sqrt(6), 15);
  });

  it("the sample covariance is unbiased", () => {
    const values = Array.from({ length: 2000 }, (_, run) => sampleCovariance(normals(41, 6, "floor", run), 2)[0]!);
    expect(Math.abs(zScoreOfMean(values, 1))).toBeLessThan(4);
  });

  it("mode weights: three of four points on the right of two equal modes", () => {
    const { modes } = blobs(1);
    expect(modeWeightsError(f(-9, 9, 9, 9), modes!, 1)).toBeCloseTo(0.25, 12);
    expect(modeWeightsError(f(-9, 9), modes!, 1)).toBeCloseTo(0, 12);
  });

  it("mode weights: the worst mode counts, whichever it is", () => {
    const { modes } = mixture({ weights: [0.3, 0.5, 0.2], means: [-3, 0, 3], standardDeviations: [0.1, 0.1, 0.1] });
    expect(modeWeightsError(f(-3, -3), modes!, 1)).toBeCloseTo(0.7, 15);
    expect(modeWeightsError(f(3, 3), modes!, 1)).toBeCloseTo(0.8, 15);
  });

  it("path error is the root mean square of row distances", () => {
    expect(pathError(f(0, 0, 1, 1), f(3, 4, 1, 1), 2)).toBeCloseTo(Math.sqrt(12.5), 15);
    expect(() => pathError(f(1, 2), f(1), 1)).toThrow(/must hold 2 numbers like the samples, but got 1/);
    expect(() => covarianceError(f(1, 2), f(1, 0, 0, 1))).toThrow(/two rows/);
    expect(() => covarianceError(f(1, 2), f(1, 0))).toThrow(/dimension²/);
  });
});

describe("metric suite", () => {
  it("takes w1, w2, modeWeights, mean, covariance on the line, against the exact law", async () => {
    const suite = await metricSuite(blobs(1), { count: 200 });
    expect(suite.names).toEqual(["w1", "w2", "modeWeights", "mean", "covariance"]);
    const samples = sampled(1, 200);
    const measured = suite.measure(samples);
    expect(measured.w2).toBe(wasserstein2(samples, blobs(1)));
    expect(measured.w2).toBeCloseTo(wasserstein2(samples, mixtureLaw([0.5, 0.5], [-3, 3], [1, 1])), 12);
    expect(Object.keys(suite.floor)).toEqual(suite.names);
  });

  it("takes slicedW2, energy, modeWeights, mean, covariance above", async () => {
    const suite = await metricSuite(blobs(3), { count: 100, repeats: 2 });
    expect(suite.names).toEqual(["slicedW2", "energy", "modeWeights", "mean", "covariance"]);
    for (const value of Object.values(suite.measure(sampled(3, 100)))) expect(value).toBeGreaterThan(0);
  });

  it("the floor is what exact samples score: other exact samples lie within 4 of its standard deviations", async () => {
    for (const dimension of [1, 2]) {
      const repeats = 16;
      const suite = await metricSuite(blobs(dimension), { count: 256, repeats });
      const runs = Array.from({ length: repeats }, (_, run) => suite.measure(sampled(dimension, 256, run)));
      for (const name of suite.names) {
        const mean = runs.reduce((sum, run) => sum + run[name]!, 0) / repeats;
        const { value, standardError } = suite.floor[name]!;
        expect(Math.abs(mean - value) / (Math.SQRT2 * standardError)).toBeLessThan(4);
      }
    }
  });

  it("floors fall as n^(-1/2)", async () => {
    const names = ["slicedW2", "energy", "mmd", "modeWeights", "mean", "covariance"];
    const small = await metricSuite(blobs(2), { count: 64, repeats: 12, names });
    const large = await metricSuite(blobs(2), { count: 1024, repeats: 12, names });
    for (const name of names) {
      // A factor of 4; the shared reference of 16 384 rows adds √(1 + 1/16) at most.
      const [few, many] = [small.floor[name]!, large.floor[name]!];
      const error = Math.sqrt(few.standardError ** 2 + 16 * many.standardError ** 2);
      expect(Math.abs(few.value - 4 * many.value) / error).toBeLessThan(4);
      expect(few.value / many.value).toBeGreaterThan(2);
    }
  });

  it("sees a shift in every metric, at the size of the shift", async () => {
    const names = ["slicedW1", "slicedW2", "assignmentW2", "energy", "mmd", "modeWeights", "mean", "covariance"];
    const suite = await metricSuite(blobs(2), { count: 256, repeats: 2, names });
    const moved = sampled(2, 256).map((x, i) => (i % 2 === 0 ? x + 3 : 2 * x));
    const measured = suite.measure(moved);
    expect(Object.keys(measured)).toEqual(names);
    for (const name of names) {
      if (name === "modeWeights") continue;
      expect(measured[name]! / suite.floor[name]!.value).toBeGreaterThan(2);
    }
    // The sample mean has standard error √(10/256) = 0.2 along the shift.
    expect(Math.abs(measured.mean! - 3)).toBeLessThan(4 * 0.2);
    // W2 ≥ |shift of the mean|, and by coordinates ≤ √(9 + 1) plus the floor.
    expect(measured.assignmentW2!).toBeGreaterThan(measured.mean! - suite.floor.mean!.value - 0.6);
    expect(measured.slicedW2!).toBeLessThan(measured.assignmentW2! + suite.floor.slicedW2!.value);
  });

  it.each([
    [100, 16384],
    [5000, 20000],
    [20000, 65536],
  ])("of %i samples has a reference of %i rows, which no run of the floor shares", async (count, rows) => {
    const names = ["slicedW1", "assignmentW2"];
    const suite = await metricSuite(blobs(2), { count, repeats: 1, names });
    const reference = blobs(2).sample({ count: rows, seed: 0, stream: "floor", run: 2 ** 32 - 1 }).data;
    expect(suite.measure(reference)).toEqual({ slicedW1: 0, assignmentW2: 0 });
    for (const name of names) expect(suite.floor[name]!.value).toBeGreaterThan(0);
  });

  it("gives roots of V-statistics, in the unit of x", async () => {
    const { energy, mmd } = (await metricSuite(blobs(2), { count: 64, names: ["energy", "mmd"] })).measure(
      sampled(2, 64),
    );
    const reference = blobs(2).sample({ count: 16384, seed: 0, stream: "floor", run: 2 ** 32 - 1 }).data;
    expect(energy! * energy!).toBeCloseTo(energyDistance(reference, 2).vStatistic(sampled(2, 64)), 14);
    expect(mmd! * mmd!).toBeCloseTo(maximumMeanDiscrepancy(reference, 2).vStatistic(sampled(2, 64)), 14);
  });

  it("is a function of the seed, and shares directions and reference between floor and measurement", async () => {
    const [a, b, c] = await Promise.all(
      [0, 0, 1].map((seed) => metricSuite(blobs(2), { count: 64, repeats: 2, seed, names: ["slicedW2"] })),
    );
    expect(a!.floor).toEqual(b!.floor);
    expect(a!.floor.slicedW2!.value).not.toBe(c!.floor.slicedW2!.value);
    const again = blobs(2).sample({ count: 64, seed: 0, stream: "floor", run: 1 }).data;
    const first = blobs(2).sample({ count: 64, seed: 0, stream: "floor", run: 0 }).data;
    expect((a!.measure(again).slicedW2! + a!.measure(first).slicedW2!) / 2).toBeCloseTo(a!.floor.slicedW2!.value, 14);
  });

  it("compares with the reference sample where a target on the line has no quantile function", async () => {
    const { quantile: _quantile, ...rest } = blobs(1);
    const [suite, exact] = await Promise.all([
      metricSuite(rest, { count: 128, repeats: 2 }),
      metricSuite(blobs(1), { count: 128, repeats: 2 }),
    ]);
    // The reference's own distance to the law: about the floor of 16 384 rows, E W2 ~ 3/√16384·few.
    expect(Math.abs(suite.floor.w2!.value - exact.floor.w2!.value)).toBeLessThan(0.1);
  });

  it("refuses what cannot be measured", async () => {
    const line = blobs(1);
    const { modes: _modes, ...plain } = blobs(2);
    await expect(metricSuite(line, { count: 1 })).rejects.toThrow(/count/);
    await expect(metricSuite(line, { count: 9, repeats: 0 })).rejects.toThrow(/repeats/);
    await expect(metricSuite(line, { count: 9, names: ["enrgy"] })).rejects.toThrow(/Did you mean 'energy'\?/);
    await expect(metricSuite(line, { count: 9, names: [] })).rejects.toThrow(/at least one/);
    await expect(metricSuite(line, { count: 9, names: ["slicedW2"] })).rejects.toThrow(/use w2/);
    await expect(metricSuite(plain, { count: 9, names: ["w2"] })).rejects.toThrow(/use slicedW2/);
    await expect(metricSuite(plain, { count: 9, names: ["modeWeights"] })).rejects.toThrow(/modes/);
    const suite = await metricSuite(plain, { count: 9, repeats: 2 });
    expect(suite.names).not.toContain("modeWeights");
    expect(() => suite.measure(f(1, Number.NaN, 2, 3))).toThrow(/1 of 2 rows/);
    expect(() => suite.measure(f())).toThrow(/at least one row/);
  });
});
