import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ndarray from "ndarray";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { createEngine, EngineError } from "../../src/engine/index.js";
import {
  cosine,
  discrete,
  edm,
  rectifiedFlow,
  type Sde,
  scaledLinearBetas,
  subVp,
  ve,
  vp,
} from "../../src/sdes/index.js";
import { toy } from "../../src/targets/index.js";
import { exportOnnx, loadModel, train, unstandardise } from "../../src/training/index.js";
import type { PreconditioningName } from "../../src/training/preconditioning.js";
import { randomModel, rowsOf } from "./random-model.js";

const engine = await createEngine();
const hasRuntime = engine.name === "onnx";
const scratch = mkdtempSync(join(tmpdir(), "score-sde-models-"));
afterAll(async () => {
  await engine.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

describe.skipIf(!hasRuntime)("ONNX files", () => {
  const sdes: readonly [Sde, PreconditioningName][] = [
    [vp(), "edm"],
    [ve(), "ve"],
    [edm(), "edm"],
    [rectifiedFlow(), "none"],
    [cosine(), "none"],
    [subVp(), "vp"],
    [discrete({ betas: scaledLinearBetas(25) }), "edm"],
  ];
  for (const [sde, name] of sdes) {
    it(`give the same score as the model (${sde.name}, ${name})`, async () => {
      const model = await randomModel(engine, sde, { name });
      const path = join(scratch, `${sde.name}.onnx`);
      await exportOnnx(model, path);
      const loaded = await loadModel(path);
      expect(loaded).toMatchObject({ predicts: "score", dimension: 2, classes: 0, standardisation: null });
      expect(loaded.sde).toMatchObject({ name: sde.name, options: sde.options });
      const batch = rowsOf(sde, 700);
      const [mine, theirs] = [new Float64Array(1400), new Float64Array(1400)];
      await model.as("score").evaluate(batch, mine);
      await loaded.evaluate(batch, theirs);
      for (let i = 0; i < 1400; i++) {
        // In units of the noise the score is of size 1; a few dozen float32 roundings of the network and of its level.
        const unit = sde.sigma(batch.times[Math.floor(i / 2)]!);
        expect(Math.abs(mine[i]! - theirs[i]!) * unit).toBeLessThan(5e-6 * (1 + Math.abs(mine[i]!) * unit));
      }
      await model.dispose();
      await loaded.dispose();
    });
  }

  it("carry classes, images and other predictions", async () => {
    const sde = vp();
    const model = await randomModel(engine, sde, { classes: 2, shape: [4, 4, 1], spec: "unet:channels=4,levels=2" });
    const path = join(scratch, "classes.onnx");
    await exportOnnx(model, path, { predicts: "noise" });
    const loaded = await loadModel(path);
    expect(loaded).toMatchObject({ predicts: "noise", dimension: 16, shape: [4, 4, 1], classes: 2 });
    const batch = { ...rowsOf(sde, 9, 16), condition: 1 };
    const [mine, theirs] = [new Float64Array(144), new Float64Array(144)];
    await model.as("noise").evaluate(batch, mine);
    await loaded.evaluate(batch, theirs);
    // Some 300 float32 roundings along the way through the layers: 300 · 2⁻²⁴ = 2e-5.
    for (let i = 0; i < 144; i++) expect(Math.abs(mine[i]! - theirs[i]!)).toBeLessThan(2e-5 * (1 + Math.abs(mine[i]!)));
    await model.dispose();
    await loaded.dispose();
  });

  it("of other tools load by the customary names of their inputs", async () => {
    const fixtures = join(import.meta.dirname, "../fixtures/training");
    const { x, t, eps } = JSON.parse(readFileSync(join(fixtures, "foreign.json"), "utf8"));
    const path = join(fixtures, "foreign.onnx");
    const model = await loadModel(path, { sde: vp(), predicts: "noise", timeScale: 999 });
    const out = new Float64Array(14);
    await model.evaluate({ x: Float64Array.from(x), times: Float64Array.from(t), count: 7 }, out);
    // tanh of arguments up to 3000 with relative error 2⁻²⁴; outputs of size 1.
    for (let i = 0; i < 14; i++) expect(Math.abs(out[i]! - eps[i])).toBeLessThan(1e-4);
    await model.dispose();
    await expect(loadModel(path)).rejects.toThrow(/does not say its SDE/);
    await expect(loadModel(path, { sde: vp() })).rejects.toThrow(/does not say what it predicts/);
    const known = { sde: vp(), predicts: "noise" } as const;
    await expect(loadModel(path, { ...known, inputs: { x: "sampel" } })).rejects.toThrow(/Did you mean 'sample'/);
    await expect(loadModel(path, { ...known, inputs: { x: "timesteps" } })).rejects.toThrow(UsageError);
    await expect(loadModel(path, { ...known, output: "epps" })).rejects.toThrow(/Did you mean 'eps'/);
    await expect(loadModel(path, { ...known, dimension: 3 })).rejects.toThrow(/samples of 2 numbers/);
  });

  it("that are missing, torn or something else are refused", async () => {
    const torn = join(scratch, "torn.onnx");
    const model = await randomModel(engine, vp());
    await exportOnnx(model, torn);
    truncateSync(torn, 500);
    await expect(loadModel(torn)).rejects.toThrow(EngineError);
    await expect(loadModel(join(scratch, "none.onnx"))).rejects.toThrow(/cannot be read/);
    writeFileSync(join(scratch, "text.onnx"), "hello");
    await expect(loadModel(join(scratch, "text.onnx"))).rejects.toThrow(EngineError);
    await expect(exportOnnx(model, join(scratch, "model.txt"))).rejects.toThrow(/must end in \.onnx/);
    await model.dispose();
  });
});

describe("loadModel", () => {
  it("refuses paths that hold no model", async () => {
    await expect(loadModel(join(scratch, "nowhere"))).rejects.toThrow(/there is no such model/);
    const file = join(scratch, "points.csv");
    writeFileSync(file, "1\n2\n");
    await expect(loadModel(file)).rejects.toThrow(/folder of a training run, an \.onnx file/);
    const empty = join(scratch, "empty");
    mkdirSync(empty);
    await expect(loadModel(empty)).rejects.toThrow(/holds no checkpoint/);
  });

  it("keeps the standardisation of data files", async () => {
    const count = 200;
    const points = toy("two-moons").sample({ count, seed: 1 }).data;
    const data = ndarray(
      points.map((x, i) => (i % 2 === 0 ? 1000 + 50 * x : 0.01 * x)),
      [count, 2],
    );
    const directory = join(scratch, "standardised");
    const settings = { sde: vp(), data, network: "mlp:width=8,depth=1", batch: 64, steps: 5, engine, directory };
    const { model } = await train(settings);
    const loaded = await loadModel(directory, { engine });
    expect(loaded.standardisation).toEqual(model.standardisation);
    const { mean, scale } = loaded.standardisation!;
    for (const column of [0, 1]) {
      const values = data.data.filter((_, i) => i % 2 === column);
      const average = values.reduce((sum, x) => sum + x, 0) / count;
      const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - average) ** 2, 0) / count);
      expect(mean[column]! / average).toBeCloseTo(1, 12);
      expect(scale[column]! / deviation).toBeCloseTo(1, 12);
    }
    const back = unstandardise(loaded.standardisation!, Float64Array.of(0, 0, 1, -1));
    expect([...back]).toEqual([mean[0], mean[1], mean[0]! + scale[0]!, mean[1]! - scale[1]!]);
    await model.dispose();
    await loaded.dispose();
  });
});
