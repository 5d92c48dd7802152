import type { LossSpec, Tensor, TensorFlow, TensorSpec } from "../engine/index.js";
import type { Network, NetworkInputs } from "./networks/network.js";

/** Inputs of a network program: x, level (one for each row unless `levels` says otherwise) and, with classes, label. */
export function networkInputs({ shape, classes }: Network, batch: number, levels = batch): TensorSpec[] {
  return [
    { name: "x", shape: [batch, ...shape] },
    { name: "level", shape: [levels] },
    ...(classes > 0 ? [{ name: "label", shape: [batch, classes] }] : []),
  ];
}

/** Names the tensors of a program's inputs. */
export function namedInputs({ classes }: Network, inputs: readonly Tensor[]): NetworkInputs {
  const [x, level, label] = inputs;
  return { x: x!, level: level!, ...(classes > 0 ? { label: label! } : {}) };
}

/**
 * The loss of a batch, mean of weight · ‖F − F*‖² / dimension, with the weighted errors of its rows beside it.
 *
 * Inputs: those of the network, then `target` F* like x, then `weight` [batch].
 */
export function lossFunction(network: Network, batch: number): LossSpec {
  const own = networkInputs(network, batch);
  const dimension = network.shape.reduce((product, length) => product * length, 1);
  return {
    name: `${network.name} loss`,
    parameters: network.parameters,
    inputs: [...own, { name: "target", shape: [batch, ...network.shape] }, { name: "weight", shape: [batch] }],
    loss(tf: TensorFlow, inputs, parameters) {
      const output = network.apply(tf, namedInputs(network, inputs), parameters);
      const [target, weight] = inputs.slice(own.length);
      const errors = tf.reshape(tf.squaredDifference(output, target!), [batch, dimension]);
      const rows = tf.mul(tf.mean(errors, 1), weight!);
      return [tf.mean(rows), rows];
    },
  };
}
