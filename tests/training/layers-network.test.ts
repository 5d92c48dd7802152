import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { initializers, layers, model as layersModel } from "@tensorflow/tfjs-layers";
import { afterAll, describe, expect, it } from "vitest";
import { createEngine } from "../../src/engine/index.js";
import { vp } from "../../src/sdes/index.js";
import { toy } from "../../src/targets/index.js";
import { initialParameters, layersNetwork, loadModel, networkModel, train } from "../../src/training/index.js";

const engine = await createEngine();
await createEngine({ engine: "cpu" });
const scratch = mkdtempSync(join(tmpdir(), "score-sde-layers-"));
afterAll(async () => {
  await engine.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

function twoLayers(dimension: number) {
  const x = layers.input({ shape: [dimension] });
  const t = layers.input({ shape: [1] });
  const joined = layers.concatenate().apply([x, t]);
  const start = (seed: number) => ({ kernelInitializer: initializers.glorotNormal({ seed }) });
  const hidden = layers.dense({ units: 16, activation: "tanh", ...start(1) }).apply(joined);
  const output = layers.dense({ units: dimension, ...start(2) }).apply(hidden);
  if (Array.isArray(output) || output instanceof tf.Tensor) throw new Error("one symbolic output");
  return layersModel({ inputs: [x, t], outputs: output, name: "two-layers" });
}

/** Writes a model as TensorFlow.js does: model.json and one file of weights. */
async function save(made: ReturnType<typeof twoLayers>, name: string): Promise<string> {
  const path = join(scratch, name);
  await made.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const manifest = [{ paths: [`${name}.bin`], weights: weightSpecs }];
      writeFileSync(path, JSON.stringify({ modelTopology, weightsManifest: manifest }));
      const data = Array.isArray(weightData) ? weightData[0]! : weightData!;
      writeFileSync(join(scratch, `${name}.bin`), new Uint8Array(data));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  return path;
}

const batch = { x: Float64Array.of(-1, 0.2, 3, 0.5), times: Float64Array.of(0.1, 0.9), count: 2 };

describe("a model of TensorFlow.js layers", () => {
  it("loads from model.json and gives what its own predict gives", async () => {
    const made = twoLayers(2);
    const path = await save(made, "model.json");
    const loaded = await loadModel(path, { engine, sde: vp(), predicts: "noise", timeScale: 999 });
    expect(loaded).toMatchObject({ predicts: "noise", dimension: 2, classes: 0, standardisation: null });
    const out = new Float64Array(4);
    await loaded.evaluate(batch, out);
    const predicted = made.predict([tf.tensor2d([-1, 0.2, 3, 0.5], [2, 2]), tf.tensor2d([99.9, 899.1], [2, 1])]);
    const expected = Array.isArray(predicted) ? [] : [...predicted.dataSync()];
    expect(expected).toHaveLength(4);
    // Sums of 19 and 17 float32 products of size 1 at most.
    for (const [i, value] of expected.entries()) expect(Math.abs(out[i]! - value)).toBeLessThan(36 * 2 ** -23);
    await loaded.dispose();
  });

  it("trains as a network, from the weights it has, and loads again by giving it", async () => {
    const directory = join(scratch, "run");
    const network = layersNetwork(twoLayers(1));
    const options = { sde: vp(), data: toy("bimodal"), network, batch: 64, engine, sampleEvery: 0 } as const;
    const { model, history } = await train({ ...options, steps: 200, learningRate: 1e-2, warmUp: 10, directory });
    expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss);
    const again = await loadModel(directory, { engine, network });
    const [a, b] = [new Float64Array(4), new Float64Array(4)];
    const line = { x: batch.x, times: Float64Array.of(0.1, 0.2, 0.5, 0.9), count: 4 };
    await model.evaluate(line, a);
    await again.evaluate(line, b);
    expect(b).toEqual(a);
    const start = initialParameters(model.trained.network, 0);
    const untrained = await networkModel({ ...model.trained, parameters: start }, { engine });
    await untrained.evaluate(line, b);
    expect(b).not.toEqual(a);
    await untrained.dispose();
    await again.dispose();
    await model.dispose();
  });

  it("is refused when it is of another kind, lacks its weights, or does not say enough", async () => {
    const path = await save(twoLayers(2), "bad.json");
    await expect(loadModel(path, { engine, predicts: "noise" })).rejects.toThrow(/does not say its SDE/);
    await expect(loadModel(path, { engine, sde: vp() })).rejects.toThrow(/does not say what it predicts/);
    rmSync(`${path}.bin`);
    const options = { engine, sde: vp(), predicts: "noise" } as const;
    await expect(loadModel(path, options)).rejects.toThrow(/bad\.json\.bin: cannot read it/);
    writeFileSync(path, "{}");
    await expect(loadModel(path, options)).rejects.toThrow(/is no model\.json of TensorFlow\.js layers/);
    expect(() => layersNetwork(twoLayers(2))({ shape: [3], classes: 0 })).toThrow(/must take x of 3 numbers/);
  });
});
