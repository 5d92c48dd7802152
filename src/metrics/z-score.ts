import { UsageError } from "../../solvers/errors.js";
import { numberText } from "../../solvers/number-text.js";
import { type Estimate, estimate } from "./estimate.js";

/** How many standard errors an estimate lies from the `expected` value. */
export function zScore({ value, standardError }: Estimate, expected: number): number {
  if (!(standardError > 0))
    throw new UsageError(
      `standardError: must be positive, but got ${numberText(standardError)} - use at least two differing repeats`,
    );
  return (value - expected) / standardError;
}

/** z-score of the mean of independent values against its exact value; standard normal for many values. */
export function zScoreOfMean(values: ArrayLike<number>, expected: number): number {
  return zScore(estimate(values), expected);
}

/**
 * z-score of the variance of independent values about their known mean against its exact value; standard normal for many values.
 *
 * The standard error is estimated from the values, so that it is right for any law with a fourth moment.
 */
export function zScoreOfVariance(values: ArrayLike<number>, mean: number, expected: number): number {
  const squares = Float64Array.from(values, (value) => (value - mean) * (value - mean));
  return zScore(estimate(squares), expected);
}
