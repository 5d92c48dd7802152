import { conversion } from "../../solvers/conversion.js";
import { UsageError } from "../../solvers/errors.js";
import { linearCombination } from "../../solvers/spaces/linear-combination.js";
import type { Awaitable, Model, ModelBatch, Prediction, Schedule } from "../../solvers/types.js";

/** A model that converts itself: `model.as('data')`. */
export interface ConvertibleModel extends Model {
  /** The schedule its conversions use, when known. */
  readonly schedule: Schedule | undefined;
  /** The same model with another prediction. @throws UsageError when neither the model nor the caller names a schedule */
  as(prediction: Prediction, schedule?: Schedule): ConvertibleModel;
}

/** What `defineModel` is given. */
export interface ModelDefinition {
  readonly predicts: Prediction;
  /** Numbers per sample, ≥ 1. */
  readonly dimension: number;
  /** Writes count × dimension numbers to `out`, or returns them. */
  evaluate: Model["evaluate"];
  /** Needed by `as`. */
  readonly sde?: Schedule;
}

const PREDICTIONS: readonly Prediction[] = ["score", "noise", "data", "velocity"];

/**
 * Makes a model of a user's function.
 *
 * @throws UsageError when `predicts` is no prediction or `dimension` no whole number ≥ 1
 */
export function defineModel({ predicts, dimension, evaluate, sde }: ModelDefinition): ConvertibleModel {
  if (!PREDICTIONS.includes(predicts)) {
    throw new UsageError(`model: predicts must be one of ${PREDICTIONS.join(", ")}, but got ${String(predicts)}`);
  }
  if (!Number.isInteger(dimension) || dimension < 1) {
    throw new UsageError(`model: dimension must be a whole number ≥ 1, but got ${dimension}`);
  }
  const model: ConvertibleModel = {
    predicts,
    dimension,
    schedule: sde,
    evaluate,
    as(prediction, schedule = sde) {
      if (prediction === predicts) return model;
      if (schedule === undefined) {
        throw new UsageError(`model: as('${prediction}') needs the SDE - give it as the second argument`);
      }
      return converted(model, prediction, schedule);
    },
  };
  return model;
}

function converted(model: Model, prediction: Prediction, schedule: Schedule): ConvertibleModel {
  const finish = ({ x, times, count }: ModelBatch, out: Float64Array, answer: unknown): void => {
    const raw = answer instanceof Float64Array ? answer : out;
    const { dimension } = model;
    for (let row = 0; row < count; row++) {
      const map = conversion(model.predicts, prediction, schedule, times[row]!);
      const range = [row * dimension, (row + 1) * dimension] as const;
      linearCombination(
        [map.state, map.prediction],
        [x.subarray(...range), raw.subarray(...range)],
        out.subarray(...range),
      );
    }
  };
  return defineModel({
    predicts: prediction,
    dimension: model.dimension,
    sde: schedule,
    evaluate(batch, out): Awaitable<void> {
      const answer = model.evaluate(batch, out);
      if (answer instanceof Promise) return answer.then((given) => finish(batch, out, given));
      finish(batch, out, answer);
    },
  });
}
