import { expm1 } from "./math/elementary.js";
import type { Schedule } from "./types.js";

/** The forward transition p(x_t | x_u) = N(ratio · x_u, variance · I) seen from a step t → u < t. */
export interface StepTransition {
  readonly alphaT: number;
  readonly alphaU: number;
  readonly sigmaT: number;
  readonly sigmaU: number;
  /** h = λ_u − λ_t > 0. */
  readonly h: number;
  /** r = α_t / α_u. */
  readonly ratio: number;
  /** 1 − e^{−2h}: the share of σ_t² that is new since u. */
  readonly newShare: number;
  /** σ_t² − r² σ_u² = σ_t² (1 − e^{−2h}). */
  readonly variance: number;
}

/** Quantities of the step t → u, free of cancellation. */
export function stepTransition(schedule: Schedule, t: number, u: number): StepTransition {
  const alphaT = schedule.alpha(t);
  const alphaU = schedule.alpha(u);
  const sigmaT = schedule.sigma(t);
  const sigmaU = schedule.sigma(u);
  const h = schedule.logSnr(u) - schedule.logSnr(t);
  const newShare = -expm1(-2 * h);
  return { alphaT, alphaU, sigmaT, sigmaU, h, ratio: alphaT / alphaU, newShare, variance: sigmaT * sigmaT * newShare };
}
