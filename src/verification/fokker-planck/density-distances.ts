import { UsageError } from "../../../solvers/errors.js";
import { log } from "../../../solvers/math/elementary.js";
import type { LineLaw } from "./line-law.js";
import { cellMasses } from "./line-law.js";
import type { Mesh } from "./mesh.js";

/** Σ |p − q| width, twice the total variation of the cell averages; both on the cells of `grid`. */
export function densityL1(grid: Mesh, p: Float64Array, q: Float64Array): number {
  checkLengths(grid, p, q);
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += Math.abs(p[i]! - q[i]!) * grid.widths[i]!;
  return sum;
}

/**
 * KL(p ‖ q) = Σ p ln(p/q) width in nats, at most that of the densities behind the averages; ∞ where q = 0 < p.
 *
 * Between two solutions of one equation it never grows, in time steps that are positive as well (data processing).
 */
export function densityKl(grid: Mesh, p: Float64Array, q: Float64Array): number {
  checkLengths(grid, p, q);
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const here = p[i]!;
    const there = q[i]!;
    // p ln(p/q) − p + q is ≥ 0 cell by cell, so that small values do not come out of cancellation.
    const term = here > 0 ? here * log(here / there) - here + there : there;
    sum += Math.max(0, term) * grid.widths[i]!;
  }
  return sum;
}

/** Mean and variance of a density of cell averages, as of its cell centres: order 2 in the width. */
export function densityMoments(grid: Mesh, p: Float64Array): { readonly mean: number; readonly variance: number } {
  checkLengths(grid, p, p);
  let mass = 0;
  let first = 0;
  for (let i = 0; i < p.length; i++) {
    const weight = p[i]! * grid.widths[i]!;
    mass += weight;
    first += weight * grid.centres[i]!;
  }
  const mean = first / mass;
  let second = 0;
  for (let i = 0; i < p.length; i++) {
    const offset = grid.centres[i]! - mean;
    second += p[i]! * grid.widths[i]! * offset * offset;
  }
  return { mean, variance: second / mass };
}

/** Averages of a law on the cells of `grid`, from differences of its distribution function. */
export function cellAverages(grid: Mesh, law: LineLaw): Float64Array {
  const averages = cellMasses(law, grid);
  for (let i = 0; i < averages.length; i++) averages[i] = averages[i]! / grid.widths[i]!;
  return averages;
}

function checkLengths(grid: Mesh, p: Float64Array, q: Float64Array): void {
  const cells = grid.widths.length;
  if (p.length !== cells || q.length !== cells) {
    throw new UsageError(
      `density: needs one number per cell (${cells}), but got ${p.length} and ${q.length} - compare densities of one grid`,
    );
  }
}
