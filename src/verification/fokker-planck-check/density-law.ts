import { cubicSpline, evaluateSpline, intervalOf } from "../fokker-planck/cubic-spline.js";
import type { DensitySolution } from "../fokker-planck/density-solution.js";

/**
 * Distribution function of the k-th density of a solution: the cubic spline through its values at the edges of the cells, which the cell
 * averages give exactly, kept between those of its cell. Order 4 inside a cell.
 */
export function densityCdf({ grid, densities }: DensitySolution, k: number): (x: number) => number {
  const { edges, widths } = grid;
  const density = densities[k]!;
  const cumulative = new Float64Array(edges.length);
  for (let i = 0; i < density.length; i++) cumulative[i + 1] = cumulative[i]! + density[i]! * widths[i]!;
  const spline = cubicSpline(edges, cumulative);
  return (x) => {
    if (x <= edges[0]!) return 0;
    if (x >= edges[edges.length - 1]!) return 1;
    const cell = intervalOf(edges, x);
    return Math.min(cumulative[cell + 1]!, Math.max(cumulative[cell]!, evaluateSpline(spline, x, 0)));
  };
}

/** Place where the k-th distribution function reaches u, by bisection. */
export function densityQuantile(solution: DensitySolution, k: number): (u: number) => number {
  const cdf = densityCdf(solution, k);
  const { edges } = solution.grid;
  return (u) => {
    let [low, high] = [edges[0]!, edges[edges.length - 1]!];
    for (let round = 0; round < 60; round++) {
      const middle = 0.5 * (low + high);
      if (cdf(middle) < u) low = middle;
      else high = middle;
    }
    return 0.5 * (low + high);
  };
}
