import { exp, log } from "../../solvers/math/elementary.js";
import { linearSde } from "./linear-sde.js";
import type { Sde } from "./types.js";
import { requireOrdered, requirePositive } from "./validate.js";

/** Options of `edm`. */
export interface EdmOptions {
  /** Noise level at which sampling ends (tMin), > 0. */
  readonly sigmaMin?: number;
  /** Noise level at which sampling starts (tMax), > sigmaMin. */
  readonly sigmaMax?: number;
}

export const EDM_DEFAULTS = { sigmaMin: 0.002, sigmaMax: 80 } as const;

/**
 * The SDE dx = √(2t) dw of EDM: α = 1, σ = t, tMin = sigmaMin, tMax = sigmaMax; prior N(0, sigmaMax²).
 *
 * Defined for t ≥ 0. Karras et al. 2022 (arXiv 2206.00364) §3 and table 1.
 *
 * @throws UsageError unless 0 < sigmaMin < sigmaMax, both finite.
 */
export function edm({ sigmaMin = EDM_DEFAULTS.sigmaMin, sigmaMax = EDM_DEFAULTS.sigmaMax }: EdmOptions = {}): Sde {
  requirePositive("edm", { sigmaMin, sigmaMax }, "the usual values are sigmaMin = 0.002 and sigmaMax = 80");
  requireOrdered("edm", ["sigmaMin", sigmaMin], ["sigmaMax", sigmaMax]);
  return linearSde({
    name: "edm",
    options: { sigmaMin, sigmaMax },
    tMin: sigmaMin,
    tMax: sigmaMax,
    variancePreserving: false,
    priorStandardDeviation: sigmaMax,
    customaryGrid: "karras",
    domain: { from: 0, before: Number.POSITIVE_INFINITY },
    alpha: () => 1,
    sigma: (t) => t,
    logSnr: (t) => -log(t),
    timeAtLogSnr: (lambda) => exp(-lambda),
    driftCoefficient: () => 0,
    diffusion: (t) => Math.sqrt(2 * t),
    transition: (from, to) => ({ scale: 1, variance: (to - from) * (to + from) }),
  });
}
