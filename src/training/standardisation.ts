import { UsageError } from "../../solvers/errors.js";

/** The affine map of data columns to mean 0 and standard deviation 1 in which a model works. */
export interface Standardisation {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

/**
 * Mean and standard deviation of each column.
 *
 * @throws UsageError naming a column that is constant
 */
export function measureStandardisation(data: Float64Array, dimension: number): Standardisation {
  const count = data.length / dimension;
  const mean = new Array<number>(dimension).fill(0);
  const scale = new Array<number>(dimension).fill(0);
  for (let d = 0; d < dimension; d++) {
    for (let i = 0; i < count; i++) mean[d] = mean[d]! + data[i * dimension + d]! / count;
    for (let i = 0; i < count; i++) {
      const deviation = data[i * dimension + d]! - mean[d]!;
      scale[d] = scale[d]! + (deviation * deviation) / count;
    }
    scale[d] = Math.sqrt(scale[d]!);
    if (!(scale[d]! > 1e-12 * Math.abs(mean[d]!))) {
      throw new UsageError(
        `data: every column must vary, but column ${d} is constant at ${data[d]} - remove it, or train with standardise: false`,
      );
    }
  }
  return { mean, scale };
}

/** Rows in units of the data → rows that the model sees. */
export function standardise({ mean, scale }: Standardisation, data: Float64Array): Float64Array {
  const dimension = mean.length;
  return data.map((x, i) => (x - mean[i % dimension]!) / scale[i % dimension]!);
}

/** Samples of the model → rows in units of the data. */
export function unstandardise({ mean, scale }: Standardisation, data: Float64Array): Float64Array {
  const dimension = mean.length;
  return data.map((x, i) => mean[i % dimension]! + scale[i % dimension]! * x);
}
