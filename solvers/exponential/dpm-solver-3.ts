import { expm1 } from "../math/elementary.js";
import { oneStepSolver } from "../one-step.js";

/** DPM-Solver-3: third-order singlestep on the noise prediction, with r₁ = ⅓ and r₂ = ⅔ of the step in λ. */
export const dpmSolver3 = oneStepSolver({
  name: "dpm3",
  summary: "DPM-Solver-3: third-order singlestep on the noise prediction, in λ",
  source: "Lu et al. 2022 (arXiv 2206.00927) algorithm 2",
  stochastic: false,
  order: 3,
  evaluationsPerStep: 3,
  options: {},
  step:
    () =>
    async (context, x, { t, u }) => {
      const { schedule, space } = context;
      const start = schedule.logSnr(t);
      const h = schedule.logSnr(u) - start;
      const [t1, t2] = [schedule.timeAtLogSnr(start + h / 3), schedule.timeAtLogSnr(start + (2 * h) / 3)];
      const alpha = schedule.alpha(t);
      const decay = (time: number) => schedule.alpha(time) / alpha;
      /** Weight of ε at t in a step of length k. */
      const gain = (time: number, k: number) => -schedule.sigma(time) * expm1(k);
      /** σ ((e^k − 1)/k − 1), the weight of a slope. */
      const bend = (time: number, k: number) => schedule.sigma(time) * secondPhi(k);

      const epsilon = await context.epsilon(x, t);
      const x1 = space.combine([decay(t1), gain(t1, h / 3)], [x, epsilon]);
      const epsilon1 = await context.epsilon(x1, t1);
      const bend2 = 2 * bend(t2, (2 * h) / 3);
      const x2 = space.combine([decay(t2), gain(t2, (2 * h) / 3) + bend2, -bend2], [x, epsilon, epsilon1], x1);
      const epsilon2 = await context.epsilon(x2, t2);
      const bendU = 1.5 * bend(u, h);
      return space.combine([decay(u), gain(u, h) + bendU, -bendU], [x, epsilon, epsilon2], x2);
    },
});

/** (e^k − 1)/k − 1; its series where the difference would cancel. */
function secondPhi(k: number): number {
  if (k > 0.1) return expm1(k) / k - 1;
  let term = 1;
  let sum = 0;
  for (let n = 2; n <= 12; n++) {
    term *= k / n;
    sum += term;
  }
  return sum;
}
