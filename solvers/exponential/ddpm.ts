import { oneStepSolver } from "../one-step.js";
import { optimalVariance } from "../optimal-variance.js";
import { choiceOption } from "../options.js";
import { stepTransition } from "../transition.js";

/**
 * The DDPM posterior q(x_u | x_t, x̂₀) with x̂₀ = E[x₀ | x_t].
 *
 * Variance 'optimal' (Analytic-DPM) is that of `optimalVariance` with the posterior as kernel.
 */
export const ddpm = oneStepSolver({
  name: "ddpm",
  summary: "DDPM posterior q(x_u | x_t, x0) with the denoised mean for x0",
  source: "Ho et al. 2020 (arXiv 2006.11239) eq. 7 and §3.2; Bao et al. 2022 (arXiv 2201.06503) theorem 1",
  stochastic: true,
  order: 1,
  evaluationsPerStep: 1,
  options: {
    variance: choiceOption(
      ["posterior", "transition", "optimal"],
      "posterior",
      "variance of the noise: of the posterior (fixed small), of the forward step (fixed large), or the best for this denoiser",
    ),
  },
  step:
    ({ variance: kind }) =>
    async (context, x, step) => {
      const { alphaU, sigmaT, sigmaU, ratio, newShare, variance } = stepTransition(context.schedule, step.t, step.u);
      const data = await context.denoise(x, step.t);
      const coefficient = alphaU * newShare;
      // σ_u √σ̃² has fewer roundings than the root of the square.
      const deviation =
        kind === "posterior"
          ? sigmaU * Math.sqrt(newShare)
          : Math.sqrt(
              kind === "transition"
                ? variance
                : await optimalVariance(context, step.t, { variance: sigmaU * sigmaU * newShare, coefficient }),
            );
      return context.space.combine(
        [(ratio * sigmaU * sigmaU) / (sigmaT * sigmaT), coefficient, deviation],
        [x, data, context.normal(step)],
      );
    },
});
