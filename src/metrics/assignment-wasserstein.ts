import { UsageError } from "../../solvers/errors.js";
import { checkSamples } from "./check-samples.js";

/** Most rows that an exact assignment is computed for: its cost grows with the cube. */
export const ASSIGNMENT_MAXIMUM = 512;

/** The exact W2 between two small sample sets of equal size, flat row-major. */
export type AssignmentWasserstein2 = (samples: Float64Array, reference: Float64Array, dimension: number) => number;

/**
 * Loads the exact empirical W2 in any dimension: the cheapest one-to-one assignment under squared Euclidean cost (Munkres 1957).
 *
 * The function it resolves to throws a `UsageError` for sets of unequal size or of more than 512 rows.
 */
export async function loadAssignmentWasserstein2(): Promise<AssignmentWasserstein2> {
  const { munkres } = await import("munkres");
  return (samples, reference, dimension) => {
    const count = checkSamples(samples, dimension);
    const referenceCount = checkSamples(reference, dimension, "reference");
    if (count !== referenceCount)
      throw new UsageError(
        `samples: must be as many as the reference's ${referenceCount}, but got ${count} - pass sets of equal size`,
      );
    if (count > ASSIGNMENT_MAXIMUM)
      throw new UsageError(
        `samples: must be at most ${ASSIGNMENT_MAXIMUM} rows, but got ${count} - use the sliced distance for larger sets`,
      );
    const costs = Array.from({ length: count }, (_, i) => {
      const row = new Float64Array(count);
      for (let j = 0; j < count; j++) row[j] = squaredDistance(samples, i, reference, j, dimension);
      return row;
    });
    let sum = 0;
    for (const [i, j] of munkres(costs)) sum += costs[i]![j]!;
    return Math.sqrt(sum / count);
  };
}

function squaredDistance(x: Float64Array, i: number, y: Float64Array, j: number, dimension: number): number {
  let sum = 0;
  for (let d = 0; d < dimension; d++) {
    const gap = x[i * dimension + d]! - y[j * dimension + d]!;
    sum += gap * gap;
  }
  return sum;
}
