import { expect, it } from "vitest";
import { gaussianW2, type QuantileLaw, quantileLaw } from "../../src/metrics/index.js";
import { quantileDistance } from "../../src/metrics/quantile-distance.js";
import { gaussian, toy } from "../../src/targets/index.js";

const normal = (mean: number, standardDeviation: number) =>
  quantileLaw(gaussian({ mean, standardDeviation }).perturbed(1, 0));

/** Relative error: 512 stretches of 1e-9 each, halved by the root. */
const ACCURACY = 3e-7;

it.each([
  [0, 1, 1e-7, 1],
  [0, 1, 0, 1.001],
  [3, 1e-6, 3 + 2e-6, 5e-6],
  [-1e4, 1e6, 1e4, 2e6],
])("N(%d, %d²) against N(%d, %d²): Gelbrich's formula", (m0, s0, m1, s1) => {
  const exact = gaussianW2(
    Float64Array.of(m0),
    Float64Array.of(s0 * s0),
    Float64Array.of(m1),
    Float64Array.of(s1 * s1),
  );
  // Quantiles of size q carry 2 roundings of 1e-16 q.
  const rounding = 1e-15 * (Math.abs(m0) + 9 * s1);
  expect(Math.abs(quantileDistance(normal(m0, s0), normal(m1, s1)) - exact)).toBeLessThan(ACCURACY * exact + rounding);
});

it("equal laws are 0 apart, and the order does not matter", () => {
  const [trimodal, laplace] = (["trimodal", "laplace"] as const).map((name) => quantileLaw(toy(name).perturbed(1, 0)));
  expect(quantileDistance(trimodal!, trimodal!)).toBe(0);
  const there = quantileDistance(trimodal!, laplace!);
  expect(Math.abs(quantileDistance(laplace!, trimodal!) / there - 1)).toBeLessThan(2 * ACCURACY);
});

/** Even on [0, 1] with probability `weight` and on [10, 11] else. */
function boxes(weight: number): QuantileLaw {
  const cdf = (x: number) => weight * Math.min(1, Math.max(0, x)) + (1 - weight) * Math.min(1, Math.max(0, x - 10));
  return quantileLaw({ cdf, quantile: (u) => (u < weight ? u / weight : 10 + (u - weight) / (1 - weight)) });
}

it.each([0.3, 0.03, 0.3 + 1e-9])("boxes of weights 0.300001 and %d: the sum over three linear pieces", (other) => {
  const [a, b] = [Math.min(0.300001, other), Math.max(0.300001, other)];
  // ∫ of the square of a line between its end values, exact by (p² + pq + q²)/3.
  const piece = (length: number, p: number, q: number) => (length * (p * p + p * q + q * q)) / 3;
  const upTo = piece(a, 0, 1 - a / b);
  const between = piece(b - a, 10 - a / b, 9 + (b - a) / (1 - a));
  const beyond = piece(1 - b, (b - a) / (1 - a), 0);
  const exact = Math.sqrt(upTo + between + beyond);
  // The weights' difference itself is rounded to 1e-16.
  const rounding = 1e-16 / (b - a);
  expect(Math.abs(quantileDistance(boxes(a), boxes(b)) / exact - 1)).toBeLessThan(ACCURACY + rounding);
});
