import { exp, expm1 } from "../math/elementary.js";
import { NoiseSlot } from "../noise/slots.js";
import { oneStepSolver } from "../one-step.js";
import { choiceOption, numberOption } from "../options.js";
import type { StepContext } from "../step-context.js";
import type { GridStep, State } from "../types.js";
import { ancestralSplit } from "./ancestral-split.js";

/**
 * DPM-Solver++(2S): second-order singlestep on the data prediction D, which is taken halfway in λ.
 *
 * `variant=sde` integrates the linear part and the noise of the SDE of level η exactly (DPM++ SDE), both of its noises from one Brownian
 * path; `variant=ancestral` stops at a lower noise level, from which noise raises the state (DPM++ 2S a). Both are 2S at η = 0, and of order 2 in law at every η.
 */
export const dpmSolverPlusPlus2S = oneStepSolver({
  name: "dpm++2s",
  summary: "DPM-Solver++(2S): second-order singlestep on the data prediction",
  source: "Lu et al. 2022 (arXiv 2211.01095) algorithm 1; k-diffusion's sample_dpmpp_sde and sample_dpmpp_2s_ancestral",
  stochastic: false,
  order: 2,
  evaluationsPerStep: 2,
  options: {
    eta: numberOption(0, "noise level: multiplies the standard deviation of the noise", { min: 0, max: 1 }),
    variant: choiceOption(["sde", "ancestral"], "sde", "where the noise comes in: along the step, or after it"),
  },
  facts: ({ eta }) => ({ stochastic: eta > 0 }),
  step:
    ({ eta, variant }) =>
    (context, x, step) =>
      variant === "sde" ? alongStep(context, x, step, eta) : afterStep(context, x, step, eta),
});

async function alongStep<S extends State>(context: StepContext<S>, x: S, step: GridStep, eta: number): Promise<S> {
  const { schedule, space } = context;
  const { index, t, u } = step;
  const start = schedule.logSnr(t);
  const half = 0.5 * (schedule.logSnr(u) - start);
  const m = schedule.timeAtLogSnr(start + half);
  /** Noise that a stretch of length k in λ adds, over σ at its end. */
  const fresh = (k: number) => Math.sqrt(-expm1(-2 * eta * eta * k));
  const decay = (time: number, k: number) => (schedule.sigma(time) / schedule.sigma(t)) * exp(-eta * eta * k);
  const gain = (time: number, k: number) => -schedule.alpha(time) * expm1(-(1 + eta * eta) * k);
  const data = await context.denoise(x, t);
  const first = [decay(m, half), gain(m, half)];
  const last = [decay(u, 2 * half), gain(u, 2 * half)];
  if (eta === 0) {
    const inside = space.combine(first, [x, data]);
    return space.combine(last, [x, await context.denoise(inside, m)], inside);
  }
  const [z1, z2] = [context.normal({ index, t, u: m }), context.normal({ index, t: m, u }, NoiseSlot.SECOND_HALF)];
  const inside = space.combine([...first, schedule.sigma(m) * fresh(half)], [x, data, z1]);
  const dataM = await context.denoise(inside, m);
  const noise = schedule.sigma(u) * fresh(half);
  return space.combine([...last, noise * exp(-eta * eta * half), noise], [x, dataM, z1, z2], inside);
}

async function afterStep<S extends State>(context: StepContext<S>, x: S, step: GridStep, eta: number): Promise<S> {
  const { schedule, space } = context;
  const { start, down, up, middle, middleTime } = ancestralSplit(schedule, step.t, step.u, eta);
  const [alpha, alphaM, alphaU] = [schedule.alpha(step.t), schedule.alpha(middleTime), schedule.alpha(step.u)];
  const data = await context.denoise(x, step.t);
  const inside = space.combine([((alphaM / alpha) * middle) / start, alphaM * (1 - middle / start)], [x, data]);
  const dataM = await context.denoise(inside, middleTime);
  const coefficients = [((alphaU / alpha) * down) / start, alphaU * (1 - down / start)];
  if (eta === 0) return space.combine(coefficients, [x, dataM], inside);
  return space.combine([...coefficients, alphaU * up], [x, dataM, context.normal(step)], inside);
}
