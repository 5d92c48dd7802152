import { exp } from "../../../solvers/math/elementary.js";

const INVERSE_SQRT_PI = 0.5641895835477563;

// Rational minimax approximations of W. J. Cody, "Rational Chebyshev approximations for the error function",
// Mathematics of Computation 23 (1969) 631–637, in the form of his program CALERF (1990).
const A = [3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694, 0.18577770618460315];
const B = [23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171];
const C = [
  0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769, 1712.0476126340707,
  2051.0783778260716, 1230.3393547979972, 2.1531153547440383e-8,
];
const D = [
  15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597, 4362.619090143247,
  3439.3676741437216, 1230.3393548037495,
];
const P = [
  0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378,
  0.016315387137302097,
];
const Q = [2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918];

/** erf(x) for |x| ≤ 0.46875, to 1 ulp or so (Cody 1969). */
export function erfNearZero(x: number): number {
  const square = x * x;
  let numerator = A[4]! * square;
  let denominator = square;
  for (let i = 0; i < 3; i++) {
    numerator = (numerator + A[i]!) * square;
    denominator = (denominator + B[i]!) * square;
  }
  return (x * (numerator + A[3]!)) / (denominator + B[3]!);
}

/** Scaled complementary error function exp(x²) erfc(x) for x ≥ 0, relative error below 1e-15 (Cody 1969). */
export function erfcx(x: number): number {
  if (x <= 0.46875) return exp(x * x) * (1 - erfNearZero(x));
  if (x <= 4) {
    let numerator = C[8]! * x;
    let denominator = x;
    for (let i = 0; i < 7; i++) {
      numerator = (numerator + C[i]!) * x;
      denominator = (denominator + D[i]!) * x;
    }
    return (numerator + C[7]!) / (denominator + D[7]!);
  }
  const inverseSquare = 1 / (x * x);
  let numerator = P[5]! * inverseSquare;
  let denominator = inverseSquare;
  for (let i = 0; i < 4; i++) {
    numerator = (numerator + P[i]!) * inverseSquare;
    denominator = (denominator + Q[i]!) * inverseSquare;
  }
  const correction = (inverseSquare * (numerator + P[4]!)) / (denominator + Q[4]!);
  return (INVERSE_SQRT_PI - correction) / x;
}
