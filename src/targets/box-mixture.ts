/** A mixture of uniform laws on axis-parallel boxes. */
export interface BoxMixture {
  readonly dimension: number;
  readonly count: number;
  readonly weights: Float64Array;
  /** Distinct sides per dimension. */
  readonly sides: readonly Sides[];
  /** Index into `sides[d]`, count × dimension. */
  readonly sideOf: Int32Array;
}

/** Intervals along one axis. */
export interface Sides {
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/** Mean and covariance of a mixture of boxes. */
export function boxMoments({ dimension, count, weights, sides, sideOf }: BoxMixture) {
  const mean: Float64Array = new Float64Array(dimension);
  const covariance: Float64Array = new Float64Array(dimension * dimension);
  const centre = (k: number, d: number) => {
    const side = sideOf[k * dimension + d]!;
    return 0.5 * (sides[d]!.from[side]! + sides[d]!.to[side]!);
  };
  for (let k = 0; k < count; k++) for (let d = 0; d < dimension; d++) mean[d] = mean[d]! + weights[k]! * centre(k, d);
  for (let k = 0; k < count; k++) {
    for (let d = 0; d < dimension; d++) {
      const side = sideOf[k * dimension + d]!;
      const width = sides[d]!.to[side]! - sides[d]!.from[side]!;
      for (let e = 0; e < dimension; e++) {
        const within = d === e ? (width * width) / 12 : 0;
        const cell = d * dimension + e;
        const between = (centre(k, d) - mean[d]!) * (centre(k, e) - mean[e]!);
        covariance[cell] = covariance[cell]! + weights[k]! * (within + between);
      }
    }
  }
  return { mean, covariance };
}
