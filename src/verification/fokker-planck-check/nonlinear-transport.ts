import { solveOde } from "../../../solvers/ode/solve-ode.js";
import { atMost, type Check } from "../check.js";
import { type DensityOracle, scoreFromDensity } from "../fokker-planck/score-from-density.js";
import { densityCdf } from "./density-law.js";
import { largestGap } from "./density-transport.js";
import type { NonlinearSubject } from "./nonlinear-subject.js";
import { ownError } from "./own-bound.js";

/** The flow dx/dt = f − ½g²s carries quantiles to quantiles. */
export async function nonlinearTransport(subject: NonlinearSubject): Promise<Check> {
  const { sde, target, solution, finer, oracle, flowFactor } = subject;
  const law = target.perturbed(1, 0);
  const levels = Float64Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
  const cdf = densityCdf(finer, finer.densities.length - 1);
  const carried = async ({ score }: Pick<DensityOracle, "score">) => {
    const { end } = await solveOde({
      f(t, y, out) {
        sde.drift(y, t, out);
        const g = sde.diffusion(t);
        for (let i = 0; i < y.length; i++) out[i] = out[i]! - 0.5 * flowFactor * g * g * score(y[i]!, t);
      },
      from: sde.tMin,
      to: sde.tMax,
      y0: levels.map((u) => law.quantile!(u)),
      method: "rk45",
      rtol: 1e-6,
      atol: 1e-8,
      initialStep: "inside",
    });
    return end.map(cdf);
  };
  const [fine, coarse] = [await carried(oracle), await carried(scoreFromDensity(solution))];
  return atMost(largestGap(fine, levels), largestGap(fine, coarse) + ownError(finer) + 1e-5, {
    name: "transport",
    statement: 19,
    claim: "the probability flow keeps every quantile (largest change of the probability to the left)",
    reason:
      "what cells half as wide change in it, twice the estimated error of the density in L1, which bounds its distribution function, and rk45's tolerance",
  });
}
