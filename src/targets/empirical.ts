import type { NdArray } from "ndarray";
import { UsageError } from "../../solvers/errors.js";
import { mixtureTarget } from "./mixture.js";
import { readRows } from "./numbers.js";
import { pointRows } from "./points.js";
import type { Target } from "./types.js";

/** Data points: [count, dimension], flat rows with their dimension, or a list of rows. */
export type EmpiricalPoints =
  | NdArray<Float64Array>
  | { readonly data: Float64Array; readonly dimension: number }
  | readonly (number | readonly number[])[];

/**
 * The given points, each with the same probability: a law without density whose smoothing at σ > 0 is an exact mixture.
 *
 * @throws UsageError for no points, rows of different lengths or numbers that are not finite, naming the row
 */
export function empirical(points: EmpiricalPoints): Target {
  const { data, count, dimension } = readPoints(points);
  if (count === 0 || dimension === 0) {
    throw new UsageError(`empirical: there must be at least one point, but got ${count} × ${dimension} numbers.`);
  }
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) {
    throw new UsageError(
      `empirical: points must be finite, but got ${data[bad]} in row ${Math.floor(bad / dimension)}, column ${bad % dimension} - remove that row.`,
    );
  }
  return mixtureTarget({
    name: "empirical",
    options: { count, dimension },
    components: {
      dimension,
      count,
      isotropic: true,
      weights: new Float64Array(count).fill(1 / count),
      means: data,
      standardDeviations: new Float64Array(count),
    },
    groups: null,
  });
}

function readPoints(points: EmpiricalPoints): { data: Float64Array; count: number; dimension: number } {
  if ("shape" in points) return pointRows(points, points.shape[1] ?? 1, "empirical: points");
  if ("dimension" in points) {
    const { data, dimension } = points;
    if (!Number.isInteger(dimension) || dimension < 1) {
      throw new UsageError(`empirical: dimension must be a whole number ≥ 1, but got ${dimension}.`);
    }
    return pointRows(data.slice(), dimension, "empirical: points");
  }
  const { data, count, columns } = readRows(points, "empirical: points");
  return { data, count, dimension: columns };
}
