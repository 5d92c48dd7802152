import { createRequire } from "node:module";
import { exp, log, log1p } from "../../../solvers/math/elementary.js";
import { erfcx, erfNearZero } from "./erfcx.js";

/** ln √(2π). */
export const LOG_SQRT_TWO_PI = 0.9189385332046728;
const INVERSE_SQRT_TWO_PI = 0.3989422804014327;
/** Where erfNearZero ends, in units of the standard deviation. */
const CENTRE = 0.46875 * Math.SQRT2;

/** exp(−z²/2), the rounding of z² kept out of the exponent. */
export function gaussianExponential(z: number): number {
  const magnitude = Math.abs(z);
  if (!(magnitude < 40)) return magnitude >= 40 ? 0 : Number.NaN;
  const head = Math.floor(magnitude * 16) / 16;
  return exp(-0.5 * head * head) * exp(-0.5 * (magnitude - head) * (magnitude + head));
}

/** Standard normal density. */
export function normalDensity(z: number): number {
  return INVERSE_SQRT_TWO_PI * gaussianExponential(z);
}

/** P(Z > z) of a standard normal, to a few ulp in both tails. */
export function normalSurvival(z: number): number {
  if (Math.abs(z) <= CENTRE) return 0.5 - 0.5 * erfNearZero(z * Math.SQRT1_2);
  if (z < 0) return 1 - normalSurvival(-z);
  return 0.5 * gaussianExponential(z) * erfcx(z * Math.SQRT1_2);
}

/** P(Z ≤ z) of a standard normal, to a few ulp in both tails. */
export function normalCdf(z: number): number {
  return normalSurvival(-z);
}

/** ln P(Z > z), finite for every finite z. */
export function logNormalSurvival(z: number): number {
  if (z < 0) return log1p(-normalSurvival(-z));
  return z <= CENTRE ? log(normalSurvival(z)) : log(0.5 * erfcx(z * Math.SQRT1_2)) - 0.5 * z * z;
}

let inverse: ((probability: number) => number) | undefined;

function loadInverse(): (probability: number) => number {
  const cephes: { ndtri(probability: number): number } = createRequire(import.meta.url)("cephes");
  inverse = cephes.ndtri;
  return inverse;
}

/** The z with P(Z ≤ z) = probability, for probability in [0, 1] (cephes `ndtri`; WASM, so the same bits everywhere). */
export function normalQuantile(probability: number): number {
  if (probability <= 0) return probability === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (probability >= 1) return probability === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  return (inverse ?? loadInverse())(probability);
}

/** A standard normal number from a uniform in (0, 1]; 1 stands for the largest number below it. */
export function normalFromUniform(uniform: number): number {
  return normalQuantile(Math.min(uniform, 1 - 2 ** -53));
}
