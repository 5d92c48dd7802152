import { UsageError } from "../../../solvers/errors.js";
import { pow } from "../../../solvers/math/elementary.js";
import type { PerturbedLaw, Target } from "../../targets/types.js";
import { type Mesh, uniformMesh } from "../fokker-planck/mesh.js";
import { marginalMasses, settledPlaneMasses } from "../fokker-planck/plane-law.js";
import { cellOf } from "./line-cells.js";
import { planeFrame } from "./places.js";

/** A partition of the plane into upright strips, each cut across, whose cells have known and about equal probabilities. */
export interface PlaneCells {
  /** Inner boundaries of the strips, ascending. */
  readonly strips: readonly number[];
  /** Inner boundaries of each strip's cells, ascending. */
  readonly cuts: readonly (readonly number[])[];
  /** Of the cells, strip by strip from below; they sum to one. */
  readonly probabilities: readonly number[];
}

/** Cells along each axis of the meshes tried, one after the other. */
const MESHES = [96, 192, 384] as const;
/** Fewest samples: five to each of 2 × 2 cells. */
export const FEWEST_SAMPLES = 20;

/**
 * Cells for a χ² test of `count` samples: about 2 count^(2/5) of them (Mann & Wald 1942), chosen by the law alone.
 *
 * Their probabilities are sums of quadratures over a mesh, off by less than 1e-3/√count in all, which no test of `count` samples sees.
 *
 * @throws UsageError for fewer than 20 samples, and for laws that 384 × 384 cells do not resolve
 */
export function planeCells(target: Target, law: PerturbedLaw, count: number): PlaneCells {
  if (count < FEWEST_SAMPLES) {
    throw new UsageError(
      `samples: must be at least ${FEWEST_SAMPLES} in the plane, five to a cell, but got ${count} - draw more`,
    );
  }
  const [x, y, masses] = resolvedMasses(target, law, 1e-3 / Math.sqrt(count));
  const [nx, ny] = [x.widths.length, y.widths.length];
  const side = Math.max(2, Math.floor(Math.sqrt(2 * pow(count, 0.4))));
  const bounds = equalShares(marginalMasses(masses, nx, ny, 0), side);
  const cuts: number[][] = [];
  const probabilities: number[] = [];
  for (let strip = 0; strip <= bounds.length; strip++) {
    const [from, to] = [bounds[strip - 1] ?? 0, bounds[strip] ?? nx];
    const along = marginalMasses(masses.subarray(from * ny, to * ny), to - from, ny, 1);
    const inner = equalShares(along, side);
    cuts.push(inner.map((j) => y.edges[j]!));
    for (let k = 0; k <= inner.length; k++) {
      probabilities.push(along.subarray(inner[k - 1] ?? 0, inner[k] ?? ny).reduce((sum, mass) => sum + mass, 0));
    }
  }
  const total = probabilities.reduce((sum, p) => sum + p, 0);
  return { strips: bounds.map((i) => x.edges[i]!), cuts, probabilities: probabilities.map((p) => p / total) };
}

/** The cell of each sample. */
export function cellsOf({ strips, cuts }: PlaneCells, samples: Float64Array): Int32Array {
  const first = [0];
  for (const inner of cuts) first.push(first.at(-1)! + inner.length + 1);
  return Int32Array.from({ length: samples.length / 2 }, (_, i) => {
    const strip = cellOf(strips, samples[2 * i]!);
    return first[strip]! + cellOf(cuts[strip]!, samples[2 * i + 1]!);
  });
}

/** Samples in each cell. */
export function cellCounts(cells: PlaneCells, samples: Float64Array): number[] {
  const counts = new Array<number>(cells.probabilities.length).fill(0);
  for (const cell of cellsOf(cells, samples)) counts[cell] = counts[cell]! + 1;
  return counts;
}

function resolvedMasses(
  target: Target,
  law: PerturbedLaw,
  tolerance: number,
): readonly [x: Mesh, y: Mesh, masses: Float64Array] {
  // A quarter more on each side of 2000 samples leaves out less than anybody could count.
  const frame = planeFrame(target, law).map(([low, high]) => [low - 0.25 * (high - low), high + 0.25 * (high - low)]);
  for (const count of MESHES) {
    const [x, y] = frame.map(([low, high]) => uniformMesh(low!, high!, count));
    try {
      return [x!, y!, settledPlaneMasses(law, x!, y!, tolerance)];
    } catch (error) {
      if (!(error instanceof UsageError) || count === MESHES[MESHES.length - 1]) throw error;
    }
  }
  throw new UsageError("cells: no mesh to try");
}

/** Indices that cut masses into `parts` parts as equal as whole cells allow. */
function equalShares(masses: Float64Array, parts: number): number[] {
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  const bounds: number[] = [];
  let sum = 0;
  for (let i = 0; i + 1 < masses.length; i++) {
    const wanted = ((bounds.length + 1) * total) / parts;
    sum += masses[i]!;
    if (bounds.length + 1 < parts && sum + 0.5 * masses[i + 1]! > wanted) bounds.push(i + 1);
  }
  return bounds;
}
