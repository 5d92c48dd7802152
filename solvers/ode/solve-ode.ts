import { UsageError } from "../errors.js";
import { numberText } from "../number-text.js";
import type { Awaitable, Filling, Status } from "../types.js";
import { integrate } from "./adaptive.js";
import type { AcceptedStep, Failure, IntegrationOptions } from "./adaptive-options.js";
import { interpolate } from "./dense-output.js";

/** Options of `solveOde`: those of `integrate` for one row. */
export interface OdeOptions
  extends Omit<IntegrationOptions, "f" | "y0" | "count" | "dimension" | "control" | "keepPath" | "onStep"> {
  /** Writes dy/dt at (t, y) to `out`, or returns it as an array; it may be asynchronous. A number returned is ignored. */
  readonly f: (t: number, y: Float64Array, out: Float64Array) => Awaitable<Filling<number | ArrayLike<number>>>;
  /** State at `from`. */
  readonly y0: ArrayLike<number>;
  /** Called after every accepted step. */
  readonly onStep?: (step: AcceptedStep) => void;
}

/** The solution of an initial-value problem, as far as it was reached. */
export interface OdeSolution {
  /** Times of the accepted points, the start included. */
  readonly times: number[];
  /** States at `times`. */
  readonly states: Float64Array[];
  /** The last of `states`. */
  readonly end: Float64Array;
  /** Evaluations of f. */
  readonly evaluations: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly status: Status;
  /** What happened, in one sentence. */
  readonly message: string;
  /** Where and why it stopped before the end; null after success. */
  readonly failure: Failure | null;
  /** The solution at any time that was passed, by the interpolant of the method. */
  at(t: number): Float64Array;
}

function describe(status: Status, failure: Failure | null, evaluations: number): string {
  const t = numberText(failure?.t ?? Number.NaN);
  const component = failure?.component == null ? "" : ` (component ${failure.component})`;
  switch (status) {
    case "success":
      return "Reached the end of the interval.";
    case "max-steps":
      return `Stopped at t = ${t}: maxSteps attempted steps were taken. Raise maxSteps or the tolerances.`;
    case "max-evaluations":
      return `Stopped at t = ${t} after ${evaluations} evaluations: one more step would pass maxEvaluations.`;
    case "non-finite":
      return `Stopped at t = ${t}: f or the state is not finite there${component}, and shorter steps do not help.`;
    case "step-underflow":
      return `Stopped at t = ${t}: the tolerance asks for steps shorter than ${numberText(Math.abs(failure?.h ?? 0), 3)}, below the spacing of numbers there${component}.`;
    case "aborted":
      return `Aborted at t = ${t}.`;
  }
}

/**
 * Solves dy/dt = f(t, y), y(from) = y0 up to `to`, forwards or backwards in time.
 *
 * Adaptive: 'rk45' (default) and 'rk23'; with `steps` equal steps of any method. Local error per step about atol + rtol |y|.
 * Numerical trouble ends in `status`, with everything that was reached; it never throws for that.
 *
 * @throws UsageError for options that cannot be meant; RightHandSideError, with the time, where f throws.
 */
export async function solveOde(options: OdeOptions): Promise<OdeSolution> {
  const { f } = options;
  const y0 = Float64Array.from(options.y0);
  if (y0.length === 0) throw new UsageError("y0: must have at least one component, but got none - give the start");
  const wrong = y0.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new UsageError(
      `y0: must be finite, but got ${y0[wrong]} at component ${wrong} - start inside the domain of f`,
    );
  }
  const result = await integrate({
    ...options,
    f: (times, y, _count, out) => f(times[0]!, y, out),
    y0,
    count: 1,
    dimension: y0.length,
    control: "sample",
    keepPath: "dense",
  });
  const path = result.paths![0]!;
  const states = Array.from(path.times, (_, i) => path.states.slice(i * y0.length, (i + 1) * y0.length));
  return {
    times: [...path.times],
    states,
    end: result.end,
    evaluations: result.evaluations[0]!,
    accepted: result.accepted[0]!,
    rejected: result.rejected[0]!,
    status: result.statuses[0]!,
    message: describe(result.statuses[0]!, result.failures[0]!, result.evaluations[0]!),
    failure: result.failures[0]!,
    at: (t) => interpolate(path, t),
  };
}
