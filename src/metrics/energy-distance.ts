import { checkSamples } from "./check-samples.js";
import { needTwo, PAIR_MAXIMUM, type TwoSampleEstimates, twoSampleEstimates } from "./two-sample.js";

/**
 * The squared energy distance 2 E|X − Y| − E|X − X'| − E|Y − Y'| (Székely and Rizzo 2013), in the unit of x.
 *
 * The square root of the V-statistic is what `scipy.stats.energy_distance` returns. In one dimension all rows are used, in
 * O(n log n); above, all pairs of the first `maximum` rows of each set.
 *
 * @param reference flat row-major
 */
export function energyDistance(
  reference: Float64Array,
  dimension: number,
  { maximum = PAIR_MAXIMUM }: { maximum?: number } = {},
): TwoSampleEstimates {
  if (dimension !== 1) return twoSampleEstimates(reference, dimension, (square) => -Math.sqrt(square), maximum);
  const m = checkSamples(reference, 1, "reference");
  const y = reference.slice().sort();
  const withinY = sortedPairSum(y);
  const vOfSorted = (x: Float64Array): number => 2 * squaredCdfDistance(x, y);
  return {
    unbiased(samples) {
      const n = checkSamples(samples, 1);
      needTwo(n, m);
      const x = samples.slice().sort();
      // S/n² − S/(n(n − 1)) = −S/(n²(n − 1)) turns each V-statistic term into its U-statistic.
      return vOfSorted(x) - sortedPairSum(x) / (n * n * (n - 1)) - withinY / (m * m * (m - 1));
    },
    vStatistic(samples) {
      checkSamples(samples, 1);
      return vOfSorted(samples.slice().sort());
    },
  };
}

/** Σ over ordered pairs of |xᵢ − xⱼ| of an ascending array. */
function sortedPairSum(x: Float64Array): number {
  const n = x.length;
  let sum = 0;
  for (let i = 1; i < n; i++) sum += i * (n - i) * (x[i]! - x[i - 1]!);
  return 2 * sum;
}

/** ∫ (F_n − G_m)² dx of two ascending arrays. */
function squaredCdfDistance(x: Float64Array, y: Float64Array): number {
  const n = x.length;
  const m = y.length;
  let sum = 0;
  let last = Math.min(x[0]!, y[0]!);
  for (let i = 0, j = 0; i < n || j < m; ) {
    const next = j >= m || (i < n && x[i]! <= y[j]!) ? x[i]! : y[j]!;
    const gap = (i * m - j * n) / (n * m);
    sum += gap * gap * (next - last);
    last = next;
    while (i < n && x[i]! === next) i++;
    while (j < m && y[j]! === next) j++;
  }
  return sum;
}
