import type { CheckedOptions } from "./fokker-planck-options.js";
import { halvedMesh, type Mesh } from "./mesh.js";
import { MAX_CELLS } from "./plan-mesh.js";
import type { StartLaw } from "./start-law.js";

/** How often automatic cells are halved: eight times as many. */
const HALVINGS = 3;

/**
 * Solves on a mesh and, where cells are automatic and the error in space is estimated, on halved ones while it is above `resolution` or not
 * known: where noise is weak, fluxes are upwind, and cells that resolve the law are too wide for them.
 */
export async function solveOnCells<A extends { readonly spaceError: number | null }>(
  solve: (mesh: Mesh) => Promise<A>,
  first: Mesh,
  { law }: StartLaw,
  { cells, given, resolution }: CheckedOptions,
  estimate: boolean,
): Promise<A> {
  let mesh = first;
  let found = await solve(mesh);
  if (!estimate || law === null || cells !== undefined || given !== undefined) return found;
  for (let round = 0; round < HALVINGS; round++) {
    const isFine = found.spaceError !== null && found.spaceError <= resolution;
    if (isFine || 2 * mesh.widths.length > MAX_CELLS) break;
    mesh = halvedMesh(mesh);
    found = await solve(mesh);
  }
  return found;
}
