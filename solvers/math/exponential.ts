import { POWERS_OF_TWO } from "./powers-of-two.js";

/** The upper 32 bits of ln 2, so that a multiple below 2^21 is exact, and the rest. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** Adding and subtracting it rounds to the nearest integer, ties to even, below 2^51 in size. */
const ROUND = 1.5 * 2 ** 52;

/**
 * e^x.
 *
 * Error below 1.1 ulp; special values as `Math.exp`. Reduction to |r| ≤ ln 2 / 2 and a polynomial of degree 12.
 */
export function exp(x: number): number {
  if (!(x > -708 && x < 709)) return expTimesPowerOfTwo(x, 0);
  const k = x * Math.LOG2E + ROUND - ROUND;
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  return (1 + (r + expRest(r))) * POWERS_OF_TWO[(k | 0) + 1074]!;
}

/**
 * e^x − 1 without cancellation.
 *
 * Error below 1.5 ulp; special values as `Math.expm1`.
 */
export function expm1(x: number): number {
  if (!(x > -38 && x < 40)) return exp(x) - 1;
  const k = x * Math.LOG2E + ROUND - ROUND;
  if (k === 0) return x === 0 ? x : x + expRest(x);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const power = POWERS_OF_TWO[(k | 0) + 1074]!;
  return power - 1 + power * r + power * (expRest(r) + (high - r - low));
}

/**
 * e^x · 2^shift, rounded once more where the result is subnormal.
 *
 * @param x any number
 * @param shift integer in [−2, 2]
 */
export function expTimesPowerOfTwo(x: number, shift: number): number {
  if (!(x > -750 && x < 750)) return x > 0 ? Number.POSITIVE_INFINITY : x < 0 ? 0 : x;
  const k = x * Math.LOG2E + ROUND - ROUND;
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  return timesPowerOfTwo(1 + (r + expRest(r)), k + shift);
}

/**
 * e^(high + low) with an error below 0.6 ulp, for |low| ≤ 2^-50 |high| or below 2^-50.
 *
 * @param high in [−750, 750]
 */
export function expOfSum(high: number, low: number): number {
  const k = high * Math.LOG2E + ROUND - ROUND;
  const upper = high - k * LN2_HIGH;
  const lower = k * LN2_LOW - low;
  const r = upper - lower;
  const sum = 1 + r;
  return timesPowerOfTwo(sum + (1 - sum + r + (expRest(r) + (upper - r - lower) * sum)), k);
}

/** e^r − 1 − r for |r| ≤ 0.3466. */
function expRest(r: number): number {
  const r2 = r * r;
  const r4 = r2 * r2;
  const lower = 0.16666666666666669 + 0.04166666666666667 * r + (0.00833333333333005 + 0.001388888888888503 * r) * r2;
  const upper =
    0.00019841269863117353 + 2.4801587322480165e-5 * r + (2.7557268361062015e-6 + 2.7557276195321126e-7 * r) * r2;
  return r2 * (0.5 + r * (lower + (upper + (2.5100432507522996e-8 + 2.091405750979355e-9 * r) * r4) * r4));
}

/** y · 2^n for a normal y in [0.5, 2] and n in [−1100, 1100]: two factors, of which the first is exact. */
function timesPowerOfTwo(y: number, n: number): number {
  const half = Math.floor(0.5 * n);
  return y * POWERS_OF_TWO[half + 1074]! * POWERS_OF_TWO[n - half + 1074]!;
}
