import { log } from "../../../solvers/math/elementary.js";
import type { Evolution } from "./evolve.js";
import { type Mesh, meshFromEdges } from "./mesh.js";

/** How a run is repeated on coarser cells. */
export interface Coarsening<M> {
  /** The mesh with cells merged in pairs along every axis; null where too few would be left. */
  readonly coarser: (mesh: M) => M | null;
  /** Masses on the coarser mesh. */
  readonly merged: (masses: Float64Array, mesh: M) => Float64Array;
  /** Carries masses on a mesh through the outputs. */
  readonly run: (mesh: M, masses: Float64Array) => Promise<Evolution>;
}

/** What coarser runs say of a run. */
export interface SpaceEstimate {
  /** Estimate of the L1 error in space, the largest over the outputs. */
  readonly error: number;
  /** Order in the cell width at that output, seen from two coarser runs; null where the order 2 of the scheme was assumed. */
  readonly order: number | null;
}

/** Contraction of the error of a scheme of order 2 when cells are halved. */
const QUARTER = 0.25;

/**
 * Estimate of the L1 error in space from runs on merged cells, in the limit of the changes d₁, d₂ from mesh to mesh: d₁ q/(1 − q), where the
 * contraction q is that of order 2 with one coarser run, and d₁/d₂, if larger, with two: then order is not taken for granted.
 * Null when a run did not end well or does not converge.
 */
export async function spaceError<M>(
  { coarser, merged, run }: Coarsening<M>,
  mesh: M,
  fine: Evolution,
  outputs: Float64Array,
  levels: 1 | 2 = 1,
): Promise<SpaceEstimate | null> {
  let here: { readonly mesh: M; readonly masses: readonly Float64Array[] } = { mesh, masses: atOutputs(fine, outputs) };
  if (fine.status !== "success") return null;
  const changes: number[][] = [];
  for (let level = 0; level < levels; level++) {
    const next = coarser(here.mesh);
    if (next === null) break;
    const carried = here.masses.map((masses) => merged(masses, here.mesh));
    const coarse = await run(next, carried[0]!);
    if (coarse.status !== "success") return null;
    const masses = atOutputs(coarse, outputs);
    changes.push(carried.map((values, k) => distance(values, masses[k]!)));
    here = { mesh: next, masses: changes.length === levels ? [] : masses };
  }
  const [last, before] = changes;
  if (last === undefined || changes.length < levels) return null;
  const estimates = last.map((change, k) => {
    const ratio = before === undefined ? QUARTER : Math.max(QUARTER, change / before[k]!);
    return change === 0 ? 0 : ratio < 1 ? (change * ratio) / (1 - ratio) : Number.NaN;
  });
  if (estimates.some(Number.isNaN)) return null;
  const worst = estimates.reduce((most, value, k) => (value > estimates[most]! ? k : most), 0);
  return {
    error: estimates[worst]!,
    order: before === undefined || estimates[worst] === 0 ? null : log(before[worst]! / last[worst]!) / Math.LN2,
  };
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
export const LINE_COARSENING: Pick<Coarsening<Mesh>, "coarser" | "merged"> = {
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
