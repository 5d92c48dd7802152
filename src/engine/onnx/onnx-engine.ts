import { EngineError } from "../engine-error.js";
import type { Engine } from "../types.js";

export async function createOnnxEngine(_settings: unknown, _importPackage?: unknown): Promise<Engine> {
  throw new EngineError("engine-unavailable", "not yet");
}
