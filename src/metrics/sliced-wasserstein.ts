import { UsageError } from "../../solvers/errors.js";
import { fillNormal } from "../../solvers/noise/normal.js";
import { checkSamples } from "./check-samples.js";
import { sortedTransportCost } from "./sorted-wasserstein.js";

/** Sliced distances to one reference sample along fixed directions. */
export interface SlicedWasserstein {
  /** Unit vectors, row-major. */
  readonly directions: Float64Array;
  /** Mean over the directions of the W1 between the projections. */
  w1(samples: Float64Array): number;
  /** Root of the mean over the directions of the squared W2 between the projections. */
  w2(samples: Float64Array): number;
}

/**
 * Prepares sliced Wasserstein distances (Bonneel, Rabin, Peyré, Pfister 2015) to a reference sample.
 *
 * For a shift by δ in dimension D the sliced W2 is |δ|/√D on average over directions: it is smaller than W2. Directions depend on
 * (seed, dimension) alone (stream 'directions'), so that a floor and a run share them. Cost per call: directions · n log n.
 *
 * @param reference flat row-major, any number of rows ≥ 1
 * @param options directions: number of directions, ≥ 1
 */
export function slicedWasserstein(
  reference: Float64Array,
  dimension: number,
  { seed = 0, directions: directionCount = 64 }: { seed?: number; directions?: number } = {},
): SlicedWasserstein {
  const referenceCount = checkSamples(reference, dimension, "reference");
  const directions = unitVectors(seed, directionCount, dimension);
  const projections = Array.from({ length: directionCount }, (_, k) =>
    project(reference, dimension, directions, k, new Float64Array(referenceCount)).sort(),
  );
  const meanCost = (samples: Float64Array, power: 1 | 2): number => {
    const projected = new Float64Array(checkSamples(samples, dimension));
    let sum = 0;
    for (let k = 0; k < directionCount; k++) {
      project(samples, dimension, directions, k, projected).sort();
      sum += sortedTransportCost(projected, projections[k]!, power);
    }
    return sum / directionCount;
  };
  return { directions, w1: (samples) => meanCost(samples, 1), w2: (samples) => Math.sqrt(meanCost(samples, 2)) };
}

function unitVectors(seed: number, count: number, dimension: number): Float64Array {
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`directions: must be an integer ≥ 1, but got ${count} - 64 is the usual number`);
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new UsageError(`seed: must be an integer in [0, 2^53), but got ${seed} - 0 will do`);
  const vectors = new Float64Array(count * dimension);
  fillNormal({ seed, stream: "directions" }, 0, vectors);
  for (let k = 0; k < vectors.length; k += dimension) {
    let square = 0;
    for (let d = 0; d < dimension; d++) square += vectors[k + d]! * vectors[k + d]!;
    const factor = 1 / Math.sqrt(square);
    for (let d = 0; d < dimension; d++) vectors[k + d]! *= factor;
  }
  return vectors;
}

function project(x: Float64Array, dimension: number, directions: Float64Array, k: number, out: Float64Array) {
  for (let row = 0, at = 0; row < out.length; row++) {
    let dot = 0;
    for (let d = 0; d < dimension; d++) dot += x[at++]! * directions[k * dimension + d]!;
    out[row] = dot;
  }
  return out;
}
