import type { Schedule } from "../../solvers/types.js";

/**
 * A forward SDE dx = f(x, t) dt + g(t) dw of this field: a `Schedule` with its name, options and drift.
 *
 * An SDE whose drift is not linear in x has `linear: false`; its α, σ and all that follows from them throw a `UsageError`.
 */
export interface Sde extends Schedule {
  readonly options: Readonly<Record<string, unknown>>;
  readonly linear: boolean;
  /** The Gaussian N(mean, standardDeviation² I) that sampling starts from, as `gaussian` takes it. */
  readonly prior: { readonly mean: 0; readonly standardDeviation: number };
  /** Writes f(x, t) for every number of `x` to `out` (same length) and returns it. */
  drift(x: Float64Array, t: number, out?: Float64Array): Float64Array;
  /** p(x_to | x_from) = N(scale · x_from, variance · I) for from ≤ to, without cancellation. */
  transition(from: number, to: number): { readonly scale: number; readonly variance: number };
}
