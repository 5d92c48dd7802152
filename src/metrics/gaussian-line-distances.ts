import { UsageError } from "../../solvers/errors.js";
import { log } from "../../solvers/math/elementary.js";
import { normalCdf, normalDensity } from "../targets/special/normal.js";

/**
 * W1 between N(m₀, s₀²) and N(m₁, s₁²) on the line, in the unit of x: the mean of |δ + ς Z| with δ = m₁ − m₀, ς = s₁ − s₀.
 *
 * @param standardDeviation0 ≥ 0
 */
export function gaussianW1(
  mean0: number,
  standardDeviation0: number,
  mean1: number,
  standardDeviation1: number,
): number {
  checkScales(standardDeviation0, standardDeviation1, 0);
  const shift = Math.abs(mean1 - mean0);
  const spread = Math.abs(standardDeviation1 - standardDeviation0);
  if (spread === 0) return shift;
  const ratio = shift / spread;
  return 2 * spread * normalDensity(ratio) + shift * (1 - 2 * normalCdf(-ratio));
}

/**
 * Total variation distance ½ ∫ |p − q| between two Gaussians on the line, in [0, 1]; absolute error about 1e-16.
 *
 * The densities cross where a quadratic vanishes; between two crossings the difference of the cdfs is monotone.
 *
 * @param standardDeviation0 > 0
 */
export function gaussianTotalVariation(
  mean0: number,
  standardDeviation0: number,
  mean1: number,
  standardDeviation1: number,
): number {
  checkScales(standardDeviation0, standardDeviation1, Number.MIN_VALUE);
  const narrow = Math.min(standardDeviation0, standardDeviation1);
  const wide = Math.max(standardDeviation0, standardDeviation1);
  // In units of the narrower law, seen from its centre, the wider one is N(shift, ratio²).
  const shift = Math.abs(mean1 - mean0) / narrow;
  const excess = (wide - narrow) / narrow;
  const ratio = 1 + excess;
  if (excess === 0) return normalCdf(shift / 2) - normalCdf(-shift / 2);
  // ln(p/q) = 0:  (ratio² − 1) z² + 2 shift z − shift² − 2 ratio² ln ratio = 0.
  const a = excess * (2 + excess);
  const c = shift * shift + 2 * ratio * ratio * log(ratio);
  const root = Math.sqrt(shift * shift + a * c);
  const right = c / (shift + root);
  const left = -(shift + root) / a;
  const inside = (from: number, to: number): number => normalCdf(to) - normalCdf(from);
  return Math.max(0, inside(left, right) - inside((left - shift) / ratio, (right - shift) / ratio));
}

function checkScales(s0: number, s1: number, least: number): void {
  if (!(s0 >= least && s1 >= least && s0 < Number.POSITIVE_INFINITY && s1 < Number.POSITIVE_INFINITY))
    throw new UsageError(
      `standardDeviation: must be ${least > 0 ? "positive" : "≥ 0"}, but got ${s0} and ${s1} - pass roots of variances`,
    );
}
