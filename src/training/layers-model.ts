import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UsageError } from "../../solvers/errors.js";
import { createEngine, type Engine, type EngineName } from "../engine/index.js";
import { fileError } from "../files/index.js";
import { timeMap } from "./foreign-time.js";
import { isRecord } from "./is-record.js";
import { networkModel, type TrainedModel } from "./network-model.js";
import { initialParameters } from "./networks/initial-parameters.js";
import { layersNetwork } from "./networks/layers-network.js";
import type { OnnxModelOptions } from "./onnx-model.js";

/** How a `model.json` of TensorFlow.js layers is to be understood. */
export interface LayersModelOptions
  extends Pick<OnnxModelOptions, "sde" | "predicts" | "time" | "timeScale" | "threads"> {
  readonly engine?: Engine | "auto" | EngineName;
}

/**
 * A score model from a `model.json` of TensorFlow.js layers with its weight files beside it; inputs are x, then the time.
 *
 * @throws UsageError for a file of another kind, missing weights, or an SDE or prediction that is not given
 * @throws EngineError when the engine is absent or cannot compile it
 */
export async function loadLayersModel(path: string, options: LayersModelOptions): Promise<TrainedModel> {
  const { sde, predicts, engine: wanted = "auto", threads = 1 } = options;
  if (sde === undefined) throw new UsageError(`${path}: does not say its SDE - give sde (--sde)`);
  if (predicts === undefined)
    throw new UsageError(`${path}: does not say what it predicts - give predicts (--predicts)`);
  const owned = typeof wanted === "string" ? await createEngine({ engine: wanted, threads }) : null;
  try {
    const layers = await readLayers(path);
    const shape = (layers.inputs[0]?.shape ?? []).slice(1).map((length) => length ?? 0);
    const network = layersNetwork(layers)({ shape, classes: 0 });
    const level = timeMap(options, sde);
    const model = await networkModel(
      {
        sde,
        network,
        preconditioning: {
          name: "none",
          predicts,
          dataStandardDeviation: 1,
          levelOf: "t",
          at: (t) => ({ skip: 0, out: 1, in: 1, level: level(t) }),
        },
        parameters: initialParameters(network, 0),
        standardisation: null,
      },
      { engine: typeof wanted === "string" ? owned! : wanted },
    );
    return {
      ...model,
      async dispose() {
        await model.dispose();
        await owned?.dispose();
      },
    };
  } catch (error) {
    await owned?.dispose();
    throw error;
  }
}

async function readLayers(path: string) {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw fileError("read", path, cause);
  });
  const tf = await import("@tensorflow/tfjs-core");
  const { loadLayersModel: load } = await import("@tensorflow/tfjs-layers");
  try {
    const json: unknown = JSON.parse(text);
    if (!isRecord(json) || !isRecord(json.modelTopology) || !Array.isArray(json.weightsManifest)) {
      throw new UsageError(`${path}: is no model.json of TensorFlow.js layers (modelTopology and weightsManifest).`);
    }
    const groups = json.weightsManifest.filter(isRecord);
    const specs = groups.flatMap(({ weights }) => (Array.isArray(weights) ? weights : []));
    const files = groups.flatMap(({ paths }) => (Array.isArray(paths) ? paths.map(String) : []));
    const parts: Buffer[] = [];
    for (const file of files) {
      const place = join(dirname(path), file);
      parts.push(
        await readFile(place).catch((cause: unknown) => {
          throw fileError("read", place, cause);
        }),
      );
    }
    const bytes = Uint8Array.from(Buffer.concat(parts));
    return await load(
      tf.io.fromMemory({ modelTopology: json.modelTopology, weightSpecs: specs, weightData: bytes.buffer }),
    );
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${path}: is no model of TensorFlow.js layers that can be read (${reason}).`, { cause });
  }
}
