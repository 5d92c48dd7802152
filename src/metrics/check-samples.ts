import { UsageError } from "../../solvers/errors.js";

/**
 * The number of rows of flat row-major samples.
 *
 * @throws UsageError when they are empty, no multiple of `dimension` long, or not finite (with the number of such rows)
 */
export function checkSamples(samples: Float64Array, dimension: number, name = "samples"): number {
  if (!Number.isInteger(dimension) || dimension < 1)
    throw new UsageError(`dimension: must be an integer ≥ 1, but got ${dimension} - pass the length of a row`);
  if (samples.length === 0)
    throw new UsageError(`${name}: must hold at least one row, but got none - draw some samples`);
  if (samples.length % dimension !== 0)
    throw new UsageError(
      `${name}: length must be a multiple of the dimension ${dimension}, but got ${samples.length} - pass rows one after another`,
    );
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i]! - samples[i]!;
  if (sum !== 0) refuse(samples, dimension, name);
  return samples.length / dimension;
}

function refuse(samples: Float64Array, dimension: number, name: string): never {
  const count = samples.length / dimension;
  let bad = 0;
  let first = -1;
  for (let row = 0; row < count; row++) {
    if (samples.subarray(row * dimension, (row + 1) * dimension).every(Number.isFinite)) continue;
    bad++;
    if (first < 0) first = row;
  }
  throw new UsageError(
    `${name}: must be finite, but got NaN or Infinity in ${bad} of ${count} rows (first: row ${first}) - leave failed rows out and say how many`,
  );
}
