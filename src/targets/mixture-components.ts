import { UsageError } from "../../solvers/errors.js";
import { log } from "../../solvers/math/elementary.js";
import { numberText } from "../../solvers/number-text.js";
import { LOG_SQRT_TWO_PI } from "./special/normal.js";

/** The Gaussians of a mixture, flat: `means` is count × dimension, `standardDeviations` one per component (isotropic) or count × dimension. */
export interface MixtureComponents {
  readonly dimension: number;
  readonly count: number;
  readonly isotropic: boolean;
  readonly weights: Float64Array;
  readonly means: Float64Array;
  readonly standardDeviations: Float64Array;
}

/** A mixture after smoothing: what the kernels read, computed once for an (α, σ). */
export interface SmoothedComponents {
  readonly dimension: number;
  readonly count: number;
  readonly isotropic: boolean;
  alpha: number;
  /** m_k, count × dimension. */
  readonly means: Float64Array;
  /** α m_k of isotropic components on the line and in the plane; else empty, for there may be very many of them. */
  readonly centres: Float64Array;
  /** 1/v_k with v_k = α² s_k² + σ²; per component, or count × dimension. */
  readonly precisions: Float64Array;
  /** ln w_k − ½ Σ ln(2π v_k), once `smoothOffsets` has run. */
  readonly offsets: Float64Array;
  /** w_k v_k^{−D/2} of isotropic components on the line and in the plane, which their scores need in place of logarithms; else empty. */
  readonly factors: Float64Array;
  /** Exponents this far below the largest are negligible whatever the factors. */
  cutoff: number;
}

/** A share of the density below exp(−50) = 2e-22 of the largest is far below rounding. */
export const NEGLIGIBLE = -50;

/** Room for the smoothing of `components`. */
export function allocateSmoothed({ dimension, count, isotropic, means }: MixtureComponents): SmoothedComponents {
  const isLow = isotropic && dimension <= 2;
  return {
    dimension,
    count,
    isotropic,
    alpha: 1,
    means,
    centres: new Float64Array(isLow ? means.length : 0),
    precisions: new Float64Array(isotropic ? count : means.length),
    offsets: new Float64Array(count),
    factors: new Float64Array(isLow ? count : 0),
    cutoff: NEGLIGIBLE,
  };
}

/**
 * Writes the law of α x₀ + σ ε to `out`, but for its offsets.
 *
 * @throws UsageError when a component would have variance 0, for it has no density then.
 */
export function smoothComponents(from: MixtureComponents, alpha: number, sigma: number, out: SmoothedComponents): void {
  const { means, standardDeviations } = from;
  const { centres, precisions } = out;
  const square = sigma * sigma;
  out.alpha = alpha;
  for (let i = 0; i < centres.length; i++) centres[i] = alpha * means[i]!;
  for (let i = 0; i < precisions.length; i++) {
    const scaled = alpha * standardDeviations[i]!;
    const variance = scaled * scaled + square;
    if (!(variance > 0)) refuseVariance(from, i, variance, alpha, sigma);
    precisions[i] = 1 / variance;
  }
  if (out.factors.length > 0) smoothFactors(from, out);
}

function smoothFactors({ dimension, weights }: MixtureComponents, out: SmoothedComponents): void {
  const { factors, precisions } = out;
  let least = Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let k = 0; k < factors.length; k++) {
    const precision = precisions[k]!;
    const factor = weights[k]! * (dimension === 1 ? Math.sqrt(precision) : precision);
    factors[k] = factor;
    least = factor < least ? factor : least;
    largest = factor > largest ? factor : largest;
  }
  out.cutoff = cutoffOf(least, largest);
}

/** Exponents this far below the largest are negligible, whatever factors from `least` to `largest` stand before them. */
export function cutoffOf(least: number, largest: number): number {
  let cutoff = NEGLIGIBLE;
  // ln 1024 < 7.
  for (let reach = least; reach < largest; reach *= 1024) cutoff -= 7;
  return cutoff;
}

/** Writes the offsets of the law that `smoothComponents` wrote to `out`. */
export function smoothOffsets(from: MixtureComponents, alpha: number, sigma: number, out: SmoothedComponents): void {
  const { dimension, count, isotropic, weights, standardDeviations } = from;
  let logDeterminant = 0;
  for (let k = 0; k < count; k++) {
    // Components of one width, as most have, share its logarithm.
    const isAsBefore = isotropic && k > 0 && standardDeviations[k] === standardDeviations[k - 1];
    if (!isAsBefore) logDeterminant = smoothLogDeterminant(from, k, alpha, sigma);
    out.offsets[k] = log(weights[k]!) - 0.5 * logDeterminant - dimension * LOG_SQRT_TWO_PI;
  }
}

function smoothLogDeterminant(
  { dimension, isotropic, standardDeviations }: MixtureComponents,
  k: number,
  alpha: number,
  sigma: number,
): number {
  const perComponent = isotropic ? 1 : dimension;
  let sum = 0;
  for (let i = k * perComponent; i < (k + 1) * perComponent; i++) {
    const scaled = alpha * standardDeviations[i]!;
    sum += log(scaled * scaled + sigma * sigma);
  }
  return isotropic ? sum * dimension : sum;
}

function refuseVariance(
  { isotropic, dimension }: MixtureComponents,
  i: number,
  variance: number,
  alpha: number,
  sigma: number,
): never {
  const component = isotropic ? i : Math.floor(i / dimension);
  throw new UsageError(
    `perturbed: α x₀ + σ ε must have a density, but component ${component} has variance ${numberText(variance)} at alpha = ${numberText(alpha)}, sigma = ${numberText(sigma)} - choose sigma > 0.`,
  );
}
