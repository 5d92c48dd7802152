import { oneStepSolver } from "../one-step.js";
import { choiceOption } from "../options.js";
import { stepTransition } from "../transition.js";

/** The DDPM posterior q(x_u | x_t, x̂₀) with x̂₀ = E[x₀ | x_t]. */
export const ddpm = oneStepSolver({
  name: "ddpm",
  summary: "DDPM posterior q(x_u | x_t, x0) with the denoised mean for x0",
  source: "Ho et al. 2020 (arXiv 2006.11239) eq. 7 and §3.2",
  stochastic: true,
  order: 1,
  evaluationsPerStep: 1,
  options: {
    variance: choiceOption(
      ["posterior", "transition"],
      "posterior",
      "variance of the noise: of the posterior (fixed small) or of the forward step (fixed large)",
    ),
  },
  step:
    ({ variance: kind }) =>
    async (context, x, step) => {
      const { alphaU, sigmaT, sigmaU, ratio, newShare, variance } = stepTransition(context.schedule, step.t, step.u);
      const data = await context.denoise(x, step.t);
      const deviation = kind === "posterior" ? sigmaU * Math.sqrt(newShare) : Math.sqrt(variance);
      return context.space.combine(
        [(ratio * sigmaU * sigmaU) / (sigmaT * sigmaT), alphaU * newShare, deviation],
        [x, data, context.normal(step)],
      );
    },
});
