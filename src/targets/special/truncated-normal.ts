import { exp, expm1, log } from "../../../solvers/math/elementary.js";
import { gaussLegendre } from "../../../solvers/math/gauss-legendre.js";
import { erfcx } from "./erfcx.js";
import { LOG_SQRT_TWO_PI, logNormalSurvival, normalFromUniform, normalSurvival } from "./normal.js";

/** Moments of a standard normal number restricted to an interval. */
export interface TruncatedNormal {
  /** ln of the mean of the standard normal density over the interval: ln(P(from < Z ≤ to) / (to − from)). */
  logDensity: number;
  mean: number;
  variance: number;
}

const RULE = gaussLegendre(16);

/**
 * Mean density, mean and variance of a standard normal restricted to (from, to), from ≤ to; finite however far out the interval lies.
 *
 * Relative error of density and mean some 1e-14. A narrow interval is integrated by Gauss–Legendre quadrature, where the difference of two tails would
 * cancel; any other by scaled complementary error functions.
 */
export function truncatedNormal(from: number, to: number, out: TruncatedNormal): void {
  if (from + to < 0) {
    truncatedNormal(-to, -from, out);
    out.mean = -out.mean;
    return;
  }
  const width = to - from;
  const middle = 0.5 * (from + to);
  if (width <= 1 && middle * width <= 2) narrow(middle, width, out);
  else wide(from, width, out);
}

/** The density over its value in the middle is exp(−middle·s − s²/2), s from −width/2 to width/2. */
function narrow(middle: number, width: number, out: TruncatedNormal): void {
  let mass = 0;
  let first = 0;
  for (let i = 0; i < RULE.nodes.length; i++) {
    const s = 0.5 * width * RULE.nodes[i]!;
    const weight = RULE.weights[i]! * exp(-s * (middle + 0.5 * s));
    mass += weight;
    first += weight * s;
  }
  const shift = first / mass;
  let second = 0;
  for (let i = 0; i < RULE.nodes.length; i++) {
    const s = 0.5 * width * RULE.nodes[i]!;
    second += RULE.weights[i]! * exp(-s * (middle + 0.5 * s)) * (s - shift) * (s - shift);
  }
  out.logDensity = log(0.5 * mass) - 0.5 * middle * middle - LOG_SQRT_TWO_PI;
  out.mean = middle + shift;
  out.variance = second / mass;
}

/** With d = (to² − from²)/2 the densities at the ends differ by the factor exp(−d). */
function wide(from: number, width: number, out: TruncatedNormal): void {
  const to = from + width;
  const d = width * (from + 0.5 * width);
  const ratio = exp(-d);
  // Mass over the density at `from`.
  let mass: number;
  if (from >= 0) {
    mass = SQRT_HALF_PI * (erfcx(from * Math.SQRT1_2) - ratio * erfcx(to * Math.SQRT1_2));
    out.logDensity = log(mass / width) - 0.5 * from * from - LOG_SQRT_TWO_PI;
  } else {
    const probability = 1 - normalSurvival(-from) - normalSurvival(to);
    out.logDensity = log(probability / width);
    mass = probability * exp(0.5 * from * from + LOG_SQRT_TWO_PI);
  }
  out.mean = -expm1(-d) / mass;
  out.variance = 1 + (from - ratio * to) / mass - out.mean * out.mean;
}

/** √(π/2). */
const SQRT_HALF_PI = 1.2533141373155003;

/** A standard normal number restricted to (from, to), from a uniform in (0, 1], by the inverse of its distribution function. */
export function truncatedNormalFromUniform(from: number, to: number, uniform: number): number {
  if (from + to < 0) return -truncatedNormalFromUniform(-to, -from, uniform);
  if (from <= 5) {
    // Upper tails: no cancellation for an interval right of the centre.
    const near = normalSurvival(from);
    const far = normalSurvival(to);
    const z = -normalFromUniform(far + uniform * (near - far));
    return Math.min(Math.max(z, from), to);
  }
  return farFromUniform(from, to, uniform);
}

/** Far out: solves ln P(Z > z) = ln(uniform · near + (1 − uniform) · far) by Newton's method on logarithms. */
function farFromUniform(from: number, to: number, uniform: number): number {
  const near = logNormalSurvival(from);
  const ratio = exp(Math.min(0, logNormalSurvival(to) - near));
  const goal = log(uniform + (1 - uniform) * ratio);
  let z = from - goal / from;
  for (let round = 0; round < 50; round++) {
    const excess = logNormalSurvival(z) - near - goal;
    const step = excess * SQRT_HALF_PI * erfcx(z * Math.SQRT1_2);
    z = Math.min(Math.max(z + step, from), to);
    if (Math.abs(step) <= 1e-15 * z) break;
  }
  return z;
}
