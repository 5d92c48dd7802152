import { UsageError } from "../../solvers/errors.js";
import { log } from "../../solvers/math/elementary.js";
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
  /** α m_k, count × dimension. */
  readonly centres: Float64Array;
  /** 1/v_k with v_k = α² s_k² + σ²; per component, or count × dimension. */
  readonly precisions: Float64Array;
  /** ln w_k − ½ Σ ln(2π v_k). */
  readonly offsets: Float64Array;
}

/** Room for the smoothing of `components`. */
export function allocateSmoothed({ dimension, count, isotropic, means }: MixtureComponents): SmoothedComponents {
  return {
    dimension,
    count,
    isotropic,
    centres: new Float64Array(means.length),
    precisions: new Float64Array(isotropic ? count : means.length),
    offsets: new Float64Array(count),
  };
}

/**
 * Writes the law of α x₀ + σ ε to `out`.
 *
 * @throws UsageError when a component would have variance 0, for it has no density then.
 */
export function smoothComponents(from: MixtureComponents, alpha: number, sigma: number, out: SmoothedComponents): void {
  const { dimension, count, isotropic, weights, means, standardDeviations } = from;
  for (let i = 0; i < means.length; i++) out.centres[i] = alpha * means[i]!;
  const perComponent = isotropic ? 1 : dimension;
  for (let k = 0; k < count; k++) {
    let logVariance = 0;
    for (let i = k * perComponent; i < (k + 1) * perComponent; i++) {
      const scaled = alpha * standardDeviations[i]!;
      const variance = scaled * scaled + sigma * sigma;
      if (!(variance > 0)) {
        throw new UsageError(
          `perturbed: α x₀ + σ ε must have a density, but component ${k} has variance ${variance} at alpha = ${alpha}, sigma = ${sigma} - choose sigma > 0.`,
        );
      }
      out.precisions[i] = 1 / variance;
      logVariance += log(variance);
    }
    if (isotropic) logVariance *= dimension;
    out.offsets[k] = log(weights[k]!) - 0.5 * logVariance - dimension * LOG_SQRT_TWO_PI;
  }
}
