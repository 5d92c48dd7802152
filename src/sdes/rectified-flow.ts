import { exp, log } from "../../solvers/math/elementary.js";
import { linearSde } from "./linear-sde.js";
import type { Sde } from "./types.js";
import { requireTimeRange } from "./validate.js";

/** Options of `rectifiedFlow`. */
export interface RectifiedFlowOptions {
  /** Time at which sampling ends, > 0. */
  readonly tMin?: number;
  /** Time at which sampling starts, < 1. */
  readonly tMax?: number;
}

export const RECTIFIED_FLOW_DEFAULTS = { tMin: 1e-3, tMax: 0.999 } as const;

/**
 * The straight path α = 1 − t, σ = t of rectified flow, as the SDE dx = −x/(1 − t) dt + √(2t/(1 − t)) dw; prior N(0, tMax²).
 *
 * Defined for 0 ≤ t < 1, where the noise is at t = 1. Liu et al. 2023 (arXiv 2209.03003) eq. 1; Lipman et al. 2023 (arXiv 2210.02747).
 *
 * @throws UsageError unless 0 < tMin < tMax < 1.
 */
export function rectifiedFlow({
  tMin = RECTIFIED_FLOW_DEFAULTS.tMin,
  tMax = RECTIFIED_FLOW_DEFAULTS.tMax,
}: RectifiedFlowOptions = {}): Sde {
  requireTimeRange("rectified-flow", tMin, tMax, 1);
  return linearSde({
    name: "rectified-flow",
    options: { tMin, tMax },
    tMin,
    tMax,
    variancePreserving: false,
    priorStandardDeviation: tMax,
    domain: { from: 0, before: 1 },
    alpha: (t) => 1 - t,
    sigma: (t) => t,
    logSnr: (t) => log((1 - t) / t),
    timeAtLogSnr(lambda) {
      if (lambda < 0) return 1 / (1 + exp(lambda));
      const odds = exp(-lambda);
      return odds / (1 + odds);
    },
    driftCoefficient: (t) => -1 / (1 - t),
    diffusion: (t) => Math.sqrt((2 * t) / (1 - t)),
    transition(from, to) {
      const scale = (1 - to) / (1 - from);
      // to² − scale² from² with to − scale·from = (to − from)/(1 − from).
      return { scale, variance: ((to - from) / (1 - from)) * (to + scale * from) };
    },
  });
}
