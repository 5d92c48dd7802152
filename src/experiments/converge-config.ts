import type { Solver } from "../../solvers/types.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import type { ConvergenceKind } from "../verification/convergence/error-sequence.js";

/** What `converge` is told. */
export interface ConvergeConfig {
  readonly sde: Sde;
  readonly target: Target;
  /** Names, specs or solvers. */
  readonly solvers: readonly (string | Solver)[];
  /** At least two whole numbers, taken in increasing order; three ratios, hence four numbers, are needed for a certificate. */
  readonly steps?: readonly number[];
  /** 'auto' measures the law of stochastic solvers (paths, where no exact law exists) and the end points of deterministic ones. */
  readonly kind?: ConvergenceKind | "auto";
  readonly grid?: string;
  /** Paths for strong and deterministic errors, ≥ 2. */
  readonly samples?: number;
  readonly seed?: number;
}

/** Defaults of `converge`: a law on which every method of order 1, 2 and 4 reaches its asymptotic range. */
export const CONVERGE_DEFAULTS = {
  target: "gaussian:mean=0.7,standardDeviation=0.5",
  solvers: ["em", "exponential-em", "stochastic-heun", "ddim", "dpm++2m", "ode-heun", "ode-rk4"],
  steps: [20, 40, 80, 160, 320, 640],
  kind: "auto",
  grid: "auto",
  samples: 1024,
  seed: 0,
} as const;
