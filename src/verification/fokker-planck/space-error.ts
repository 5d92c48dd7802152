import { log } from "../../../solvers/math/elementary.js";
import type { Evolution, EvolveOptions } from "./evolve.js";
import { type Mesh, meshFromEdges } from "./mesh.js";

/** How a run is repeated on coarser cells. */
export interface Coarsening<M> {
  /** Cells merged in pairs along every axis, from its first cell and from its second; none where too few would be left. */
  readonly coarser: (mesh: M) => readonly Merged<M>[];
  /** Carries masses on a mesh through the outputs, in the given steps. */
  readonly run: Run<M>;
}

/** A mesh of merged cells, and the masses in them. */
export interface Merged<M> {
  readonly mesh: M;
  readonly masses: (fine: Float64Array) => Float64Array;
}

type Run<M> = (mesh: M, masses: Float64Array, how: Pick<EvolveOptions, "steps">) => Promise<Evolution>;

/** What coarser runs say of a run. */
export interface SpaceEstimate {
  /** Estimate of the L1 error in space, the largest over the outputs. */
  readonly error: number;
  /** Readings of the outputs, the start among them, and the same up to each. */
  readonly outputs: Float64Array;
  readonly errors: Float64Array;
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
 * The changes are the largest over the outputs so far and over all ways to merge: the error about a jump, a kink or a cliff narrower than
 * a cell depends on where in its cell it lies, and two meshes may agree by chance about one that lies on an edge of both. No error is
 * larger than that over all outputs, which also stands for outputs whose own changes do not shrink yet.
 * All runs take the same steps, so that the changes hold no errors in time. Null when a run did not end well, where fewer than 15 cells lie
 * along an axis, and where the changes do not shrink.
 */
export async function spaceError<M>(
  { coarser, run }: Coarsening<M>,
  mesh: M,
  fine: Evolution,
  outputs: Float64Array,
): Promise<SpaceEstimate | null> {
  if (fine.status !== "success") return null;
  const changes: Float64Array[] = [];
  let here = [{ mesh, masses: atOutputs(fine, outputs) }];
  for (let level = 0; level < 2; level++) {
    const next: typeof here = [];
    const change = new Float64Array(outputs.length);
    for (const { mesh: finer, masses } of here) {
      const coarserMeshes = coarser(finer);
      if (coarserMeshes.length === 0) return null;
      for (const merged of coarserMeshes) {
        const carried = masses.map(merged.masses);
        const coarse = await run(merged.mesh, carried[0]!, { steps: fine.stepEnds });
        if (coarse.status !== "success") return null;
        const reached = atOutputs(coarse, outputs);
        carried.forEach((values, k) => {
          change[k] = Math.max(change[k]!, distance(values, reached[k]!));
        });
        next.push({ mesh: merged.mesh, masses: reached });
      }
    }
    changes.push(largestSoFar(change));
    here = next;
  }
  const [last, before] = [changes[0]!, changes[1]!];
  const end = outputs.length - 1;
  const error = limitOf(last[end]!, before[end]!);
  if (error === null) return null;
  return {
    error,
    outputs,
    errors: last.map((change, k) => Math.min(error, limitOf(change, before[k]!) ?? error)),
    order: last[end] === 0 ? null : log(before[end]! / last[end]!) / Math.LN2,
  };
}

/** What is left after a change that follows another; null where changes do not shrink. */
function limitOf(last: number, before: number): number | null {
  if (last === 0) return 0;
  const ratio = Math.max(QUARTER, last / before);
  return ratio < 1 ? (last * ratio) / (1 - ratio) : null;
}

function largestSoFar(values: Float64Array): Float64Array {
  let largest = 0;
  return values.map((value) => {
    largest = Math.max(largest, value);
    return largest;
  });
}

/** `spaceError` of a run on an interval. */
export async function lineSpaceError(
  run: Run<Mesh>,
  mesh: Mesh,
  fine: Evolution,
  outputs: Float64Array,
): Promise<SpaceEstimate | null> {
  return spaceError({ ...LINE_COARSENING, run }, mesh, fine, outputs);
}

/** Where pairs begin: with the first cell, and with the second, the first then staying alone. */
const PHASES = [0, 1] as const;

type Phase = (typeof PHASES)[number];

/** The edges of cells merged in pairs; the last stays alone where none is left to pair it with. */
function mergedMesh({ edges, widths }: Mesh, phase: Phase): Mesh {
  const cells = widths.length;
  const kept = [edges[0]!];
  for (let i = 2 - phase; i < cells; i += 2) kept.push(edges[i]!);
  kept.push(edges[cells]!);
  return meshFromEdges(Float64Array.from(kept));
}

/** The merged cell that holds cell i. */
const mergedCell = (i: number, phase: Phase): number => (i + phase) >> 1;

/** Coarsening of an interval. */
const LINE_COARSENING: Pick<Coarsening<Mesh>, "coarser"> = {
  coarser(mesh) {
    if (mesh.widths.length < 8) return [];
    return PHASES.map((phase) => {
      const merged = mergedMesh(mesh, phase);
      return {
        mesh: merged,
        masses(fine) {
          const out = new Float64Array(merged.widths.length);
          fine.forEach((mass, i) => {
            const at = mergedCell(i, phase);
            out[at] = out[at]! + mass;
          });
          return out;
        },
      };
    });
  },
};

/** Coarsening of a product grid, cell (i, j) at i · ny + j; pairs begin alike along both axes. */
export const PLANE_COARSENING: Pick<Coarsening<readonly [Mesh, Mesh]>, "coarser"> = {
  coarser([x, y]) {
    const ny = y.widths.length;
    if (Math.min(x.widths.length, ny) < 8) return [];
    return PHASES.map((phase) => {
      const merged = [mergedMesh(x, phase), mergedMesh(y, phase)] as const;
      const rows = merged[1].widths.length;
      return {
        mesh: merged,
        masses(fine) {
          const out = new Float64Array(merged[0].widths.length * rows);
          fine.forEach((mass, k) => {
            const at = mergedCell(Math.floor(k / ny), phase) * rows + mergedCell(k % ny, phase);
            out[at] = out[at]! + mass;
          });
          return out;
        },
      };
    });
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
