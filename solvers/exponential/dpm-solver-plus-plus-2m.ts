import { expm1 } from "../math/elementary.js";
import { multistepSolver } from "../multistep.js";

/** DPM-Solver++(2M): second-order exponential multistep on the data prediction, in λ. */
export const dpmSolverPlusPlus2M = multistepSolver({
  name: "dpm++2m",
  summary: "DPM-Solver++(2M): second-order multistep on the data prediction",
  source: "Lu et al. 2022 (arXiv 2211.01095) algorithm 2",
  stochastic: false,
  order: 2,
  evaluationsPerStep: 1,
  options: {},
  history: () => 1,
  step:
    () =>
    async (context, x, { t, u }, past) => {
      const { schedule, space } = context;
      const h = schedule.logSnr(u) - schedule.logSnr(t);
      const data = await context.denoise(x, t);
      const gain = -schedule.alpha(u) * expm1(-h);
      const decay = schedule.sigma(u) / schedule.sigma(t);
      const previous = past[0];
      if (previous === undefined) return { x: space.combine([decay, gain], [x, data]), remembered: data };
      const ratio = (schedule.logSnr(t) - schedule.logSnr(previous.t)) / h;
      const slope = 1 / (2 * ratio);
      return {
        x: space.combine([decay, gain * (1 + slope), -gain * slope], [x, data, previous.state]),
        remembered: data,
      };
    },
});
