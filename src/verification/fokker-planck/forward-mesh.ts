import type { Sde } from "../../sdes/types.js";
import { checkMesh } from "./check-mesh.js";
import type { Clock } from "./clock.js";
import type { CheckedOptions } from "./fokker-planck-options.js";
import { cellMasses, tailQuantiles } from "./line-law.js";
import type { Mesh } from "./mesh.js";
import { hull, linearNeeds, meshForNeeds, timesBetween } from "./plan-mesh.js";
import type { StartLaw } from "./start-law.js";
import { trialMesh } from "./trial-mesh.js";

interface ForwardMeshRequest {
  readonly sde: Sde;
  readonly clock: Clock;
  readonly from: number;
  readonly to: number;
  readonly checked: CheckedOptions;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The grid of a forward run: as given, or wide and fine enough for the law at all times; known beforehand for linear SDEs, found by
 * trial runs for others.
 */
export async function forwardMesh(
  start: StartLaw,
  { sde, clock, from, to, checked, signal }: ForwardMeshRequest,
): Promise<Mesh> {
  const { law } = start;
  if (law === null) return start.mesh!;
  const { given, cells, domain, massTolerance, resolution, mesh: kind } = checked;
  const tail = 1e-3 * massTolerance;
  const needs = () => linearNeeds(law, sde, from, to, tail, resolution);
  const find = () =>
    trialMesh({
      field: clock.field,
      masses: (mesh) => cellMasses(law, mesh),
      start: tailQuantiles(law, tail),
      domain,
      cells,
      readings: Float64Array.of(clock.reading(from), clock.reading(to)),
      tail: 0.1 * massTolerance,
      resolution,
      kind,
      signal,
    });
  const mesh = given ?? (sde.linear ? meshForNeeds(needs(), kind, cells, domain) : await find());
  const lost = start.outside(mesh.edges[0]!, mesh.edges[mesh.edges.length - 1]!, timesBetween(from, to));
  checkMesh(law, mesh, checked, lost, () => (sde.linear ? hull(needs()) : tailQuantiles(law, tail)));
  return mesh;
}
