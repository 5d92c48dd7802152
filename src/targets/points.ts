import ndarray, { type NdArray } from "ndarray";
import { UsageError } from "../../solvers/errors.js";
import { type NumberRows, readRows } from "./numbers.js";
import type { PerturbedLaw, Target } from "./types.js";

/** Rows of points as one flat array. */
export interface Points {
  readonly data: Float64Array;
  readonly count: number;
  readonly dimension: number;
}

/** Points as a user has them: an array [count, dimension], a flat row-major array, or a list of rows. */
export type PointRows = NdArray<Float64Array> | NumberRows;

/**
 * The rows of `x`: an array [count, dimension] (or [count] when dimension = 1) of any strides, a flat row-major array, or a list of
 * rows.
 *
 * @throws UsageError when the shape does not fit the dimension, or `x` is none of these
 */
export function pointRows(x: PointRows, dimension: number, name: string): Points {
  if (x instanceof Float64Array) {
    if (x.length % dimension !== 0) {
      throw new UsageError(
        `${name}: the length must be a multiple of the dimension ${dimension}, but got ${x.length} numbers.`,
      );
    }
    return { data: x, count: x.length / dimension, dimension };
  }
  if (!isView(x)) {
    const { data, count, columns } = readRows(x, name);
    if (columns === dimension) return { data, count, dimension };
    throw new UsageError(`${name}: rows must hold ${dimension} numbers, but got ${columns}.`);
  }
  const [count = 0, columns = 1] = x.shape;
  if (x.shape.length > 2 || x.shape.length === 0 || columns !== dimension) {
    throw new UsageError(`${name}: the shape must be [count, ${dimension}], but got [${x.shape.join(", ")}].`);
  }
  const data = new Float64Array(count * dimension);
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < dimension; d++) data[i * dimension + d] = x.shape.length === 1 ? x.get(i) : x.get(i, d);
  }
  return { data, count, dimension };
}

function isView(x: unknown): x is NdArray<Float64Array> {
  return typeof x === "object" && x !== null && "shape" in x;
}

/** [count, dimension] view of flat rows. */
export function asRows(data: Float64Array, dimension: number): NdArray<Float64Array> {
  return ndarray(data, [data.length / dimension, dimension]);
}

/** The density of the data, and in one dimension its cdf and quantile, from the law at α = 1, σ = 0. */
export function dataLaw(law: PerturbedLaw, dimension: number): Pick<Target, "logDensity" | "cdf" | "quantile"> {
  const logDensity = (x: PointRows): Float64Array => {
    const points = pointRows(x, dimension, "logDensity");
    const out = new Float64Array(points.count);
    law.logDensity(points.data, points.count, out);
    return out;
  };
  if (law.cdf === undefined || law.quantile === undefined) return { logDensity };
  const quantile = law.quantile.bind(law);
  return { logDensity, cdf: law.cdf.bind(law), quantile: (u, options) => quantile(u, options) };
}
