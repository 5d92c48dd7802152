import { createEngine, type Engine, EngineError } from "../../src/engine/index.js";

/** The onnx engine, or undefined (with a line on the console) where onnxruntime-node is not installed: its tests are then skipped. */
export async function onnxHere(): Promise<Engine | undefined> {
  try {
    return await createEngine({ engine: "onnx" });
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== "engine-unavailable") throw error;
    console.warn(`skipped: ${error.message}`);
    return undefined;
  }
}
