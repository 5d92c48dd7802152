/** What a model predicts about x_t = α x₀ + σ ε: ∇log p_t, E[ε | x_t], E[x₀ | x_t], or the velocity (see `conversion.ts`). */
export type Prediction = "score" | "noise" | "data" | "velocity";

/** A value or the promise of it: networks may answer asynchronously, exact oracles answer at once. */
export type Awaitable<T> = T | Promise<T>;

/**
 * A Gaussian path x_t = α(t) x₀ + σ(t) ε with its linear SDE dx = f(t) x dt + g(t) dw, for t in [tMin, tMax] (time has no unit).
 *
 * λ(t) = ln(α/σ) decreases strictly. f = α̇/α and g² = 2σσ̇ − 2(α̇/α)σ².
 */
export interface Schedule {
  readonly name: string;
  readonly tMin: number;
  readonly tMax: number;
  /** True when α² + σ² = 1 at every t. */
  readonly variancePreserving: boolean;
  /** Standard deviation of the zero-mean isotropic Gaussian that sampling starts from. */
  readonly priorStandardDeviation: number;
  /** Times inside the range where f or g jump (tables of β); integrals are split there. */
  readonly breakpoints: readonly number[];
  /** Spec of the grid that the SDE's paper samples on; absent for 'uniform'. */
  readonly customaryGrid?: string;
  /** α(t). */
  alpha(t: number): number;
  /** σ(t). */
  sigma(t: number): number;
  /** Writes α and σ at the first `count` of many times, the bits of `alpha` and `sigma`; absent where one by one is as quick. */
  marginals?(times: Float64Array, count: number, alphas: Float64Array, sigmas: Float64Array): void;
  /** λ(t) = ln(α/σ), half the log signal-to-noise ratio. */
  logSnr(t: number): number;
  /** Inverse of `logSnr`, to 1e-12 relative in t. */
  timeAtLogSnr(lambda: number): number;
  /** f(t), the factor of x in the drift. */
  driftCoefficient(t: number): number;
  /** g(t) ≥ 0. */
  diffusion(t: number): number;
}

/** Rows to evaluate a model on: `x` is count × dimension, row-major; `times` holds one t per row. */
export interface ModelBatch {
  readonly x: Float64Array;
  readonly times: Float64Array;
  readonly count: number;
  /** Class or other conditioning, handed through untouched. */
  readonly condition?: unknown;
}

/** What a function that is given an array to fill may return: nothing, or an array in its place. */
// biome-ignore lint/suspicious/noConfusingVoidType: functions without a return are meant
export type Filling<A> = void | A;

/** A function of (x, t) that predicts one of the four equivalent quantities. */
export interface Model {
  readonly predicts: Prediction;
  readonly dimension: number;
  /** Writes count × dimension numbers to `out`, or returns an array of that length. */
  evaluate(batch: ModelBatch, out: Float64Array): Awaitable<Filling<Float64Array>>;
}

/** Decreasing times t_0 > t_1 > … > t_N and how they were made. */
export interface Grid {
  readonly name: string;
  readonly times: Float64Array;
  /** The same kind of grid with another number of steps; absent for explicit times. */
  readonly withSteps?: (steps: number) => Grid;
}

/** The stretch of time from `from` down to `to` that a noise belongs to; `null` for noise that belongs to one instant (a corrector's). */
export type Interval = { readonly from: number; readonly to: number } | null;

/** What every state has: how many numbers (or coordinates, or nodes) it holds. */
export interface State {
  readonly length: number;
}

/**
 * The algebra in which states live: numbers, exact Gaussian moments or exact densities.
 *
 * A solver combines states linearly, asks the model and draws noise; nothing else, so that one source runs in every space.
 */
export interface Space<S extends State> {
  readonly name: string;
  /** The state at the first time of the grid. */
  start(): Awaitable<S>;
  /** Σ coefficients[i] states[i]; `into`, when given, may be overwritten with the result (it may be one of `states`). */
  combine(coefficients: readonly number[], states: readonly S[], into?: S): S;
  /** Standard normal noise, named by (step, slot): asking twice for one name gives the same noise. */
  noise(interval: Interval, step: number, slot: number): S;
  /** What the model predicts at (x, t). */
  evaluate(x: S, t: number): Awaitable<S>;
  /** What `evaluate` predicts. */
  readonly predicts: Prediction;
  /** Number of calls of `evaluate` so far. */
  readonly evaluations: number;
  /**
   * Ends a sub-step: of all states made so far only `x` and `kept` will be used again. Returns x.
   *
   * @throws NotMarkovError where a space cannot keep older states beside x.
   */
  commit(x: S, kept?: readonly S[]): S;
}

