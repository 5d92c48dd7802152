import { log } from "../math/elementary.js";
import type { StepContext } from "../step-context.js";
import type { Schedule, State } from "../types.js";

/** The independent variable of the probability-flow ODE and the unknown that goes with it. */
export interface Clock {
  /** The variable at time t. */
  at(t: number): number;
  /** Inverse of `at`. */
  time(value: number): number;
  /** Factor s(t) such that x / s(t) is the unknown. */
  scale(t: number): number;
  /** d(x / s) / d(variable) at (x, t). */
  slope<S extends State>(context: StepContext<S>, x: S, t: number): Promise<S>;
}

/** dx/dt = f x − ½ g² s (Song et al. 2021, arXiv 2011.13456, eq. 13). */
export function timeClock(schedule: Schedule): Clock {
  return {
    at: (t) => t,
    time: (value) => value,
    scale: () => 1,
    async slope(context, x, t) {
      const g = schedule.diffusion(t);
      const score = await context.score(x, t);
      return context.space.combine([schedule.driftCoefficient(t), -0.5 * g * g], [x, score], score);
    },
  };
}

/** dy/dρ = E[ε | x] with y = x/α, ρ = σ/α (Karras et al. 2022, arXiv 2206.00364, eq. 1 and 3): each method becomes its exponential form. */
export function rhoClock(schedule: Schedule): Clock {
  return {
    at: (t) => schedule.sigma(t) / schedule.alpha(t),
    time: (value) => schedule.timeAtLogSnr(-log(value)),
    scale: (t) => schedule.alpha(t),
    slope: (context, x, t) => context.epsilon(x, t),
  };
}
