import type { ScoreFunction } from "./score-source.js";

/** Weights of the central difference of order 4 on five points. */
export const CENTRAL = [1 / 12, -2 / 3, 0, 2 / 3, -1 / 12] as const;

/**
 * The Jacobian of a score at every point by central differences of order 4, count × dimension × dimension: entry (a, b) is ∂s_a/∂x_b.
 *
 * @param points count × dimension, row-major
 * @param step distance of neighbouring points of the differences
 */
export async function scoreJacobian(
  score: ScoreFunction,
  points: Float64Array,
  t: number,
  step: number,
  dimension: number,
): Promise<Float64Array> {
  const count = points.length / dimension;
  const jacobian = new Float64Array(count * dimension * dimension);
  const moved = new Float64Array(points.length);
  const values = new Float64Array(points.length);
  for (let along = 0; along < dimension; along++) {
    for (let j = 0; j < CENTRAL.length; j++) {
      const weight = CENTRAL[j]!;
      if (weight === 0) continue;
      moved.set(points);
      for (let i = along; i < moved.length; i += dimension) moved[i] = moved[i]! + (j - 2) * step;
      await score(moved, t, values);
      for (let row = 0; row < count; row++) {
        for (let of = 0; of < dimension; of++) {
          const at = (row * dimension + of) * dimension + along;
          jacobian[at] = jacobian[at]! + (weight * values[row * dimension + of]!) / step;
        }
      }
    }
  }
  return jacobian;
}

/** ∇·s of each row of a Jacobian. */
export function divergences(jacobian: Float64Array, dimension: number): Float64Array {
  const square = dimension * dimension;
  return Float64Array.from({ length: jacobian.length / square }, (_, row) => {
    let sum = 0;
    for (let d = 0; d < dimension; d++) sum += jacobian[row * square + d * (dimension + 1)]!;
    return sum;
  });
}
