/** Euclidean lengths of rows of `dimension` numbers. */
export function lengths(rows: Float64Array, dimension: number): Float64Array {
  return Float64Array.from({ length: rows.length / dimension }, (_, row) => {
    let square = 0;
    for (let i = row * dimension; i < (row + 1) * dimension; i++) square += rows[i]! * rows[i]!;
    return Math.sqrt(square);
  });
}

/** The largest of those; a NaN shows. */
export function longest(rows: Float64Array, dimension: number): number {
  return lengths(rows, dimension).reduce((most, value) => Math.max(most, value), 0);
}
