/** What the scores of isotropic components need of rows and means: a table of distances, and weighted sums of differences. */
export interface SpaceProducts {
  /** Most rows of a call. */
  readonly rows: number;
  /** Writes |α_i m_k − x_i|² of `rows` rows from `first` on to `table`, rows × components. */
  distances(x: Float64Array, alphas: Float64Array, first: number, rows: number, table: Float64Array): void;
  /** Writes Σ_k w_ik (α_i m_k − x_i) of the rows that `distances` saw last to the rows of `out`; `table` has the weights. */
  pulls(
    x: Float64Array,
    alphas: Float64Array,
    first: number,
    rows: number,
    table: Float64Array,
    out: Float64Array,
  ): void;
}

/** The products of one row after the other. */
export function plainSpaceProducts(means: Float64Array, components: number, dimension: number): SpaceProducts {
  return {
    rows: 1,
    distances(x, alphas, first, _rows, table) {
      for (let k = 0; k < components; k++) {
        table[k] = squaredDistance(x, first * dimension, alphas[first]!, means, k * dimension, dimension);
      }
    },
    pulls(x, alphas, first, _rows, table, out) {
      const row = first * dimension;
      const alpha = alphas[first]!;
      out.fill(0, row, row + dimension);
      for (let k = 0; k < components; k++) {
        const weight = table[k]!;
        if (weight === 0) continue;
        const cell = k * dimension;
        for (let d = 0; d < dimension; d++) {
          out[row + d] = out[row + d]! + weight * (alpha * means[cell + d]! - x[row + d]!);
        }
      }
    },
  };
}

/** |α m − x|² of a row and a mean that begin at `row` and `cell`, in four partial sums; its relative error is below (D/4 + 6) 2⁻⁵³. */
export function squaredDistance(
  x: Float64Array,
  row: number,
  alpha: number,
  means: Float64Array,
  cell: number,
  dimension: number,
): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = dimension - (dimension % 4);
  for (let d = 0; d < whole; d += 4) {
    const d0 = alpha * means[cell + d]! - x[row + d]!;
    const d1 = alpha * means[cell + d + 1]! - x[row + d + 1]!;
    const d2 = alpha * means[cell + d + 2]! - x[row + d + 2]!;
    const d3 = alpha * means[cell + d + 3]! - x[row + d + 3]!;
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (let d = whole; d < dimension; d++) {
    const rest = alpha * means[cell + d]! - x[row + d]!;
    if (d === whole) s0 += rest * rest;
    else if (d === whole + 1) s1 += rest * rest;
    else s2 += rest * rest;
  }
  return s0 + s2 + (s1 + s3);
}
