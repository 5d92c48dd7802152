import { describe, expect, it } from "vitest";
import { fillNormal, fillUniform } from "../../solvers/noise/normal.js";
import { ALL, named, places } from "./every-target.js";

describe.each(named(ALL))("%s", (_, target) => {
  const n = target.dimension;
  const levels: [number, number][] = [
    [0.8, 0.6],
    [0.05, 0.99875],
    [1, 0.1],
    [0.02, 0.9998],
  ];

  it("has bits that do not depend on the batch, nor on a reused law", () => {
    let reused = target.perturbed(0.3, 0.9);
    for (const [alpha, sigma] of levels) {
      const count = 300;
      const x = places(target, count, alpha, sigma);
      const law = target.perturbed(alpha, sigma);
      const before = reused;
      reused = target.perturbed(alpha, sigma, reused);
      expect(reused).toBe(before);
      for (const [quantity, width] of [
        ["score", n],
        ["logDensity", 1],
        ["scoreDivergence", 1],
      ] as const) {
        const whole = new Float64Array(count * width);
        const again = new Float64Array(count * width);
        const alone = new Float64Array(count * width);
        law[quantity](x, count, whole);
        reused[quantity](x, count, again);
        for (let i = 0; i < count; i++) law[quantity](x.subarray(i * n, (i + 1) * n), 1, alone.subarray(i * width));
        expect(alone).toEqual(whole);
        expect(again).toEqual(whole);
        expect(whole.every(Number.isFinite)).toBe(true);
      }
    }
  });

  it("score is the gradient of the log-density, divergence that of the score", () => {
    for (const [alpha, sigma] of levels) {
      const law = target.perturbed(alpha, sigma);
      const count = 12;
      const x = places(target, count, alpha, sigma);
      // Sixth-order differences: truncation (h/σ)⁶ · 36 times the size of the derivative, rounding ε |ln p| / h.
      const h = 0.02 * sigma;
      const weights = [-1 / 60, 3 / 20, -3 / 4, 0, 3 / 4, -3 / 20, 1 / 60];
      const value = new Float64Array(1);
      const vector = new Float64Array(n);
      for (let i = 0; i < count; i++) {
        const row = x.slice(i * n, (i + 1) * n);
        const score = new Float64Array(n);
        law.score(row, 1, score);
        let divergence = 0;
        let size = 0;
        law.logDensity(row, 1, value);
        const logDensity = Math.abs(value[0]!);
        for (let d = 0; d < n; d++) {
          let slope = 0;
          const centre = row[d]!;
          for (const [k, weight] of weights.entries()) {
            row[d] = centre + (k - 3) * h;
            law.logDensity(row, 1, value);
            slope += (weight * value[0]!) / h;
            law.score(row, 1, vector);
            divergence += (weight * vector[d]!) / h;
            size = Math.max(size, Math.abs(vector[d]!));
          }
          row[d] = centre;
          const scale = (1 + logDensity) / sigma;
          const tolerance = 2 ** -52 * ((1 + logDensity) / h) * 16 + 1e-7 * scale;
          expect(Math.abs(slope - score[d]!)).toBeLessThan(tolerance);
        }
        law.scoreDivergence(row, 1, value);
        const curvature = (1 + size * sigma) ** 2 / (sigma * sigma);
        expect(Math.abs(divergence - value[0]!)).toBeLessThan(1e-6 * n * curvature);
      }
    }
  });

  it("sample i depends on (seed, run, first sample + i) alone", () => {
    const whole = target.sample({ count: 50, seed: 3, run: 2 });
    expect(whole.shape).toEqual([50, n]);
    const parts = [
      ...target.sample({ count: 13, seed: 3, run: 2 }).data,
      ...target.sample({ count: 37, seed: 3, run: 2, firstSample: 13 }).data,
    ];
    expect(parts).toEqual([...whole.data]);
    for (const other of [
      { seed: 4, run: 2 },
      { seed: 3, run: 1 },
      { seed: 3, run: 2, stream: "floor" },
    ] as const) {
      expect([...target.sample({ count: 50, ...other }).data]).not.toEqual(parts);
    }
  });

  it("samples have the exact mean and covariance", () => {
    const count = 8000;
    const { data } = target.sample({ count, seed: 11 });
    for (let d = 0; d < n; d++) {
      for (let e = -1; e <= d; e++) {
        // e = −1 stands for the mean of coordinate d, any other for a product of centred coordinates.
        let sum = 0;
        let squares = 0;
        for (let i = 0; i < count; i++) {
          const a = data[i * n + d]! - target.mean[d]!;
          const value = e < 0 ? a : a * (data[i * n + e]! - target.mean[e]!) - target.covariance[d * n + e]!;
          sum += value;
          squares += value * value;
        }
        const standardError = Math.sqrt(squares) / count;
        expect(Math.abs(sum / count)).toBeLessThan(4 * standardError + 1e-12);
      }
    }
  });

  it("posterior samples of noised data have the data law", () => {
    // x₀ ~ data, x = α x₀ + σ ε, x₀′ ~ p(x₀ | x): x₀′ has the law of x₀, and the joint law of (x₀′, x) is that of (x₀, x).
    const count = 8000;
    const [alpha, sigma] = [0.8, 0.6];
    const { data } = target.sample({ count, seed: 21 });
    const noise = new Float64Array(count * n);
    fillNormal({ seed: 22, stream: "probe" }, 0, noise);
    const x = data.map((value, i) => alpha * value + sigma * noise[i]!);
    const uniforms = new Float64Array(count * target.posteriorNumbers!);
    fillUniform({ seed: 23, stream: "probe" }, 0, uniforms);
    const drawn = new Float64Array(count * n);
    target.posteriorSample!(x, count, alpha, sigma, uniforms, drawn);
    for (let d = 0; d < n; d++) {
      for (const statistic of [
        (a: number) => a,
        (a: number) => a * a,
        (a: number, b: number) => a * b,
        (a: number, b: number) => a * a * b * b,
        (a: number, b: number) => Math.cos(3 * a - b),
      ]) {
        let sum = 0;
        let squares = 0;
        for (let i = d; i < count * n; i += n) {
          const difference = statistic(drawn[i]!, x[i]!) - statistic(data[i]!, x[i]!);
          sum += difference;
          squares += difference * difference;
        }
        expect(Math.abs(sum)).toBeLessThan(4 * Math.sqrt(squares));
      }
    }
  });

  it("posterior sampling takes the ends of the uniforms and noise-free states", () => {
    const width = target.posteriorNumbers!;
    const out = new Float64Array(3 * n);
    const x = target.sample({ count: 3, seed: 9 }).data;
    for (const u of [1, 2 ** -53]) {
      target.posteriorSample!(x, 3, 0.5, 0.7, new Float64Array(3 * width).fill(u), out);
      expect(out.every(Number.isFinite)).toBe(true);
    }
  });

  it("mode responsibilities average to the mode weights", () => {
    if (target.modes === undefined) return;
    const { weights, responsibilities } = target.modes;
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    const count = 6000;
    const table = new Float64Array(count * weights.length);
    responsibilities(target.sample({ count, seed: 31 }).data, count, table);
    for (const [k, weight] of weights.entries()) {
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < count; i++) {
        sum += table[i * weights.length + k]!;
        squares += (table[i * weights.length + k]! - weight) ** 2;
      }
      expect(Math.abs(sum / count - weight)).toBeLessThan((4 * Math.sqrt(squares)) / count);
    }
  });
});
