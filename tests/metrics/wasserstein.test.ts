import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantileLaw } from "../../src/metrics/quantile-law.js";
import { quantileTable } from "../../src/metrics/quantile-table.js";
import { wasserstein1, wasserstein2 } from "../../src/metrics/wasserstein.js";
import { fixture } from "./fixture.js";
import { mixtureLaw, normalLaw, normals, trimodal, uniformLaw } from "./laws.js";

const f = (...values: number[]) => Float64Array.from(values);

/** The mid-quantiles of a law: points whose W2 to it is small. */
function nodes(count: number, law = normalLaw()) {
  return Float64Array.from({ length: count }, (_, i) => law.quantile((i + 0.5) / count));
}

describe("against an exact law", () => {
  it.each(fixture.law)("equals mpmath's integrals over x for a trimodal mixture, %#", ({ x, w1, w2 }) => {
    // mpmath integrates |F_n − F| and (x − y)² p(y) in x with 18 digits or more; both are O(1) here.
    expect(Math.abs(wasserstein1(f(...x), trimodal) - w1)).toBeLessThan(1e-12);
    expect(Math.abs(wasserstein2(f(...x), trimodal) - w2)).toBeLessThan(1e-12);
  });

  it("has the closed forms of one point: W2² = (x − m)² + s², W1 = E|x − X|", () => {
    for (const x of [-40, -1, 0.7, 3]) {
      expect(wasserstein2(f(x), normalLaw(0.7, 0.5)) / Math.hypot(x - 0.7, 0.5)).toBeCloseTo(1, 13);
    }
    // E|X| of N(0, s²) is s √(2/π).
    expect(wasserstein1(f(0), normalLaw(0, 2))).toBeCloseTo(2 * Math.sqrt(2 / Math.PI), 13);
  });

  it("has the closed forms of the uniform law at its best points", () => {
    // Points (i + ½)/n: each cell gives ∫ t² over width 1/n, so W2² = 1/(12 n²), W1 = 1/(4 n).
    for (const n of [1, 2, 7, 100]) {
      const points = Float64Array.from({ length: n }, (_, i) => (i + 0.5) / n);
      expect(wasserstein2(points, uniformLaw) * n * Math.sqrt(12)).toBeCloseTo(1, 12);
      expect(wasserstein1(points, uniformLaw) * 4 * n).toBeCloseTo(1, 12);
    }
  });

  it("is exact far below the spread: a shift by 1e-6 of the best points adds its square alone", () => {
    const table = quantileTable(normalLaw(), 1000);
    const best = table.means;
    const shifted = best.map((x) => x + 1e-6);
    expect(wasserstein2(best, table)).toBeCloseTo(Math.sqrt(table.residual), 14);
    const extra = wasserstein2(shifted, table) ** 2 - table.residual;
    // 1e-12 against a residual near 1e-3: rounding leaves 2e-19.
    expect(Math.abs(extra / 1e-12 - 1)).toBeLessThan(1e-5);
  });

  it("keeps Σ cell means = mean and Σ cell means² + residual = second moment, gaps and odd counts included", () => {
    const spiky = mixtureLaw([0.5, 0.3, 0.2], [-3, 0, 4], [0.001, 0.05, 0.001]);
    const mean = -1.5 + 0.8;
    const second = 0.5 * (9 + 1e-6) + 0.3 * 0.0025 + 0.2 * (16 + 1e-6);
    for (const n of [1, 2, 3, 10, 77]) {
      const { means, residual } = quantileTable(spiky, n);
      const sum = means.reduce((a, b) => a + b, 0) / n;
      const squares = means.reduce((a, b) => a + b * b, 0) / n;
      // The allowed quadrature error is 1e-13 of the range, 7.
      expect(Math.abs(sum - mean)).toBeLessThan(1e-12);
      expect(Math.abs(squares + residual - second)).toBeLessThan(1e-11);
    }
  });

  it("finds a jump of the quantile function wherever it lies in a cell", () => {
    // Uniform on [0, 0.001] with weight w, on [5, 5.001] otherwise.
    for (let k = 1; k < 120; k++) {
      const w = k / 120.7;
      const low = (u: number) => (u < w ? (0.001 * u) / w : 5 + (0.001 * (u - w)) / (1 - w));
      const law = {
        cdf: (x: number) => (x < 1 ? w * Math.min(1, 1000 * x) : w + (1 - w) * Math.min(1, 1000 * Math.max(0, x - 5))),
        quantile: low,
      };
      for (const n of [1, 2, 3, 5]) {
        const { means } = quantileTable(law, n);
        const mean = means.reduce((a, b) => a + b, 0) / n;
        // Allowed: 1e-14 of the range 5 for each of some tens of accepted pieces.
        expect(Math.abs(mean - (w * 0.0005 + (1 - w) * 5.0005))).toBeLessThan(5e-12);
      }
    }
  });

  it("asks for less than one quantile a cell where the law is smooth", () => {
    const law = normalLaw();
    let asked = 0;
    const counted = {
      ...law,
      quantile(u: number, options?: { upper?: boolean }) {
        asked++;
        return law.quantile(u, options);
      },
    };
    quantileTable(counted, 4096);
    expect(asked).toBeLessThan(4096);
  });

  it("W1 is the limit of dense samples of the law: n points against 64 n mid-quantiles", () => {
    const samples = normals(3, 50);
    const dense = nodes(50 * 64);
    // A law and its mid-quantiles differ in W1 by less than half a mean spacing: (1/3200)·E|tail| < 1e-3.
    expect(Math.abs(wasserstein1(samples, normalLaw()) - wasserstein1(samples, dense))).toBeLessThan(1e-3);
  });

  it("reads a law without survival function from its lower end", () => {
    const law = normalLaw(1, 2);
    const half = quantileLaw({ cdf: law.cdf, quantile: (u: number) => law.quantile(u) });
    const samples = normals(4, 100);
    expect(wasserstein2(samples, half)).toBeCloseTo(wasserstein2(samples, law), 12);
    expect(wasserstein1(samples, half)).toBeCloseTo(wasserstein1(samples, law), 12);
  });

  it("scales and shifts with the law", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 12 }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.double({ min: -10, max: 10, noNaN: true }),
        (values, scale, shift) => {
          const samples = f(...values);
          const moved = samples.map((x) => scale * x + shift);
          for (const distance of [wasserstein1, wasserstein2]) {
            const expected = scale * distance(samples, normalLaw());
            // Rounding of scale·x + shift, and the quadrature's 1e-13.
            expect(Math.abs(distance(moved, normalLaw(shift, scale)) - expected)).toBeLessThan(
              1e-11 * (Math.abs(shift) + expected),
            );
          }
        },
      ),
      { numRuns: 40, seed: 1 },
    );
  });

  it("W1 ≤ W2, and the floor of W2 of N(0, 1) falls as n^(-1/2) up to its logarithm", () => {
    const floors = [256, 1024, 4096].map((n) => {
      const table = quantileTable(normalLaw(), n);
      let square = 0;
      for (let run = 0; run < 20; run++) {
        const samples = normals(5, n, "floor", run);
        const w2 = wasserstein2(samples, table);
        expect(wasserstein1(samples, table)).toBeLessThan(w2);
        square += w2 * w2;
      }
      return Math.sqrt(square / 20) * Math.sqrt(n);
    });
    // n E W2² ~ ln ln n grows by 20 % from 256 to 4096 (del Barrio et al. 2005); 20 runs know a root mean square to 15 %.
    for (const scaled of floors) expect(scaled / floors[0]!).toBeGreaterThan(0.7);
    for (const scaled of floors) expect(scaled / floors[0]!).toBeLessThan(1.5);
  });

  it("refuses a table for another number of samples", () => {
    expect(() => wasserstein2(f(1, 2), quantileTable(normalLaw(), 3))).toThrow(/as many as the table's 3, but got 2/);
    expect(() => quantileTable(normalLaw(), 0)).toThrow(/count/);
    expect(() => quantileTable({}, 4)).toThrow(/quantile function/);
  });
});

