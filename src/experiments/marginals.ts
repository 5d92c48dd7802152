import { UsageError } from "../../solvers/errors.js";
import { exp } from "../../solvers/math/elementary.js";
import { uniformNodes } from "../../solvers/spaces/law-frame.js";
import type { Schedule } from "../../solvers/types.js";
import type { PerturbedLaw, Target } from "../targets/types.js";
import type { MarginalsPanel } from "./compare-result.js";

/** Which lattice `marginals` fills. */
export interface MarginalsOptions {
  /** Default: 81 equal steps over the SDE's range. */
  readonly times?: ArrayLike<number>;
  /**
   * Default: 161 points that hold all but 0.1 % of the mass on either side at every time; for a law without quantiles, 3.6 standard
   * deviations about the mean.
   */
  readonly x?: ArrayLike<number>;
}

/**
 * The exact density p_t of a one-dimensional target under a linear SDE, on a lattice of (t, x).
 *
 * @throws UsageError above one dimension
 */
export function marginals(
  { sde, target }: { readonly sde: Schedule; readonly target: Target },
  { times = uniformNodes(sde.tMin, sde.tMax, 81), x }: MarginalsOptions = {},
): MarginalsPanel {
  if (target.dimension > 1) {
    throw new UsageError(`target: must have dimension 1, but '${target.name}' has ${target.dimension}`);
  }
  const laws = Array.from(times, (t) => target.perturbed(sde.alpha(t), sde.sigma(t)));
  const points = x === undefined ? likelyRange(target, laws) : Float64Array.from(x);
  return { times: Array.from(times), x: [...points], density: laws.map((law) => densityAt(law, points)) };
}

function likelyRange({ mean, covariance }: Target, laws: readonly PerturbedLaw[]): Float64Array {
  const range = laws.flatMap((law) => {
    if (law.quantile !== undefined) return [law.quantile(1e-3), law.quantile(1e-3, { upper: true })];
    const { alpha, sigma } = law;
    const reach = 3.6 * Math.sqrt(alpha * alpha * covariance[0]! + sigma * sigma);
    return [alpha * mean[0]! - reach, alpha * mean[0]! + reach];
  });
  return uniformNodes(Math.min(...range), Math.max(...range), 161);
}

function densityAt(law: PerturbedLaw, x: Float64Array): number[] {
  const out = new Float64Array(x.length);
  law.logDensity(x, x.length, out);
  return [...out].map(exp);
}
