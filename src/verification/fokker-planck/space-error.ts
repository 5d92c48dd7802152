import type { Evolution } from "./evolve.js";
import { type Mesh, meshFromEdges } from "./mesh.js";

/**
 * Estimate of the L1 error in space, by Richardson: the same run on cells merged in pairs, |coarse − fine| / 3 on the coarse cells, the
 * largest over the outputs. Right in the limit of small cells, where the scheme is of order 2; null when a run did not end well.
 *
 * @param run carries masses on a mesh through `outputs`
 */
export async function spaceError(
  run: (mesh: Mesh, masses: Float64Array) => Promise<Evolution>,
  mesh: Mesh,
  fine: Evolution,
  outputs: Float64Array,
): Promise<number | null> {
  const cells = mesh.widths.length;
  if (cells < 8 || fine.status !== "success") return null;
  const edges: number[] = [];
  for (let i = 0; i < cells; i += 2) edges.push(mesh.edges[i]!);
  edges.push(mesh.edges[cells]!);
  const coarse = await run(meshFromEdges(Float64Array.from(edges)), merged(fine.masses[0]!));
  if (coarse.status !== "success") return null;
  let largest = 0;
  let at = 0;
  for (let k = 0; k < fine.readings.length && at < outputs.length; k++) {
    if (fine.readings[k] !== outputs[at]) continue;
    const here = merged(fine.masses[k]!);
    const there = coarse.masses[at]!;
    let sum = 0;
    for (let i = 0; i < here.length; i++) sum += Math.abs(here[i]! - there[i]!);
    largest = Math.max(largest, sum / 3);
    at++;
  }
  return largest;
}

/** Masses of cells merged in pairs; the last stays alone where their number is odd. */
function merged(masses: Float64Array): Float64Array {
  const out = new Float64Array(Math.ceil(masses.length / 2));
  for (let i = 0; i < masses.length; i++) out[i >> 1] = out[i >> 1]! + masses[i]!;
  return out;
}
