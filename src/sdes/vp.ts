import { exp, expm1 } from "../../solvers/math/elementary.js";
import { expm1Rows, expRows } from "../../solvers/math/exponential-rows.js";
import { LINEAR_RATE_DEFAULTS, type LinearRateOptions, linearRate } from "./linear-rate.js";
import { linearSde } from "./linear-sde.js";
import type { Sde } from "./types.js";
import { integratedRateAtLogSnr, logSnrAtIntegratedRate } from "./variance-preserving.js";

/**
 * Variance-preserving SDE dx = −½β x dt + √β dw with β(t) = betaMin + t (betaMax − betaMin), so that α² + σ² = 1; prior N(0, 1).
 *
 * Defined for t ≥ 0 (betaMax is β(1), whatever tMax). Song et al. 2021 (arXiv 2011.13456) eq. 11 and appendix C.
 *
 * @throws UsageError unless 0 < betaMin ≤ betaMax and 0 < tMin < tMax, all finite.
 */
export function vp({
  betaMin = LINEAR_RATE_DEFAULTS.betaMin,
  betaMax = LINEAR_RATE_DEFAULTS.betaMax,
  tMin = LINEAR_RATE_DEFAULTS.tMin,
  tMax = LINEAR_RATE_DEFAULTS.tMax,
}: LinearRateOptions = {}): Sde {
  const options = { betaMin, betaMax, tMin, tMax };
  const beta = linearRate("vp", options);
  return linearSde({
    name: "vp",
    options,
    tMin,
    tMax,
    variancePreserving: true,
    priorStandardDeviation: 1,
    domain: { from: 0, before: Number.POSITIVE_INFINITY },
    alpha: (t) => exp(-0.5 * beta.integral(t)),
    sigma: (t) => Math.sqrt(-expm1(-beta.integral(t))),
    marginals(times, count, alphas, sigmas) {
      for (let i = 0; i < count; i++) {
        const integral = beta.integral(times[i]!);
        alphas[i] = -0.5 * integral;
        sigmas[i] = -integral;
      }
      expRows(alphas, count, alphas);
      expm1Rows(sigmas, count, sigmas);
      for (let i = 0; i < count; i++) sigmas[i] = Math.sqrt(-sigmas[i]!);
    },
    logSnr: (t) => logSnrAtIntegratedRate(beta.integral(t)),
    timeAtLogSnr: (lambda) => beta.timeAtIntegral(integratedRateAtLogSnr(lambda)),
    driftCoefficient: (t) => -0.5 * beta.rate(t),
    diffusion: (t) => Math.sqrt(beta.rate(t)),
    transition(from, to) {
      const increment = beta.increment(from, to);
      return { scale: exp(-0.5 * increment), variance: -expm1(-increment) };
    },
  });
}
