import { oneStepSolver } from "../one-step.js";

/** Stochastic Heun (trapezoidal) on the reverse SDE with one noise in both stages: order 2 in law, 1 strong. */
export const stochasticHeun = oneStepSolver({
  name: "stochastic-heun",
  summary: "Stochastic Heun: trapezoidal rule on the reverse SDE",
  source: "Kloeden & Platen 1992 §15.1; Song et al. 2021 (arXiv 2011.13456) eq. 6",
  stochastic: true,
  order: 2,
  evaluationsPerStep: 2,
  options: {},
  step: () => async (context, x, step) => {
    const { schedule, space } = context;
    const h = step.t - step.u;
    const [f1, f2] = [schedule.driftCoefficient(step.t), schedule.driftCoefficient(step.u)];
    const [g1, g2] = [schedule.diffusion(step.t), schedule.diffusion(step.u)];
    const root = Math.sqrt(h);
    const z = context.normal(step);
    const score1 = await context.score(x, step.t);
    const predicted = space.combine([1 - h * f1, h * g1 * g1, root * g1], [x, score1, z]);
    const score2 = await context.score(predicted, step.u);
    return space.combine(
      [1 - 0.5 * h * f1, 0.5 * h * g1 * g1, -0.5 * h * f2, 0.5 * h * g2 * g2, 0.5 * root * (g1 + g2)],
      [x, score1, predicted, score2, z],
      predicted,
    );
  },
});
