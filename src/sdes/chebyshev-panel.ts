import { cos } from "../../solvers/math/elementary.js";

const SIZE = 16;
const ANGLES = Float64Array.from({ length: SIZE }, (_, k) => (Math.PI * (k + 0.5)) / SIZE);
const POINTS = ANGLES.map((angle) => cos(angle));
// cos(jθ_k) for j, k < SIZE.
const TABLE = Float64Array.from({ length: SIZE * SIZE }, (_, i) => cos(Math.floor(i / SIZE) * ANGLES[i % SIZE]!));

/** The antiderivative, zero at `from`, of a function on [from, to], as a Chebyshev series of degree 16. */
export interface ChebyshevPanel {
  readonly from: number;
  readonly to: number;
  /** Bound-like estimate of the absolute error: the last two coefficients of the function times half the width. */
  readonly error: number;
  /** The antiderivative at `to`. */
  readonly total: number;
  /** The antiderivative at t in [from, to]. */
  at(t: number): number;
}

/** Interpolates f at 16 Chebyshev points and integrates the interpolant exactly (Mason & Handscomb 2003, §2.4.4). */
export function chebyshevPanel(f: (t: number) => number, from: number, to: number): ChebyshevPanel {
  const half = 0.5 * (to - from);
  const centre = from + half;
  const values = POINTS.map((point) => f(centre + half * point));
  const c = new Float64Array(SIZE + 2);
  for (let j = 0; j < SIZE; j++) {
    let sum = 0;
    for (let k = 0; k < SIZE; k++) sum += values[k]! * TABLE[j * SIZE + k]!;
    c[j] = ((j === 0 ? 1 : 2) * sum) / SIZE;
  }
  const integral = new Float64Array(SIZE + 1);
  let start = 0;
  for (let j = 1; j <= SIZE; j++) {
    const before = j === 1 ? 2 * c[0]! : c[j - 1]!;
    integral[j] = (half * (before - c[j + 1]!)) / (2 * j);
    // T_j(−1) = (−1)^j.
    start += j % 2 === 0 ? integral[j]! : -integral[j]!;
  }
  integral[0] = -start;
  const at = (t: number) => {
    const s = Math.max(-1, Math.min(1, (t - centre) / half));
    let b1 = 0;
    let b2 = 0;
    for (let j = SIZE; j > 0; j--) {
      const b = 2 * s * b1 - b2 + integral[j]!;
      b2 = b1;
      b1 = b;
    }
    return s * b1 - b2 + integral[0]!;
  };
  return { from, to, error: half * (Math.abs(c[SIZE - 1]!) + Math.abs(c[SIZE - 2]!)), total: at(to), at };
}
