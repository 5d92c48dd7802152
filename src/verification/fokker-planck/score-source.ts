import { conversion } from "../../../solvers/conversion.js";
import { UsageError } from "../../../solvers/errors.js";
import type { Awaitable, Model, Schedule } from "../../../solvers/types.js";

/** A score in one dimension: a model of any prediction, or the function (x, t) → ∂ log p_t(x)/∂x. */
export type ScoreSource = Model | ((x: number, t: number) => number);

/** Writes the score at every row of x, all at time t, to `out`; returns a promise only when the model does. */
export type ScoreFunction = (x: Float64Array, t: number, out: Float64Array) => Awaitable<void>;

/**
 * One calling form for both kinds of score.
 *
 * @throws UsageError for a model that is not one-dimensional.
 */
export function scoreFunction(source: ScoreSource, schedule: Schedule): ScoreFunction {
  if (typeof source === "function") {
    return (x, t, out) => {
      for (let i = 0; i < x.length; i++) out[i] = source(x[i]!, t);
    };
  }
  if (source.dimension !== 1) {
    throw new UsageError(
      `score: the model must have dimension 1, but got ${source.dimension} - project the problem to one coordinate`,
    );
  }
  return modelScore(source, schedule);
}

/** The score of a model of any prediction and dimension. */
export function modelScore(model: Model, schedule: Schedule): ScoreFunction {
  let times = new Float64Array(0);
  return (x, t, out) => {
    const count = x.length / model.dimension;
    if (times.length !== count) times = new Float64Array(count);
    times.fill(t);
    const answer = model.evaluate({ x, times, count }, out);
    const convert = (predicted: Float64Array) => {
      const map = conversion(model.predicts, "score", schedule, t);
      if (predicted === out && map.state === 0 && map.prediction === 1) return;
      for (let i = 0; i < x.length; i++) out[i] = map.state * x[i]! + map.prediction * predicted[i]!;
    };
    return answer instanceof Promise ? answer.then((values) => convert(values ?? out)) : convert(answer ?? out);
  };
}
