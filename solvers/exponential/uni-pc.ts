import { exp, expm1 } from "../math/elementary.js";
import { multistepSolver, type Remembered } from "../multistep.js";
import { choiceOption, numberOption } from "../options.js";
import type { Schedule, State } from "../types.js";
import { adamsWeights } from "./adams-weights.js";

/** Predictions at some times, of which the first belongs to the step's start. */
interface Known<S extends State> {
  readonly times: readonly number[];
  readonly data: readonly S[];
}

/**
 * UniPC-p on the data prediction: an exponential Adams–Bashforth predictor of order p and an Adams–Moulton corrector of order p + 1, which
 * takes the next step's evaluation and so costs none of its own.
 *
 * With one unknown both take the paper's weight ½ B(h) in place of the Adams weight: B(h) = e^{−h} − 1 (`bh2`) or −h (`bh1`).
 */
export const uniPc = multistepSolver({
  name: "unipc",
  summary: "UniPC: multistep predictor on the data prediction, corrected by the next step's evaluation",
  source: "Zhao et al. 2023 (arXiv 2302.04867) algorithm 5 and §3.4",
  stochastic: false,
  order: 3,
  evaluationsPerStep: 1,
  options: {
    order: numberOption(2, "order p of the predictor; p + 1 with its corrector", { min: 1, max: 3, integer: true }),
    variant: choiceOption(["bh2", "bh1"], "bh2", "B(h) of the weights with one unknown"),
  },
  facts: ({ order }) => ({ order: order + 1 }),
  history: ({ order }) => order,
  step:
    ({ order, variant }) =>
    async (context, x, { t, u }, past) => {
      const { schedule, space } = context;
      const b = variant === "bh2" ? (h: number) => expm1(-h) : (h: number) => -h;
      const data = await context.denoise(x, t);
      const previous = past[0];
      let base = x;
      if (previous?.base !== undefined) {
        const count = Math.min(order, past.length);
        const known = knownAt(past.slice(0, count));
        const weights = weightsOf(schedule, [...known.times, t], t, b);
        base = space.combine([decay(schedule, previous.t, t), ...weights], [previous.base, ...known.data, data]);
      }
      const known = knownAt([{ t, state: data }, ...past.slice(0, order - 1)]);
      const weights = weightsOf(schedule, known.times, u, b);
      return { x: space.combine([decay(schedule, t, u), ...weights], [base, ...known.data]), remembered: data, base };
    },
});

function knownAt<S extends State>(past: readonly Remembered<S>[]): Known<S> {
  return { times: past.map(({ t }) => t), data: past.map(({ state }) => state) };
}

function decay(schedule: Schedule, t: number, u: number): number {
  return schedule.sigma(u) / schedule.sigma(t);
}

/** Weights of the predictions at `times` in a step from times[0] to u, which is the last of them in the corrector. */
function weightsOf(
  schedule: Schedule,
  times: readonly number[],
  u: number,
  b: (h: number) => number,
): readonly number[] {
  return times.length === 2 ? halfSlope(schedule, times, u, b) : exponentialAdams(schedule, times, u);
}

/** α_u (1 − e^{−h}) m₀ − ½ α_u B(h) (m₁ − m₀) h/(λ₁ − λ₀). */
function halfSlope(
  schedule: Schedule,
  times: readonly number[],
  u: number,
  b: (h: number) => number,
): readonly number[] {
  const alpha = schedule.alpha(u);
  const start = schedule.logSnr(times[0]!);
  const h = schedule.logSnr(u) - start;
  const slope = (-0.5 * alpha * b(h) * h) / (schedule.logSnr(times[1]!) - start);
  return [-alpha * expm1(-h) - slope, slope];
}

/** Weights of ∫ α_u e^{v − λ_u} D dv over the step from times[0] to u, D the polynomial in λ through `times`. */
function exponentialAdams(schedule: Schedule, times: readonly number[], u: number): readonly number[] {
  const [alpha, end] = [schedule.alpha(u), schedule.logSnr(u)];
  const nodes = times.map((time) => schedule.logSnr(time));
  return adamsWeights(nodes, nodes[0]!, end, (v) => alpha * exp(v - end));
}
