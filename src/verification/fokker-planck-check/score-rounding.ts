/**
 * Absolute error of an exact score in float64: 1e-14 of its size 1/width, and what the rounding of places as far out as `farthest` changes
 * in x − αμ, times the slope 1/width².
 */
export function scoreRounding(width: number, farthest: number): number {
  return (1e-14 + (Number.EPSILON * farthest) / width) / width;
}
