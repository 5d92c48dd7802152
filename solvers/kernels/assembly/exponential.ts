// Two lanes of solvers/math/exponential.ts, the same operations in the same order.

const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
const LOG2E: f64 = 1.4426950408889634;
/** 1.5 · 2^52: adding and subtracting it rounds to the nearest integer, which the low bits of the sum hold. */
const ROUND: f64 = 6755399441055744;

@inline
function expRest(r: v128): v128 {
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const lower = f64x2.add(
    f64x2.add(f64x2.splat(0.16666666666666669), f64x2.mul(f64x2.splat(0.04166666666666667), r)),
    f64x2.mul(f64x2.add(f64x2.splat(0.00833333333333005), f64x2.mul(f64x2.splat(0.001388888888888503), r)), r2),
  );
  const upper = f64x2.add(
    f64x2.add(f64x2.splat(0.00019841269863117353), f64x2.mul(f64x2.splat(2.4801587322480165e-5), r)),
    f64x2.mul(f64x2.add(f64x2.splat(2.7557268361062015e-6), f64x2.mul(f64x2.splat(2.7557276195321126e-7), r)), r2),
  );
  const top = f64x2.add(f64x2.splat(2.5100432507522996e-8), f64x2.mul(f64x2.splat(2.091405750979355e-9), r));
  const inner = f64x2.add(lower, f64x2.mul(f64x2.add(upper, f64x2.mul(top, r4)), r4));
  return f64x2.mul(r2, f64x2.add(f64x2.splat(0.5), f64x2.mul(r, inner)));
}

/** 2^k for the integer in the low bits of x log₂e + ROUND, −1023 < k < 1024. */
@inline
function powerOfTwo(shifted: v128): v128 {
  return i64x2.add(i64x2.shl(shifted, 52), i64x2.splat(0x3ff0000000000000));
}

/** e^x for −708 < x < 709; other lanes hold any number, and no lane traps. */
@inline
export function exp(x: v128): v128 {
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(LOG2E)), f64x2.splat(ROUND));
  const k = f64x2.sub(shifted, f64x2.splat(ROUND));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH))), f64x2.mul(k, f64x2.splat(LN2_LOW)));
  return f64x2.mul(f64x2.add(f64x2.splat(1), f64x2.add(r, expRest(r))), powerOfTwo(shifted));
}

/** e^x − 1 for −38 < x < 40; other lanes hold any number, and no lane traps. */
@inline
export function expm1(x: v128): v128 {
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(LOG2E)), f64x2.splat(ROUND));
  const k = f64x2.sub(shifted, f64x2.splat(ROUND));
  const high = f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH)));
  const low = f64x2.mul(k, f64x2.splat(LN2_LOW));
  const r = f64x2.sub(high, low);
  const power = powerOfTwo(shifted);
  const rest = expRest(r);
  const correction = f64x2.add(rest, f64x2.sub(f64x2.sub(high, r), low));
  const far = f64x2.add(
    f64x2.add(f64x2.sub(power, f64x2.splat(1)), f64x2.mul(power, r)),
    f64x2.mul(power, correction),
  );
  const near = f64x2.add(x, expRest(x));
  const isNear = f64x2.eq(k, f64x2.splat(0));
  return v128.bitselect(v128.bitselect(x, near, f64x2.eq(x, f64x2.splat(0))), far, isNear);
}
