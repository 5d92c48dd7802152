import type { Mesh } from "../fokker-planck/mesh.js";
import type { CellLaw } from "./cell-law.js";

/** The law whose averages on the cells of `grid` are `density`, even within each cell; scaled to mass 1. */
export function gridLaw({ edges, widths }: Mesh, density: Float64Array): CellLaw {
  const cells = density.length;
  const below = new Float64Array(cells + 1);
  const above = new Float64Array(cells + 1);
  for (let i = 0; i < cells; i++) below[i + 1] = below[i]! + density[i]! * widths[i]!;
  for (let i = cells; i > 0; i--) above[i - 1] = above[i]! + density[i - 1]! * widths[i - 1]!;
  const mass = below[cells]!;
  let mean = 0;
  let square = 0;
  for (let i = 0; i < cells; i++) {
    const weight = (density[i]! * widths[i]!) / mass;
    const [a, b] = [edges[i]!, edges[i + 1]!];
    mean += (weight * (a + b)) / 2;
    square += (weight * (a * a + a * b + b * b)) / 3;
  }
  return {
    values: edges,
    below: below.map((part) => part / mass),
    above: above.map((part) => part / mass),
    mean,
    variance: square - mean * mean,
    folds: false,
    massError: Math.abs(mass - 1),
    evaluations: 0,
  };
}
