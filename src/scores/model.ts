import { conversion } from "../../solvers/conversion.js";
import { UsageError } from "../../solvers/errors.js";
import { modelAnswer } from "../../solvers/model-answer.js";
import { linearCombination } from "../../solvers/spaces/linear-combination.js";
import type { Awaitable, Model, ModelBatch, Prediction, Schedule } from "../../solvers/types.js";
import { after } from "./after.js";

/** A model that knows derivatives of its prediction m(x, t) with respect to x; likelihoods use them instead of differences. */
export interface DifferentiableModel extends Model {
  /** Writes ∇·m of each row, count numbers. */
  divergence?(batch: ModelBatch, out: Float64Array): Awaitable<void>;
  /** Writes (∂m/∂x) v of each row, for the rows v of `directions`; both count × dimension. */
  jvp?(batch: ModelBatch, directions: Float64Array, out: Float64Array): Awaitable<void>;
  /** Writes (∂m/∂x)ᵀ v of each row; asked for where there is no `jvp`, for vᵀ (∂m/∂x) v is the same either way. */
  vjp?(batch: ModelBatch, directions: Float64Array, out: Float64Array): Awaitable<void>;
}

/** A model that converts itself: `model.as('data')`. */
export interface ConvertibleModel extends DifferentiableModel {
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
  /** ∇·m, where the model can tell; see `DifferentiableModel`. */
  readonly divergence?: NonNullable<DifferentiableModel["divergence"]>;
  /** (∂m/∂x) v, where the model can tell; see `DifferentiableModel`. */
  readonly jvp?: NonNullable<DifferentiableModel["jvp"]>;
  /** (∂m/∂x)ᵀ v, where the model can tell; see `DifferentiableModel`. */
  readonly vjp?: NonNullable<DifferentiableModel["vjp"]>;
  /** Needed by `as`. */
  readonly sde?: Schedule;
}

const PREDICTIONS: readonly Prediction[] = ["score", "noise", "data", "velocity"];

/**
 * Makes a model of a user's function.
 *
 * @throws UsageError when `predicts` is no prediction or `dimension` no whole number ≥ 1
 */
export function defineModel(definition: ModelDefinition): ConvertibleModel {
  const { predicts, dimension, evaluate, divergence, jvp, vjp, sde } = definition;
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
    ...(divergence === undefined ? {} : { divergence }),
    ...(jvp === undefined ? {} : { jvp }),
    ...(vjp === undefined ? {} : { vjp }),
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

function converted(model: DifferentiableModel, prediction: Prediction, schedule: Schedule): ConvertibleModel {
  const { predicts, dimension } = model;
  const map = (t: number) => conversion(predicts, prediction, schedule, t);
  /** out[row] = a in[row] + b derivative[row], with `width` numbers per row. */
  const combine = ({ times, count }: ModelBatch, state: Float64Array, answer: Float64Array, out: Float64Array) => {
    const width = out.length / count;
    for (let row = 0; row < count; row++) {
      const { state: a, prediction: b } = map(times[row]!);
      const range = [row * width, (row + 1) * width] as const;
      linearCombination([a, b], [state.subarray(...range), answer.subarray(...range)], out.subarray(...range));
    }
  };
  const { divergence, jvp, vjp } = model;
  const along =
    (product: NonNullable<DifferentiableModel["jvp"]>): NonNullable<DifferentiableModel["jvp"]> =>
    (batch, directions, out) =>
      after(product.call(model, batch, directions, out), () => combine(batch, directions, out, out));
  return defineModel({
    predicts: prediction,
    dimension,
    sde: schedule,
    evaluate(batch, out): Awaitable<void> {
      const finish = (given: unknown) => combine(batch, batch.x, modelAnswer(given, out), out);
      return after(model.evaluate(batch, out), finish);
    },
    ...(divergence === undefined
      ? {}
      : {
          divergence: (batch, out) =>
            after(divergence.call(model, batch, out), () =>
              combine(batch, new Float64Array(out.length).fill(dimension), out, out),
            ),
        }),
    ...(jvp === undefined ? {} : { jvp: along(jvp) }),
    ...(vjp === undefined ? {} : { vjp: along(vjp) }),
  });
}
