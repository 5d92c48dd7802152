import { gaussLegendre } from "../../../solvers/math/gauss-legendre.js";
import { normalCdf, normalDensity, normalSurvival } from "./normal.js";

const RULE = gaussLegendre(16);

/** ∫ Φ(z) dz from −∞ to z, = z Φ(z) + φ(z), to some 1e-15 relative also where both terms nearly cancel. */
export function integratedNormalCdf(z: number): number {
  if (z > -2) return z * normalCdf(z) + normalDensity(z);
  // Ratio of repeated integrals of erfc, backwards by i^(n−2)/i^(n−1) = 2x + 2n i^n/i^(n−1) (Abramowitz & Stegun 7.2.5).
  const x = -z * Math.SQRT1_2;
  let ratio = 0;
  for (let n = 80; n >= 1; n--) ratio = 1 / (2 * x + 2 * (n + 1) * ratio);
  return Math.SQRT2 * normalSurvival(-z) * ratio;
}

/** Mean of Φ over (from, to), from < to: the distribution function of a uniform number plus a standard normal one. */
export function meanNormalCdf(from: number, to: number): number {
  const width = to - from;
  if (width > 1) return (integratedNormalCdf(to) - integratedNormalCdf(from)) / width;
  let sum = 0;
  for (let i = 0; i < RULE.nodes.length; i++) {
    sum += 0.5 * RULE.weights[i]! * normalCdf(from + 0.5 * width * (1 + RULE.nodes[i]!));
  }
  return sum;
}
