import { exp, expm1, log1p } from "../../solvers/math/elementary.js";
import { LINEAR_RATE_DEFAULTS, type LinearRateOptions, linearRate } from "./linear-rate.js";
import { linearSde } from "./linear-sde.js";
import type { Sde } from "./types.js";
import { logOneMinusExp } from "./variance-preserving.js";

/**
 * Sub-variance-preserving SDE dx = −½β x dt + √(β(1 − α⁴)) dw with the α of `vp` and σ = 1 − α²; prior N(0, 1).
 *
 * Defined for t ≥ 0. Song et al. 2021 (arXiv 2011.13456) eq. 14 and appendix C.
 *
 * @throws UsageError unless 0 < betaMin ≤ betaMax and 0 < tMin < tMax, all finite.
 */
export function subVp({
  betaMin = LINEAR_RATE_DEFAULTS.betaMin,
  betaMax = LINEAR_RATE_DEFAULTS.betaMax,
  tMin = LINEAR_RATE_DEFAULTS.tMin,
  tMax = LINEAR_RATE_DEFAULTS.tMax,
}: LinearRateOptions = {}): Sde {
  const options = { betaMin, betaMax, tMin, tMax };
  const beta = linearRate("sub-vp", options);
  return linearSde({
    name: "sub-vp",
    options,
    tMin,
    tMax,
    variancePreserving: false,
    priorStandardDeviation: 1,
    domain: { from: 0, before: Number.POSITIVE_INFINITY },
    alpha: (t) => exp(-0.5 * beta.integral(t)),
    sigma: (t) => -expm1(-beta.integral(t)),
    logSnr(t) {
      const b = beta.integral(t);
      return -0.5 * b - logOneMinusExp(b);
    },
    // α/(1 − α²) = 1/(2 sinh(B/2)).
    timeAtLogSnr: (lambda) => beta.timeAtIntegral(2 * inverseSinhOfHalfExp(-lambda)),
    driftCoefficient: (t) => -0.5 * beta.rate(t),
    diffusion: (t) => Math.sqrt(beta.rate(t) * -expm1(-2 * beta.integral(t))),
    transition(from, to) {
      const increment = beta.increment(from, to);
      // σ_to² − (α_to/α_from)² σ_from² = (1 − e^−ΔB)(1 − e^−(B_from + B_to)).
      const variance = expm1(-increment) * expm1(-(beta.integral(from) + beta.integral(to)));
      return { scale: exp(-0.5 * increment), variance };
    },
  });
}

/** asinh(½ e^y). */
function inverseSinhOfHalfExp(y: number): number {
  // Beyond y = 40 the next term, e^−2y, is below rounding.
  if (y > 40) return y;
  const x = 0.5 * exp(y);
  return log1p(x + (x * x) / (1 + Math.sqrt(1 + x * x)));
}
