/** 2/π · 2^1200, rounded down. */
const TWO_OVER_PI = BigInt(
  "0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921cfe1deb1cb129a73e" +
    "e88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980fef2f118b5a0a6d1f6d367ecf27cb09b74f46" +
    "3f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b",
);
/** π/2 · 2^200, rounded down. */
const HALF_PI = 0x1921fb54442d18469898cc51701b839a252049c1114cf98e804n;

const DOUBLE = new Float64Array(1);
const BITS = new BigUint64Array(DOUBLE.buffer);

/**
 * Writes x − n π/2, |.| ≤ π/4, to `remainder` as the sum of two numbers and returns n modulo 4.
 *
 * Relative error below 2^-100 for every finite x ≥ 2^-20; long integers (Payne & Hanek 1983), microseconds.
 *
 * @param x in [2^-20, ∞)
 * @param remainder 2 numbers, overwritten
 */
export function reduceExactly(x: number, remainder: Float64Array): number {
  DOUBLE[0] = x;
  const exponent = (BITS[0]! >> 52n) - 1075n;
  const significand = (BITS[0]! & 0xfffffffffffffn) | 0x10000000000000n;
  // x · 2/π = product · 2^-shift; the doubles next to multiples of π/2 stay 2^-62 away, so 300 bits of fraction suffice.
  const shift = 1200n - exponent;
  let quarters = (significand * TWO_OVER_PI) >> (shift - 300n);
  const half = 1n << 299n;
  const turns = (quarters + half) >> 300n;
  quarters -= turns << 300n;
  const angle = (quarters * HALF_PI) >> 200n;
  const high = Number(angle);
  remainder[0] = high * 2 ** -300;
  remainder[1] = Number(angle - BigInt(high)) * 2 ** -300;
  return Number(turns & 3n);
}
