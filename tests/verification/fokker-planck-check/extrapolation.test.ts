import { expect, it } from "vitest";
import type { QuantileLaw } from "../../../src/metrics/quantile-law.js";
import {
  extrapolateProbabilities,
  extrapolateQuantiles,
} from "../../../src/verification/fokker-planck-check/extrapolation.js";
import type { CellLaw } from "../../../src/verification/laws/cell-law.js";

/** The uniform law on [a, a + 1] in four cells. */
function uniform(a: number): CellLaw {
  const below = Float64Array.of(0, 0.25, 0.5, 0.75, 1);
  return {
    values: below.map((u) => a + u),
    below,
    above: below.map((u) => 1 - u),
    ...{ mean: a + 0.5, variance: 1 / 12, folds: false, massError: 0, evaluations: 0 },
  };
}

// A method with error c/N + d/N², whose shift enters probabilities and quantiles linearly.
const [c, d] = [0.08, 0.016];
const laws = [1, 2, 4].map((steps) => uniform(c / steps + d / (steps * steps)));
const truth: QuantileLaw = {
  cdf: (x) => x,
  survival: (x) => 1 - x,
  quantile: (u, { upper = false } = {}) => (upper ? 1 - u : u),
};

it("takes the error of order 1 away: d/8 is left, and the change is three times that", () => {
  const places = Float64Array.of(0.2, 0.4, 0.6, 0.8);
  const [probabilities, quantiles] = [
    extrapolateProbabilities(laws, truth.cdf, places),
    extrapolateQuantiles(laws, truth),
  ];
  for (const { error, change, correction } of [probabilities, quantiles]) {
    expect(error).toBeCloseTo(d / 8, 12);
    expect(change).toBeCloseTo((3 * d) / 8, 12);
    expect(correction).toBeCloseTo(c / 4 + (3 * d) / 16, 12);
  }
});
