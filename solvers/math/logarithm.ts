import { POWERS_OF_TWO } from "./powers-of-two.js";

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** Exponent bits of 1 less those of √½: added to a number's upper word, the exponent counts from √½. */
const FROM_ROOT_HALF = 0x3ff00000 - 0x3fe6a09e;

// The words of a double, little-endian as in every JavaScript engine's typed arrays and in WebAssembly.
const DOUBLE = new Float64Array(1);
const WORDS = new Int32Array(DOUBLE.buffer);

/**
 * ln x.
 *
 * Error below 1 ulp; special values as `Math.log`. x = 2^k (1 + f) with √½ ≤ 1 + f < √2 and a series in s = f/(2 + f).
 */
export function log(x: number): number {
  DOUBLE[0] = x;
  const high = WORDS[1]!;
  // One comparison for zero, subnormal, negative, infinite and NaN.
  if ((high - 0x00100000) >>> 0 >= 0x7fe00000) return logOfSpecial(x);
  const k = ((high + FROM_ROOT_HALF) >>> 20) - 1023;
  const f = x * POWERS_OF_TWO[1074 - k]! - 1;
  const s = f / (2 + f);
  const half = 0.5 * f * f;
  return s * (half + seriesRest(s * s)) + k * LN2_LOW - half + f + k * LN2_HIGH;
}

/**
 * ln(1 + x) without cancellation.
 *
 * Error below 1 ulp; special values as `Math.log1p`.
 */
export function log1p(x: number): number {
  if (!(x > -1 && x < Number.POSITIVE_INFINITY)) return log(1 + x);
  if (Math.abs(x) < 2 ** -54) return x;
  let k = 0;
  let f = x;
  let correction = 0;
  if (x < -0.2928932188134524 || x > 0.41421356237309503) {
    const u = 1 + x;
    DOUBLE[0] = u;
    k = ((WORDS[1]! + FROM_ROOT_HALF) >>> 20) - 1023;
    correction = (x >= 1 ? 1 - (u - x) : x - (u - 1)) / u;
    f = u * POWERS_OF_TWO[1074 - k]! - 1;
  }
  const s = f / (2 + f);
  const half = 0.5 * f * f;
  return s * (half + seriesRest(s * s)) + (k * LN2_LOW + correction) - half + f + k * LN2_HIGH;
}

function logOfSpecial(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x > 0 && x < 1) return log(x * 2 ** 54) - 54 * Math.LN2;
  return x > 0 || Number.isNaN(x) ? x : Number.NaN;
}

/** (ln((1 + s)/(1 − s)) − 2s)/s for z = s² ≤ 0.02945. */
function seriesRest(z: number): number {
  const w = z * z;
  const even = 0.399999999998992 + w * (0.22222211112104948 + w * 0.15331666676597175);
  const odd = 0.666666666666667 + w * (0.2857142862611452 + w * (0.1818289077802613 + w * 0.146171283998073));
  return z * odd + w * even;
}
