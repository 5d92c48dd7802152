import type { NdArray } from "ndarray";
import { UsageError } from "../../solvers/errors.js";
import { requireWhole } from "../../solvers/require-whole.js";
import type { Model, Schedule, Solver } from "../../solvers/types.js";
import { Collector } from "./collector.js";
import { guardModel } from "./guard-model.js";
import { checkPoints } from "./points.js";
import { resolveSolver } from "./resolve.js";
import type { SampleResult } from "./types.js";

/** How `encode` and `interpolate` integrate the probability flow. */
export interface FlowOptions {
  readonly sde: Schedule;
  readonly model: Model;
  /** An adaptive solver: 'rk45' (default), 'rk23', a spec of them, or a solver. */
  readonly solver?: string | Solver;
  /** Default: the solver's, 1e-5 both. */
  readonly rtol?: number;
  readonly atol?: number;
  readonly variable?: "t" | "rho";
  readonly maxEvaluations?: number;
  readonly maxSteps?: number;
  /** Handed to the model untouched. */
  readonly condition?: unknown;
  readonly signal?: AbortSignal;
}

/** What `encode` is told. */
export interface EncodeOptions extends FlowOptions {
  /** [N, dimension] at tMin, or flat row-major. */
  readonly points: NdArray<Float64Array> | Float64Array;
  /** Points integrated together; changes no bit of the result. */
  readonly batchSize?: number;
}

/** What `encode` returns. */
export interface EncodeResult
  extends Pick<SampleResult, "evaluations" | "status" | "message" | "perSample" | "troubles"> {
  /** Images at tMax, [N, dimension]. */
  readonly latents: NdArray<Float64Array>;
}

/**
 * Carries points from tMin to their latents at tMax by the probability-flow ODE; the error is of the order of the tolerance.
 *
 * The way back is `sample({ sde, model, solver: 'rk45', samples: N, initial: latents })`.
 *
 * @throws UsageError for points that are not finite or of the wrong shape, and for solvers on a grid
 * @throws ModelError when the model throws
 */
export async function encode(options: EncodeOptions): Promise<EncodeResult> {
  const { sde, model, condition, signal, batchSize = 1024 } = options;
  const { dimension } = model;
  const solver = flowSolver(options);
  requireWhole("batchSize", batchSize, 1, 2 ** 31);
  const { flat, count } = checkPoints(options.points, dimension, sde);
  const collector = new Collector({ count, dimension, times: null, keepPath: false, denoise: false });
  const rows = solver.couplesBatch ? count : batchSize;
  for (let first = 0; first < count && !collector.aborted; first += rows) {
    // Without this turn of the event loop signals and timers would wait for the last point.
    await new Promise((resolve) => setImmediate(resolve));
    const size = Math.min(rows, count - first);
    const flow = await solver.integrate({
      schedule: sde,
      model: guardModel(model),
      start: flat.subarray(first * dimension, (first + size) * dimension),
      count: size,
      from: sde.tMin,
      to: sde.tMax,
      condition,
      signal,
    });
    collector.finishAdaptive(first, flow);
  }
  const { samples: latents, evaluations, status, message, perSample, troubles } = collector.result();
  return { latents, evaluations, status, message, perSample, troubles };
}

/** The adaptive solver of these options. @throws UsageError for solvers on a grid */
export function flowSolver(options: FlowOptions) {
  const { rtol, atol, variable, maxEvaluations, maxSteps } = options;
  const solver = resolveSolver(options.solver ?? "rk45", { rtol, atol, variable, maxEvaluations, maxSteps });
  if (solver.kind === "adaptive") return solver;
  throw new UsageError(`solver: must be adaptive to run from tMin to tMax, but got '${solver.name}' - use 'rk45'`);
}
