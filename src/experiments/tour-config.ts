import type { Solver } from "../../solvers/types.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import type { TrainOptions } from "../training/index.js";

/** What `tour` is told. */
export interface TourConfig {
  /** Default: VP and VE. */
  readonly sdes: readonly Sde[];
  /** A law on the line with a quantile function. */
  readonly target: Target;
  /** Names, specs or solvers. */
  readonly solvers?: readonly (string | Solver)[];
  /** Score evaluations that a solver on a grid may spend. */
  readonly evaluations?: number;
  /** rtol = atol of adaptive solvers. */
  readonly tolerance?: number;
  readonly network?: string;
  readonly trainingSteps?: number;
  readonly engine?: NonNullable<TrainOptions["engine"]>;
  readonly samples?: number;
  readonly repeats?: number;
  readonly seed?: number;
  /** Plants mistakes into the Fokker–Planck check. */
  readonly controls?: boolean;
}

/** Defaults of `tour`: half a minute on one core. */
export const TOUR_DEFAULTS = {
  sdes: "vp,ve",
  target: "trimodal",
  solvers: ["em", "pc", "rk45"],
  evaluations: 100,
  tolerance: 1e-5,
  network: "mlp:width=64,depth=3",
  trainingSteps: 1500,
  samples: 4096,
  repeats: 3,
  seed: 0,
} as const;

/** Settings of a short training: a higher rate and a shorter average than those of `train`. */
export const SHORT_TRAINING = { learningRate: 5e-3, average: 0.995 } as const;
