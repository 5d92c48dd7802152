import type { Model, Solver } from "../../solvers/types.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";

/** What `compare` is told. */
export interface CompareConfig {
  readonly sde: Sde;
  readonly target: Target;
  /** The exact score of the target when left out. */
  readonly model?: Model;
  /** Names, specs or solvers. */
  readonly solvers: readonly (string | Solver)[];
  /** Steps of solvers on a grid; with `evaluations`, the costs to spend instead (steps = ⌊cost / evaluations per step⌋). */
  readonly steps?: readonly number[];
  readonly evaluations?: readonly number[];
  /** rtol = atol of adaptive solvers. */
  readonly tolerances?: readonly number[];
  readonly grid?: string;
  readonly samples?: number;
  readonly repeats?: number;
  readonly seed?: number;
  /** Names of metrics; see `metricSuite`. */
  readonly metrics?: readonly string[];
  /** Exact laws and budgets where they exist. */
  readonly exact?: boolean;
  readonly denoise?: boolean;
  /** Rows integrated together. */
  readonly batchSize?: number;
}

/** What `compare` works with beside its configuration. */
export interface CompareSurroundings {
  /** Milliseconds of a clock that never runs backwards. */
  readonly now?: () => number;
  /** The date that the stamp shows. */
  readonly started?: Date;
  /** The command that the stamp shows. */
  readonly argv?: readonly string[];
  readonly signal?: AbortSignal;
  /** Threads that draw each run from a trained model, with the same bits for any number; see `sampleModel`. Default 1. */
  readonly workers?: number | "auto";
  /** Told before each run what is about to happen and which share is done, in [0, 1]. */
  readonly onProgress?: (what: string, fraction: number) => void;
}

/** Defaults of `compare`. */
export const COMPARE_DEFAULTS = {
  solvers: ["em", "pc", "ddim", "dpm++2m", "ode-heun", "stochastic-heun", "rk45"],
  steps: [10, 20, 50, 100],
  tolerances: [1e-2, 1e-3, 1e-5],
  grid: "auto",
  samples: 4096,
  repeats: 5,
  seed: 0,
} as const;
