import { oneStepSolver } from "../one-step.js";
import { numberOption } from "../options.js";

/** Euler–Maruyama on dx = [f x − ½(1+η²) g² s] dt + η g dw̄: reverse SDE at η = 1, probability-flow ODE at η = 0. */
export const eulerMaruyama = oneStepSolver({
  name: "em",
  summary: "Euler–Maruyama, from the probability-flow ODE (eta=0) to the reverse SDE (eta=1)",
  source: "Song et al. 2021 (arXiv 2011.13456) eq. 6; Karras et al. 2022 (2206.00364) eq. 6; Huang et al. 2021",
  stochastic: true,
  order: 1,
  evaluationsPerStep: 1,
  options: { eta: numberOption(1, "noise level: multiplies the standard deviation of the noise", { min: 0 }) },
  facts: ({ eta }) => ({ stochastic: eta > 0 }),
  step:
    ({ eta }) =>
    async (context, x, step) => {
      const { schedule, space } = context;
      const h = step.t - step.u;
      const f = schedule.driftCoefficient(step.t);
      const g = schedule.diffusion(step.t);
      const score = await context.score(x, step.t);
      const drift = [1 - h * f, 0.5 * h * (1 + eta * eta) * g * g];
      if (eta === 0) return space.combine(drift, [x, score]);
      return space.combine([...drift, eta * g * Math.sqrt(h)], [x, score, context.normal(step)]);
    },
});
