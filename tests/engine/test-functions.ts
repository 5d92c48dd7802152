import type {
  FunctionSpec,
  LossSpec,
  ParameterAccess,
  Tensor,
  TensorFlow,
  TensorSpec,
} from "../../src/engine/types.js";

/** Layout of a perceptron with the given widths, first the input's, last the output's. */
export function mlpLayout(widths: readonly number[]): TensorSpec[] {
  return widths.slice(1).flatMap((width, index) => [
    { name: `kernel${index}`, shape: [widths[index]!, width] },
    { name: `bias${index}`, shape: [width] },
  ]);
}

/** x·W + b between SiLU activations. */
export function mlp(tf: TensorFlow, x: Tensor, parameters: ParameterAccess, layers: number): Tensor {
  let hidden = x;
  for (let index = 0; index < layers; index++) {
    const affine = tf.add(tf.matMul(hidden, parameters(`kernel${index}`)), parameters(`bias${index}`));
    hidden = index === layers - 1 ? affine : tf.mul(affine, tf.sigmoid(affine));
  }
  return hidden;
}

/** Weighted mean squared error of a perceptron, with the losses per row beside it. */
export function mlpLoss(batch: number, widths: readonly number[]): LossSpec {
  return {
    name: "mlp-loss",
    parameters: mlpLayout(widths),
    inputs: [
      { name: "x", shape: [batch, widths[0]!] },
      { name: "target", shape: [batch, widths.at(-1)!] },
      { name: "weight", shape: [batch] },
    ],
    loss: (tf, [x, target, weight], parameters) => {
      const rows = tf.sum(tf.squaredDifference(mlp(tf, x!, parameters, widths.length - 1), target!), 1);
      return [tf.mean(tf.mul(weight!, rows)), rows];
    },
  };
}

/** The perceptron alone. */
export function mlpFunction(batch: number, widths: readonly number[]): FunctionSpec {
  return {
    name: "mlp",
    parameters: mlpLayout(widths),
    inputs: [{ name: "x", shape: [batch, widths[0]!] }],
    outputs: ["y"],
    build: (tf, [x], parameters) => [mlp(tf, x!, parameters, widths.length - 1)],
  };
}

/** Numbers spread over [-scale, scale], the same for the same seed (a linear congruential generator: tests need no quality here). */
export function spread(length: number, seed: number, scale = 1): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return scale * (state / 2 ** 31 - 1);
  });
}
