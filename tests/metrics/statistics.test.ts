import { describe, expect, it } from "vitest";
import { chiSquare, chiSquareSurvival } from "../../src/metrics/chi-square.js";
import { estimate } from "../../src/metrics/estimate.js";
import { kolmogorovSmirnov, kolmogorovSurvival } from "../../src/metrics/kolmogorov-smirnov.js";
import { confidenceInterval, studentQuantile } from "../../src/metrics/student.js";
import { zScore, zScoreOfMean, zScoreOfVariance } from "../../src/metrics/z-score.js";
import { fixture } from "./fixture.js";
import { normalLaw, normals, uniformLaw } from "./laws.js";

describe("estimate", () => {
  it("is the mean and s/√n", () => {
    // 1, 2, 3, 6: mean 3, squares 4 + 1 + 0 + 9 = 14, s² = 14/3, standard error √(14/12).
    expect(estimate([1, 2, 3, 6])).toEqual({ value: 3, standardError: Math.sqrt(14 / 3 / 4) });
    expect(estimate([5])).toEqual({ value: 5, standardError: 0 });
  });

  it("has a standard error of the right size: the variance of means over 2000 sets of 5", () => {
    const ratios: number[] = [];
    for (let set = 0; set < 2000; set++) {
      const { value, standardError } = estimate(normals(31, 5, "floor", set));
      ratios.push(value * value - standardError * standardError);
    }
    expect(Math.abs(zScoreOfMean(ratios, 0))).toBeLessThan(4);
  });

  it("refuses nothing and what is not finite", () => {
    expect(() => estimate([])).toThrow(/at least one number/);
    expect(() => estimate([1, Number.NaN])).toThrow(/finite, but got NaN at 1/);
  });
});

describe("Student", () => {
  it.each(fixture.student)("quantile for %d degrees at %d", (degrees, probability, expected) => {
    expect(studentQuantile(degrees, probability) / expected).toBeCloseTo(1, 12);
  });

  it("interval covers the mean in 95 % of 2000 sets of 4", () => {
    let covered = 0;
    for (let set = 0; set < 2000; set++) {
      const { lower, upper } = confidenceInterval(normals(32, 4, "floor", set));
      if (lower <= 0 && upper >= 0) covered++;
    }
    expect(Math.abs(covered - 1900) / Math.sqrt(2000 * 0.95 * 0.05)).toBeLessThan(4);
  });

  it("refuses one repeat and levels outside (0, 1)", () => {
    expect(() => confidenceInterval([1])).toThrow(/two repeats, but got 1/);
    expect(() => confidenceInterval([1, 2], { level: 1 })).toThrow(/level/);
    expect(() => studentQuantile(0, 0.5)).toThrow(/degrees/);
    expect(() => studentQuantile(3, 1)).toThrow(/probability/);
  });
});

describe("Kolmogorov–Smirnov", () => {
  it.each(fixture.kolmogorov)("P(D ≥ d) equals SciPy's exact one for n = %d, d = %d", (n, d, expected) => {
    const value = kolmogorovSurvival(n, d);
    if (n * d * d >= 4) expect(Math.abs(value / expected - 1)).toBeLessThan(1e-10);
    else expect(Math.abs(value - expected)).toBeLessThan(n <= 140 ? 1e-11 : 1e-4);
  });

  it("statistic is the largest gap on either side of a jump", () => {
    // Uniform law, points 0.1, 0.2: F_n reaches 1 at 0.2, gap 0.8; points 0.8, 0.9: gap 0.8 before the first.
    expect(kolmogorovSmirnov(Float64Array.of(0.2, 0.1), uniformLaw.cdf).statistic).toBeCloseTo(0.8, 15);
    expect(kolmogorovSmirnov(Float64Array.of(0.8, 0.9), uniformLaw.cdf).statistic).toBeCloseTo(0.8, 15);
  });

  it("accepts normals and rejects them with a wrong scale", () => {
    const samples = normals(33, 20000);
    expect(kolmogorovSmirnov(samples, normalLaw().cdf).pValue).toBeGreaterThan(1e-4);
    expect(kolmogorovSmirnov(samples, normalLaw(0, 1.1).cdf).pValue).toBeLessThan(1e-6);
  });

  it("is 1 where no sample can be closer, 0 where none can be as far", () => {
    expect(kolmogorovSurvival(10, 0.05)).toBe(1);
    expect(kolmogorovSurvival(10, 1)).toBe(0);
  });
});

describe("chi-square", () => {
  it.each(fixture.chiSquare)("p-value for %d degrees at %d", (degrees, x, expected) => {
    // One cell carries the whole statistic: (observed − 1)² = x.
    const expectedCounts = new Array<number>(degrees + 1).fill(1);
    const observed = [1 + Math.sqrt(x), ...expectedCounts.slice(1)];
    const result = chiSquare(observed, expectedCounts);
    expect(result.statistic).toBeCloseTo(x, 12);
    expect(result.degrees).toBe(degrees);
    expect(result.pValue / expected).toBeCloseTo(1, 11);
  });

  it("has a p-value wherever the statistic lies, 0 where no double holds it", () => {
    for (const degrees of [1, 10, 104, 1e6]) {
      let before = 1;
      for (let excess = 0; excess < 3000; excess += 7) {
        const p = chiSquareSurvival(degrees, degrees + excess * Math.sqrt(degrees));
        expect(p).toBeLessThanOrEqual(before);
        before = p;
      }
      expect(before).toBe(0);
    }
    // e⁻⁶⁹⁰ is still told from 0: P = erfc(√(x/2)) for one degree.
    expect(chiSquareSurvival(1, 1360)).toBeGreaterThan(0);
  });

  it("loses a degree per fitted parameter and refuses empty cells", () => {
    expect(chiSquare([1, 2, 3], [2, 2, 2], { fitted: 1 }).degrees).toBe(1);
    expect(() => chiSquare([1, 2], [3, 0])).toThrow(/positive, but got 0 in cell 1/);
    expect(() => chiSquare([1, 2], [3])).toThrow(/as many cells/);
    expect(() => chiSquare([1], [1])).toThrow(/degree of freedom/);
  });
});

describe("z-scores", () => {
  it("count standard errors", () => {
    expect(zScore({ value: 3, standardError: 0.5 }, 2)).toBe(2);
    expect(zScoreOfMean([1, 2, 3, 6], 0)).toBeCloseTo(3 / Math.sqrt(14 / 12), 14);
    expect(() => zScore({ value: 1, standardError: 0 }, 1)).toThrow(/standardError/);
  });

  it("of a variance: small for the right one, large for one off by 5 %", () => {
    const values = normals(34, 40000);
    expect(Math.abs(zScoreOfVariance(values, 0, 1))).toBeLessThan(4);
    // The variance of x² is 2: 0.05/√(2/40000) = 7.
    expect(Math.abs(zScoreOfVariance(values, 0, 1.05))).toBeGreaterThan(4);
  });
});
