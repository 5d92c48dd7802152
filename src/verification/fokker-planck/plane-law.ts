import { UsageError } from "../../../solvers/errors.js";
import { exp } from "../../../solvers/math/elementary.js";
import { gaussLegendre } from "../../../solvers/math/gauss-legendre.js";
import type { PerturbedLaw } from "../../targets/types.js";
import type { Mesh } from "./mesh.js";
import { roughness } from "./roughness.js";

/** Masses of a 2-D law in the cells of a product grid, (i, j) at i · ny + j, by `order` × `order` Gauss–Legendre points a cell. */
export function planeCellMasses(law: PerturbedLaw, x: Mesh, y: Mesh, order: number): Float64Array {
  const nx = x.widths.length;
  const ny = y.widths.length;
  const { nodes, weights } = gaussLegendre(order);
  const masses = new Float64Array(nx * ny);
  const perRow = ny * order;
  const points = new Float64Array(2 * perRow);
  const logs = new Float64Array(perRow);
  for (let i = 0; i < nx; i++) {
    for (let a = 0; a < order; a++) {
      const abscissa = x.centres[i]! + 0.5 * x.widths[i]! * nodes[a]!;
      for (let j = 0; j < ny; j++) {
        for (let b = 0; b < order; b++) {
          points[2 * (j * order + b)] = abscissa;
          points[2 * (j * order + b) + 1] = y.centres[j]! + 0.5 * y.widths[j]! * nodes[b]!;
        }
      }
      law.logDensity(points, perRow, logs);
      for (let j = 0; j < ny; j++) {
        let sum = 0;
        for (let b = 0; b < order; b++) sum += weights[b]! * exp(logs[j * order + b]!);
        const mass = 0.25 * x.widths[i]! * y.widths[j]! * weights[a]! * sum;
        masses[i * ny + j] = masses[i * ny + j]! + mass;
      }
    }
  }
  return masses;
}

/** Masses of a 2-D law in the cells of a product grid: exact where the law knows them, else by `planeCellMasses`. */
export function planeMasses(law: PerturbedLaw, x: Mesh, y: Mesh, order: number): Float64Array {
  if (law.cellMasses === undefined) return planeCellMasses(law, x, y, order);
  const masses = new Float64Array(x.widths.length * y.widths.length);
  law.cellMasses(x.edges, y.edges, masses);
  return masses;
}

/** Masses of one coordinate: of x where `axis` is 0, of y where it is 1. */
export function marginalMasses(masses: Float64Array, nx: number, ny: number, axis: 0 | 1): Float64Array {
  const marginal = new Float64Array(axis === 0 ? nx : ny);
  for (let i = 0; i < nx; i++) {
    for (let j = 0; j < ny; j++) {
      const k = axis === 0 ? i : j;
      marginal[k] = marginal[k]! + masses[i * ny + j]!;
    }
  }
  return marginal;
}

/** Roughness along one axis, line by line; the sum over lines, so that it compares with a total mass of one. */
export function planeRoughness(masses: Float64Array, x: Mesh, y: Mesh, axis: 0 | 1): number {
  const nx = x.widths.length;
  const ny = y.widths.length;
  const along = axis === 0 ? x : y;
  const line = new Float64Array(along.widths.length);
  const lines = axis === 0 ? ny : nx;
  let sum = 0;
  for (let k = 0; k < lines; k++) {
    for (let i = 0; i < line.length; i++) line[i] = masses[axis === 0 ? i * ny + k : k * ny + i]!;
    sum += roughness(along, line);
  }
  return sum;
}

/**
 * Masses that the law knows, or by the lowest order of quadrature that agrees with the next one to `tolerance` in L1, judged on every eighth column.
 *
 * @throws UsageError when 8 × 8 points a cell do not resolve the density.
 */
export function settledPlaneMasses(law: PerturbedLaw, x: Mesh, y: Mesh, tolerance: number): Float64Array {
  if (law.cellMasses !== undefined) return planeMasses(law, x, y, 1);
  const every = Math.max(1, Math.min(8, Math.floor(x.widths.length / 16)));
  const chosen = Int32Array.from({ length: Math.ceil(x.widths.length / every) }, (_, k) => k * every);
  const sampled = { ...x, centres: pick(x.centres, chosen), widths: pick(x.widths, chosen) };
  let before = planeCellMasses(law, sampled, y, 2);
  for (const [order, next] of [
    [2, 3],
    [3, 5],
    [5, 8],
    [8, 16],
  ] as const) {
    const masses = planeCellMasses(law, sampled, y, next);
    let change = 0;
    for (let k = 0; k < masses.length; k++) change += Math.abs(masses[k]! - before[k]!);
    if (every * change <= tolerance) return planeCellMasses(law, x, y, order);
    before = masses;
  }
  throw new UsageError(
    `cells: ${x.widths.length} × ${y.widths.length} must resolve the density to ${tolerance} by 8 × 8 points a cell, but do not - use more cells or a later time 'from'`,
  );
}

function pick(values: Float64Array, chosen: Int32Array): Float64Array {
  return Float64Array.from(chosen, (k) => values[k]!);
}
