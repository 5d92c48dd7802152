import { describe, expect, it } from "vitest";
import { adamsWeights } from "../../../solvers/exponential/adams-weights.js";

const EPSILON = 2 ** -52;

describe("Adams weights", () => {
  it("with constant kernel and equal steps are Adams and Bashforth's, and Moulton's", () => {
    const bashforth = [55, -59, 37, -9].map((c) => c / 24);
    for (const [j, w] of adamsWeights([0, -1, -2, -3], 0, 1, () => 1).entries()) {
      expect(Math.abs(w - bashforth[j]!)).toBeLessThan(64 * EPSILON);
    }
    const moulton = [9, 19, -5, 1].map((c) => c / 24);
    for (const [j, w] of adamsWeights([1, 0, -1, -2], 0, 1, () => 1).entries()) {
      expect(Math.abs(w - moulton[j]!)).toBeLessThan(64 * EPSILON);
    }
  });

  /** φ₁ = 1 − e^{−h}, φ₂ = 1 − φ₁/h, φ₃ = ½ − φ₂/h: the integrals of e^{v−h} times 1, v/h, (v/h)²/2 over [0, h]. */
  it.each([0.5, 2, 12])(
    "with an exponential kernel are DPM-Solver++(3M) with the whole second derivative, h = %d",
    (h) => {
      const [q0, q1] = [0.7, 1.3];
      const first = 1 - Math.exp(-h);
      const second = 1 - first / h;
      const third = 0.5 - second / h;
      const weights = adamsWeights([0, -q0 * h, -(q0 + q1) * h], 0, h, (v) => Math.exp(v - h));
      const step = (d0: number, d1: number, d2: number) => {
        const [d10, d11] = [(d0 - d1) / q0, (d1 - d2) / q1];
        const slope = d10 + (q0 / (q0 + q1)) * (d10 - d11);
        const curvature = (2 * (d10 - d11)) / (q0 + q1);
        return first * d0 + second * slope + third * curvature;
      };
      const expected = [step(1, 0, 0), step(0, 1, 0), step(0, 0, 1)];
      for (const [j, weight] of weights.entries()) {
        // The divided differences multiply rounding by 2/(q₀ (q₀ + q₁)) and the like, below 8.
        expect(Math.abs(weight - expected[j]!)).toBeLessThan(64 * EPSILON);
      }
    },
  );

  it("are exact for cubics times e^{20 v}", () => {
    // ∫₀¹ v³ e^{20(v − 1)} dv = 1/20 − 3/20² + 6/20³ − 6/20⁴ + 6 e^{−20}/20⁴.
    const nodes = [0, -0.5, -1, -2];
    const weights = adamsWeights(nodes, 0, 1, (v) => Math.exp(20 * (v - 1)));
    const value = nodes.reduce((sum, v, j) => sum + weights[j]! * v ** 3, 0);
    const exact = 1 / 20 - 3 / 400 + 6 / 8000 - (6 * (1 - Math.exp(-20))) / 160000;
    expect(Math.abs(value - exact)).toBeLessThan(64 * EPSILON);
  });
});
