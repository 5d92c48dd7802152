import { UsageError } from "../../solvers/errors.js";
import type { Schedule } from "../../solvers/types.js";
import { type PointRows, pointRows } from "../targets/points.js";

/**
 * Points at tMin as a flat row-major array.
 *
 * @throws UsageError for a wrong shape, no points, numbers that are not finite, or points so far out that ‖x / σ(tMin)‖² overflows
 */
export function checkPoints(
  points: PointRows,
  dimension: number,
  schedule: Schedule,
): { readonly flat: Float64Array; readonly count: number } {
  const { data, count } = pointRows(points, dimension, "points");
  if (count === 0) throw new UsageError("points: there must be at least one, but got none");
  const scale = 1 / schedule.sigma(schedule.tMin);
  for (let row = 0, i = 0; row < count; row++) {
    let square = 0;
    for (let d = 0; d < dimension; d++, i++) {
      const value = data[i]!;
      if (!Number.isFinite(value)) {
        throw new UsageError(`points: must be finite, but got ${value} in row ${row}, column ${d} - remove that row`);
      }
      square += value * scale * (value * scale);
    }
    if (square === Number.POSITIVE_INFINITY) {
      throw new UsageError(
        `points: the log-density of row ${row} is too large for a number, since ‖x / σ(tMin)‖² overflows - remove that row`,
      );
    }
  }
  return { flat: data, count };
}
