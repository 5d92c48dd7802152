import type { LossSpec, TensorFlow } from "../engine/index.js";
import { namedInputs, networkInputs } from "./network-function.js";
import type { Network } from "./networks/network.js";

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
