import { oneStepSolver } from "../one-step.js";
import { checkCompat, compatOption, forwardStep } from "./compatible-step.js";

/** Reverse diffusion: the forward step x_t = r x_u + √V z turned round, x_u = (2 − r) x_t + V s + √V z. */
export const reverseDiffusion = oneStepSolver({
  name: "reverse-diffusion",
  summary: "Reverse diffusion: inverts the discretised forward step",
  source: "Song et al. 2021 (arXiv 2011.13456) appendix E, eq. 46",
  stochastic: true,
  order: 1,
  evaluationsPerStep: 1,
  options: { compat: compatOption },
  check: ({ compat }, schedule, grid) => checkCompat("reverse-diffusion", compat, schedule, grid),
  step:
    ({ compat }) =>
    async (context, x, step) => {
      const { ratio, variance } = forwardStep(compat, context.schedule, step.t, step.u);
      const score = await context.score(x, step.t);
      return context.space.combine([2 - ratio, variance, Math.sqrt(variance)], [x, score, context.normal(step)]);
    },
});
