import { describe, expect, it } from "vitest";
import { integrate } from "../../solvers/math/quadrature.js";
import { fillNormal, fillUniform } from "../../solvers/noise/normal.js";
import { LINE, named } from "./every-target.js";

describe.each(named(LINE))("%s on the line", (_, target) => {
  // Edges, kinks and spikes lie on or near multiples of 0.1, where panels of the quadrature end.
  const breakpoints = Array.from({ length: 81 }, (_unused, i) => (i - 40) / 10);
  const density = (x: number) => Math.exp(target.logDensity!(Float64Array.of(x))[0]!);

  it("density integrates to 1, with the mean, variance and distribution function", () => {
    const moment = (power: (x: number) => number) => integrate((x) => density(x) * power(x), -60, 60, { breakpoints });
    const [mean, variance] = [target.mean[0]!, target.covariance[0]!];
    expect(moment(() => 1)).toBeCloseTo(1, 12);
    expect(moment((x) => x)).toBeCloseTo(mean, 12);
    expect(moment((x) => (x - mean) ** 2)).toBeCloseTo(variance, 11);
    for (const x of [-2.1, -0.3, 0.45, 1.9]) {
      expect(integrate(density, -60, x, { breakpoints })).toBeCloseTo(target.cdf!(x), 12);
    }
  });

  it("smoothed density integrates to its distribution function", () => {
    const law = target.perturbed(0.7, 0.3);
    const value = new Float64Array(1);
    const smooth = (x: number) => {
      law.logDensity(Float64Array.of(x), 1, value);
      return Math.exp(value[0]!);
    };
    for (const [from, to] of [
      [-60, -1],
      [-1, 0.2],
      [0.2, 60],
    ] as const) {
      expect(integrate(smooth, from, to, { breakpoints })).toBeCloseTo(law.cdf!(to) - law.cdf!(from), 12);
    }
  });

  it("quantile inverts the distribution function, without and with noise", () => {
    for (const [alpha, sigma] of [
      [1, 0],
      [0.8, 0.6],
      [1, 30],
    ] as const) {
      const law = target.perturbed(alpha, sigma);
      for (const p of [1e-12, 0.003, 0.25, 0.5, 0.77, 0.9999]) {
        for (const upper of [false, true]) {
          const x = law.quantile!(p, { upper });
          const value = new Float64Array(1);
          law.logDensity(Float64Array.of(x), 1, value);
          // Rounding of x and of α m (|m| ≤ 3) moves the tail by ε (|x| + 3) p(x); each tail itself is good to a few ε.
          const tolerance = 2 ** -52 * ((Math.abs(x) + 3) * Math.exp(value[0]!) + 8 * p);
          expect(Math.abs((upper ? law.survival!(x) : law.cdf!(x)) - p)).toBeLessThan(tolerance);
        }
      }
    }
    expect(() => target.quantile!(1.5)).toThrow(/probability must be in \[0, 1\], but got 1.5/);
    expect(() => target.quantile!(Number.NaN)).toThrow(/probability/);
  });

  it("samples follow the distribution function (Kolmogorov–Smirnov)", () => {
    const count = 20_000;
    const sorted = target.sample({ count, seed: 41 }).data.slice().sort();
    let distance = 0;
    for (const [i, x] of sorted.entries()) {
      const level = target.cdf!(x);
      distance = Math.max(distance, Math.abs(level - i / count), Math.abs(level - (i + 1) / count));
    }
    // P(√n D > 2.2) = 1.3e-4, the level of |z| < 4 on two sides.
    expect(Math.sqrt(count) * distance).toBeLessThan(2.2);
  });

  it("posterior samples follow the data's distribution function (Kolmogorov–Smirnov)", () => {
    const count = 20_000;
    const { data } = target.sample({ count, seed: 51 });
    for (const [alpha, sigma] of [
      [0.9, 0.3],
      [0.05, 1],
    ] as const) {
      const x = new Float64Array(count);
      fillNormal({ seed: 52, stream: "probe" }, 0, x);
      for (let i = 0; i < count; i++) x[i] = alpha * data[i]! + sigma * x[i]!;
      const uniforms = new Float64Array(count * 2);
      fillUniform({ seed: 53, stream: "probe" }, 0, uniforms);
      const drawn = new Float64Array(count);
      target.posteriorSample!(x, count, alpha, sigma, uniforms, drawn);
      drawn.sort();
      let distance = 0;
      for (const [i, value] of drawn.entries()) {
        const level = target.cdf!(value);
        distance = Math.max(distance, Math.abs(level - i / count), Math.abs(level - (i + 1) / count));
      }
      expect(Math.sqrt(count) * distance).toBeLessThan(2.2);
    }
  });
});
