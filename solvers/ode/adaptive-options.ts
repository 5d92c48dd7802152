import type { Status } from "../types.js";
import type { ControllerName, ControllerRule } from "./controllers.js";
import type { PathRecord } from "./dense-output.js";
import type { InitialStepName, InitialStepRule } from "./initial-step.js";
import type { BatchRightHandSide } from "./right-hand-side.js";
import type { MethodName, Tableau } from "./tableaus.js";

/** An accepted step of one row; one object and one array serve all calls, so copy what you keep. */
export interface AcceptedStep {
  /** Which row of y0. */
  readonly row: number;
  /** End of the step. */
  readonly t: number;
  /** Its signed length. */
  readonly h: number;
  /** Its error estimate, 1 = the tolerance; 0 for fixed steps. */
  readonly error: number;
  /** The state at t, `dimension` numbers. */
  readonly y: Float64Array;
}

/** How many rows are still under way, reported after every round of attempted steps. */
export interface Round {
  /** Attempted steps so far of the rows that are still under way. */
  readonly round: number;
  readonly active: number;
  readonly finished: number;
}

/** Options of `integrate`. */
export interface IntegrationOptions {
  readonly f: BatchRightHandSide;
  /** Time of y0. */
  readonly from: number;
  /** Time to reach; may lie before `from`. */
  readonly to: number;
  /** Start, count × dimension numbers, row-major; it is not changed. */
  readonly y0: Float64Array;
  readonly count: number;
  readonly dimension: number;
  /** 'rk45', 'rk23' (adaptive), 'euler', 'heun', 'rk4' (with `steps`), or a tableau; default 'rk45'. */
  readonly method?: MethodName | Tableau;
  /** Take this many equal steps without error control; required for methods without an error estimate. */
  readonly steps?: number;
  /** Relative tolerance, at least 100 eps; default 1e-3. */
  readonly rtol?: number;
  /** Absolute tolerance, one for all or one per component; default 1e-6. */
  readonly atol?: number | ArrayLike<number>;
  /** 'scipy' (default), 'hairer', 'pid', or a rule of one's own. */
  readonly controller?: ControllerName | ControllerRule;
  /** 'sample' (default): every row has its own step; 'shared': one step and one error norm for the whole batch. */
  readonly control?: "sample" | "shared";
  /** Most attempted steps per row; default 100 000, no limit with `steps`. */
  readonly maxSteps?: number;
  /** Most evaluations of f per row; a step that would pass it is not begun. Default: no limit. */
  readonly maxEvaluations?: number;
  /** How the first step is chosen, at the price of one evaluation: 'scipy', 'inside', 'hairer'; default: the controller's rule. */
  readonly initialStep?: InitialStepName | InitialStepRule;
  /** Length of the first attempt instead of `initialStep`. */
  readonly firstStep?: number;
  /** Longest step; default: no limit. */
  readonly maxStep?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after every accepted step. */
  readonly onStep?: (step: AcceptedStep) => void;
  /** Keep the accepted points of every row (true), and the polynomials between them ('dense'). */
  readonly keepPath?: boolean | "dense";
}

/** Where and why a row stopped before the end. */
export interface Failure {
  /** Time it reached. */
  readonly t: number;
  /** Signed length of the step that it could not take; 0 where it stopped before a step was chosen. */
  readonly h: number;
  /** The component whose error was largest or that was not finite first; null where no component is to blame. */
  readonly component: number | null;
}

/** What `integrate` returns: one entry per row everywhere. */
export interface IntegrationResult {
  /** States reached, count × dimension; for rows that did not succeed the last accepted state. */
  readonly end: Float64Array;
  /** Times reached. */
  readonly endTimes: Float64Array;
  readonly statuses: readonly Status[];
  /** Null for rows that succeeded. */
  readonly failures: readonly (Failure | null)[];
  /** Evaluations of f. */
  readonly evaluations: Int32Array;
  readonly accepted: Int32Array;
  readonly rejected: Int32Array;
  /** Null unless kept. */
  readonly paths: readonly PathRecord[] | null;
}
