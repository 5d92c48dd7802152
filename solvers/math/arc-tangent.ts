/** arctan ½, π/4, arctan 3/2, π/2: nearest double and the rest. */
const ANGLES_HIGH = Float64Array.of(0.4636476090008061, 0.7853981633974483, 0.982793723247329, 1.5707963267948966);
const ANGLES_LOW = Float64Array.of(
  2.2698777452961687e-17,
  3.061616997868383e-17,
  1.3903311031230998e-17,
  6.123233995736766e-17,
);

/**
 * arctan x in [−π/2, π/2].
 *
 * Error below 1 ulp; special values as `Math.atan`. Reduction to |t| ≤ 7/16 by the addition theorem.
 */
export function atan(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.4375) return size < 2 ** -27 ? x : x + x * series(x * x);
  if (!(size < 2 ** 66)) return x > 0 ? ANGLES_HIGH[3]! : x < 0 ? -ANGLES_HIGH[3]! : x;
  const part = size < 0.6875 ? 0 : size < 1.1875 ? 1 : size < 2.4375 ? 2 : 3;
  const t =
    part === 0
      ? (2 * size - 1) / (2 + size)
      : part === 1
        ? (size - 1) / (size + 1)
        : part === 2
          ? (size - 1.5) / (1 + 1.5 * size)
          : -1 / size;
  const value = ANGLES_HIGH[part]! + (t + (t * series(t * t) + ANGLES_LOW[part]!));
  return x > 0 ? value : -value;
}

/** arctan(t)/t − 1 for z = t² ≤ 49/256. */
function series(z: number): number {
  const z2 = z * z;
  const z4 = z2 * z2;
  const lower = -0.33333333333333326 + z * 0.1999999999998777 + z2 * (-0.1428571428314864 + z * 0.11111110900560475);
  const middle = -0.09090900195560148 + z * 0.07692087348767168 + z2 * (-0.06663239299107136 + z * 0.05847724720645106);
  const upper = -0.05033942776485848 + z * 0.03782521866106712 + z2 * -0.017547235157290005;
  return z * (lower + z4 * (middle + z4 * upper));
}
