import { log } from "../../../solvers/math/elementary.js";
import type { Evolution, EvolveOptions } from "./evolve.js";
import { type Mesh, meshFromEdges } from "./mesh.js";

/** How a run is repeated on coarser cells. */
export interface Coarsening<M> {
  /** The mesh with cells merged in pairs along every axis; null where too few would be left. */
  readonly coarser: (mesh: M) => M | null;
  /** Masses on the coarser mesh. */
  readonly merged: (masses: Float64Array, mesh: M) => Float64Array;
  /** Carries masses on a mesh through the outputs, in the given steps. */
  readonly run: Run<M>;
}

type Run<M> = (mesh: M, masses: Float64Array, how: Pick<EvolveOptions, "steps">) => Promise<Evolution>;

/** What coarser runs say of a run. */
export interface SpaceEstimate {
  /** Estimate of the L1 error in space, the largest over the outputs. */
  readonly error: number;
  /** Order in the cell width; null where the meshes agree. */
  readonly order: number | null;
}

/** Contraction of the error when cells are halved, in a scheme of order 2: no better one is believed. */
const QUARTER = 0.25;

/**
 * Estimate of the L1 error in space from runs on cells merged once and twice, in the limit of the changes d₁, d₂ from mesh to mesh:
 * d₁ q/(1 − q) with the contraction q = d₁/d₂, or that of order 2 if larger. Order is not taken for granted: where noise is weak the
 * fluxes are upwind, of order 1.
 *
 * The changes are the largest over the outputs: at a single one two meshes may agree by chance, about a kink that lies on an edge of both.
 * All runs take the same steps, so that the changes hold no errors in time. Null when a run did not end well, where fewer than 15 cells lie
 * along an axis, and where the changes do not shrink.
 */
export async function spaceError<M>(
  { coarser, merged, run }: Coarsening<M>,
  mesh: M,
  fine: Evolution,
  outputs: Float64Array,
): Promise<SpaceEstimate | null> {
  if (fine.status !== "success") return null;
  const changes: number[] = [];
  let here = { mesh, masses: atOutputs(fine, outputs) };
  for (let level = 0; level < 2; level++) {
    const next = coarser(here.mesh);
    if (next === null) return null;
    const carried = here.masses.map((masses) => merged(masses, here.mesh));
    const coarse = await run(next, carried[0]!, { steps: fine.stepEnds });
    if (coarse.status !== "success") return null;
    const masses = atOutputs(coarse, outputs);
    changes.push(carried.reduce((most, values, k) => Math.max(most, distance(values, masses[k]!)), 0));
    here = { mesh: next, masses };
  }
  const [last, before] = [changes[0]!, changes[1]!];
  if (last === 0) return { error: 0, order: null };
  const ratio = Math.max(QUARTER, last / before);
  return ratio < 1 ? { error: (last * ratio) / (1 - ratio), order: log(before / last) / Math.LN2 } : null;
}

/** The error in space of a run on an interval; null where there is no estimate. */
export async function lineSpaceError(
  run: Run<Mesh>,
  mesh: Mesh,
  fine: Evolution,
  outputs: Float64Array,
): Promise<number | null> {
  return (await spaceError({ ...LINE_COARSENING, run }, mesh, fine, outputs))?.error ?? null;
}

/** Cells of an interval merged in pairs; the last stays alone where their number is odd. */
export function mergedMesh({ edges, widths }: Mesh): Mesh {
  const cells = widths.length;
  const kept: number[] = [];
  for (let i = 0; i < cells; i += 2) kept.push(edges[i]!);
  kept.push(edges[cells]!);
  return meshFromEdges(Float64Array.from(kept));
}

/** Coarsening of an interval. */
const LINE_COARSENING: Pick<Coarsening<Mesh>, "coarser" | "merged"> = {
  coarser: (mesh) => (mesh.widths.length < 8 ? null : mergedMesh(mesh)),
  merged(masses) {
    const out = new Float64Array(Math.ceil(masses.length / 2));
    for (let i = 0; i < masses.length; i++) out[i >> 1] = out[i >> 1]! + masses[i]!;
    return out;
  },
};

/** Coarsening of a product grid, cell (i, j) at i · ny + j. */
export const PLANE_COARSENING: Pick<Coarsening<readonly [Mesh, Mesh]>, "coarser" | "merged"> = {
  coarser: ([x, y]) => (Math.min(x.widths.length, y.widths.length) < 8 ? null : [mergedMesh(x), mergedMesh(y)]),
  merged(masses, [x, y]) {
    const ny = y.widths.length;
    const rows = Math.ceil(ny / 2);
    const out = new Float64Array(Math.ceil(x.widths.length / 2) * rows);
    for (let k = 0; k < masses.length; k++) {
      const at = (Math.floor(k / ny) >> 1) * rows + ((k % ny) >> 1);
      out[at] = out[at]! + masses[k]!;
    }
    return out;
  },
};

/** The masses kept at the outputs. */
function atOutputs({ readings, masses }: Evolution, outputs: Float64Array): Float64Array[] {
  const kept: Float64Array[] = [];
  for (let k = 0; k < readings.length && kept.length < outputs.length; k++) {
    if (readings[k] === outputs[kept.length]) kept.push(masses[k]!);
  }
  return kept;
}

function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum;
}
