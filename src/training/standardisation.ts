import { UsageError } from "../../solvers/errors.js";
import { numberText } from "../../solvers/number-text.js";
import type { RowSurvey } from "./survey-rows.js";

/** The affine map of data columns to mean 0 and standard deviation 1 in which a model works. */
export interface Standardisation {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

/** A deviation this far below the size of the numbers is their rounding: the column is constant. */
const CONSTANT = 1e-12;

/**
 * Mean and standard deviation of each column; with `pooled`, one of both for all columns, as pixels of an image need.
 *
 * @throws UsageError naming a column that is constant
 */
export function standardisationOf({ mean, variance }: RowSurvey, pooled: boolean): Standardisation {
  if (pooled) {
    const columns = mean.length;
    const centre = mean.reduce((sum, value) => sum + value / columns, 0);
    const spread = variance.reduce((sum, value, d) => sum + (value + (mean[d]! - centre) ** 2) / columns, 0);
    const scale = Math.sqrt(spread);
    if (!(scale > CONSTANT * Math.abs(centre))) {
      throw new UsageError(`data: must vary, but every number is ${numberText(centre)} - check the images`);
    }
    return { mean: new Array<number>(columns).fill(centre), scale: new Array<number>(columns).fill(scale) };
  }
  const scale = Array.from(variance, (value) => Math.sqrt(value));
  const constant = scale.findIndex((value, d) => !(value > CONSTANT * Math.abs(mean[d]!)));
  if (constant >= 0) {
    throw new UsageError(
      `data: every column must vary, but column ${constant} is constant at ${numberText(mean[constant]!)} - remove it, or leave the columns as they are (standardise: false, --no-standardise)`,
    );
  }
  return { mean: [...mean], scale };
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
