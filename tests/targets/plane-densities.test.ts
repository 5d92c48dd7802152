import { describe, expect, it } from "vitest";
import { named, PLANE_DENSITIES } from "./every-target.js";

describe.each(named(PLANE_DENSITIES))("%s in the plane", (_, target) => {
  it("smoothed density integrates to 1 with the right mean and covariance", () => {
    const [alpha, sigma] = [0.8, 0.15];
    const law = target.perturbed(alpha, sigma);
    // The trapezoidal rule on a lattice finer than the noise is exact to exp(−2π² σ²/h²) < 1e-19.
    const h = 0.1;
    const side = 2 * 50 + 1;
    const x = new Float64Array(side * side * 2);
    for (let i = 0; i < side * side; i++) {
      x[2 * i] = h * ((i % side) - 50);
      x[2 * i + 1] = h * (Math.floor(i / side) - 50);
    }
    const density = new Float64Array(side * side);
    law.logDensity(x, side * side, density);
    let mass = 0;
    const mean = [0, 0];
    const second = [0, 0, 0, 0];
    for (let i = 0; i < side * side; i++) {
      const p = h * h * Math.exp(density[i]!);
      mass += p;
      for (const d of [0, 1]) {
        mean[d] = mean[d]! + p * x[2 * i + d]!;
        for (const e of [0, 1]) second[2 * d + e] = second[2 * d + e]! + p * x[2 * i + d]! * x[2 * i + e]!;
      }
    }
    expect(mass).toBeCloseTo(1, 12);
    for (const d of [0, 1]) {
      expect(mean[d]!).toBeCloseTo(alpha * target.mean[d]!, 11);
      for (const e of [0, 1]) {
        const exact = alpha * alpha * target.covariance[2 * d + e]! + (d === e ? sigma * sigma : 0);
        expect(second[2 * d + e]! - mean[d]! * mean[e]!).toBeCloseTo(exact, 10);
      }
    }
  });
});
