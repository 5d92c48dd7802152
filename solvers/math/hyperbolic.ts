import { exp, expTimesPowerOfTwo } from "./exponential.js";

/**
 * sinh x.
 *
 * Error below 2 ulp; special values as `Math.sinh`.
 */
export function sinh(x: number): number {
  const size = Math.abs(x);
  if (size < 1) return size < 2 ** -27 ? x : x + x * sinhSeries(x * x);
  const value = size < 22 ? halfDifference(exp(size)) : expTimesPowerOfTwo(size, -1);
  return x > 0 ? value : -value;
}

/**
 * cosh x.
 *
 * Error below 2 ulp; special values as `Math.cosh`.
 */
export function cosh(x: number): number {
  const size = Math.abs(x);
  if (!(size < 22)) return expTimesPowerOfTwo(size, -1);
  const e = exp(size);
  return 0.5 * e + 0.5 / e;
}

/**
 * tanh x.
 *
 * Error below 2 ulp; special values as `Math.tanh`. A rational function below 0.55 in size.
 */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size < 0.55) return size < 2 ** -27 ? x : x + x * tanhRest(x * x);
  const value = size < 22 ? 1 - 2 / (exp(2 * size) + 1) : 1;
  return x > 0 ? value : x < 0 ? -value : x;
}

function halfDifference(e: number): number {
  return 0.5 * e - 0.5 / e;
}

/** sinh(x)/x − 1 for z = x² ≤ 1. */
function sinhSeries(z: number): number {
  const z2 = z * z;
  const z4 = z2 * z2;
  const lower =
    0.16666666666666666 + z * 0.008333333333333333 + z2 * (0.00019841269841269773 + z * 2.755731922404034e-6);
  const upper =
    2.505210836405804e-8 + z * 1.6059048396350562e-10 + z2 * (7.646625361656657e-13 + z * 2.8445264169895285e-15);
  return z * (lower + upper * z4);
}

/** tanh(x)/x − 1 for z = x² ≤ 0.3025. */
function tanhRest(z: number): number {
  return (
    (z * (-1612.7680543973872 + z * (-99.19474243794387 + z * -0.96436267947745))) /
    (4838.3041631921615 + z * (2232.9058925906916 + z * (112.71096151044648 + z)))
  );
}
