import { oneStepSolver } from "../one-step.js";
import { optimalVariance } from "../optimal-variance.js";
import { choiceOption } from "../options.js";
import { stepTransition } from "../transition.js";
import { checkCompat, compatOption, forwardStep } from "./compatible-step.js";

/**
 * Ancestral sampling x_u = (x_t + V s)/r + √v z for the forward step N(r x_u, V).
 *
 * v = V where α varies (exact for N(0, I) data under a variance-preserving SDE), v = σ_u² V/σ_t² where α is constant, as the
 * paper has it for VP and VE; `variance` overrides, 'optimal' by that of `optimalVariance` with the posterior as kernel.
 */
export const ancestral = oneStepSolver({
  name: "ancestral",
  summary: "Ancestral sampling: mean of the reverse conditional by Tweedie, fixed variance",
  source:
    "Song et al. 2021 (arXiv 2011.13456) eq. 4 (VP) and appendix F, eq. 47 (VE); Bao et al. 2022 (arXiv 2201.06503) theorem 1",
  stochastic: true,
  order: 1,
  evaluationsPerStep: 1,
  options: {
    compat: compatOption,
    variance: choiceOption(
      ["auto", "transition", "posterior", "optimal"],
      "auto",
      "variance of the noise: of the forward step, of the posterior given x0, or the best for this denoiser; auto: transition unless alpha is constant",
    ),
  },
  check: ({ compat }, schedule, grid) => checkCompat("ancestral", compat, schedule, grid),
  step:
    ({ compat, variance: kind }) =>
    async (context, x, step) => {
      const { ratio, variance } = forwardStep(compat, context.schedule, step.t, step.u);
      const isPosterior = kind === "posterior" || (kind === "auto" && ratio === 1);
      const { alphaU, sigmaU, newShare } = stepTransition(context.schedule, step.t, step.u);
      const posterior = { variance: sigmaU * sigmaU * newShare, coefficient: alphaU * newShare };
      const deviation = isPosterior
        ? sigmaU * Math.sqrt(newShare)
        : Math.sqrt(kind === "optimal" ? await optimalVariance(context, step.t, posterior) : variance);
      const score = await context.score(x, step.t);
      return context.space.combine([1 / ratio, variance / ratio, deviation], [x, score, context.normal(step)]);
    },
});
