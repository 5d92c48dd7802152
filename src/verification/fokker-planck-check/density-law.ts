import type { DensitySolution } from "../fokker-planck/density-solution.js";

/** Distribution function of the k-th density of a solution, linear in each cell. */
export function densityCdf({ grid, densities }: DensitySolution, k: number): (x: number) => number {
  const { edges, widths } = grid;
  const density = densities[k]!;
  const cumulative = new Float64Array(edges.length);
  for (let i = 0; i < density.length; i++) cumulative[i + 1] = cumulative[i]! + density[i]! * widths[i]!;
  return (x) => {
    if (x <= edges[0]!) return 0;
    if (x >= edges[edges.length - 1]!) return 1;
    let [low, high] = [0, edges.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (edges[middle]! <= x) low = middle;
      else high = middle;
    }
    return cumulative[low]! + density[low]! * (x - edges[low]!);
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
