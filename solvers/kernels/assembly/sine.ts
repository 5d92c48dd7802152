// Two lanes of `sinOfTurns` in solvers/math/trigonometric.ts, the same operations in the same order.

/** sin 2πw for |w| ≤ 1/4. */
@inline
export function sinOfTurns(w: v128): v128 {
  const y = f64x2.mul(f64x2.splat(4), w);
  const z = f64x2.mul(y, y);
  const z2 = f64x2.mul(z, z);
  const lower = f64x2.add(
    f64x2.sub(f64x2.splat(0.5707963267948967), f64x2.mul(f64x2.splat(0.07516777071134947), z)),
    f64x2.mul(f64x2.sub(f64x2.splat(0.0045248555348139236), f64x2.mul(f64x2.splat(0.00015689860047336424), z)), z2),
  );
  const upper = f64x2.add(
    f64x2.sub(f64x2.splat(3.5425841763396864e-6), f64x2.mul(f64x2.splat(5.6258714715604234e-8), z)),
    f64x2.mul(f64x2.sub(f64x2.splat(6.625024373870801e-10), f64x2.mul(f64x2.splat(5.851771202055577e-12), z)), z2),
  );
  const one = f64x2.splat(1);
  const ends = f64x2.mul(f64x2.sub(one, y), f64x2.add(one, y));
  const series = f64x2.add(lower, f64x2.mul(upper, f64x2.mul(z2, z2)));
  return f64x2.add(y, f64x2.mul(y, f64x2.mul(ends, series)));
}
