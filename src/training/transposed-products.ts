import type { FunctionSpec } from "../engine/index.js";
import { namedInputs, networkFunction } from "./network-function.js";
import type { Network } from "./networks/network.js";

/** (∂F/∂x)ᵀ v of the raw network F for `batch` rows, by reverse differentiation; the directions v are its last input, `levels` as in `networkInputs`. */
export function transposedProducts(network: Network, batch: number, levels = batch): FunctionSpec {
  const { name, inputs, ...rest } = networkFunction(network, batch, levels);
  return {
    ...rest,
    name: `${name} vector-Jacobian product`,
    inputs: [...inputs, { name: "direction", shape: [batch, ...network.shape] }],
    outputs: ["product"],
    build(tf, tensors, parameter) {
      const named = namedInputs(network, tensors);
      const along = tf.grad((x) => tf.sum(tf.mul(network.apply(tf, { ...named, x }, parameter), tensors.at(-1)!)));
      return [along(named.x)];
    },
  };
}