describe("between samples", () => {
  it("equals SciPy's for unequal sizes", () => {
    const { x, y, w1, w2 } = fixture.line;
    expect(wasserstein1(f(...x), f(...y))).toBeCloseTo(w1, 14);
    expect(wasserstein2(f(...x), f(...y))).toBeCloseTo(w2, 14);
  });

  const set = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 15 });

  it("is a metric: zero to itself in any order, symmetric, triangle, translation", () => {
    fc.assert(
      fc.property(set, set, set, fc.double({ min: -100, max: 100, noNaN: true }), (a, b, c, shift) => {
        for (const distance of [wasserstein1, wasserstein2]) {
          const [x, y, z] = [f(...a), f(...b), f(...c)];
          expect(distance(x, f(...a.toReversed()))).toBe(0);
          expect(distance(x, y)).toBeCloseTo(distance(y, x), 9);
          expect(distance(x, z)).toBeLessThanOrEqual(distance(x, y) + distance(y, z) + 1e-9);
          expect(
            Math.abs(
              distance(
                x.map((v) => v + shift),
                x,
              ) - Math.abs(shift),
            ),
          ).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it("does not change when samples are repeated, and leaves its arguments alone", () => {
    const x = f(3, 1, 2);
    const y = f(0, 5);
    expect(wasserstein2(f(3, 1, 2, 3, 1, 2), y)).toBeCloseTo(wasserstein2(x, y), 14);
    expect([...x]).toEqual([3, 1, 2]);
  });

  it("refuses samples that are empty or not finite, and says how many", () => {
    expect(() => wasserstein1(f(), f(1))).toThrow(/at least one row/);
    expect(() => wasserstein2(f(1, Number.NaN, 2, Number.POSITIVE_INFINITY), f(1))).toThrow(
      /2 of 4 rows \(first: row 1\)/,
    );
    expect(() => wasserstein2(f(1), f(Number.NaN))).toThrow(/reference/);
  });
});
