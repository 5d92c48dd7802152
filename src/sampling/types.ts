import type { NdArray } from "ndarray";
import type { Awaitable, Model, Schedule, Solver, Status } from "../../solvers/types.js";
import type { PointRows } from "../targets/points.js";
import type { Target } from "../targets/types.js";

/** Replaces the generator: writes count × dimension standard normals for samples firstSample … firstSample + count − 1. */
export type UserNoise = (step: number, slot: number, firstSample: number, count: number, out: Float64Array) => void;

/** What one progress report of a run says. */
export interface SampleProgress {
  /** Samples of the chunk the step belongs to. */
  readonly firstSample: number;
  readonly count: number;
  /** Index of the finished step, and the time reached; null for adaptive solvers, whose samples are at different times. */
  readonly step: number | null;
  readonly t: number | null;
  /** count × dimension numbers, valid during the call; null for adaptive solvers. */
  readonly x: Float64Array | null;
  /** Share of the whole run that is done, in (0, 1]. */
  readonly fraction: number;
}

/** What `sample` is told. */
export interface SampleOptions {
  readonly sde: Schedule;
  /** The exact score of `target` when left out. */
  readonly model?: Model;
  /** The data law; needed where `model` is left out and for posterior: 'sample'. */
  readonly target?: Target;
  /**
   * What solvers take for x₀: its mean given x_t as the model predicts it (default), or an exact draw of it from `target`, anew at
   * every evaluation. With draws `ddpm` and `ddim` (any eta) keep the exact law p_t on every grid, and `denoise` ends on the data law.
   */
  readonly posterior?: "mean" | "sample";
  /** Name, spec such as 'pc:predictor=ancestral,snr=0.16', or a solver. */
  readonly solver: string | Solver;
  /** Number of grid intervals, ≥ 1; not with `times`. */
  readonly steps?: number;
  /** 'auto', a grid's name or spec such as 'karras:rho=5'. */
  readonly grid?: string;
  /** Explicit decreasing times in [tMin, tMax]. */
  readonly times?: ArrayLike<number>;
  /** ≥ 1. */
  readonly samples?: number;
  /** Index of the first sample: sample i is the same whatever the batch it is drawn in. */
  readonly firstSample?: number;
  /** Integer in [0, 2^53). */
  readonly seed?: number;
  /** Independent repeat of the run, integer in [0, 2^32). */
  readonly run?: number;
  /** Start states [samples, dimension] at the first time, instead of the prior. */
  readonly initial?: PointRows;
  readonly noise?: "counter" | "path" | UserNoise;
  /**
   * E‖x₀ − x̂₀‖² per dimension of the model's denoiser at time t, for solvers that ask for it (`variance=optimal`); estimated on samples
   * of `target` when left out.
   */
  readonly denoisingError?: (t: number) => Awaitable<number>;
  /** Ends with one Tweedie step to σ = 0 (one more evaluation). */
  readonly denoise?: boolean;
  /** Independent variable of the probability-flow solvers: t, or rho = σ/α. */
  readonly variable?: "t" | "rho";
  /** Tolerances, step control and limits of adaptive solvers; see `list`. */
  readonly rtol?: number;
  readonly atol?: number;
  readonly control?: "sample" | "shared";
  readonly maxEvaluations?: number;
  readonly maxSteps?: number;
  readonly keepPath?: boolean;
  /** Rows integrated together; does not change a bit of the result unless the solver couples the batch. */
  readonly batchSize?: number;
  /** Handed to the model untouched. */
  readonly condition?: unknown;
  readonly signal?: AbortSignal;
  /** Called after every step of every chunk; by adaptive solvers at the end of a chunk, with step null. */
  readonly onStep?: (progress: SampleProgress) => Awaitable<void>;
}

/** Where a sample first met a number that is not finite. */
export interface Trouble {
  readonly sample: number;
  readonly step: number | null;
  readonly t: number | null;
  readonly message: string;
}

/** What `sample` returns. */
export interface SampleResult {
  /** [samples, dimension]. */
  readonly samples: NdArray<Float64Array>;
  /** Model evaluations per sample, mean. */
  readonly evaluations: number;
  /** The worst of the samples' statuses. */
  readonly status: Status;
  readonly message: string;
  readonly perSample: {
    readonly evaluations: Float64Array;
    readonly status: readonly Status[];
    readonly accepted: Float64Array | null;
    readonly rejected: Float64Array | null;
  };
  /** First trouble of each troubled sample, at most 100. */
  readonly troubles: readonly Trouble[];
  /** Times and states [samples, dimension] of a kept path on a fixed grid. */
  readonly path: { readonly times: Float64Array; readonly states: readonly NdArray<Float64Array>[] } | null;
  /** Each sample's own path (states: times × dimension) of a kept path of an adaptive solver. */
  readonly paths: readonly { readonly times: Float64Array; readonly states: Float64Array }[] | null;
  /** Times the solver was asked to visit; null for adaptive solvers. */
  readonly times: Float64Array | null;
}
