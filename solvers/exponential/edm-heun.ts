import { UsageError } from "../errors.js";
import { log } from "../math/elementary.js";
import { NoiseSlot } from "../noise/slots.js";
import { numberText } from "../number-text.js";
import { oneStepSolver } from "../one-step.js";
import { numberOption, optionalNumberOption } from "../options.js";
import type { Schedule } from "../types.js";

/**
 * EDM's stochastic sampler: raise the noise level by churn, then one Heun step of dy/dρ = ε, with y = x/α and ρ = σ/α.
 *
 * Algorithm 2 without its last step to σ = 0, which is the denoising that ends a run on request.
 */
export const edmHeun = oneStepSolver({
  name: "edm-heun",
  summary: "EDM Heun with churn",
  source: "Karras et al. 2022 (arXiv 2206.00364) algorithm 2",
  stochastic: false,
  order: 2,
  evaluationsPerStep: 2,
  options: {
    churn: numberOption(0, "S_churn: noise added per run; each step raises σ by min(churn/N, √2 − 1)", { min: 0 }),
    sMin: numberOption(0, "S_tmin: least σ/α at which churn acts", { min: 0 }),
    sMax: optionalNumberOption("S_tmax: largest σ/α at which churn acts", { min: 0 }),
    sNoise: numberOption(1, "S_noise: standard deviation of the added noise", { above: 0 }),
  },
  facts: ({ churn }) => ({ stochastic: churn > 0 }),
  check({ churn, sMin, sMax }, schedule, { times }) {
    if (churn === 0) return;
    const highest = noiseLevel(schedule, schedule.tMax);
    for (const t of times.subarray(0, -1)) {
      const rho = noiseLevel(schedule, t);
      const raised = rho * (1 + raise(churn, sMin, sMax, rho, times.length - 1));
      if (raised > highest * (1 + 1e-12)) {
        throw new UsageError(
          `edm-heun: churn raises σ/α from ${numberText(rho, 4)} to ${numberText(raised, 4)}, beyond ${schedule.name}'s largest ${numberText(highest, 4)} - set sMax below ${numberText(highest / (raised / rho), 4)}`,
        );
      }
    }
  },
  step:
    ({ churn, sMin, sMax, sNoise }) =>
    async (context, x, step) => {
      const { schedule, space } = context;
      const rho = noiseLevel(schedule, step.t);
      const rhoU = noiseLevel(schedule, step.u);
      const gamma = raise(churn, sMin, sMax, rho, context.steps);
      const rhoHat = rho * (1 + gamma);
      const tHat = gamma === 0 ? step.t : schedule.timeAtLogSnr(-log(rhoHat));
      const alphaHat = schedule.alpha(tHat);
      const raised =
        gamma === 0
          ? x
          : space.combine(
              [alphaHat / schedule.alpha(step.t), alphaHat * sNoise * Math.sqrt((rhoHat - rho) * (rhoHat + rho))],
              [x, context.normal(step, NoiseSlot.CHURN)],
            );
      const h = rhoU - rhoHat;
      const alphaU = schedule.alpha(step.u);
      const slope1 = await context.epsilon(raised, tHat);
      const predicted = space.combine([alphaU / alphaHat, alphaU * h], [raised, slope1]);
      const slope2 = await context.epsilon(predicted, step.u);
      return space.combine(
        [alphaU / alphaHat, 0.5 * alphaU * h, 0.5 * alphaU * h],
        [raised, slope1, slope2],
        predicted,
      );
    },
});

function noiseLevel(schedule: Schedule, t: number): number {
  return schedule.sigma(t) / schedule.alpha(t);
}

/** γ of Algorithm 2. */
function raise(churn: number, sMin: number, sMax: number | null, rho: number, steps: number): number {
  return rho >= sMin && (sMax === null || rho <= sMax) ? Math.min(churn / steps, Math.SQRT2 - 1) : 0;
}
