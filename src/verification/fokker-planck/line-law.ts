import { UsageError } from "../../../solvers/errors.js";
import type { Sde } from "../../sdes/types.js";
import type { QuantileOptions, Target } from "../../targets/types.js";
import type { Mesh } from "./mesh.js";

/** A law on the real line, by its distribution function. */
export interface LineLaw {
  /** P(X ≤ x), accurate in the left tail. */
  cdf(x: number): number;
  /** P(X > x), accurate in the right tail; 1 − cdf(x) when missing. */
  survival?(x: number): number;
  /** Inverse of `cdf`, or of `survival` when `upper`; found by bisection when missing. */
  quantile?(probability: number, options?: QuantileOptions): number;
}

/** A density given by its averages on cells: `values.length` + 1 increasing edges. */
export interface GridDensity {
  readonly edges: Float64Array;
  readonly values: Float64Array;
}

/** Whether a value is a target (a data law with its oracle). */
export function isTarget(value: object): value is Target {
  return "perturbed" in value && "dimension" in value;
}

/** Whether a value is a density on cells. */
export function isGridDensity(value: object): value is GridDensity {
  return "edges" in value && "values" in value;
}

/**
 * The 1-D law of a target at time t of an SDE: of α(t) x₀ + σ(t) ε where the SDE is linear, else of x₀ itself.
 *
 * @throws UsageError unless the target has dimension 1 and a distribution function.
 */
export function targetLaw(target: Target, sde: Sde, t: number): LineLaw {
  if (target.dimension !== 1) {
    const wayOut = target.dimension === 2 ? "use fokkerPlanck2d" : "project it to one or two coordinates";
    throw new UsageError(`initial: the target must have dimension 1, but got ${target.dimension} - ${wayOut}`);
  }
  const law = sde.linear ? target.perturbed(sde.alpha(t), sde.sigma(t)) : target.perturbed(1, 0);
  const { cdf, survival, quantile } = law;
  if (cdf === undefined) {
    throw new UsageError(
      `initial: the target needs a distribution function, but '${target.name}' has none - give { cdf, survival }`,
    );
  }
  return {
    cdf: (x) => cdf.call(law, x),
    ...(survival && { survival: (x: number) => survival.call(law, x) }),
    ...(quantile && { quantile: (p: number, options?: QuantileOptions) => quantile.call(law, p, options) }),
  };
}

/** Masses of the law in the cells of a mesh, from differences of the smaller tail so that no tail cancels. */
export function cellMasses(law: LineLaw, mesh: Mesh): Float64Array {
  const { edges } = mesh;
  const masses = new Float64Array(mesh.widths.length);
  let below = law.cdf(edges[0]!);
  let above = survivalOf(law, edges[0]!);
  for (let i = 0; i < masses.length; i++) {
    const nextBelow = law.cdf(edges[i + 1]!);
    const nextAbove = survivalOf(law, edges[i + 1]!);
    const mass = below > 0.5 ? above - nextAbove : nextBelow - below;
    if (!(mass >= -1e-15)) {
      throw new UsageError(
        `initial: cdf must increase and be finite, but got a mass of ${mass} in [${edges[i]}, ${edges[i + 1]}] - check cdf and survival`,
      );
    }
    masses[i] = Math.max(0, mass);
    below = nextBelow;
    above = nextAbove;
  }
  return masses;
}

/** Mass of the law outside [low, high]. */
export function massOutside(law: LineLaw, low: number, high: number): number {
  return law.cdf(low) + survivalOf(law, high);
}

/** Numbers that leave mass at most `tail` on each side, to 1e-3 of their distance. */
export function tailQuantiles(law: LineLaw, tail: number): readonly [number, number] {
  const { quantile } = law;
  if (quantile !== undefined) return [quantile.call(law, tail), quantile.call(law, tail, { upper: true })];
  return [-tailPoint((x) => law.cdf(-x), tail), tailPoint((x) => survivalOf(law, x), tail)];
}

function survivalOf(law: LineLaw, x: number): number {
  return law.survival === undefined ? 1 - law.cdf(x) : law.survival(x);
}

/** Smallest x, found to 1e-3 from above, with decreasing(x) ≤ tail. */
function tailPoint(decreasing: (x: number) => number, tail: number): number {
  // Without `survival` the tail cannot be seen below rounding.
  const level = Math.max(tail, 4e-16);
  let high = 1;
  while (decreasing(high) > level && high < 1e12) high *= 2;
  let low = -1;
  while (decreasing(low) <= level && low > -1e12) low *= 2;
  while (high - low > 1e-3 * Math.max(1e-9, Math.min(Math.abs(high), Math.abs(low), high - low))) {
    const middle = 0.5 * (low + high);
    if (middle === low || middle === high) break;
    if (decreasing(middle) > level) low = middle;
    else high = middle;
  }
  return high;
}
