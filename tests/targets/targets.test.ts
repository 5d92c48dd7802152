import { describe, expect, it } from "vitest";
import { integrate } from "../../solvers/math/quadrature.js";
import { fillNormal, fillUniform } from "../../solvers/noise/normal.js";
import type { ToyName } from "../../src/targets/index.js";
import { empirical, gaussian, mixture, type Target, TOYS, toy } from "../../src/targets/index.js";

const GAUSSIAN_3 = gaussian({
  mean: [1, -2, 0.5],
  covariance: [
    [2, 0.5, -0.3],
    [0.5, 1, 0.2],
    [-0.3, 0.2, 0.25],
  ],
});
const DIAGONAL_3 = mixture({
  weights: [0.4, 0.6],
  means: [
    [0, 1, -2],
    [1.5, -1, 0.5],
  ],
  standardDeviations: [
    [0.2, 0.5, 1],
    [0.9, 0.3, 0.05],
  ],
});
const CLOUD = empirical([
  [0, 1],
  [2, -1],
  [0.5, 0.25],
  [-3, 0],
]);
// Images are mixtures too: tests in three dimensions hold for them, and digits.test.ts has the rest.
const TOY_TARGETS = Array.from(TOYS.keys(), (name) => toy(name as ToyName)).filter(({ dimension }) => dimension <= 3);
const ALL: readonly Target[] = [
  gaussian({ mean: 0.7, standardDeviation: 0.5 }),
  GAUSSIAN_3,
  DIAGONAL_3,
  CLOUD,
  ...TOY_TARGETS,
];
const LINE = ALL.filter(({ dimension }) => dimension === 1);
const PLANE_DENSITIES = TOY_TARGETS.filter(({ dimension }) => dimension === 2);
const named = (targets: readonly Target[]) =>
  targets.map((target) => [`${target.name} ${target.dimension}-D`, target] as const);

/** Rows of α x₀ + σ ε, and some far outside. */
function places(target: Target, count: number, alpha: number, sigma: number): Float64Array {
  const rows = target.sample({ count, seed: 5 }).data.slice();
  const noise = new Float64Array(rows.length);
  fillNormal({ seed: 6, stream: "probe" }, 0, noise);
  for (let i = 0; i < rows.length; i++) {
    const wide = Math.floor(i / target.dimension) % 7 === 6 ? 5 : 1;
    rows[i] = alpha * rows[i]! + wide * sigma * noise[i]!;
  }
  return rows;
}

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

describe("special cases", () => {
  it("points are the limit of narrow components", () => {
    const points = [
      [0, 1],
      [2, -1],
      [0.5, 0.25],
      [-3, 0],
    ];
    const narrow = mixture({
      weights: [0.25, 0.25, 0.25, 0.25],
      means: points,
      standardDeviations: [1e-9, 1e-9, 1e-9, 1e-9],
    });
    const x = Float64Array.of(0.3, 0.2, -1, 0.7, 1.1, 0.1);
    for (const [alpha, sigma] of [
      [0.9, 0.2],
      [0.2, 0.98],
    ] as const) {
      const [a, b] = [new Float64Array(6), new Float64Array(6)];
      CLOUD.perturbed(alpha, sigma).score(x, 3, a);
      narrow.perturbed(alpha, sigma).score(x, 3, b);
      // A variance of 1e-18 beside σ² ≥ 0.04 changes the score by 1e-16 relative.
      for (const [i, value] of a.entries()) expect(value).toBeCloseTo(b[i]!, 12);
    }
    expect(CLOUD.logDensity).toBeUndefined();
    expect(CLOUD.modes).toBeUndefined();
    expect(() => CLOUD.perturbed(1, 0)).toThrow(/component 0 has variance 0.*choose sigma > 0/);
    const samples = CLOUD.sample({ count: 20, seed: 0 });
    for (let i = 0; i < 20; i++) expect(points).toContainEqual([samples.get(i, 0), samples.get(i, 1)]);
  });

  it("one component is the Gaussian", () => {
    const one = mixture({ weights: 1, means: [0.7], standardDeviations: [0.5] });
    const same = gaussian({ mean: 0.7, standardDeviation: 0.5 });
    const x = Float64Array.of(-4, 0.1, 0.7, 9);
    const [a, b] = [new Float64Array(4), new Float64Array(4)];
    one.perturbed(0.6, 0.8).score(x, 4, a);
    same.perturbed(0.6, 0.8).score(x, 4, b);
    for (const [i, value] of a.entries()) expect(value).toBeCloseTo(b[i]!, 14);
  });

  it("the Gaussian's eigenbasis rebuilds its covariance", () => {
    const { eigenvalues, eigenvectors, covariance } = GAUSSIAN_3;
    for (let d = 0; d < 3; d++) {
      for (let e = 0; e < 3; e++) {
        let sum = 0;
        for (let j = 0; j < 3; j++) sum += eigenvectors[3 * d + j]! * eigenvalues[j]! * eigenvectors[3 * e + j]!;
        expect(sum).toBeCloseTo(covariance[3 * d + e]!, 14);
      }
    }
  });

  it("the score stays finite and exact far outside a box and of a Laplace law", () => {
    const out = new Float64Array(1);
    // Far out the posterior is an exponential law at the edge: −E[x − x₀]/σ² = −(distance + σ²/distance − …)/σ².
    toy("uniform").perturbed(1, 0.01).score(Float64Array.of(1000), 1, out);
    expect(out[0]! / (-999 / 1e-4)).toBeCloseTo(1, 9);
    // Far out the smoothed Laplace law falls like the Laplace law itself: score −1/b.
    toy("laplace").perturbed(1, 0.01).score(Float64Array.of(1e6), 1, out);
    expect(out[0]).toBe(-1);
  });

  it("without noise a box has score 0 inside, none outside", () => {
    const out = new Float64Array(2);
    toy("uniform").perturbed(1, 0).score(Float64Array.of(0.5, 1.5), 2, out);
    expect([...out]).toEqual([0, Number.NaN]);
    expect([...toy("uniform").logDensity!(Float64Array.of(0.5, 1.5))]).toEqual([
      -Math.log(2),
      Number.NEGATIVE_INFINITY,
    ]);
  });

  it("α = 0 is pure noise for every target", () => {
    for (const target of ALL) {
      const x = new Float64Array(2 * target.dimension).fill(0.75);
      const out = new Float64Array(x.length);
      target.perturbed(0, 2).score(x, 2, out);
      for (const s of out) expect(s).toBeCloseTo(-0.75 / 4, 14);
    }
  });
});
