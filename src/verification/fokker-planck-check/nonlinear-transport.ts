import { solveOde } from "../../../solvers/ode/solve-ode.js";
import { atMost, type Check } from "../check.js";
import { densityCdf } from "./density-law.js";
import type { NonlinearSubject } from "./nonlinear-subject.js";

/** The flow dx/dt = f − ½g²s carries quantiles to quantiles. */
export async function nonlinearTransport(subject: NonlinearSubject): Promise<Check> {
  const { sde, target, finer, oracle, flowFactor } = subject;
  const law = target.perturbed(1, 0);
  const levels = Float64Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
  const y0 = levels.map((u) => law.quantile!(u));
  const solved = await solveOde({
    f(t, y, out) {
      sde.drift(y, t, out);
      const g = sde.diffusion(t);
      for (let i = 0; i < y.length; i++) out[i] = out[i]! - 0.5 * flowFactor * g * g * oracle.score(y[i]!, t);
    },
    from: sde.tMin,
    to: sde.tMax,
    y0,
    method: "rk45",
    rtol: 1e-6,
    atol: 1e-8,
  });
  const cdf = densityCdf(finer, finer.densities.length - 1);
  const error = levels.reduce((most, u, i) => Math.max(most, Math.abs(cdf(solved.end[i]!) - u)), 0);
  return atMost(error, 2 * ((finer.spaceError ?? 0) + (finer.timeError ?? 0)) + 1e-5, {
    name: "transport",
    statement: 19,
    claim: "the probability flow keeps every quantile (largest change of the probability to the left)",
    reason:
      "twice the estimated error of the density in L1, which bounds its distribution function, and rk45's tolerance",
  });
}
