import { oneStepSolver } from "../one-step.js";
import { numberOption } from "../options.js";
import { ancestralSplit } from "./ancestral-split.js";

/**
 * DPM-Solver-2: one step of dy/dρ = ε with y = x/α and ρ = σ/α, its slope taken halfway in λ.
 *
 * With η > 0 the step stops at a lower noise level, and noise raises it to that of u (DPM2 ancestral), which keeps order 2 in law.
 */
export const dpmSolver2 = oneStepSolver({
  name: "dpm2",
  summary: "DPM-Solver-2: singlestep on the noise prediction, slope halfway in λ",
  source: "Lu et al. 2022 (arXiv 2206.00927) algorithm 1; k-diffusion's sample_dpm_2_ancestral",
  stochastic: false,
  order: 2,
  evaluationsPerStep: 2,
  options: {
    eta: numberOption(0, "noise level: share of the DDPM posterior's standard deviation", { min: 0, max: 1 }),
  },
  facts: ({ eta }) => ({ stochastic: eta > 0 }),
  step:
    ({ eta }) =>
    async (context, x, step) => {
      const { schedule, space } = context;
      const { start, down, up, middle, middleTime } = ancestralSplit(schedule, step.t, step.u, eta);
      const [alpha, alphaM, alphaU] = [schedule.alpha(step.t), schedule.alpha(middleTime), schedule.alpha(step.u)];
      const slope = await context.epsilon(x, step.t);
      const inside = space.combine([alphaM / alpha, alphaM * (middle - start)], [x, slope]);
      const slopeM = await context.epsilon(inside, middleTime);
      const decay = alphaU / alpha;
      const gain = alphaU * (down - start);
      if (eta === 0) return space.combine([decay, gain], [x, slopeM], inside);
      return space.combine([decay, gain, alphaU * up], [x, slopeM, context.normal(step)], inside);
    },
});
