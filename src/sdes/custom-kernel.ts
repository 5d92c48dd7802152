import { exp, log } from "../../solvers/math/elementary.js";
import { requireFinite } from "./custom-checks.js";
import type { ParsedFormula } from "./formula-parser.js";
import { integrateKernel } from "./integrated-kernel.js";

/** α and σ with what follows from them, unchecked. */
export interface CustomKernel {
  /** First time of its domain. */
  readonly from: number;
  readonly alpha: (t: number) => number;
  readonly sigma: (t: number) => number;
  readonly driftCoefficient: (t: number) => number;
  /** g²; negative values are refused later. */
  readonly squaredDiffusion: (t: number) => number;
  /** ln α(to) − ln α(from). */
  readonly logScale: (from: number, to: number) => number;
}

/** The kernel of given α and σ: f = α̇/α and g² = 2σσ̇ − 2fσ² with symbolic derivatives. */
export function kernelOfPath(alpha: ParsedFormula, sigma: ParsedFormula, tMin: number): CustomKernel {
  const alphaSlope = alpha.timeDerivative();
  const sigmaSlope = sigma.timeDerivative();
  const alphaAt = (t: number) => alpha.evaluate(t, 0);
  const sigmaAt = (t: number) => sigma.evaluate(t, 0);
  const driftCoefficient = (t: number) => alphaSlope(t, 0) / alphaAt(t);
  return {
    from: tMin,
    alpha: alphaAt,
    sigma: sigmaAt,
    driftCoefficient,
    squaredDiffusion(t) {
      const s = sigmaAt(t);
      const growth = 2 * s * sigmaSlope(t, 0);
      const decay = -2 * driftCoefficient(t) * s * s;
      const sum = growth + decay;
      // Where g vanishes the two terms cancel up to rounding.
      return sum < 0 && sum > -1e-12 * (Math.abs(growth) + Math.abs(decay)) ? 0 : sum;
    },
    logScale: (from, to) => log(alphaAt(to) / alphaAt(from)),
  };
}

/** The kernel of a given drift c(t)·x and diffusion, integrated from t = 0. */
export function kernelOfEquation(
  drift: ParsedFormula,
  diffusion: ParsedFormula,
  tMin: number,
  tMax: number,
  nodes: Float64Array,
): CustomKernel {
  const driftCoefficient = (t: number) => drift.evaluate(t, 1);
  for (const t of nodes) requireFinite(driftCoefficient(t), "the drift at x = 1", t);
  const squaredDiffusion = (t: number) => {
    const g = diffusion.evaluate(t, 0);
    return g * g;
  };
  const kernel = integrateKernel("custom", driftCoefficient, squaredDiffusion, tMin, tMax);
  return {
    from: 0,
    alpha: (t) => exp(kernel.logAlpha(t)),
    sigma: (t) => Math.sqrt(kernel.variance(t)),
    driftCoefficient,
    squaredDiffusion,
    logScale: (from, to) => kernel.logAlpha(to) - kernel.logAlpha(from),
  };
}
