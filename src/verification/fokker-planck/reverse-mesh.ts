import type { Sde } from "../../sdes/types.js";
import { checkMesh } from "./check-mesh.js";
import type { Field } from "./field.js";
import type { CheckedOptions } from "./fokker-planck-options.js";
import { cellMasses, type LineLaw, tailQuantiles } from "./line-law.js";
import type { Mesh } from "./mesh.js";
import { hull, linearNeeds, meshForNeeds, timesBetween } from "./plan-mesh.js";
import type { StartLaw } from "./start-law.js";
import { trialMesh } from "./trial-mesh.js";

interface ReverseMeshRequest {
  readonly sde: Sde;
  readonly field: Field;
  readonly from: number;
  readonly to: number;
  readonly checked: CheckedOptions;
  /** The exact law at `to`, where it is known. */
  readonly endLaw: LineLaw | null;
  readonly signal?: AbortSignal | undefined;
}

/** The grid of a reverse run: as given; that of the forward run, whose laws the exact score gives back; or found by trial runs. */
export async function reverseMesh(
  start: StartLaw,
  { sde, field, from, to, checked, endLaw, signal }: ReverseMeshRequest,
): Promise<Mesh> {
  const { law } = start;
  if (law === null) return start.mesh!;
  const { given, cells, domain, massTolerance, resolution, mesh: kind } = checked;
  const tail = 1e-3 * massTolerance;
  const needs = (end: LineLaw) => linearNeeds(end, sde, to, from, tail, resolution);
  const find = () =>
    trialMesh({
      field,
      masses: (mesh) => cellMasses(law, mesh),
      start: tailQuantiles(law, tail),
      domain,
      cells,
      readings: Float64Array.of(from, to),
      tail: 0.1 * massTolerance,
      resolution,
      kind,
      signal,
    });
  const mesh = given ?? (endLaw === null ? await find() : meshForNeeds(needs(endLaw), kind, cells, domain));
  const known = endLaw === null ? [from] : timesBetween(to, from);
  const lost = start.outside(mesh.edges[0]!, mesh.edges[mesh.edges.length - 1]!, known);
  checkMesh(law, mesh, checked, lost, () => (endLaw === null ? tailQuantiles(law, tail) : hull(needs(endLaw))));
  return mesh;
}
