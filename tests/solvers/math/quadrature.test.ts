import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../solvers/errors.js";
import { gaussLegendre } from "../../../solvers/math/gauss-legendre.js";
import { integrate } from "../../../solvers/math/quadrature.js";

const EPSILON = 2 ** -52;

describe("gaussLegendre", () => {
  it.each([1, 2, 3, 8, 16, 33])("with %i nodes integrates every power up to 2n − 1 exactly", (order) => {
    const { nodes, weights } = gaussLegendre(order);
    for (let power = 0; power < 2 * order; power++) {
      let sum = 0;
      for (let i = 0; i < order; i++) sum += weights[i]! * nodes[i]! ** power;
      // Weights sum to 2; each term carries about (power + 2) roundings of relative size 2^-53.
      expect(Math.abs(sum - (power % 2 === 0 ? 2 / (power + 1) : 0))).toBeLessThan((power + 4) * EPSILON);
    }
  });

  it("does not integrate the power 2n exactly", () => {
    const { nodes, weights } = gaussLegendre(4);
    let sum = 0;
    for (let i = 0; i < 4; i++) sum += weights[i]! * nodes[i]! ** 8;
    // Error term of the rule for x^8, f⁽⁸⁾ = 8!: 2^9 (4!)^4 / (9 (8!)^3) · 8! (Davis & Rabinowitz eq. 2.7.12).
    expect(2 / 9 - sum).toBeCloseTo((2 ** 9 * 24 ** 4) / (9 * 40320 ** 2), 13);
  });

  it("has the two-point nodes ±1/√3 and increasing nodes", () => {
    expect(gaussLegendre(2).nodes[1]).toBeCloseTo(1 / Math.sqrt(3), 15);
    const { nodes } = gaussLegendre(16);
    for (let i = 1; i < 16; i++) expect(nodes[i]!).toBeGreaterThan(nodes[i - 1]!);
  });
});

describe("integrate", () => {
  // Closed forms; bounds are the documented relative tolerance of 1e-14 against ∫|f|, plus the integrand's own rounding.
  it.each<[string, (x: number) => number, number, number, number]>([
    ["exp", Math.exp, 0, 1, Math.E - 1],
    ["Runge's function", (x) => 1 / (1 + 25 * x * x), -1, 1, (2 / 5) * Math.atan(5)],
    ["a narrow Lorentzian", (x) => 1e-3 / (x * x + 1e-6), -1, 1, 2 * Math.atan(1000)],
    ["sin²(40x)", (x) => Math.sin(40 * x) ** 2, 0, 3, 1.5 - Math.sin(240) / 160],
    ["exp over 60 decades", (x) => Math.exp(-x), 0, 140, 1],
  ])("of %s", (_, f, a, b, truth) => {
    expect(Math.abs(integrate(f, a, b) / truth - 1)).toBeLessThan(3e-14);
  });

  it("handles an endpoint singularity of x^(-1/2)", () => {
    expect(Math.abs(integrate((x) => 1 / Math.sqrt(x), 0, 1) - 2)).toBeLessThan(1e-13);
  });

  it("splits at breakpoints, where a step function needs no bisection", () => {
    let calls = 0;
    const step = (x: number) => {
      calls++;
      return x < 1 / 3 ? 1 : 2;
    };
    const value = integrate(step, 0, 1, { breakpoints: [5, 1 / 3, -1] });
    expect(Math.abs(value - 5 / 3)).toBeLessThan(4 * EPSILON);
    expect(calls).toBe(2 * 3 * 16);
  });

  it("keeps its accuracy relative to ∫|f| when the integral cancels to zero", () => {
    expect(Math.abs(integrate((x) => x * x * x, -1, 1))).toBeLessThan(EPSILON);
    expect(Math.abs(integrate(Math.sin, 0, 2 * Math.PI))).toBeLessThan(4e-14);
  });

  it("changes sign with its limits and is zero on nothing", () => {
    expect(integrate(Math.exp, 1, 0)).toBe(-integrate(Math.exp, 0, 1));
    expect(integrate(Math.exp, 1, 1)).toBe(0);
  });

  it("is additive", () => {
    const limit = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(limit, limit, limit, (a, b, c) => {
        const f = (x: number) => Math.exp(-x * x) * (1 + Math.sin(7 * x));
        const gap = integrate(f, a, b) + integrate(f, b, c) - integrate(f, a, c);
        // Each of three integrals of a function below 2 on at most 6 units: 3 · 1e-14 · ∫|f| ≤ 3 · 1e-14 · 2√π.
        expect(Math.abs(gap)).toBeLessThan(1.1e-13);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it("refuses infinite limits, non-finite integrands and hopeless ones, naming the place", () => {
    expect(() => integrate(Math.exp, 0, Number.POSITIVE_INFINITY)).toThrow(/integrate: the limits must be finite/);
    expect(() => integrate((x) => Math.sqrt(x), -1, 1)).toThrow(/must be finite, but got NaN at -0\.9/);
    let seed = 1;
    const noise = () => {
      seed = (seed * 16807) % 2147483647;
      return seed;
    };
    expect(() => integrate(noise, 0, 1)).toThrow(UsageError);
  });
});
