import { oneStepSolver } from "../one-step.js";
import { stepTransition } from "../transition.js";
import type { FixedSolver } from "../types.js";

/**
 * DDPM with the best Gaussian reverse variance, σ_u² σ̃² + c² mmse(t) with c = α_u σ̃² the factor of x̂₀: the posterior's variance and what
 * the denoiser does not know of x₀.
 *
 * Exact on isotropic Gaussian data at any number of steps.
 * Source: Bao et al. 2022, Analytic-DPM (arXiv 2201.06503) theorem 1.
 *
 * @param mmse E‖x₀ − E[x₀ | x_t]‖² per dimension at each time of the grid, ≥ 0
 */
export function optimalVarianceDdpm({ mmse }: { readonly mmse: (t: number) => number }): FixedSolver {
  return oneStepSolver({
    name: "ddpm-optimal",
    summary: "DDPM posterior mean with the best Gaussian variance, from the mean square error of the denoiser",
    source: "Bao et al. 2022 (arXiv 2201.06503) theorem 1",
    stochastic: true,
    order: 1,
    evaluationsPerStep: 1,
    options: {},
    step: () => async (context, x, step) => {
      const { alphaU, sigmaT, sigmaU, ratio, newShare } = stepTransition(context.schedule, step.t, step.u);
      const data = await context.denoise(x, step.t);
      const coefficient = alphaU * newShare;
      const variance = sigmaU * sigmaU * newShare + coefficient * coefficient * mmse(step.t);
      return context.space.combine(
        [(ratio * sigmaU * sigmaU) / (sigmaT * sigmaT), coefficient, Math.sqrt(variance)],
        [x, data, context.normal(step)],
      );
    },
  }).create();
}
