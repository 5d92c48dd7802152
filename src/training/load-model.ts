import { stat } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../solvers/errors.js";
import { createEngine, type Engine, type EngineName } from "../engine/index.js";
import { findCheckpoint, readCheckpoint } from "./checkpoint.js";
import { loadLayersModel } from "./layers-model.js";
import { networkModel, type TrainedModel } from "./network-model.js";
import type { NetworkFactory } from "./networks/network.js";
import { loadOnnxModel, type OnnxModelOptions } from "./onnx-model.js";
import { readTrainedNetwork } from "./stored-facts.js";

/** How a model is loaded. */
export interface LoadModelOptions extends OnnxModelOptions {
  /** For folders: an engine, or the name of one; default 'auto'. */
  readonly engine?: Engine | "auto" | EngineName;
  /** For folders: the factory of a network of a user's own. */
  readonly network?: NetworkFactory;
}

/** A model that was loaded. */
export interface LoadedModel extends TrainedModel {
  /** Newer checkpoints that were passed over, and why. */
  readonly refused: readonly string[];
}

/**
 * A model from the folder of a training run (its newest sound checkpoint), from one checkpoint, from an .onnx
 * file, or from a model.json of TensorFlow.js layers.
 *
 * @throws UsageError when there is no model, it is torn, or its SDE or prediction is not known
 * @throws EngineError when the engine is absent or an .onnx file cannot be run
 */
export async function loadModel(path: string, options: LoadModelOptions = {}): Promise<LoadedModel> {
  if (path.toLowerCase().endsWith(".onnx")) return { ...(await loadOnnxModel(path, options)), refused: [] };
  if (path.toLowerCase().endsWith(".json")) return { ...(await loadLayersModel(path, options)), refused: [] };
  const found = await stat(path).catch(() => null);
  if (found === null)
    throw new UsageError(
      `${path}: there is no such model - give the folder of a training run, an .onnx file or a model.json`,
    );
  if (!found.isDirectory()) {
    throw new UsageError(
      `${path}: must be the folder of a training run, an .onnx file or a model.json, but got another file`,
    );
  }
  const isCheckpoint = (await stat(join(path, "checkpoint.json")).catch(() => null)) !== null;
  const chosen = isCheckpoint
    ? { path, checkpoint: await readCheckpoint(path), refused: [] }
    : await findCheckpoint(path);
  if (chosen === null) throw new UsageError(`${path}: holds no checkpoint - give the folder that train wrote`);
  const trained = await readTrainedNetwork(chosen.path, chosen.checkpoint, options.network);
  const { engine: wanted = "auto", threads = 1 } = options;
  const { refused } = chosen;
  if (typeof wanted !== "string") return { ...(await networkModel(trained, { engine: wanted })), refused };
  const engine = await createEngine({ engine: wanted, threads });
  const model = await networkModel(trained, { engine });
  return {
    ...model,
    refused,
    async dispose() {
      await model.dispose();
      await engine.dispose();
    },
  };
}
