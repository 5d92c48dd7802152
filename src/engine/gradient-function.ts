import { UsageError } from "../../solvers/errors.js";
import { parameterAccess, splitParameters } from "./specification.js";
import type { LossSpec, Tensor, TensorFlow } from "./types.js";

/**
 * Loss, its gradient as one flat vector, then the undifferentiated outputs.
 * Each parameter is differentiated as a tensor of its own, so that no gradient flows through the slices of the flat vector.
 * The undifferentiated outputs outlive the surrounding scope: the caller disposes them. Throws `UsageError` when the loss is not a float32 scalar.
 */
export function lossAndGradient(tf: TensorFlow, spec: LossSpec, flat: Tensor, inputs: readonly Tensor[]): Tensor[] {
  const pieces = splitParameters(tf, flat, spec.parameters);
  const auxiliary: Tensor[] = [];
  const { value, grads } = tf.engine().gradients(
    () => {
      const result = spec.loss(tf, inputs, parameterAccess(spec.parameters, pieces));
      const [loss, ...rest] = isTensorList(result) ? result : [result];
      if (loss === undefined || loss.dtype !== "float32" || loss.size !== 1) {
        const got = loss === undefined ? "an empty list" : `${loss.dtype} of shape [${loss.shape.join(", ")}]`;
        throw new UsageError(
          `${spec.name}: the loss must be a float32 scalar, but got ${got} - reduce it with tf.mean`,
        );
      }
      for (const tensor of rest) auxiliary.push(tf.keep(tensor));
      return loss.rank === 0 ? loss : tf.reshape(loss, []);
    },
    pieces,
    undefined,
    true,
  );
  const flatGradients = pieces.map((piece, index) => tf.reshape(grads[index] ?? tf.zerosLike(piece), [-1]));
  const gradient = flatGradients.length === 1 ? flatGradients[0]! : tf.concat(flatGradients);
  return [value, gradient, ...auxiliary];
}

function isTensorList(result: Tensor | readonly Tensor[]): result is readonly Tensor[] {
  return Array.isArray(result);
}
