import { UsageError } from "../errors.js";
import { numberText } from "../number-text.js";
import { oneStepSolver } from "../one-step.js";
import { optimalVariance } from "../optimal-variance.js";
import { choiceOption, numberOption } from "../options.js";
import { stepTransition } from "../transition.js";

/**
 * DDIM(η): x_u = α_u D + σ_u (√(1 − σ̃²) ε + σ̃ z) with σ̃ = η √(1 − e^{−2h}).
 *
 * η = 0 is Euler in ρ = σ/α, η = 1 the DDPM posterior. Variance 'optimal' gives back what the denoiser's mean loses of the marginal
 * variance (see `optimalVariance`), for any η.
 */
export const ddim = oneStepSolver({
  name: "ddim",
  summary: "DDIM: exponential Euler, deterministic (eta=0) to the DDPM posterior (eta=1)",
  source: "Song, Meng & Ermon 2021 (arXiv 2010.02502) eq. 12 and 16; Bao et al. 2022 (arXiv 2201.06503) theorem 1",
  stochastic: false,
  order: 1,
  evaluationsPerStep: 1,
  options: {
    eta: numberOption(0, "noise level: multiplies the standard deviation of the noise", { min: 0 }),
    variance: choiceOption(
      ["kernel", "optimal"],
      "kernel",
      "variance of the noise: of the kernel that eta names, or the best for this denoiser",
    ),
  },
  facts: ({ eta, variance }) => ({ stochastic: eta > 0 || variance === "optimal" }),
  check({ eta }, schedule, { times }) {
    for (let i = 0; i + 1 < times.length; i++) {
      const { newShare } = stepTransition(schedule, times[i]!, times[i + 1]!);
      if (eta * eta * newShare > 1) {
        const most = 1 / Math.sqrt(newShare);
        throw new UsageError(
          `ddim: eta·√(1 − e^(−2h)) must not exceed 1, but eta=${eta} gives ${numberText(eta / most, 4)} at t = ${numberText(times[i]!)} - use eta ≤ ${numberText(most, 4)} or more steps`,
        );
      }
    }
  },
  step:
    ({ eta, variance }) =>
    async (context, x, step) => {
      const { alphaT, alphaU, sigmaT, sigmaU, newShare } = stepTransition(context.schedule, step.t, step.u);
      const fresh = eta * eta * newShare;
      const kept = (Math.sqrt(1 - fresh) * sigmaU) / sigmaT;
      const data = await context.denoise(x, step.t);
      const coefficient = alphaU - kept * alphaT;
      if (variance === "kernel" && eta === 0) return context.space.combine([kept, coefficient], [x, data]);
      const deviation =
        variance === "kernel"
          ? sigmaU * Math.sqrt(fresh)
          : Math.sqrt(await optimalVariance(context, step.t, { variance: sigmaU * sigmaU * fresh, coefficient }));
      return context.space.combine([kept, coefficient, deviation], [x, data, context.normal(step)]);
    },
});
