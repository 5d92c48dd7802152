import { UsageError } from "../../solvers/errors.js";
import { integrateQuantile } from "./integrate-quantile.js";
import { type QuantileLaw, type QuantileSource, quantileLaw } from "./quantile-law.js";

/** A law on the line cut into `count` cells of equal probability, so that samples of that size are compared in one pass. */
export interface QuantileTable {
  readonly law: QuantileLaw;
  readonly count: number;
  /** Q(i / count) for i = 0 … count; ∓Infinity at the two ends. */
  readonly edges: Float64Array;
  /** Mean of Q over each cell. */
  readonly means: Float64Array;
  /** Σ over cells of ∫ (Q − cell mean)² du: the squared W2 between the law and its best `count` points. */
  readonly residual: number;
  /** Absolute error allowed to the integral of Q over one cell. */
  readonly tolerance: number;
}

/**
 * Prepares a law with finite variance for `wasserstein1` and `wasserstein2`.
 *
 * About 9 · count quantile evaluations; the squared distance is exact to 1e-13 of the squared 10–90 % range.
 *
 * @param count number of samples of each set to be compared, ≥ 1
 * @throws UsageError when the law has no cdf or quantile function
 */
export function quantileTable(source: QuantileSource, count: number): QuantileTable {
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`count: must be an integer ≥ 1, but got ${count} - pass the number of samples`);
  const law = quantileLaw(source);
  const at = (index: number): number =>
    2 * index <= count ? law.quantile(index / count) : law.quantile((count - index) / count, { upper: true });
  const edges = new Float64Array(count + 1);
  edges[0] = Number.NEGATIVE_INFINITY;
  edges[count] = Number.POSITIVE_INFINITY;
  for (let i = 1; i < count; i++) edges[i] = at(i);
  const range = Math.abs(law.quantile(0.1, { upper: true }) - law.quantile(0.1));
  const tolerances: readonly [number, number] = [(1e-14 * range) / count, (1e-14 * range * range) / count];
  const means = new Float64Array(count);
  const moments = new Float64Array(2);
  let residual = 0;
  for (let i = 0; i < count; i++) {
    const center = at(i + 0.5);
    moments.fill(0);
    if (2 * (i + 1) <= count || 2 * i >= count) {
      const isUpper = 2 * i >= count;
      const from = isUpper ? (count - 1 - i) / count : i / count;
      const to = isUpper ? (count - i) / count : (i + 1) / count;
      const ends: [number, number] = isUpper ? [edges[i + 1]!, edges[i]!] : [edges[i]!, edges[i + 1]!];
      integrateQuantile(law, { from, to, upper: isUpper, center, tolerances, ends }, moments);
    } else {
      integrateQuantile(law, { from: i / count, to: 0.5, upper: false, center, tolerances }, moments);
      integrateQuantile(law, { from: (count - 1 - i) / count, to: 0.5, upper: true, center, tolerances }, moments);
    }
    means[i] = center + count * moments[0]!;
    residual += Math.max(0, moments[1]! - count * moments[0]! * moments[0]!);
  }
  return { law, count, edges, means, residual, tolerance: tolerances[0] };
}

/** True for a prepared table. */
export function isQuantileTable(value: object): value is QuantileTable {
  return "means" in value && "edges" in value && "residual" in value;
}
