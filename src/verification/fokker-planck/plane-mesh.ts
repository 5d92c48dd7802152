import type { Sde } from "../../sdes/types.js";
import type { PerturbedLaw, Target } from "../../targets/types.js";
import type { CheckedOptions } from "./fokker-planck-options.js";
import { type Mesh, uniformMesh } from "./mesh.js";
import { carriedNeeds, meshForNeeds } from "./plan-mesh.js";
import { marginalMasses, planeMasses, planeRoughness } from "./plane-law.js";
import { GAUSSIAN_ROUGHNESS } from "./roughness.js";

interface PlaneMeshRequest {
  readonly sde: Sde;
  readonly from: number;
  readonly to: number;
  readonly cells: readonly [number, number] | "auto";
  /** Most cells that an automatic axis may have. */
  readonly mostCells: number;
  readonly domain: readonly [readonly [number, number], readonly [number, number]] | undefined;
  readonly checked: CheckedOptions;
}

/** Meshes of x and y, wide enough for the law at all times and as fine as it needs at each, up to the most cells allowed. */
export function planeMeshes(
  target: Target,
  law: PerturbedLaw,
  { sde, from, to, cells, mostCells, domain, checked }: PlaneMeshRequest,
): readonly [Mesh, Mesh] {
  const { massTolerance, resolution, mesh: kind } = checked;
  const tail = 0.1 * massTolerance;
  let trial: readonly [Extent, Extent] | undefined;
  const make = (axis: 0 | 1): Mesh => {
    const wanted = cells === "auto" ? undefined : cells[axis];
    const interval = domain?.[axis];
    if (wanted !== undefined && interval !== undefined) return uniformMesh(interval[0], interval[1], wanted);
    trial ??= resolvedTrial(target, law, tail);
    const needs = carriedNeeds(trial[axis], sde, from, to, tail, resolution);
    const natural = meshForNeeds(needs, kind, wanted, interval);
    return wanted === undefined && natural.widths.length > mostCells
      ? meshForNeeds(needs, kind, mostCells, interval)
      : natural;
  };
  return [make(0), make(1)];
}

type Extent = { readonly low: number; readonly high: number; readonly width: number };

/** Where the marginals have their mass and how narrow their features are, on a grid around the mass that is refined until it sees them. */
function resolvedTrial(target: Target, law: PerturbedLaw, tail: number): readonly [Extent, Extent] {
  let reach = 5;
  const around = (axis: 0 | 1): readonly [number, number] => {
    const centre = law.alpha * target.mean[axis]!;
    const variance = law.alpha * law.alpha * target.covariance[3 * axis]! + law.sigma * law.sigma;
    return [centre - reach * Math.sqrt(variance), centre + reach * Math.sqrt(variance)];
  };
  let frame = [around(0), around(1)] as const;
  let count = 64;
  for (;;) {
    const [x, y] = [uniformMesh(...frame[0], count), uniformMesh(...frame[1], count)];
    // Midpoints where the law does not know its masses: spectrally accurate sums for a smooth density that is resolved.
    const masses = planeMasses(law, x, y, 1);
    const rough = [planeRoughness(masses, x, y, 0), planeRoughness(masses, x, y, 1)] as const;
    const marginals = [marginalMasses(masses, count, count, 0), marginalMasses(masses, count, count, 1)] as const;
    const isUnresolved = Math.max(...rough) > 0.1 && count < 512;
    const atWall = Math.max(...marginals.map((line) => Math.max(line[0]!, line[count - 1]!)));
    if (!isUnresolved && atWall > 0.1 * tail && reach < 40) {
      reach *= 1.5;
      frame = [around(0), around(1)];
      continue;
    }
    const found = [extent(x, marginals[0], rough[0], tail), extent(y, marginals[1], rough[1], tail)] as const;
    if (!isUnresolved) return found;
    // One cell more on each side: an unresolved sum does not know its tails well.
    frame = [widened(found[0], x), widened(found[1], y)];
    count *= 2;
  }
}

function widened({ low, high }: Extent, { widths }: Mesh): readonly [number, number] {
  return [low - widths[0]!, high + widths[0]!];
}

function extent(mesh: Mesh, marginal: Float64Array, rough: number, tail: number): Extent {
  const last = marginal.length - 1;
  let first = 0;
  for (let sum = marginal[0]!; sum <= 0.1 * tail && first < last; sum += marginal[first]!) first++;
  let end = last;
  for (let sum = marginal[last]!; sum <= 0.1 * tail && end > first; sum += marginal[end]!) end--;
  return {
    low: mesh.edges[first]!,
    high: mesh.edges[end + 1]!,
    width: mesh.widths[0]! * Math.sqrt(GAUSSIAN_ROUGHNESS / rough),
  };
}
