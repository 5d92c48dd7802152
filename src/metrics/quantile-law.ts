import { UsageError } from "../../solvers/errors.js";
import type { QuantileOptions } from "../targets/types.js";

/** A law on the line that knows its cdf and quantile function from both ends. */
export interface QuantileLaw {
  /** P(X ≤ x). */
  cdf(x: number): number;
  /** P(X > x). */
  survival(x: number): number;
  /** x with P(X ≤ x) = probability; with `upper: true`, x with P(X > x) = probability. Probability in (0, 1). */
  quantile(probability: number, options?: QuantileOptions): number;
}

/** What a `Target` or a `PerturbedLaw` offers in one dimension. */
export interface QuantileSource {
  /** P(X ≤ x). */
  cdf?(x: number): number;
  /** P(X > x). */
  survival?(x: number): number;
  /** Inverse of `cdf`; with `upper: true`, of `survival`. */
  quantile?(probability: number, options?: QuantileOptions): number;
}

const LARGEST_BELOW_ONE = 1 - 2 ** -53;

/**
 * The one-dimensional law of a target or of a perturbed law.
 *
 * A source without `survival` is taken to know its lower tail alone: its upper tail is then read at 1 − probability, and so
 * cut off at 2⁻⁵³.
 *
 * @throws UsageError when it has no cdf or no quantile function
 */
export function quantileLaw(source: QuantileSource): QuantileLaw {
  if (source.cdf === undefined || source.quantile === undefined)
    throw new UsageError(
      "law: must have a cdf and a quantile function, but got one without - compare with a reference sample instead",
    );
  const cdf = source.cdf.bind(source);
  const quantile = source.quantile.bind(source);
  if (source.survival !== undefined) return { cdf, survival: source.survival.bind(source), quantile };
  return {
    cdf,
    survival: (x) => 1 - cdf(x),
    quantile: (probability, { upper = false, ...rest } = {}) =>
      quantile(upper ? Math.min(1 - probability, LARGEST_BELOW_ONE) : probability, rest),
  };
}
