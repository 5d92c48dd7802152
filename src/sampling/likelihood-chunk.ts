import { log } from "../../solvers/math/elementary.js";
import { integrate } from "../../solvers/ode/adaptive.js";
import { flowResult } from "../../solvers/ode/adaptive-probability-flow.js";
import { rhoClock, timeClock } from "../../solvers/ode/clock.js";
import { flowSlope } from "../../solvers/ode/flow-slope.js";
import { perTime } from "../../solvers/ode/per-time.js";
import { type BatchRightHandSide, RightHandSideError } from "../../solvers/ode/right-hand-side.js";
import type { FlowResult } from "../../solvers/types.js";
import { after } from "../scores/after.js";
import { type DivergenceRule, divergenceRule } from "./divergence.js";
import { ModelError } from "./guard-model.js";
import type { CheckedLikelihoodOptions } from "./likelihood-options.js";
import { timeRangeText } from "./time-range-text.js";

/** What became of a chunk of points. */
export interface LikelihoodChunk {
  /** States at tMax. */
  readonly flow: FlowResult;
  /** Log-densities in nats, one per divergence of the rule: count × width numbers. */
  readonly nats: Float64Array;
  readonly width: number;
  /** Evaluations of the right-hand side per point. */
  readonly rightHandSides: Int32Array;
}

/**
 * Integrates (x, ∫ ∇·f̃) of the probability flow f̃ from tMin to tMax, the divergences under the same error control as x.
 *
 * log p(x) = log prior(x_T) + ∫ ∇·f̃ dt (Chen et al. 2018, arXiv 1806.07366, theorem 1).
 */
export async function likelihoodChunk(
  options: CheckedLikelihoodOptions,
  first: number,
  count: number,
): Promise<LikelihoodChunk> {
  const { sde, model, flat, divergence: method, rtol, atol, variable, maxSteps, signal } = options;
  const { dimension } = model;
  const { differenceStep: step, seed, firstPoint, maxEvaluations, cost } = options;
  const rule = divergenceRule({ method, model, schedule: sde, step, seed, firstPoint: firstPoint + first, count });
  const clock = variable === "t" ? timeClock(sde) : rhoClock(sde);
  const columns = dimension + rule.width;
  const y0 = new Float64Array(count * columns);
  for (let row = 0; row < count; row++) {
    for (let d = 0; d < dimension; d++) {
      y0[row * columns + d] = flat[(first + row) * dimension + d]! / clock.scale(sde.tMin);
    }
  }
  const raw = await integrate({
    f: augmentedFlow(options, rule, clock),
    from: clock.at(sde.tMin),
    to: clock.at(sde.tMax),
    y0,
    count,
    dimension: columns,
    method: options.method,
    rtol,
    atol,
    initialStep: "inside",
    signal,
    ...(maxSteps === undefined ? {} : { maxSteps }),
    ...(maxEvaluations === undefined ? {} : { maxEvaluations: Math.floor(maxEvaluations / cost) }),
  }).catch((error: unknown) => {
    throw error instanceof RightHandSideError ? modelError(error, clock.time) : error;
  });
  const end = new Float64Array(count * dimension);
  for (let row = 0; row < count; row++) {
    const t = raw.statuses[row] === "success" ? sde.tMax : clock.time(raw.endTimes[row]!);
    for (let d = 0; d < dimension; d++) end[row * dimension + d] = raw.end[row * columns + d]! * clock.scale(t);
  }
  const flow = flowResult(raw, end, null, clock.time);
  const nats = new Float64Array(count * rule.width).fill(Number.NaN);
  const stretch = dimension * (log(clock.scale(sde.tMax)) - log(clock.scale(sde.tMin)));
  for (let row = 0; row < count; row++) {
    if (raw.statuses[row] !== "success") continue;
    const base = logPrior(end.subarray(row * dimension, (row + 1) * dimension), sde.priorStandardDeviation) + stretch;
    for (let k = 0; k < rule.width; k++) {
      nats[row * rule.width + k] = base + raw.end[row * columns + dimension + k]!;
    }
  }
  const evaluations = Float64Array.from(raw.evaluations, (calls) => calls * cost);
  return { flow: { ...flow, evaluations }, nats, width: rule.width, rightHandSides: raw.evaluations };
}

/** d(y, ℓ)/d(variable): y = x / scale by a x + b m, each ℓ by its divergence scale · (a · dimension + b ∇·m). */
function augmentedFlow(
  { sde, model, variable, condition }: CheckedLikelihoodOptions,
  rule: DivergenceRule,
  clock: ReturnType<typeof timeClock>,
): BatchRightHandSide {
  const { dimension } = model;
  const { width } = rule;
  const columns = dimension + width;
  const slope = perTime(flowSlope(sde, model.predicts, variable));
  return (values, y, count, out, rows) => {
    const times = Float64Array.from(values, clock.time);
    const x = new Float64Array(count * dimension);
    for (let row = 0; row < count; row++) {
      const scale = clock.scale(times[row]!);
      for (let d = 0; d < dimension; d++) x[row * dimension + d] = scale * y[row * columns + d]!;
    }
    const prediction = new Float64Array(count * dimension);
    const divergence = new Float64Array(count * width);
    const batch = condition === undefined ? { x, times, count } : { x, times, count, condition };
    return after(rule.evaluate(batch, rows, prediction, divergence), () => {
      for (let row = 0; row < count; row++) {
        const [a, b] = slope(times[row]!);
        const scale = clock.scale(times[row]!);
        for (let d = 0; d < dimension; d++) {
          out[row * columns + d] = a * x[row * dimension + d]! + b * prediction[row * dimension + d]!;
        }
        for (let k = 0; k < width; k++) {
          out[row * columns + dimension + k] = scale * (a * dimension + b * divergence[row * width + k]!);
        }
      }
    });
  };
}

/** log N(x; 0, s² I). */
function logPrior(x: Float64Array, standardDeviation: number): number {
  let square = 0;
  for (const value of x) square += (value / standardDeviation) * (value / standardDeviation);
  return -0.5 * square - x.length * (log(standardDeviation) + HALF_LOG_TWO_PI);
}

const HALF_LOG_TWO_PI = 0.9189385332046727;

function modelError({ times, cause }: RightHandSideError, time: (value: number) => number): ModelError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ModelError(`model: threw at ${timeRangeText(times.map(time))} on ${times.length} rows: ${reason}`, {
    cause,
  });
}
