import type { LayersModel } from "@tensorflow/tfjs-layers";
import { UsageError } from "../../../solvers/errors.js";
import type { ParameterAccess, Tensor, TensorFlow } from "../../engine/index.js";
import type { NetworkFactory, NetworkInputs, NetworkParameter } from "./network.js";

/**
 * A `tf.LayersModel` as a network: its inputs are x [batch, …shape], then the level [batch, 1] or [batch], then, with classes,
 * the one-hot label; its output has the numbers of x. Every weight is a parameter and starts where the model has it.
 *
 * @throws UsageError for a model of other inputs, or samples of another size
 */
export function layersNetwork(model: LayersModel): NetworkFactory {
  const weights = model.weights;
  const parameters: readonly NetworkParameter[] = weights.map((weight) => ({
    name: weight.name,
    shape: lengths(weight.shape),
    mean: 0,
    standardDeviation: 0,
    start: Float32Array.from(weight.read().dataSync()),
  }));
  return ({ shape, classes }) => {
    const wanted = model.inputs.map((input) => lengths(input.shape.slice(1)));
    const roles = classes > 0 ? 3 : 2;
    const dimension = size(shape);
    const isSound =
      wanted.length === roles && size(wanted[0]!) === dimension && size(wanted[1]!) === 1 && model.outputs.length === 1;
    if (!isSound) {
      throw new UsageError(
        `network: a layers model must take x of ${dimension} numbers, the level${classes > 0 ? " and the label" : ""}, and give one output, but got ${wanted.length} input(s) of shape ${wanted.map((one) => `[${one.join(", ")}]`).join(", ")} and ${model.outputs.length} output(s)`,
      );
    }
    return {
      name: model.name,
      options: {},
      shape,
      classes,
      parameters,
      apply(tf, inputs, parameter) {
        return withWeights(model, parameter, () => run(tf, model, inputs, wanted));
      },
    };
  };
}

function run(
  tf: TensorFlow,
  model: LayersModel,
  { x, level, label }: NetworkInputs,
  wanted: readonly (readonly number[])[],
): Tensor {
  const batch = x.shape[0]!;
  const given = [x, level, ...(label === undefined ? [] : [label])];
  const shaped = given.map((tensor, i) => tf.reshape(tensor, [batch, ...wanted[i]!]));
  const output = model.apply(shaped);
  const single = Array.isArray(output) ? output[0] : output;
  if (!(single instanceof tf.Tensor)) throw new UsageError("network: a layers model must give a tensor");
  return tf.reshape(single, x.shape);
}

/** Runs a model with other tensors in the place of its weights. */
function withWeights(model: LayersModel, parameter: ParameterAccess, work: () => Tensor): Tensor {
  for (const weight of model.weights) Object.assign(weight, { read: () => parameter(weight.name) });
  try {
    return work();
  } finally {
    for (const weight of model.weights) Reflect.deleteProperty(weight, "read");
  }
}

/** Lengths of axes that are known. */
function lengths(shape: readonly (number | null)[]): number[] {
  return shape.map((length) => length ?? 0);
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
