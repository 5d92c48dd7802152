import { expect, it } from "vitest";
import { cumulativeWeights, findBound, findShare } from "../../src/targets/cumulative-weights.js";

const weights = Float64Array.of(0.25, 0, 0.5, 0.25, 0);

it("a uniform in (0, 1] finds the component whose share of the line holds it, never one without weight", () => {
  const bounds = cumulativeWeights(weights);
  expect([...bounds]).toEqual([0.25, 0.25, 0.75, 1, Number.POSITIVE_INFINITY]);
  for (const find of [(u: number) => findBound(bounds, u), (u: number) => findShare(weights, u)]) {
    expect([2 ** -53, 0.25, 0.25 + 2 ** -54, 0.75, 0.75 + 2 ** -53, 1].map(find)).toEqual([0, 0, 2, 2, 3, 3]);
  }
});

it("what rounding leaves of 1 belongs to the last component", () => {
  const tenths = new Float64Array(10).fill(0.1);
  expect(tenths.reduce((sum, weight) => sum + weight, 0)).toBeLessThan(1);
  expect(findBound(cumulativeWeights(tenths), 1)).toBe(9);
  expect(findShare(tenths, 1)).toBe(9);
});
