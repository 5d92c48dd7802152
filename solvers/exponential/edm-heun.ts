import { log } from "../math/elementary.js";
import { NoiseSlot } from "../noise/slots.js";
import { oneStepSolver } from "../one-step.js";
import { numberOption, optionalNumberOption } from "../options.js";
import type { Schedule } from "../types.js";

/**
 * EDM's stochastic sampler: raise the noise level by churn, then one Heun step of dy/dρ = ε, with y = x/α and ρ = σ/α.
 *
 * Algorithm 2 without its last step to σ = 0, which is the denoising that ends a run on request. The level is raised no further than the
 * process reaches, σ/α at tMax, beyond which there is no score; the paper asks its network there.
 */
export const edmHeun = oneStepSolver({
  name: "edm-heun",
  summary: "EDM Heun with churn",
  source: "Karras et al. 2022 (arXiv 2206.00364) algorithm 2",
  stochastic: false,
  order: 2,
  evaluationsPerStep: 2,
  options: {
    churn: numberOption(
      0,
      "S_churn: noise added per run; each step raises σ/α by min(churn/N, √2 − 1), at most to that of tMax",
      { min: 0 },
    ),
    sMin: numberOption(0, "S_tmin: least σ/α at which churn acts", { min: 0 }),
    sMax: optionalNumberOption("S_tmax: largest σ/α at which churn acts", { min: 0 }),
    sNoise: numberOption(1, "S_noise: standard deviation of the added noise", { above: 0 }),
  },
  facts: ({ churn }) => ({ stochastic: churn > 0 }),
  step:
    ({ churn, sMin, sMax, sNoise }) =>
    async (context, x, step) => {
      const { schedule, space } = context;
      const rho = noiseLevel(schedule, step.t);
      const rhoU = noiseLevel(schedule, step.u);
      const wanted = rho * (1 + raise(churn, sMin, sMax, rho, context.steps));
      const rhoHat = Math.max(rho, Math.min(wanted, noiseLevel(schedule, schedule.tMax)));
      const isRaised = rhoHat > rho;
      const tHat = isRaised ? Math.min(schedule.tMax, schedule.timeAtLogSnr(-log(rhoHat))) : step.t;
      const alphaHat = schedule.alpha(tHat);
      const raised = isRaised
        ? space.combine(
            [alphaHat / schedule.alpha(step.t), alphaHat * sNoise * Math.sqrt((rhoHat - rho) * (rhoHat + rho))],
            [x, context.normal(step, NoiseSlot.CHURN)],
          )
        : x;
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
