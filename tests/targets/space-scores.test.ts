import { afterEach, describe, expect, it } from "vitest";
import { useKernels } from "../../solvers/kernels/kernels.js";
import { exactScore } from "../../src/scores/index.js";
import { ve, vp } from "../../src/sdes/index.js";
import { mixture } from "../../src/targets/index.js";
import { SpaceScores } from "../../src/targets/space-scores.js";
import type { Target } from "../../src/targets/types.js";

afterEach(() => useKernels(true));

const UNIT = 2 ** -53;

/** Isotropic components of unlike widths and weights, at places without pattern. */
function scattered(dimension: number, components: number) {
  const place = (i: number) => 2 * Math.sin(12.9898 * (i + 1)) ** 3;
  const weights = Array.from({ length: components }, (_, k) => (2 * (k + 1)) / (components * (components + 1)));
  const means = Array.from({ length: components }, (_, k) =>
    Array.from({ length: dimension }, (_, d) => place(k * dimension + d)),
  );
  const standardDeviations = Array.from({ length: components }, (_, k) => 0.2 + 0.1 * (k % 3));
  return { weights, means, standardDeviations };
}

/**
 * The score of one row term by term, and what rounding may change of it. A sum of D squares in any order has relative error
 * (D + 2) u, a logit twice that and its own roundings, and a share as much as its logit: the mean of the components' scores
 * moves by no more than the mean of |g − s| times the difference of two logits' errors, and by the roundings of K sums.
 */
function plainScore(law: ReturnType<typeof scattered>, x: readonly number[], alpha: number, sigma: number) {
  const dimension = x.length;
  const parts = law.weights.map((weight, k) => {
    const variance = (alpha * law.standardDeviations[k]!) ** 2 + sigma ** 2;
    const away = law.means[k]!.map((m, d) => alpha * m - x[d]!);
    const half = away.reduce((sum, a) => sum + a * a, 0) / (2 * variance);
    const determinant = (dimension / 2) * Math.log(variance);
    const logit = Math.log(weight) - determinant - half;
    const error =
      (2 * (dimension + 8) * half + 8 * (Math.abs(determinant) + Math.abs(Math.log(weight)) + dimension)) * UNIT;
    return { logit, error, pull: away.map((a) => a / variance) };
  });
  const largest = Math.max(...parts.map(({ logit }) => logit));
  const shares = parts.map(({ logit }) => Math.exp(logit - largest));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const mean = (of: (k: number) => number) => shares.reduce((sum, share, k) => sum + (share / total) * of(k), 0);
  const worst = mean((k) => parts[k]!.error);
  return x.map((_, d) => {
    const score = mean((k) => parts[k]!.pull[d]!);
    const moved = mean((k) => (parts[k]!.error + worst) * Math.abs(parts[k]!.pull[d]! - score));
    const rounded = 2 * (parts.length + 8) * UNIT * mean((k) => Math.abs(parts[k]!.pull[d]!));
    // |α m| + |x| over the width: their difference has its own rounding, which counts where the pull is small.
    const differences = mean(
      (k) =>
        (2 * UNIT * (Math.abs(alpha * law.means[k]![d]!) + Math.abs(x[d]!))) /
        (alpha * law.standardDeviations[k]!) ** 2,
    );
    return { score, bound: moved + rounded + differences };
  });
}

const rowsOf = (target: Target, count: number, sigma: number) => {
  const { data } = target.sample({ count, seed: 1 });
  return data.map((value, i) => 0.8 * value + sigma * Math.sin(78.233 * i));
};

describe.each([
  [3, 2],
  [5, 70],
  [16, 9],
  [257, 130],
])("isotropic components in %i dimensions, %i of them", (dimension, components) => {
  const law = scattered(dimension, components);
  const target = mixture(law);
  const count = 67;

  it.each([1e-3, 0.3, 2])("score as the sum over components does, σ = %f", (sigma) => {
    const x = rowsOf(target, count, sigma);
    const out = new Float64Array(x.length);
    target.perturbed(0.8, sigma).score(x, count, out);
    for (let i = 0; i < count; i += 9) {
      const row = Array.from(x.subarray(i * dimension, (i + 1) * dimension));
      for (const [d, { score, bound }] of plainScore(law, row, 0.8, sigma).entries()) {
        expect(Math.abs(out[i * dimension + d]! - score)).toBeLessThanOrEqual(bound);
      }
    }
  });

  // Under VE α is 1 at all times.
  it.each([vp(), ve()])(
    "have the same bits with and without the kernel, alone and in a batch, at one time and at many: $name",
    (sde) => {
      const x = rowsOf(target, count, 0.6);
      const shared = new Float64Array(count).fill(0.3);
      const own = Float64Array.from({ length: count }, (_, i) => 0.01 + (0.9 * Math.floor(i / 2)) / count);
      const evaluate = (times: Float64Array, wanted: boolean) => {
        useKernels(wanted);
        const out = new Float64Array(x.length);
        exactScore(target, sde).evaluate({ x, times, count }, out);
        return out;
      };
      for (const times of [shared, own]) {
        const together = evaluate(times, true);
        expect(together.every(Number.isFinite)).toBe(true);
        expect(evaluate(times, false)).toEqual(together);
        for (let i = 0; i < count; i++) {
          const [begin, end] = [i * dimension, (i + 1) * dimension];
          const alone = new Float64Array(dimension);
          target.perturbed(sde.alpha(times[i]!), sde.sigma(times[i]!)).score(x.slice(begin, end), 1, alone);
          expect(alone).toEqual(together.slice(begin, end));
        }
      }
    },
  );
});

// Two rows of 12 000 numbers fit into the kernel's memory, two of 30 000 do not.
it.each([12_000, 30_000])("rows of %i numbers", (dimension) => {
  const count = 5;
  const numbers = (phase: number) => Float64Array.from({ length: count * dimension }, (_, i) => Math.sin(i * phase));
  const components = {
    dimension,
    count,
    isotropic: true,
    weights: new Float64Array(count).fill(1 / count),
    means: numbers(1.1),
    standardDeviations: new Float64Array(count),
  };
  const levels = [0.9, 0.9, 0.9, 0.5, 0.4];
  const scores = (wanted: boolean) => {
    useKernels(wanted);
    const out = new Float64Array(count * dimension);
    const sigmas = Float64Array.from(levels, (alpha) => 40 / alpha);
    new SpaceScores(components).scoreRows(numbers(0.7), Float64Array.from(levels), sigmas, count, out);
    return out;
  };
  const fast = scores(true);
  expect(scores(false)).toEqual(fast);
  expect(fast.every((value) => Number.isFinite(value) && value !== 0)).toBe(true);
});