/** A space with norms and per-row coefficients: only sampled numbers have them. */
export interface NormedSpace<S extends State> extends Space<S> {
  /** Euclidean norm of each row. */
  norms(state: S): Float64Array;
  /** Σ coefficients[i][row] states[i][row]. */
  combineRows(coefficients: readonly Float64Array[], states: readonly S[], into?: S): S;
}

/** One interval of the grid: from `t` down to `u`. */
export interface GridStep {
  readonly index: number;
  readonly t: number;
  readonly u: number;
}

/** Everything a solver is given. */
export interface Problem<S extends State> {
  readonly schedule: Schedule;
  readonly grid: Grid;
  readonly space: Space<S>;
  /** E‖x₀ − E[x₀ | x_t]‖² per dimension of the model's denoiser at time t ≥ 0, where it is known; variance 'optimal' asks for it. */
  readonly denoisingError?: ((t: number) => Awaitable<number>) | undefined;
}

/** What a solver yields after every step: the state `x` at time `t`. The state is valid until the generator is resumed. */
export interface Progress<S extends State> {
  readonly index: number;
  readonly t: number;
  readonly x: S;
}

/** How a run, or one sample of it, ended. */
export type Status = "success" | "max-steps" | "max-evaluations" | "non-finite" | "step-underflow" | "aborted";

/** Facts about a solver, shown by `list`. */
export interface SolverFacts {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Paper and equation. */
  readonly source: string;
  readonly stochastic: boolean;
  /** Order in the law of the end point (weak order; for deterministic solvers the order of the end point). */
  readonly order: number;
  /** Order along a Brownian path; absent where it is min(1, order), the most that increments of the path allow (Clark & Cameron 1980). */
  readonly strongOrder?: number;
  /** Model evaluations per step with the default options. */
  readonly evaluationsPerStep: number;
}

/** A solver on a given grid, generic in the space. */
export interface FixedSolver extends SolverFacts {
  readonly kind: "fixed";
  readonly options: Readonly<Record<string, unknown>>;
  /** True when a row's result depends on the other rows of the batch. */
  readonly couplesBatch: boolean;
  /** Throws a `UsageError` when the solver cannot run on this schedule and grid. */
  check(schedule: Schedule, grid: Grid): void;
  /** Walks the grid in the space of the problem; yields after every step. */
  run<S extends State>(problem: Problem<S>): AsyncGenerator<Progress<S>, void>;
}

/** The probability-flow ODE of a batch, for solvers that choose their own steps. */
export interface FlowProblem {
  readonly schedule: Schedule;
  readonly model: Model;
  /** States at `from`, count × dimension. */
  readonly start: Float64Array;
  readonly count: number;
  readonly from: number;
  readonly to: number;
  readonly condition?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly keepPath?: boolean;
  /** Called after every round of attempted steps with the number of rows that have ended. */
  readonly onRound?: (finished: number) => Awaitable<void>;
}

/** What an adaptive solver made of each row. */
export interface FlowResult {
  /** States at the times reached, count × dimension. */
  readonly end: Float64Array;
  readonly statuses: readonly Status[];
  /** Where and why a row stopped early, in words; empty where it did not. */
  readonly messages: readonly string[];
  readonly evaluations: ArrayLike<number>;
  readonly accepted: ArrayLike<number>;
  readonly rejected: ArrayLike<number>;
  /** Times and states (times × dimension) of each row's path, when kept. */
  readonly paths: readonly { readonly times: Float64Array; readonly states: Float64Array }[] | null;
}

/** A solver that chooses its own steps, each sample for itself. */
export interface AdaptiveSolver extends SolverFacts {
  readonly kind: "adaptive";
  readonly options: Readonly<Record<string, unknown>>;
  /** True when the rows share one step. */
  readonly couplesBatch: boolean;
  /** Carries the rows from the first time to the last. */
  integrate(problem: FlowProblem): Promise<FlowResult>;
}

/** Any solver. */
export type Solver = FixedSolver | AdaptiveSolver;
