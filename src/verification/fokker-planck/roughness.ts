import type { Mesh } from "./mesh.js";

/** ∫ |p″| of a Gaussian of unit variance, 4 φ(1). */
export const GAUSSIAN_ROUGHNESS = 0.9678828980765735;

/** Roughness above which a density counts as unresolved: a Gaussian narrower than 0.98 cells. */
export const UNRESOLVED = 1;

/**
 * Σ |second difference of the density| · width², about ∫ h² |p″|: how coarse a mesh is for a density. 0.97 (h/s)² for a Gaussian of
 * standard deviation s on cells h ≤ s; the L1 error of the scheme was measured at 0.01 … 0.05 of it
 * (up to 1 where the noise vanishes at the data end, as in sub-VP and rectified flow, and for small η: the flux is upwind there).
 */
export function roughness(mesh: Mesh, masses: Float64Array): number {
  const { widths, distances } = mesh;
  const last = masses.length - 1;
  let sum = 0;
  let before = 0;
  for (let i = 0; i <= last; i++) {
    const here = masses[i]! / widths[i]!;
    const after = i < last ? (masses[i + 1]! / widths[i + 1]! - here) / distances[i]! : 0;
    sum += Math.abs(after - before) * widths[i]! * widths[i]!;
    before = after;
  }
  return sum;
}
