import { exp, expm1, log } from "../../solvers/math/elementary.js";
import { linearSde } from "./linear-sde.js";
import type { Sde } from "./types.js";
import { requireNonNegative, requireOrdered, requirePositive } from "./validate.js";

/** Options of `ve`: σ(t) = σmin (σmax/σmin)^t. */
export interface VeOptions {
  /** σ(0) > 0. */
  readonly sigmaMin?: number;
  /** σ(1) > sigmaMin. */
  readonly sigmaMax?: number;
  /** Time at which sampling ends, ≥ 0. */
  readonly tMin?: number;
  /** Time at which sampling starts. */
  readonly tMax?: number;
}

export const VE_DEFAULTS = { sigmaMin: 0.01, sigmaMax: 50, tMin: 1e-5, tMax: 1 } as const;

/**
 * Variance-exploding SDE dx = g dw with α = 1 and σ(t) = sigmaMin (sigmaMax/sigmaMin)^t, as the field writes it: σ(0) = sigmaMin.
 *
 * Prior N(0, σ(tMax)²); defined for every finite t. Song et al. 2021 (arXiv 2011.13456) eq. 9 and appendix C.
 *
 * @throws UsageError unless 0 < sigmaMin < sigmaMax and 0 ≤ tMin < tMax, all finite.
 */
export function ve({
  sigmaMin = VE_DEFAULTS.sigmaMin,
  sigmaMax = VE_DEFAULTS.sigmaMax,
  tMin = VE_DEFAULTS.tMin,
  tMax = VE_DEFAULTS.tMax,
}: VeOptions = {}): Sde {
  requirePositive("ve", { sigmaMin, sigmaMax }, "the usual values are sigmaMin = 0.01 and sigmaMax = 50");
  requireOrdered("ve", ["sigmaMin", sigmaMin], ["sigmaMax", sigmaMax]);
  requireNonNegative("ve", { tMin, tMax }, "the usual range is tMin = 1e-5 to tMax = 1");
  requireOrdered("ve", ["tMin", tMin], ["tMax", tMax]);
  const logSigmaMin = log(sigmaMin);
  const growth = log(sigmaMax / sigmaMin);
  const sigma = (t: number) => sigmaMin * exp(growth * t);
  return linearSde({
    name: "ve",
    options: { sigmaMin, sigmaMax, tMin, tMax },
    tMin,
    tMax,
    variancePreserving: false,
    priorStandardDeviation: sigma(tMax),
    domain: { from: Number.NEGATIVE_INFINITY, before: Number.POSITIVE_INFINITY },
    alpha: () => 1,
    sigma,
    logSnr: (t) => -logSigmaMin - growth * t,
    timeAtLogSnr: (lambda) => (-logSigmaMin - lambda) / growth,
    driftCoefficient: () => 0,
    diffusion: (t) => sigma(t) * Math.sqrt(2 * growth),
    transition(from, to) {
      const start = sigma(from);
      return { scale: 1, variance: start * start * expm1(2 * growth * (to - from)) };
    },
  });
}
