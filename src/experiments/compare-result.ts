import type { Estimate } from "../metrics/estimate.js";
import type { ResultHead } from "./result-head.js";

export type { Estimate };

/** What reproduces a result: versions, machine, seed, configuration, command. */
export interface Stamp {
  readonly version: string;
  readonly node: string;
  readonly cpu: string;
  readonly engine: string;
  readonly seed: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly argv: readonly string[];
  /** ISO 8601. */
  readonly started: string;
  readonly seconds: number;
}

/** Exact distances between the law of a sampler's output and the data law; null where no exact law exists. */
export interface ExactErrors {
  readonly w1: number | null;
  readonly w2: number | null;
  readonly kl: number | null;
  readonly tv: number | null;
}

/** W2 figures of an error budget: bounds by the triangle inequality, not shares. */
export interface ErrorBudget {
  readonly initialisation: number;
  readonly discretisation: number;
  readonly truncation: number;
  /** What the learned score changes in this solver from p_tMax; null where the score is exact. */
  readonly score: number | null;
}

/** One solver on one grid. */
export interface CompareRun {
  readonly solver: string;
  /** Those that differ from the solver's defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether this run, with its options, draws noise after the start. */
  readonly stochastic: boolean;
  readonly grid: string | null;
  readonly steps: number | null;
  readonly rtol: number | null;
  readonly atol: number | null;
  /** Model evaluations per sample, mean. */
  readonly evaluations: number;
  readonly accepted: number | null;
  readonly rejected: number | null;
  readonly samples: number;
  readonly repeats: number;
  readonly status: string;
  readonly message?: string;
  /** Time in which the quickest repeat drew its samples: the others were still being compiled, or disturbed. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
  /** By name: w1, w2 (1-D), slicedW1, slicedW2 (above), assignmentW2, energy, mmd, modeWeights, mean, covariance, path. */
  readonly metrics: Readonly<Record<string, Estimate>>;
  readonly exact: ExactErrors | null;
  readonly budget: ErrorBudget | null;
}

/** The content of `results.json` of `compare`. */
export interface CompareResult extends ResultHead<"compare"> {
  /** Each metric between two exact sample sets of the size used: nothing below it can be seen by sampling. */
  readonly floor: Readonly<Record<string, Estimate>>;
  readonly runs: readonly CompareRun[];
}

/** Pictures' data that accompany a `CompareResult`, kept out of the JSON. */
export interface ComparePanels {
  readonly truth: TruthPanel | null;
  /** One per solver, at one common cost. */
  readonly samples: readonly SamplePanel[];
  /** A few sample paths per solver (first coordinate), drawn over the exact law through time when it is known. */
  readonly paths: readonly PathPanel[];
  /** The exact law of the forward process (first coordinate), drawn behind the paths. */
  readonly marginals?: MarginalsPanel;
}

/** The exact data density: a curve in 1-D, a lattice in 2-D (`density[row][column]` at `y[row]`, `x[column]`). */
export type TruthPanel =
  | { readonly dimension: 1; readonly x: readonly number[]; readonly density: readonly number[] }
  | {
      readonly dimension: 2;
      readonly x: readonly number[];
      readonly y: readonly number[];
      readonly density: readonly (readonly number[])[];
    };

/** Samples of one run (row-major, at most a few thousand rows) and, where it is known, the exact density of its output. */
export interface SamplePanel {
  /** Solver with its options, as `pc:snr=0.16`. */
  readonly label: string;
  readonly solver: string;
  readonly evaluations: number;
  readonly dimension: number;
  readonly points: Float64Array;
  readonly law?: { readonly x: readonly number[]; readonly density: readonly number[] };
}

/** Paths of a few samples: `states[path][time]`. */
export interface PathPanel {
  /** Solver with its options, as `pc:snr=0.16`. */
  readonly label: string;
  readonly solver: string;
  readonly times: readonly number[];
  readonly states: readonly (readonly number[])[];
}

/** A 1-D density through time: `density[i][j]` at `times[i]`, `x[j]`. */
export interface MarginalsPanel {
  readonly times: readonly number[];
  readonly x: readonly number[];
  readonly density: readonly (readonly number[])[];
}
