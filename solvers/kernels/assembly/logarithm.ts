// Two lanes of solvers/math/logarithm.ts, the same operations in the same order.

const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
/** Exponent bits of 1 less those of √½, in the upper word. */
const FROM_ROOT_HALF: i64 = (0x3ff00000 - 0x3fe6a09e) << 32;
/** 2^52, whose low bits hold a small integer exactly. */
const TWO_52: i64 = 0x4330000000000000;

@inline
function seriesRest(z: v128): v128 {
  const w = f64x2.mul(z, z);
  const even = f64x2.add(
    f64x2.splat(0.399999999998992),
    f64x2.mul(w, f64x2.add(f64x2.splat(0.22222211112104948), f64x2.mul(w, f64x2.splat(0.15331666676597175)))),
  );
  const odd = f64x2.add(
    f64x2.splat(0.666666666666667),
    f64x2.mul(
      w,
      f64x2.add(
        f64x2.splat(0.2857142862611452),
        f64x2.mul(w, f64x2.add(f64x2.splat(0.1818289077802613), f64x2.mul(w, f64x2.splat(0.146171283998073)))),
      ),
    ),
  );
  return f64x2.add(f64x2.mul(z, odd), f64x2.mul(w, even));
}

/** ln x for normal x > 0. */
@inline
export function log(x: v128): v128 {
  const biased = i64x2.shr_u(i64x2.add(x, i64x2.splat(FROM_ROOT_HALF)), 52);
  const k = f64x2.sub(v128.or(biased, i64x2.splat(TWO_52)), f64x2.splat(4503599627370496.0 + 1023.0));
  const power = i64x2.shl(i64x2.sub(i64x2.splat(2046), biased), 52);
  const f = f64x2.sub(f64x2.mul(x, power), f64x2.splat(1));
  const s = f64x2.div(f, f64x2.add(f64x2.splat(2), f));
  const half = f64x2.mul(f64x2.mul(f64x2.splat(0.5), f), f);
  const tail = f64x2.add(
    f64x2.mul(s, f64x2.add(half, seriesRest(f64x2.mul(s, s)))),
    f64x2.mul(k, f64x2.splat(LN2_LOW)),
  );
  return f64x2.add(f64x2.add(f64x2.sub(tail, half), f), f64x2.mul(k, f64x2.splat(LN2_HIGH)));
}
