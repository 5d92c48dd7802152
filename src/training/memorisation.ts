/** Whether generated points lie nearer to the training data than held-out data do. */
export interface Memorisation {
  /** Median distance to the nearest training row, of generated points and of held-out rows, in the units of the model. */
  readonly generated: number;
  readonly heldOut: number;
  /** Probability that a generated point is nearer than a held-out row; ½ for a model that does not copy. */
  readonly closer: number;
  /** Of `closer` where both have the same law. */
  readonly standardError: number;
}

/** Compares distances to the nearest training row by the statistic of Mann and Whitney (Meehan, Chaudhuri & Dasgupta 2020, arXiv 2004.05675). */
export function compareDistances(generated: Float64Array, heldOut: Float64Array): Memorisation {
  const sorted = heldOut.slice().sort();
  let further = 0;
  for (const distance of generated) further += sorted.length - (below(sorted, distance) + upTo(sorted, distance)) / 2;
  const [n, m] = [generated.length, heldOut.length];
  return {
    generated: median(generated),
    heldOut: median(heldOut),
    closer: further / (n * m),
    standardError: Math.sqrt((n + m + 1) / (12 * n * m)),
  };
}

/** Euclidean distance of each row of `points` from the nearest row of `data`, both row-major. */
export function nearestDistances(points: Float64Array, data: Float64Array, dimension: number): Float64Array {
  const out = new Float64Array(points.length / dimension);
  for (let i = 0; i < out.length; i++) {
    let best = Number.POSITIVE_INFINITY;
    for (let row = 0; row < data.length; row += dimension) {
      let sum = 0;
      for (let d = 0; d < dimension && sum < best; d++) {
        const difference = points[i * dimension + d]! - data[row + d]!;
        sum += difference * difference;
      }
      if (sum < best) best = sum;
    }
    out[i] = Math.sqrt(best);
  }
  return out;
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** How many of sorted numbers are below a value, and how many are not above it. */
function below(sorted: Float64Array, value: number): number {
  return firstWhere(sorted, (other) => other >= value);
}

function upTo(sorted: Float64Array, value: number): number {
  return firstWhere(sorted, (other) => other > value);
}

function firstWhere(sorted: Float64Array, isBeyond: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBeyond(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
