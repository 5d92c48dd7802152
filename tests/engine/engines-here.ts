import { createEngine, type Engine, EngineError, type EngineName, engineNames } from "../../src/engine/index.js";

/**
 * The engines of those names that load here, with a line on the console for each that does not: its tests are left out.
 *
 * `tensorflow` is among them once `bench/native-tensorflow.sh` has built its binding.
 */
export async function enginesHere(names: readonly EngineName[] = engineNames): Promise<Engine[]> {
  const engines: Engine[] = [];
  for (const engine of names) {
    try {
      engines.push(await createEngine({ engine }));
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== "engine-unavailable") throw error;
      console.warn(`left out: ${error.message}`);
    }
  }
  return engines;
}

/** The onnx engine, or undefined where onnxruntime-node is not installed. */
export async function onnxHere(): Promise<Engine | undefined> {
  const [onnx] = await enginesHere(["onnx"]);
  return onnx;
}
