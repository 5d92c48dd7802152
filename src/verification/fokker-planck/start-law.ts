import { UsageError } from "../../../solvers/errors.js";
import type { Sde } from "../../sdes/types.js";
import type { Target } from "../../targets/types.js";
import {
  cellMasses,
  type GridDensity,
  isGridDensity,
  isTarget,
  type LineLaw,
  massOutside,
  targetLaw,
} from "./line-law.js";
import { type Mesh, meshFromEdges, uniformMesh } from "./mesh.js";

/** The law a run starts from. */
export interface StartLaw {
  /** Its distribution function, where it was given by one. */
  readonly law: LineLaw | null;
  /** The cells on which it was given, where it was given by averages. */
  readonly mesh: Mesh | null;
  /** Mass that later times lose outside [low, high], where the law is known at every time; otherwise the start's alone. */
  outside(low: number, high: number, times: readonly number[]): number;
  /** Cell masses on a mesh, and the mass outside of it. */
  on(mesh: Mesh): { readonly masses: Float64Array; readonly lostMass: number };
}

/** Reads any form of initial law; `domain` is needed for bare averages. */
export function startLaw(
  initial: Target | LineLaw | GridDensity | Float64Array,
  sde: Sde,
  at: number,
  domain: readonly [number, number] | undefined,
): StartLaw {
  if (initial instanceof Float64Array) {
    if (domain === undefined) {
      throw new UsageError(
        `initial: ${initial.length} averages need the interval of their cells, but got no domain - give domain, or { edges, values }`,
      );
    }
    return gridStart(uniformMesh(domain[0], domain[1], initial.length), initial);
  }
  if (isGridDensity(initial)) return gridStart(meshFromEdges(initial.edges), initial.values);
  if (!isTarget(initial)) {
    if (typeof initial.cdf !== "function") {
      throw new UsageError(
        `initial: must be a target, { cdf, survival }, { edges, values } or averages with a domain, but got ${Object.keys(initial).join(", ")} - give one of these`,
      );
    }
    return lineStart(initial, (low, high) => massOutside(initial, low, high));
  }
  return lineStart(targetLaw(initial, sde, at), (low, high, times) =>
    Math.max(...(sde.linear ? times : [at]).map((t) => massOutside(targetLaw(initial, sde, t), low, high))),
  );
}

function lineStart(law: LineLaw, outside: StartLaw["outside"]): StartLaw {
  return {
    law,
    mesh: null,
    outside,
    on(mesh) {
      const lostMass = massOutside(law, mesh.edges[0]!, mesh.edges[mesh.edges.length - 1]!);
      return { masses: cellMasses(law, mesh), lostMass };
    },
  };
}

function gridStart(mesh: Mesh, values: Float64Array): StartLaw {
  if (values.length !== mesh.widths.length) {
    throw new UsageError(
      `initial: needs one average per cell (${mesh.widths.length}), but got ${values.length} - edges are one more than values`,
    );
  }
  const masses = new Float64Array(values.length);
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw new UsageError(
        `initial: averages must be finite and ≥ 0, but got ${value} in cell ${i} - clip or check them`,
      );
    }
    masses[i] = value * mesh.widths[i]!;
    total += masses[i]!;
  }
  if (!(Math.abs(total - 1) <= 1e-6)) {
    throw new UsageError(`initial: the mass must be 1 to 1e-6, but got ${total} - divide the averages by it`);
  }
  return {
    law: null,
    mesh,
    outside: () => 0,
    on(onto) {
      if (onto !== mesh) {
        throw new UsageError("initial: averages fix the cells, but got cells or edges as well - leave those out");
      }
      return { masses, lostMass: 0 };
    },
  };
}
