import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { gaussian, mixture, type Target, toy } from "../../src/targets/index.js";

interface Fixture {
  readonly law: string;
  readonly alpha: number;
  readonly sigma: number;
  readonly points: readonly {
    readonly x: readonly number[];
    readonly logDensity: string;
    readonly score: readonly string[];
    readonly divergence: string;
  }[];
  readonly tails?: readonly { readonly x: number; readonly cdf: string; readonly survival: string }[];
  readonly quantiles?: readonly { readonly p: number; readonly upper: boolean; readonly x: string }[];
}

const FIXTURES: readonly Fixture[] = JSON.parse(
  readFileSync(new URL("../fixtures/targets.json", import.meta.url), "utf8"),
);

const COVARIANCE = [
  [2, 0.5, -0.3],
  [0.5, 1, 0.2],
  [-0.3, 0.2, 0.25],
];

const LAWS: Readonly<Record<string, Target>> = {
  trimodal: toy("trimodal"),
  spiky: toy("spiky"),
  uniform: toy("uniform"),
  laplace: toy("laplace"),
  gaussian: gaussian({ mean: 0.7, standardDeviation: 0.5 }),
  "gaussian-3": gaussian({ mean: [1, -2, 0.5], covariance: COVARIANCE }),
  "mixture-2": mixture({
    weights: [0.25, 0.6, 0.15],
    means: [
      [-1, 2],
      [0.5, -0.5],
      [3, 1],
    ],
    standardDeviations: [0.3, 0.7, 0.1],
  }),
  "mixture-3": mixture({
    weights: [0.4, 0.6],
    means: [
      [0, 1, -2],
      [1.5, -1, 0.5],
    ],
    standardDeviations: [
      [0.2, 0.5, 1],
      [0.9, 0.3, 0.05],
    ],
  }),
  checkerboard: toy("checkerboard"),
};

const EPSILON = 2 ** -52;

/** Largest relative step of the law's arguments: rounding of α m and of x − α m, 4 + |m| wide, moves x by ε times this. */
function reach(x: readonly number[], alpha: number): number {
  return 4 * alpha + Math.max(...x.map(Math.abs));
}

describe.each(FIXTURES)("$law at alpha = $alpha, sigma = $sigma", ({ law, alpha, sigma, points, tails, quantiles }) => {
  const target = LAWS[law]!;
  const perturbed = target.perturbed(alpha, sigma);

  it.each(points)("density, score and divergence at $x", ({ x, logDensity, score, divergence }) => {
    const at = Float64Array.from(x);
    const value = new Float64Array(1);
    const gradient = new Float64Array(x.length);
    const exactScore = score.map(Number);
    const norm = Math.sqrt(exactScore.reduce((sum, s) => sum + s * s, 0));
    const curvature = Math.abs(Number(divergence));
    // A shift of x by ε·reach, plus rounding of the exponent, which has the size of ln p and enters p relatively.
    const shift = EPSILON * reach(x, alpha);
    const exponent = EPSILON * (1 + Math.abs(Number(logDensity)));
    perturbed.logDensity(at, 1, value);
    expect(Math.abs(value[0]! - Number(logDensity))).toBeLessThanOrEqual(4 * (shift * norm + exponent));
    perturbed.score(at, 1, gradient);
    // The same two errors: the shift times the slope of the score, and shares wrong by `exponent` times the spread of the parts' scores.
    const spread = norm + Math.sqrt(curvature) + 1 / scaleOf(target, alpha, sigma);
    const allowed = 4 * (shift * (curvature + spread / scaleOf(target, alpha, sigma)) + exponent * spread);
    for (const [d, s] of exactScore.entries()) expect(Math.abs(gradient[d]! - s)).toBeLessThanOrEqual(allowed);
    perturbed.scoreDivergence(at, 1, value);
    const allowedDivergence = 16 * allowed * spread;
    expect(Math.abs(value[0]! - Number(divergence))).toBeLessThanOrEqual(allowedDivergence);
  });

  it.skipIf(tails === undefined)("distribution function to full relative precision", () => {
    for (const { x, cdf, survival } of tails ?? []) {
      const z = reach([x], alpha) / scaleOf(target, alpha, sigma);
      const allowed = 8 * EPSILON * (1 + z * z);
      expect(relative(perturbed.cdf!(x), Number(cdf))).toBeLessThanOrEqual(allowed);
      expect(relative(perturbed.survival!(x), Number(survival))).toBeLessThanOrEqual(allowed);
    }
  });

  it.skipIf(quantiles === undefined)("quantiles in both tails", () => {
    for (const { p, upper, x } of quantiles ?? []) {
      const exact = Number(x);
      const density = new Float64Array(1);
      perturbed.logDensity(Float64Array.of(exact), 1, density);
      // A tail probability known to 8 ε fixes x to 8 ε p / density(x); the arguments' own rounding adds ε reach.
      const allowed = 8 * EPSILON * (p / Math.exp(density[0]!) + reach([exact], alpha));
      expect(Math.abs(perturbed.quantile!(p, { upper }) - exact)).toBeLessThanOrEqual(allowed);
    }
  });
});

function relative(value: number, exact: number): number {
  // Below the normal range there is no relative precision to lose.
  return exact < 1e-300 ? Math.abs(value - exact) : Math.abs(value / exact - 1);
}

/** The narrowest standard deviation in the smoothed law. */
function scaleOf(target: Target, alpha: number, sigma: number): number {
  const narrowest: Readonly<Record<string, number>> = {
    trimodal: 0.25,
    spiky: 0.01,
    gaussian: 0.4,
    mixture: target.dimension === 2 ? 0.1 : 0.05,
  };
  const own = alpha * (narrowest[target.name] ?? 0);
  return Math.sqrt(own * own + sigma * sigma);
}
