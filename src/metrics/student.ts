import { UsageError } from "../../solvers/errors.js";
import { cephes } from "./cephes.js";
import { estimate } from "./estimate.js";

/**
 * The quantile of Student's t distribution (cephes `stdtri`, relative error below 1e-12 for probabilities in [1e-6, 1 − 1e-6]).
 *
 * @param degrees degrees of freedom, an integer ≥ 1
 * @param probability in (0, 1)
 */
export function studentQuantile(degrees: number, probability: number): number {
  if (!Number.isInteger(degrees) || degrees < 1)
    throw new UsageError(
      `degrees: must be an integer ≥ 1, but got ${degrees} - two repeats give one degree of freedom`,
    );
  if (!(probability > 0 && probability < 1))
    throw new UsageError(`probability: must lie in (0, 1), but got ${probability} - 0.975 belongs to a 95 % interval`);
  return cephes().stdtri(degrees, probability);
}

/** A mean over repeats with the two ends of its confidence interval. */
export interface ConfidenceInterval {
  readonly value: number;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * The two-sided Student confidence interval of the mean of independent, roughly normal repeats.
 *
 * @param values at least two repeats
 * @param options level: probability that the interval covers the true mean, in (0, 1)
 */
export function confidenceInterval(
  values: ArrayLike<number>,
  { level = 0.95 }: { level?: number } = {},
): ConfidenceInterval {
  if (!(level > 0 && level < 1))
    throw new UsageError(`level: must lie in (0, 1), but got ${level} - 0.95 is the usual choice`);
  if (values.length < 2)
    throw new UsageError(`values: must hold at least two repeats, but got ${values.length} - raise repeats`);
  const { value, standardError } = estimate(values);
  const half = studentQuantile(values.length - 1, (1 + level) / 2) * standardError;
  return { value, standardError, lower: value - half, upper: value + half };
}
