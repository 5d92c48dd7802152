import { reduceExactly } from "./reduce-exactly.js";

const QUARTERS_PER_RADIAN = 0.6366197723675814;
/** π/2 as 32 bits, the next 32 bits, and the rest: multiples of the first two below 2^21 are exact. */
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
const QUARTER_PI = Math.PI / 4;
/** Adding and subtracting it rounds to the nearest integer, ties to even, below 2^51 in size. */
const ROUND = 1.5 * 2 ** 52;
/** Above 2^20 π, and within 2^-20 of a multiple of π/2, reduction takes long integers. */
const LARGE = 3294198;

const remainder = new Float64Array(2);

/**
 * sin x, x in radians.
 *
 * Error below 1 ulp for every double; special values as `Math.sin`.
 */
export function sin(x: number): number {
  const size = Math.abs(x);
  if (size <= QUARTER_PI) return size < 2 ** -27 ? x : sinKernel(x, 0);
  const quarter = reduce(size);
  const value = quarter & 1 ? cosKernel(remainder[0]!, remainder[1]!) : sinKernel(remainder[0]!, remainder[1]!);
  return quarter & 2 ? (x > 0 ? -value : value) : x > 0 ? value : -value;
}

/**
 * cos x, x in radians.
 *
 * Error below 1 ulp for every double; special values as `Math.cos`.
 */
export function cos(x: number): number {
  const size = Math.abs(x);
  if (size <= QUARTER_PI) return cosKernel(x, 0);
  const quarter = reduce(size);
  const value = quarter & 1 ? sinKernel(remainder[0]!, remainder[1]!) : cosKernel(remainder[0]!, remainder[1]!);
  return (quarter + 1) & 2 ? -value : value;
}

/**
 * tan x, x in radians.
 *
 * Error below 1.5 ulp for every double; special values as `Math.tan`. Quotient of sine and cosine with their rounding errors carried along.
 */
export function tan(x: number): number {
  const size = Math.abs(x);
  if (size < 2 ** -27) return x;
  const quarter = reduce(size);
  const y = remainder[0]!;
  const z = y * y;
  const sineTail = y * z * sinSeries(z) + remainder[1]! * (1 - 0.5 * z);
  const sine = y + sineTail;
  const leading = 1 - 0.5 * z;
  const cosineTail = 1 - leading - 0.5 * z + (z * z * cosSeries(z) - y * remainder[1]!);
  const cosine = leading + cosineTail;
  const sineRest = y - sine + sineTail;
  const cosineRest = leading - cosine + cosineTail;
  const value =
    quarter & 1 ? -quotient(cosine, cosineRest, sine, sineRest) : quotient(sine, sineRest, cosine, cosineRest);
  return x > 0 ? value : -value;
}

/**
 * sin 2πw without branches.
 *
 * Error below 2 ulp: with y = 4w, y + y (1 − y²) R(y²), which cancels nowhere.
 *
 * @param w turns, |w| ≤ 1/4, a multiple of 2^-53
 */
export function sinOfTurns(w: number): number {
  const y = 4 * w;
  const z = y * y;
  const z2 = z * z;
  const lower =
    0.5707963267948967 - 0.07516777071134947 * z + (0.0045248555348139236 - 0.00015689860047336424 * z) * z2;
  const upper =
    3.5425841763396864e-6 - 5.6258714715604234e-8 * z + (6.625024373870801e-10 - 5.851771202055577e-12 * z) * z2;
  return y + y * ((1 - y) * (1 + y) * (lower + upper * (z2 * z2)));
}

/** Writes |x| − n π/2 to `remainder` as the sum of two numbers and returns n modulo 4; x ≥ 0, NaN for ∞ and NaN. */
function reduce(x: number): number {
  if (x < LARGE) {
    const n = x * QUARTERS_PER_RADIAN + ROUND - ROUND;
    const first = x - n * HALF_PI_1;
    const part = n * HALF_PI_2;
    const second = first - part;
    const back = second - first;
    const rest = first - (second - back) - (part + back) - n * HALF_PI_3;
    const y = second + rest;
    if (n === 0 || Math.abs(y) > 2 ** -20) {
      remainder[0] = y;
      remainder[1] = second - y + rest;
      return n & 3;
    }
  } else if (!(x < Number.POSITIVE_INFINITY)) {
    remainder[0] = Number.NaN;
    remainder[1] = Number.NaN;
    return 0;
  }
  return reduceExactly(x, remainder);
}

/** sin(y + rest) for |y| ≤ π/4. */
function sinKernel(y: number, rest: number): number {
  const z = y * y;
  return y + (y * z * sinSeries(z) + rest * (1 - 0.5 * z));
}

/** cos(y + rest) for |y| ≤ π/4. */
function cosKernel(y: number, rest: number): number {
  const z = y * y;
  const leading = 1 - 0.5 * z;
  return leading + (1 - leading - 0.5 * z + (z * z * cosSeries(z) - y * rest));
}

/** (sin y − y)/y³ in z = y². */
function sinSeries(z: number): number {
  const z2 = z * z;
  return (
    -0.16666666666666666 +
    z * 0.008333333333330943 +
    z2 * (-0.0001984126983674956 + z * 2.755731609787775e-6 + z2 * (-2.5051130870968297e-8 + z * 1.591805913698281e-10))
  );
}

/** (cos y − 1 + y²/2)/y⁴ in z = y². */
function cosSeries(z: number): number {
  const z2 = z * z;
  return (
    0.041666666666666664 +
    z * -0.0013888888888887393 +
    z2 *
      (2.4801587298760048e-5 + z * -2.755731726880539e-7 + z2 * (2.0876145659059344e-9 + z * -1.1382588535352522e-11))
  );
}

/** (a + aRest)/(b + bRest) with one correction of the rounded quotient. */
function quotient(a: number, aRest: number, b: number, bRest: number): number {
  const q = a / b;
  // Dekker's product q · b without error.
  const qHigh = q * 134217729 - (q * 134217729 - q);
  const bHigh = b * 134217729 - (b * 134217729 - b);
  const qLow = q - qHigh;
  const bLow = b - bHigh;
  const residual = a - qHigh * bHigh - qHigh * bLow - qLow * bHigh - qLow * bLow;
  return q + (residual + (aRest - q * bRest)) / b;
}
