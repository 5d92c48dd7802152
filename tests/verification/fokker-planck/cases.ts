import { UsageError } from "../../../solvers/errors.js";
import type { Sde } from "../../../src/sdes/types.js";
import { mixture } from "../../../src/targets/index.js";
import type { Target } from "../../../src/targets/types.js";
import {
  cellAverages,
  type DensitySolution,
  densityL1,
  type LineLaw,
} from "../../../src/verification/fokker-planck/index.js";
import { targetLaw } from "../../../src/verification/fokker-planck/line-law.js";

/** The mixture of tests/fixtures/law-fp.json. */
export const threeModes: Target = mixture({
  weights: [0.3, 0.5, 0.2],
  means: [-2, 0.5, 2],
  standardDeviations: [0.3, 0.4, 0.25],
});

const notLinear = (): never => {
  throw new UsageError("double-well: the drift is not linear");
};

/** dx = a(x) dt + g dw for t in [0, tMax]. */
export function diffusionSde(a: (x: number) => number, g: number, tMax = 2): Sde {
  return {
    name: "user",
    options: {},
    linear: false,
    tMin: 0,
    tMax,
    variancePreserving: false,
    priorStandardDeviation: 1,
    prior: { mean: 0, standardDeviation: 1 },
    breakpoints: [],
    alpha: notLinear,
    sigma: notLinear,
    logSnr: notLinear,
    timeAtLogSnr: notLinear,
    driftCoefficient: notLinear,
    transition: notLinear,
    diffusion: () => g,
    drift(x, _t, out = new Float64Array(x.length)) {
      for (let i = 0; i < x.length; i++) out[i] = a(x[i]!);
      return out;
    },
  };
}

/** dx = (x − x³) dt + 0.8 dw. */
export const doubleWell: Sde = diffusionSde((x) => x - x * x * x, 0.8);

/** L1 distance of the k-th kept density to the exact cell averages of the target under a linear SDE. */
export function l1ToExact(solution: DensitySolution, k: number, target: Target, sde: Sde): number {
  const exact = cellAverages(solution.grid, targetLaw(target, sde, solution.times[k]!));
  return densityL1(solution.grid, solution.densities[k]!, exact);
}

/** A law as plain distribution functions. */
export function lawOf(target: Target): LineLaw {
  const law = target.perturbed(1, 0);
  return { cdf: (x) => law.cdf!(x), survival: (x) => law.survival!(x) };
}

/** max − min of the masses through time. */
export function massDrift(solution: { readonly mass: Float64Array }): number {
  return Math.max(...solution.mass.map((mass) => Math.abs(mass - solution.mass[0]!)));
}
