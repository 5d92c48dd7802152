import type { EngineName } from "./types.js";

/** What the engines are, with the options of `createEngine` that they heed and their defaults. */
export const ENGINES: Readonly<
  Record<EngineName, { readonly summary: string; readonly options: Readonly<Record<string, unknown>> }>
> = {
  tensorflow: { summary: "TensorFlow's own library, where @tensorflow/tfjs-node-gpu or tfjs-node loads", options: {} },
  onnx: { summary: "ONNX Runtime, on networks and gradients traced once", options: { provider: "cpu", threads: 1 } },
  wasm: { summary: "TensorFlow.js on WebAssembly, one thread", options: {} },
  cpu: { summary: "TensorFlow.js in JavaScript: slow, the oracle of the others", options: {} },
};

/** The engines, in the order in which `"auto"` tries them. */
export const engineNames: readonly EngineName[] = ["tensorflow", "onnx", "wasm", "cpu"];
