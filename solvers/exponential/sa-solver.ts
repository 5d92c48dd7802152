import { exp, expm1 } from "../math/elementary.js";
import { multistepSolver } from "../multistep.js";
import { numberOption, optionalNumberOption } from "../options.js";
import type { Schedule } from "../types.js";
import { adamsWeights } from "./adams-weights.js";

/**
 * SA-Solver: stochastic Adams on the data prediction D of the SDE of level η (τ in the paper), its linear part and noise exact:
 *
 * x_u = (σ_u/σ_t) e^{−η² h} x_t + α_u (1 + η²) ∫ e^{(1 + η²)(λ − λ_u)} D dλ + σ_u √(1 − e^{−2η² h}) z, D the polynomial in λ through the past.
 *
 * The corrector adds the evaluation at u, which the next step makes anyway, with the same z. At η = 0 predictor p and corrector c give
 * order min(p, c) + 1; noise leaves order 1, for a polynomial through the past does not know the Itô terms of D.
 */
export const saSolver = multistepSolver({
  name: "sa-solver",
  summary: "SA-Solver: stochastic Adams on the data prediction, corrected by the next step's evaluation",
  source: "Xue et al. 2023 (arXiv 2305.14267) algorithm 1, eq. 12–17",
  stochastic: true,
  order: 1,
  evaluationsPerStep: 1,
  options: {
    eta: numberOption(1, "noise level: multiplies the standard deviation of the noise", { min: 0 }),
    predictor: numberOption(2, "steps in the predictor's polynomial", { min: 1, max: 4, integer: true }),
    corrector: numberOption(2, "steps in the corrector's, beside the next evaluation; 0 for none", {
      min: 0,
      max: 3,
      integer: true,
    }),
    sMin: numberOption(0, "least σ/α at which a step draws noise", { min: 0 }),
    sMax: optionalNumberOption("largest σ/α at which a step draws noise", { above: 0 }),
  },
  facts: ({ eta, predictor, corrector }) => ({
    stochastic: eta > 0,
    order: eta > 0 ? 1 : corrector === 0 ? predictor : Math.min(predictor, corrector) + 1,
  }),
  history: ({ predictor, corrector }) => Math.max(predictor - 1, corrector),
  step({ eta, predictor, corrector, sMin, sMax }) {
    const levelAt = (schedule: Schedule, t: number) => {
      const rho = schedule.sigma(t) / schedule.alpha(t);
      return rho >= sMin && rho <= (sMax ?? Number.POSITIVE_INFINITY) ? eta : 0;
    };
    return async (context, x, step, past) => {
      const { schedule, space } = context;
      const { t, u } = step;
      const data = await context.denoise(x, t);
      const previous = past[0];
      let corrected = x;
      if (previous?.base !== undefined && corrector > 0) {
        const known = past.slice(0, corrector);
        const times = [...known.map((one) => one.t), t];
        const weights = weightsOf(schedule, times, t, levelAt(schedule, previous.t));
        corrected = space.combine([1, ...weights], [previous.base, ...known.map(({ state }) => state), data]);
      }
      const level = levelAt(schedule, t);
      const h = schedule.logSnr(u) - schedule.logSnr(t);
      const decay = (schedule.sigma(u) / schedule.sigma(t)) * exp(-level * level * h);
      const linear = [decay];
      const states = [corrected];
      if (level > 0) {
        linear.push(schedule.sigma(u) * Math.sqrt(-expm1(-2 * level * level * h)));
        states.push(context.normal(step));
      }
      const known = past.slice(0, predictor - 1);
      const weights = weightsOf(schedule, [t, ...known.map((one) => one.t)], u, level);
      const predictions = [data, ...known.map(({ state }) => state)];
      if (corrector === 0) {
        return { x: space.combine([...linear, ...weights], [...states, ...predictions]), remembered: data };
      }
      const base = space.combine(linear, states);
      const next = space.combine([1, ...weights], [base, ...predictions]);
      return { x: next, remembered: data, base };
    };
  },
});

/** Weights of D at `times` in the step from times[0] to u. */
function weightsOf(schedule: Schedule, times: readonly number[], u: number, level: number): number[] {
  const [alpha, end] = [schedule.alpha(u), schedule.logSnr(u)];
  const nodes = times.map((time) => schedule.logSnr(time));
  const rate = 1 + level * level;
  return adamsWeights(nodes, nodes[0]!, end, (v) => alpha * rate * exp(rate * (v - end)));
}
