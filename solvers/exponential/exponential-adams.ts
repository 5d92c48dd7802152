import { exp } from "../math/elementary.js";
import { multistepSolver } from "../multistep.js";
import { numberOption } from "../options.js";
import type { Schedule } from "../types.js";
import { adamsWeights } from "./adams-weights.js";

/** What an exponential multistep method extrapolates, in which variable, and how the step depends on it. */
interface Extrapolation {
  readonly predicts: "data" | "noise";
  /** The variable in which the past is a polynomial. */
  variable(schedule: Schedule, t: number): number;
  /** The factor of x_t in x_u. */
  decay(schedule: Schedule, t: number, u: number): number;
  /** x_u = decay x_t + ∫ kernel(v) m(v) dv, v from t's to u's. */
  kernel(schedule: Schedule, u: number): (v: number) => number;
}

/** d(x/σ)/dλ = e^λ D, hence x_u = (σ_u/σ_t) x_t + α_u ∫ e^{v − λ_u} D dv. */
const dataInLogSnr: Extrapolation = {
  predicts: "data",
  variable: (schedule, t) => schedule.logSnr(t),
  decay: (schedule, t, u) => schedule.sigma(u) / schedule.sigma(t),
  kernel(schedule, u) {
    const [alpha, end] = [schedule.alpha(u), schedule.logSnr(u)];
    return (v) => alpha * exp(v - end);
  },
};

/** d(x/α)/dρ = ε with ρ = e^{−λ}, hence x_u = (α_u/α_t) x_t − σ_u ∫ e^{λ_u − v} ε dv. */
const noiseInLogSnr: Extrapolation = {
  predicts: "noise",
  variable: (schedule, t) => schedule.logSnr(t),
  decay: (schedule, t, u) => schedule.alpha(u) / schedule.alpha(t),
  kernel(schedule, u) {
    const [sigma, end] = [schedule.sigma(u), schedule.logSnr(u)];
    return (v) => -sigma * exp(end - v);
  },
};

/** d(x/α)/dρ = ε, the past a polynomial in ρ itself. */
const noiseInRho: Extrapolation = {
  predicts: "noise",
  variable: (schedule, t) => schedule.sigma(t) / schedule.alpha(t),
  decay: (schedule, t, u) => schedule.alpha(u) / schedule.alpha(t),
  kernel(schedule, u) {
    const alpha = schedule.alpha(u);
    return () => alpha;
  },
};

interface Method {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly order: number;
}

function adams({ name, summary, source, order }: Method, extrapolation: Extrapolation) {
  const { predicts, variable, decay, kernel } = extrapolation;
  return multistepSolver({
    name,
    summary,
    source,
    stochastic: false,
    order,
    evaluationsPerStep: 1,
    options: {
      order: numberOption(order, "steps in the polynomial, this one included", { min: 1, max: 4, integer: true }),
    },
    facts: (options) => ({ order: options.order }),
    history: (options) => options.order - 1,
    step:
      (options) =>
      async (context, x, { t, u }, past) => {
        const { schedule, space } = context;
        const prediction = predicts === "data" ? await context.denoise(x, t) : await context.epsilon(x, t);
        const earlier = past.slice(0, options.order - 1);
        const nodes = [t, ...earlier.map((one) => one.t)].map((time) => variable(schedule, time));
        const weights = adamsWeights(nodes, nodes[0]!, variable(schedule, u), kernel(schedule, u));
        const states = [x, prediction, ...earlier.map(({ state }) => state)];
        return { x: space.combine([decay(schedule, t, u), ...weights], states), remembered: prediction };
      },
  });
}

/** DPM-Solver++(3M) with the full second derivative: third-order exponential multistep on the data prediction, in λ. */
export const dpmSolverPlusPlus3M = adams(
  {
    name: "dpm++3m",
    summary: "DPM-Solver++(3M): third-order multistep on the data prediction",
    source: "Lu et al. 2022 (arXiv 2211.01095) §4.2, with ½D″ where published codes take ¼D″",
    order: 3,
  },
  dataInLogSnr,
);

/** DEIS: exponential multistep on the noise prediction, a polynomial in log ρ. */
export const deis = adams(
  {
    name: "deis",
    summary: "DEIS: exponential multistep on the noise prediction, polynomial in log ρ",
    source: "Zhang & Chen 2023 (arXiv 2204.13902) eq. 14, log-rho variant",
    order: 3,
  },
  noiseInLogSnr,
);

/** Linear multistep (Adams–Bashforth with variable steps) on dy/dρ = ε, y = x/α. */
export const linearMultistep = adams(
  {
    name: "lms",
    summary: "linear multistep (Adams–Bashforth) in ρ = σ/α",
    source: "Adams–Bashforth with variable steps on Karras et al. 2022 (arXiv 2206.00364) eq. 3",
    order: 4,
  },
  noiseInRho,
);
