/** Running sums of weights that sum to 1, the last one infinite. */
export function cumulativeWeights(weights: Float64Array): Float64Array {
  let sum = 0;
  const cumulative = weights.map((weight) => {
    sum += weight;
    return sum;
  });
  // The last bound takes what rounding leaves, so that every uniform finds its component.
  cumulative[cumulative.length - 1] = Number.POSITIVE_INFINITY;
  return cumulative;
}

/** Index of the first bound that is at least `u`. */
export function findBound(bounds: Float64Array, u: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bounds[middle]! < u) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first weight at which the running sum reaches `u`; the last weight that is not 0 where rounding leaves it short. */
export function findShare(weights: Float64Array, u: number): number {
  let sum = 0;
  let last = 0;
  for (let k = 0; k < weights.length; k++) {
    if (weights[k] === 0) continue;
    sum += weights[k]!;
    last = k;
    if (sum >= u) return k;
  }
  return last;
}
