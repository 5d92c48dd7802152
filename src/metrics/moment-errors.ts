import { UsageError } from "../../solvers/errors.js";
import { checkSamples } from "./check-samples.js";

/** The mean of each column of flat row-major samples. */
export function sampleMean(samples: Float64Array, dimension: number): Float64Array {
  const count = checkSamples(samples, dimension);
  const mean = new Float64Array(dimension);
  for (let at = 0; at < samples.length; ) for (let d = 0; d < dimension; d++) mean[d]! += samples[at++]!;
  for (let d = 0; d < dimension; d++) mean[d]! /= count;
  return mean;
}

/**
 * The unbiased sample covariance (denominator n − 1), dimension × dimension, row-major.
 *
 * @throws UsageError for fewer than two rows
 */
export function sampleCovariance(samples: Float64Array, dimension: number): Float64Array {
  const count = checkSamples(samples, dimension);
  if (count < 2)
    throw new UsageError(`samples: must be at least two rows, but got ${count} - one row has no covariance`);
  const mean = sampleMean(samples, dimension);
  const covariance = new Float64Array(dimension * dimension);
  const centered = new Float64Array(dimension);
  for (let at = 0; at < samples.length; at += dimension) {
    for (let d = 0; d < dimension; d++) centered[d] = samples[at + d]! - mean[d]!;
    for (let d = 0; d < dimension; d++)
      for (let e = 0; e <= d; e++) covariance[d * dimension + e]! += centered[d]! * centered[e]!;
  }
  for (let d = 0; d < dimension; d++)
    for (let e = 0; e <= d; e++) {
      covariance[d * dimension + e]! /= count - 1;
      covariance[e * dimension + d] = covariance[d * dimension + e]!;
    }
  return covariance;
}

/** Euclidean distance between the mean of the samples and the exact `mean`, in the unit of x. */
export function meanError(samples: Float64Array, mean: Float64Array): number {
  return distance(sampleMean(samples, mean.length), mean);
}

/**
 * Frobenius norm of the difference between the unbiased sample covariance and the exact `covariance` (D × D, row-major).
 *
 * @throws UsageError for fewer than two rows, or when `covariance` is not square
 */
export function covarianceError(samples: Float64Array, covariance: Float64Array): number {
  const dimension = Math.round(Math.sqrt(covariance.length));
  if (dimension * dimension !== covariance.length)
    throw new UsageError(
      `covariance: must hold dimension² numbers, but got ${covariance.length} - pass the full matrix, row-major`,
    );
  return distance(sampleCovariance(samples, dimension), covariance);
}

function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) * (a[i]! - b[i]!);
  return Math.sqrt(sum);
}
