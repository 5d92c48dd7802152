import { UsageError } from "../../solvers/errors.js";
import { exp } from "../../solvers/math/elementary.js";
import { numberText } from "../../solvers/number-text.js";
import { checkSamples } from "./check-samples.js";
import { firstRows, PAIR_MAXIMUM, type TwoSampleEstimates, twoSampleEstimates } from "./two-sample.js";

/** Rows of the reference whose pairwise distances give the median bandwidth. */
const BANDWIDTH_ROWS = 256;

/** Estimates of the squared maximum mean discrepancy, with the bandwidth h of their kernel. */
export interface MaximumMeanDiscrepancy extends TwoSampleEstimates {
  readonly bandwidth: number;
}

/**
 * The squared maximum mean discrepancy (Gretton et al. 2012) with the Gaussian kernel exp(−|x − y|² / 2h²); no unit.
 *
 * All pairs of the first `maximum` rows of each set.
 *
 * @param reference flat row-major
 * @param options bandwidth h > 0 in the unit of x; by default the median distance between the first 256 rows of the reference
 */
export function maximumMeanDiscrepancy(
  reference: Float64Array,
  dimension: number,
  { bandwidth, maximum = PAIR_MAXIMUM }: { bandwidth?: number; maximum?: number } = {},
): MaximumMeanDiscrepancy {
  checkSamples(reference, dimension, "reference");
  const h = bandwidth ?? medianDistance(firstRows(reference, dimension, BANDWIDTH_ROWS), dimension);
  if (!(h > 0 && h < Number.POSITIVE_INFINITY))
    throw new UsageError(`bandwidth: must be positive, but got ${numberText(h)} - pass one in the unit of x`);
  const factor = -1 / (2 * h * h);
  return { bandwidth: h, ...twoSampleEstimates(reference, dimension, (square) => exp(factor * square), maximum) };
}

function medianDistance(x: Float64Array, dimension: number): number {
  const n = x.length / dimension;
  const squares = new Float64Array((n * (n - 1)) / 2);
  if (squares.length === 0)
    throw new UsageError("reference: must hold at least two rows, but got 1 - or pass a bandwidth");
  let at = 0;
  for (let i = 0; i < x.length; i += dimension)
    for (let j = 0; j < i; j += dimension) {
      let square = 0;
      for (let d = 0; d < dimension; d++) square += (x[i + d]! - x[j + d]!) * (x[i + d]! - x[j + d]!);
      squares[at++] = square;
    }
  squares.sort();
  const middle = squares.length / 2;
  return (Math.sqrt(squares[Math.ceil(middle) - 1]!) + Math.sqrt(squares[Math.floor(middle)]!)) / 2;
}
