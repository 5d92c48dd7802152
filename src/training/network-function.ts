import type { FunctionSpec, Tensor, TensorSpec } from "../engine/index.js";
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

/** The raw network for `batch` rows; `levels` as in `networkInputs`. */
export function networkFunction(network: Network, batch: number, levels = batch): FunctionSpec {
  return {
    name: network.name,
    parameters: network.parameters,
    inputs: networkInputs(network, batch, levels),
    outputs: ["output"],
    build: (tf, inputs, access) => [network.apply(tf, namedInputs(network, inputs), access)],
  };
}
