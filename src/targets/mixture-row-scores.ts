import { exp } from "../../solvers/math/elementary.js";
import { cutoffOf, type MixtureComponents } from "./mixture-components.js";
import { rowScoresByKernel } from "./mixture-score-kernel.js";

/**
 * Writes the score of α x₀ + σ ε at rows that each have their own (α, σ) to `out`, for isotropic components on the line or in the plane.
 *
 * The same operations in the same order as `smoothComponents` and `mixtureScore` on each row alone, hence the same bits.
 *
 * @param scratch room for 3 numbers per component
 */
export function mixtureRowScores(
  mixture: MixtureComponents,
  x: Float64Array,
  alphas: Float64Array,
  sigmas: Float64Array,
  count: number,
  out: Float64Array,
  scratch: Float64Array,
): void {
  if (rowScoresByKernel(mixture, x, alphas, sigmas, count, out)) return;
  for (let i = 0; i < count; i++) {
    if (mixture.dimension === 1) rowOnLine(mixture, x, i, alphas[i]!, sigmas[i]!, out, scratch);
    else rowInPlane(mixture, x, i, alphas[i]!, sigmas[i]!, out, scratch);
  }
}

function rowOnLine(
  { count, weights, means, standardDeviations }: MixtureComponents,
  x: Float64Array,
  row: number,
  alpha: number,
  sigma: number,
  out: Float64Array,
  scratch: Float64Array,
): void {
  const xi = x[row]!;
  const square = sigma * sigma;
  let largestExponent = Number.NEGATIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let k = 0; k < count; k++) {
    const scaled = alpha * standardDeviations[k]!;
    const precision = 1 / (scaled * scaled + square);
    const factor = weights[k]! * Math.sqrt(precision);
    const dx = alpha * means[k]! - xi;
    const exponent = -0.5 * precision * (dx * dx);
    scratch[3 * k] = exponent;
    scratch[3 * k + 1] = factor;
    scratch[3 * k + 2] = precision * dx;
    largestExponent = exponent > largestExponent ? exponent : largestExponent;
    least = factor < least ? factor : least;
    largest = factor > largest ? factor : largest;
  }
  const cutoff = cutoffOf(least, largest);
  let sum = 0;
  let pull = 0;
  for (let k = 0; k < count; k++) {
    const exponent = scratch[3 * k]! - largestExponent;
    if (exponent < cutoff) continue;
    const factor = scratch[3 * k + 1]!;
    const share = exponent === 0 ? factor : factor * exp(exponent);
    sum += share;
    pull += share * scratch[3 * k + 2]!;
  }
  out[row] = pull / sum;
}

function rowInPlane(
  { count, weights, means, standardDeviations }: MixtureComponents,
  x: Float64Array,
  row: number,
  alpha: number,
  sigma: number,
  out: Float64Array,
  scratch: Float64Array,
): void {
  const [xi, yi] = [x[2 * row]!, x[2 * row + 1]!];
  const square = sigma * sigma;
  let largestExponent = Number.NEGATIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let k = 0; k < count; k++) {
    const scaled = alpha * standardDeviations[k]!;
    const precision = 1 / (scaled * scaled + square);
    const factor = weights[k]! * precision;
    const dx = alpha * means[2 * k]! - xi;
    const dy = alpha * means[2 * k + 1]! - yi;
    const exponent = -0.5 * precision * (dx * dx + dy * dy);
    scratch[3 * k] = exponent;
    scratch[3 * k + 1] = factor;
    scratch[3 * k + 2] = precision;
    largestExponent = exponent > largestExponent ? exponent : largestExponent;
    least = factor < least ? factor : least;
    largest = factor > largest ? factor : largest;
  }
  const cutoff = cutoffOf(least, largest);
  let sum = 0;
  let pullX = 0;
  let pullY = 0;
  for (let k = 0; k < count; k++) {
    const exponent = scratch[3 * k]! - largestExponent;
    if (exponent < cutoff) continue;
    const factor = scratch[3 * k + 1]!;
    const share = exponent === 0 ? factor : factor * exp(exponent);
    const weight = share * scratch[3 * k + 2]!;
    sum += share;
    pullX += weight * (alpha * means[2 * k]! - xi);
    pullY += weight * (alpha * means[2 * k + 1]! - yi);
  }
  out[2 * row] = pullX / sum;
  out[2 * row + 1] = pullY / sum;
}
