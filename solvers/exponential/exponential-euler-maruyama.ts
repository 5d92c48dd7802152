import { integrate } from "../math/quadrature.js";
import { oneStepSolver } from "../one-step.js";
import type { Schedule } from "../types.js";

/** Exponential Euler–Maruyama: linear part and noise of the reverse SDE exact, score frozen at t. */
export const exponentialEulerMaruyama = oneStepSolver({
  name: "exponential-em",
  summary: "Exponential Euler–Maruyama: linear part exact, score frozen over the step",
  source: "De Bortoli 2022 (arXiv 2208.05314); Zhang & Chen 2023 (2204.13902)",
  stochastic: true,
  order: 1,
  evaluationsPerStep: 1,
  options: {},
  step: () => async (context, x, step) => {
    const { schedule, space } = context;
    const alphaT = schedule.alpha(step.t);
    const alphaU = schedule.alpha(step.u);
    const rhoT = schedule.sigma(step.t) / alphaT;
    const rhoU = schedule.sigma(step.u) / alphaU;
    const score = await context.score(x, step.t);
    return space.combine(
      [alphaU / alphaT, scoreCoefficient(schedule, step.t, step.u), alphaU * Math.sqrt((rhoT - rhoU) * (rhoT + rhoU))],
      [x, score, context.normal(step)],
    );
  },
});

/**
 * ∫_u^t (α_u/α_τ) g(τ)² dτ: 2 (α_u/α_t − 1) where α² + σ² = 1, by quadrature elsewhere, to 1e-14 or what rounding of τ leaves of 1/α:
 * 2⁻⁵³ |τ α̇/α|, which is much where the signal ends, as in rectified flow at 1 − 1e-9.
 */
export function scoreCoefficient(schedule: Schedule, t: number, u: number): number {
  const alphaU = schedule.alpha(u);
  if (schedule.variancePreserving) return 2 * (alphaU / schedule.alpha(t) - 1);
  const rate = (time: number) => {
    const g = schedule.diffusion(time);
    return (alphaU / schedule.alpha(time)) * g * g;
  };
  const rounding = 2 ** -53 * Math.max(...[t, u].map((time) => Math.abs(time * schedule.driftCoefficient(time))));
  // Of 1/α and, in g², of its derivative: four times as a square.
  return integrate(rate, u, t, { relativeTolerance: Math.max(1e-14, 4 * rounding), breakpoints: schedule.breakpoints });
}
