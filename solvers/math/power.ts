import { expOfSum } from "./exponential.js";
import { POWERS_OF_TWO } from "./powers-of-two.js";

/** The upper 32 bits of ln 2, the next 33, and the rest: multiples of the first two below 2^20 are exact. */
const LN2_1 = 0.6931471803691238;
const LN2_2 = 1.9082149291141208e-10;
const LN2_3 = 1.564670158533888e-20;
const TWO_THIRDS_HIGH = 0.6666666666666666;
const TWO_THIRDS_LOW = 3.700743415417188e-17;
const TWO_FIFTHS_HIGH = 0.4;
const TWO_FIFTHS_LOW = -2.2204460492503132e-17;
const FROM_ROOT_HALF = 0x3ff00000 - 0x3fe6a09e;
const SPLIT = 134217729;

const DOUBLE = new Float64Array(1);
const WORDS = new Int32Array(DOUBLE.buffer);
/** A logarithm as the sum of two numbers. */
const logarithm = new Float64Array(2);

/**
 * x^y.
 *
 * Error below 0.6 ulp; special values as `Math.pow`. exp(y ln x) with the logarithm to 2^-68 relative.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const size = Math.abs(x);
  if (y === Number.POSITIVE_INFINITY || y === Number.NEGATIVE_INFINITY) {
    if (size === 1) return Number.NaN;
    return size > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
  }
  const whole = Math.floor(y) === y;
  // Every double from 2^53 on is even.
  const odd = whole && Math.abs(y) < 2 ** 53 && Math.floor(0.5 * y) * 2 !== y;
  const negative = x < 0 || (x === 0 && 1 / x < 0);
  if (size === 0 || size === Number.POSITIVE_INFINITY) {
    const value = (size === 0) === y > 0 ? 0 : Number.POSITIVE_INFINITY;
    return negative && odd ? -value : value;
  }
  if (negative && !whole) return Number.NaN;
  const value = size === 1 ? 1 : powOfPositive(size, y);
  return negative && odd ? -value : value;
}

function powOfPositive(x: number, y: number): number {
  takeLogarithm(x);
  const high = logarithm[0]!;
  const estimate = high * y;
  if (!(estimate < 710 && estimate > -746)) return estimate > 0 ? Number.POSITIVE_INFINITY : 0;
  // Below 2^-60 the result is 1 for any rounding, and y may be too small or too large to be split.
  if (Math.abs(estimate) < 2 ** -60) return 1;
  const product = productRest(high, y, estimate);
  return expOfSum(estimate, product + logarithm[1]! * y);
}

/** Writes ln x, x positive and finite, to `logarithm`. */
function takeLogarithm(x: number): void {
  const subnormal = x < 2 ** -1022;
  const normal = subnormal ? x * 2 ** 54 : x;
  DOUBLE[0] = normal;
  const exponent = ((WORDS[1]! + FROM_ROOT_HALF) >>> 20) - 1023;
  const f = normal * POWERS_OF_TWO[1074 - exponent]! - 1;
  const k = subnormal ? exponent - 54 : exponent;
  // s = f/(2 + f) as sHigh + sLow.
  const d = 2 + f;
  const dLow = 2 - d + f;
  const s = f / d;
  const sLow = (f - s * d - productRest(s, d, s * d) - s * dLow) / d;
  const z = s * s;
  const zLow = productRest(s, s, z) + 2 * s * sLow;
  // series = z (2/3 + z (2/5 + z rest(z))), the first two coefficients in twice the precision.
  const inner = z * seriesRest(z);
  const fifths = TWO_FIFTHS_HIGH + inner;
  const fifthsLow = TWO_FIFTHS_HIGH - fifths + inner + TWO_FIFTHS_LOW;
  const p = z * fifths;
  const pLow = productRest(z, fifths, p) + (z * fifthsLow + zLow * fifths);
  const thirds = TWO_THIRDS_HIGH + p;
  const thirdsLow = TWO_THIRDS_HIGH - thirds + p + (pLow + TWO_THIRDS_LOW);
  const q = z * thirds;
  const qLow = productRest(z, thirds, q) + (z * thirdsLow + zLow * thirds);
  // ln x = k ln 2 + 2 s + s · series.
  const t = s * q;
  const tLow = productRest(s, q, t) + (s * qLow + sLow * q);
  let high = k * LN2_1;
  let low = 0;
  for (const term of [k * LN2_2, 2 * s, t]) {
    const sum = high + term;
    const back = sum - high;
    low += high - (sum - back) + (term - back);
    high = sum;
  }
  low += tLow + 2 * sLow + k * LN2_3;
  const sum = high + low;
  logarithm[0] = sum;
  logarithm[1] = high - sum + low;
}

/** a b − product without error (Dekker 1971), for product = fl(a b) and |a|, |b| below 2^996. */
function productRest(a: number, b: number, product: number): number {
  const aHigh = a * SPLIT - (a * SPLIT - a);
  const bHigh = b * SPLIT - (b * SPLIT - b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** (ln((1 + s)/(1 − s))/s − 2 − 2z/3 − 2z²/5)/z³ for z = s² ≤ 0.02945. */
function seriesRest(z: number): number {
  const z2 = z * z;
  const z4 = z2 * z2;
  const lower = 0.2857142857142857 + z * 0.22222222222222215 + z2 * (0.18181818181823914 + z * 0.15384615382620603);
  const upper =
    0.1333333368073783 +
    z * 0.11764671946682945 +
    z2 * (0.10528258206338982 + z * 0.09459326031377702) +
    z4 * 0.098362060496093;
  return lower + z4 * upper;
}
