import type { QuantileLaw } from "../../metrics/quantile-law.js";
import { type CellLaw, cellCdf } from "../laws/cell-law.js";
import { massBetween } from "../laws/coupling-integrals.js";

/** Richardson's extrapolation of a method of order 1, from laws with N, 2N and 4N steps. */
export interface Extrapolation {
  /** Distance of the extrapolation from 2N and 4N steps to the limit. */
  readonly error: number;
  /** Its distance to the extrapolation from N and 2N steps: three times the error where the next order is 2. */
  readonly change: number;
  /** Its distance to the law with 4N steps: above `change`, unless the steps are too large to show an order. */
  readonly correction: number;
}

/** Extrapolates quantile functions, 2 Q_fine − Q_coarse; distances in L², as W2. */
export function extrapolateQuantiles(laws: readonly CellLaw[], truth: QuantileLaw): Extrapolation {
  const [coarse, middle, fine] = [laws[0]!, laws[1]!, laws[2]!];
  const [coarseAt, middleAt] = [quantileReader(coarse), quantileReader(middle)];
  const { values, below, above } = fine;
  let [change, error, correction] = [0, 0, 0];
  for (let i = 0; i + 1 < values.length; i++) {
    const mass = massBetween(below, above, i);
    const [u, rest] = [0.5 * (below[i]! + below[i + 1]!), 0.5 * (above[i]! + above[i + 1]!)];
    if (!(mass > 0 && u > 1e-12 && rest > 1e-12)) continue;
    const half = middleAt(u);
    const here = 0.5 * (values[i]! + values[i + 1]!);
    const limit = 2 * here - half;
    const before = 2 * half - coarseAt(u);
    const exact = u < 0.5 ? truth.quantile(u) : truth.quantile(rest, { upper: true });
    change += mass * (limit - before) * (limit - before);
    error += mass * (limit - exact) * (limit - exact);
    correction += mass * (limit - here) * (limit - here);
  }
  return { error: Math.sqrt(error), change: Math.sqrt(change), correction: Math.sqrt(correction) };
}

/** Extrapolates distribution functions, 2 F_fine − F_coarse, at the given places; distances are the largest over them. */
export function extrapolateProbabilities(
  laws: readonly CellLaw[],
  truth: (x: number) => number,
  places: Float64Array,
): Extrapolation {
  const [coarse, middle, fine] = laws.map(cellCdf);
  let [change, error, correction] = [0, 0, 0];
  for (const x of places) {
    const [here, half] = [fine!(x), middle!(x)];
    const limit = 2 * here - half;
    change = Math.max(change, Math.abs(limit - 2 * half + coarse!(x)));
    error = Math.max(error, Math.abs(limit - truth(x)));
    correction = Math.max(correction, Math.abs(limit - here));
  }
  return { error, change, correction };
}

/** The quantile function, linear in each cell, for increasing levels. */
function quantileReader({ values, below }: CellLaw): (u: number) => number {
  let j = 0;
  return (u) => {
    while (j + 2 < below.length && below[j + 1]! < u) j++;
    const share = (u - below[j]!) / (below[j + 1]! - below[j]!);
    return values[j]! + share * (values[j + 1]! - values[j]!);
  };
}
