import { log } from "../../solvers/math/elementary.js";
import { POWERS_OF_TWO } from "../../solvers/math/powers-of-two.js";
import { modelAnswer } from "../../solvers/model-answer.js";
import type { Awaitable, ModelBatch } from "../../solvers/types.js";
import { after } from "../scores/after.js";
import type { DifferentiableModel } from "../scores/model.js";

/** Predictions of a batch and their derivatives along `width` directions per row (directions, derivatives: count × width × dimension). */
export interface DirectionalDerivatives {
  evaluate(
    batch: ModelBatch,
    directions: Float64Array,
    prediction: Float64Array,
    derivatives: Float64Array,
  ): Awaitable<void>;
}

/** Writes the model's prediction to `out`, in whichever form the model answers. */
export function predict(model: DifferentiableModel, batch: ModelBatch, out: Float64Array): Awaitable<void> {
  return after(model.evaluate(batch, out), (answer: unknown) => {
    const numbers = modelAnswer(answer, out);
    if (numbers !== out) out.set(numbers);
  });
}

/** By the model's Jacobian-vector products; each counts as one evaluation. */
export function byProducts(
  model: DifferentiableModel,
  jvp: NonNullable<DifferentiableModel["jvp"]>,
  width: number,
): DirectionalDerivatives {
  return {
    evaluate: (batch, directions, prediction, derivatives) =>
      after(predict(model, batch, prediction), () =>
        jvp.call(model, repeated(batch, model.dimension, width), directions, derivatives),
      ),
  };
}

/**
 * By central differences m(x ± h v), h the power of two below step · σ(t) / √dimension.
 *
 * p_t has no detail finer than σ(t), so that the error is of order step² (truncation) + eps (1 + |x|/σ) / step (rounding), relative
 * to the size 1/σ² of the score's derivatives; a power of two keeps x ± h exact for directions of ±1.
 */
export function byDifferences(
  model: DifferentiableModel,
  sigma: (t: number) => number,
  step: number,
  width: number,
): DirectionalDerivatives {
  const { dimension } = model;
  const rowsPerPoint = 1 + 2 * width;
  const lengthAt = (t: number) => powerOfTwoBelow((step * sigma(t)) / Math.sqrt(dimension));
  return {
    evaluate(batch, directions, prediction, derivatives) {
      const stacked = repeated(batch, dimension, rowsPerPoint);
      const answer = new Float64Array(stacked.x.length);
      for (let row = 0, v = 0; row < batch.count; row++) {
        const h = lengthAt(batch.times[row]!);
        for (let k = 0; k < width; k++) {
          const plus = (row * rowsPerPoint + 1 + 2 * k) * dimension;
          for (let d = 0; d < dimension; d++, v++) {
            stacked.x[plus + d]! += h * directions[v]!;
            stacked.x[plus + dimension + d]! -= h * directions[v]!;
          }
        }
      }
      return after(predict(model, stacked, answer), () => {
        for (let row = 0, v = 0; row < batch.count; row++) {
          const first = row * rowsPerPoint * dimension;
          const scale = 0.5 / lengthAt(batch.times[row]!);
          prediction.set(answer.subarray(first, first + dimension), row * dimension);
          for (let k = 0; k < width; k++) {
            const plus = first + (1 + 2 * k) * dimension;
            for (let d = 0; d < dimension; d++, v++) {
              derivatives[v] = (answer[plus + d]! - answer[plus + dimension + d]!) * scale;
            }
          }
        }
      });
    },
  };
}

/** Every row of a batch `times` times in a row. */
function repeated(batch: ModelBatch, dimension: number, copies: number): ModelBatch {
  const x = new Float64Array(batch.count * copies * dimension);
  const times = new Float64Array(batch.count * copies);
  for (let row = 0; row < batch.count; row++) {
    const point = batch.x.subarray(row * dimension, (row + 1) * dimension);
    for (let copy = row * copies; copy < (row + 1) * copies; copy++) {
      x.set(point, copy * dimension);
      times[copy] = batch.times[row]!;
    }
  }
  return { ...batch, x, times, count: batch.count * copies };
}

function powerOfTwoBelow(value: number): number {
  const exponent = Math.floor(log(value) / Math.LN2);
  return POWERS_OF_TWO[Math.max(0, exponent + 1074)]!;
}
