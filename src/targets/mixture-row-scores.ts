import { exp } from "../../solvers/math/elementary.js";
import { type MixtureComponents, NEGLIGIBLE } from "./mixture-components.js";
import { rowScoresByKernel } from "./mixture-score-kernel.js";

/**
 * Writes the score of α x₀ + σ ε at rows that each have their own (α, σ) to `out`, for isotropic components on the line.
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
  const { count: components, weights, means, standardDeviations } = mixture;
  for (let i = 0; i < count; i++) {
    const xi = x[i]!;
    const alpha = alphas[i]!;
    const square = sigmas[i]! * sigmas[i]!;
    let largestExponent = Number.NEGATIVE_INFINITY;
    let least = Number.POSITIVE_INFINITY;
    let largest = 0;
    for (let k = 0; k < components; k++) {
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
    let cutoff = NEGLIGIBLE;
    for (let reach = least; reach < largest; reach *= 1024) cutoff -= 7;
    let sum = 0;
    let pull = 0;
    for (let k = 0; k < components; k++) {
      const exponent = scratch[3 * k]! - largestExponent;
      if (exponent < cutoff) continue;
      const factor = scratch[3 * k + 1]!;
      const share = exponent === 0 ? factor : factor * exp(exponent);
      sum += share;
      pull += share * scratch[3 * k + 2]!;
    }
    out[i] = pull / sum;
  }
}
