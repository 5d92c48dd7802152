import { exp, expm1 } from "../math/elementary.js";
import { multistepSolver } from "../multistep.js";
import { choiceOption, numberOption } from "../options.js";

/**
 * SDE-DPM-Solver++(2M): the multistep method on the data prediction with exactly integrated noise.
 *
 * With k = (1 + η²) h: x_u = (σ_u/σ_t) e^{−η² h} x_t + α_u (1 − e^{−k}) D + C (D − D₋)/q + σ_u √(1 − e^{−2η² h}) z, where q is the last step's
 * length over this one's and C = ½ α_u (1 − e^{−k}) (`midpoint`) or α_u (1 − (1 − e^{−k})/k) (`heun`, the exact weight of a line).
 * η multiplies the standard deviation of the noise: 0 is DPM-Solver++(2M), 1 the reverse SDE. Order 2 in law on Gaussian data; elsewhere the
 * difference to the past takes ½g²D″ with the wrong sign, which leaves order 1.
 */
export const dpmSolverPlusPlus2MSde = multistepSolver({
  name: "dpm++2m-sde",
  summary: "DPM-Solver++(2M) SDE: stochastic multistep on the data prediction",
  source: "Lu et al. 2022 (arXiv 2211.01095) appendix A; k-diffusion's sample_dpmpp_2m_sde",
  stochastic: true,
  order: 1,
  evaluationsPerStep: 1,
  options: {
    eta: numberOption(1, "noise level: multiplies the standard deviation of the noise", { min: 0 }),
    variant: choiceOption(["midpoint", "heun"], "midpoint", "weight of the slope"),
  },
  facts: ({ eta }) => ({ stochastic: eta > 0, order: eta > 0 ? 1 : 2 }),
  history: () => 1,
  step:
    ({ eta, variant }) =>
    async (context, x, step, past) => {
      const { t, u } = step;
      const { schedule, space } = context;
      const h = schedule.logSnr(u) - schedule.logSnr(t);
      const k = (1 + eta * eta) * h;
      const [alpha, sigma] = [schedule.alpha(u), schedule.sigma(u)];
      const data = await context.denoise(x, t);
      const gain = -alpha * expm1(-k);
      const previous = past[0];
      const ratio = previous === undefined ? 1 : (schedule.logSnr(t) - schedule.logSnr(previous.t)) / h;
      const slope = previous === undefined ? 0 : (variant === "midpoint" ? 0.5 * gain : alpha - gain / k) / ratio;
      const decay = (sigma / schedule.sigma(t)) * exp(-eta * eta * h);
      const coefficients = [decay, gain + slope];
      const states = [x, data];
      if (previous !== undefined) {
        coefficients.push(-slope);
        states.push(previous.state);
      }
      if (eta > 0) {
        coefficients.push(sigma * Math.sqrt(-expm1(-2 * eta * eta * h)));
        states.push(context.normal(step));
      }
      return { x: space.combine(coefficients, states), remembered: data };
    },
});
