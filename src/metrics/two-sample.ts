import { UsageError } from "../../solvers/errors.js";
import { checkSamples } from "./check-samples.js";

/** Estimates of a squared distance E k(X, X') + E k(Y, Y') − 2 E k(X, Y) between the laws of samples X and a reference Y. */
export interface TwoSampleEstimates {
  /** U-statistic: its expectation is the squared distance; it may be negative. Needs two rows of each. */
  unbiased(samples: Float64Array): number;
  /** V-statistic: the squared distance between the two empirical laws; ≥ 0, biased upwards by terms of order 1/n. */
  vStatistic(samples: Float64Array): number;
}

/** Rows used of each set by default; the cost is the square of this. */
export const PAIR_MAXIMUM = 1024;

/**
 * The two estimates for a kernel of the squared Euclidean distance, over all pairs of the first `maximum` rows of each set.
 *
 * @param kernel k as a function of |x − y|²
 */
export function twoSampleEstimates(
  reference: Float64Array,
  dimension: number,
  kernel: (squaredDistance: number) => number,
  maximum: number,
): TwoSampleEstimates {
  if (!Number.isInteger(maximum) || maximum < 2)
    throw new UsageError(`maximum: must be an integer ≥ 2, but got ${maximum} - ${PAIR_MAXIMUM} is the default`);
  checkSamples(reference, dimension, "reference");
  const y = firstRows(reference, dimension, maximum);
  const withinY = sumWithin(y, dimension, kernel);
  const m = y.length / dimension;
  const diagonal = kernel(0);
  const terms = (samples: Float64Array) => {
    checkSamples(samples, dimension);
    const x = firstRows(samples, dimension, maximum);
    return {
      n: x.length / dimension,
      within: sumWithin(x, dimension, kernel),
      cross: sumAcross(x, y, dimension, kernel),
    };
  };
  return {
    unbiased(samples) {
      const { n, within, cross } = terms(samples);
      needTwo(n, m);
      return within / (n * (n - 1)) + withinY / (m * (m - 1)) - (2 * cross) / (n * m);
    },
    vStatistic(samples) {
      const { n, within, cross } = terms(samples);
      const value = (within + n * diagonal) / (n * n) + (withinY + m * diagonal) / (m * m) - (2 * cross) / (n * m);
      return Math.max(0, value);
    },
  };
}

/** @throws UsageError when a U-statistic has no pair */
export function needTwo(n: number, m: number): void {
  if (n < 2 || m < 2)
    throw new UsageError(
      `samples: must be at least two rows on both sides, but got ${n} and ${m} - an unbiased estimate needs pairs`,
    );
}

/** The first rows, as many as there are up to `maximum`. */
export function firstRows(x: Float64Array, dimension: number, maximum: number): Float64Array {
  return x.subarray(0, Math.min(x.length, maximum * dimension));
}

/** Σ over ordered pairs i ≠ j of one set. */
function sumWithin(x: Float64Array, dimension: number, kernel: (squaredDistance: number) => number): number {
  let sum = 0;
  for (let i = 0; i < x.length; i += dimension) {
    let row = 0;
    for (let j = 0; j < i; j += dimension) {
      let square = 0;
      for (let d = 0; d < dimension; d++) square += (x[i + d]! - x[j + d]!) * (x[i + d]! - x[j + d]!);
      row += kernel(square);
    }
    sum += row;
  }
  return 2 * sum;
}

function sumAcross(
  x: Float64Array,
  y: Float64Array,
  dimension: number,
  kernel: (squaredDistance: number) => number,
): number {
  let sum = 0;
  for (let i = 0; i < x.length; i += dimension) {
    let row = 0;
    for (let j = 0; j < y.length; j += dimension) {
      let square = 0;
      for (let d = 0; d < dimension; d++) square += (x[i + d]! - y[j + d]!) * (x[i + d]! - y[j + d]!);
      row += kernel(square);
    }
    sum += row;
  }
  return sum;
}
