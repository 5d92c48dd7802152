import { mixtureTarget } from "../mixture.js";
import type { Target } from "../types.js";
import type { PlanePoint } from "./curve.js";

/** Mixture in the plane of round Gaussians of one width, equal weights inside a mode and over modes. */
export function planeMixture(
  name: string,
  options: Readonly<Record<string, unknown>>,
  modes: readonly (readonly PlanePoint[])[],
  standardDeviation: number,
): Target {
  const points = modes.flat();
  const weights = modes.flatMap((mode) => mode.map(() => 1 / (modes.length * mode.length)));
  return weightedPlaneMixture(name, options, points, weights, modes, standardDeviation);
}

/** As `planeMixture`, with given weights. */
export function weightedPlaneMixture(
  name: string,
  options: Readonly<Record<string, unknown>>,
  points: readonly PlanePoint[],
  weights: readonly number[],
  modes: readonly (readonly PlanePoint[])[],
  standardDeviation: number,
): Target {
  return mixtureTarget({
    name,
    options,
    components: {
      dimension: 2,
      count: points.length,
      isotropic: true,
      weights: Float64Array.from(weights),
      means: Float64Array.from(points.flat()),
      standardDeviations: new Float64Array(points.length).fill(standardDeviation),
    },
    groups: modes.length > 1 ? Int32Array.from(modes.flatMap((mode, m) => mode.map(() => m))) : null,
  });
}
