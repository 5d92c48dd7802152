import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ndarray from "ndarray";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { createEngine, EngineError } from "../../src/engine/index.js";
import { sample } from "../../src/sampling/sample.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { defineModel, guided } from "../../src/scores/index.js";
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
import { coefficientTable } from "../../src/training/coefficient-table.js";
import {
  exportOnnx,
  initialParameters,
  loadModel,
  type NetworkModel,
  networkModel,
  train,
  unstandardise,
} from "../../src/training/index.js";
import { createNetwork } from "../../src/training/networks/registry.js";
import { type PreconditioningName, preconditioning } from "../../src/training/preconditioning.js";

const engine = await createEngine();
const hasRuntime = engine.name === "onnx";
const scratch = mkdtempSync(join(tmpdir(), "score-sde-models-"));
afterAll(async () => {
  await engine.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

/** A model with random parameters, in which every part of the network speaks. */
function randomModel(
  sde: Sde,
  { name = "edm" as PreconditioningName, shape = [2], classes = 0, chunk = 512, spec = "mlp:width=16,depth=2" } = {},
): Promise<NetworkModel> {
  const network = createNetwork(spec, { shape, classes });
  const parameters = initialParameters(network, 1).map((value, i) => value + 0.2 * Math.sin(3 * i));
  const predicts = name === "none" ? "noise" : "data";
  const scheme = preconditioning({ name, sde, predicts, dataStandardDeviation: 0.8 });
  return networkModel({ sde, network, preconditioning: scheme, parameters, standardisation: null }, { engine, chunk });
}

/** Rows over the whole range of times, at the scale of the states. */
function rowsOf(sde: Sde, count: number, dimension = 2) {
  const [from, to] = [sde.logSnr(sde.tMin), sde.logSnr(sde.tMax)];
  const times = Float64Array.from({ length: count }, (_, row) =>
    Math.fround(Math.min(Math.max(sde.timeAtLogSnr(from + ((to - from) * row) / (count - 1)), sde.tMin), sde.tMax)),
  );
  const x = Float64Array.from({ length: count * dimension }, (_, i) => {
    const t = times[Math.floor(i / dimension)]!;
    return Math.fround(1.7 * Math.sin(1.3 * i) * Math.sqrt(sde.alpha(t) ** 2 + sde.sigma(t) ** 2));
  });
  return { x, times, count };
}

describe("a network as a model", () => {
  it("gives a row the same bits alone, at another place and in another chunk", async () => {
    const sde = vp();
    const model = await randomModel(sde, { chunk: 64 });
    const batch = rowsOf(sde, 150);
    const all = new Float64Array(300);
    await model.evaluate(batch, all);
    for (const [first, last] of [
      [0, 1],
      [3, 90],
      [63, 65],
      [149, 150],
    ] as const) {
      const out = new Float64Array(2 * (last - first));
      const part = {
        x: batch.x.slice(2 * first, 2 * last),
        times: batch.times.slice(first, last),
        count: last - first,
      };
      await model.evaluate(part, out);
      expect(out).toEqual(all.slice(2 * first, 2 * last));
    }
    await model.dispose();
  });

  it("may be asked several things at once", async () => {
    const sde = vp();
    const model = await randomModel(sde, { chunk: 32 });
    const batches = [rowsOf(sde, 100), rowsOf(sde, 70), rowsOf(sde, 33)];
    const together = batches.map(({ count }) => new Float64Array(2 * count));
    await Promise.all(batches.map((batch, k) => model.evaluate(batch, together[k]!)));
    for (const [k, batch] of batches.entries()) {
      const alone = new Float64Array(2 * batch.count);
      await model.evaluate(batch, alone);
      expect(together[k]).toEqual(alone);
    }
    await model.dispose();
  });

  it("draws a sample that depends on its index alone", async () => {
    const sde = vp();
    const model = await randomModel(sde);
    const options = { sde, model, solver: "em", steps: 5, seed: 3 };
    const all = await sample({ ...options, samples: 600 });
    const part = await sample({ ...options, samples: 100, firstSample: 450, batchSize: 33 });
    expect(part.samples.data).toEqual(all.samples.data.slice(900, 1100));
    await model.dispose();
  });

  it("takes a class for all rows, one for each, or none", async () => {
    const sde = vp();
    const model = await randomModel(sde, { classes: 3 });
    const batch = rowsOf(sde, 4);
    const ask = async (condition?: unknown) => {
      const out = new Float64Array(8);
      await model.evaluate({ ...batch, condition }, out);
      return out;
    };
    const [free, zero, two] = [await ask(), await ask(0), await ask(2)];
    expect(await ask(null)).toEqual(free);
    expect(zero).not.toEqual(free);
    const mixed = await ask([0, null, 2, 2]);
    expect([...mixed]).toEqual([...zero.slice(0, 2), ...free.slice(2, 4), ...two.slice(4)]);
    await expect(ask(3)).rejects.toThrow(/a class in \[0, 3\), but got 3/);
    await expect(ask([0, 1])).rejects.toThrow(/one class for each of 4 rows/);
    await model.dispose();
  });
});

describe("the table of coefficients", () => {
  it("is true to 1e-7 of each value between its nodes, for functions with corners too", () => {
    for (const [value, range] of [
      [(t: number) => 1 / t, { from: 1e-5, to: 1, breakpoints: [] }],
      [(t: number) => Math.exp(-5 * t * t), { from: 0, to: 1, breakpoints: [] }],
      [(t: number) => Math.log(1 - t), { from: 0.1, to: 0.9995, breakpoints: [] }],
      [(t: number) => 1 + Math.abs(t - 0.3), { from: 0, to: 1, breakpoints: [0.3] }],
    ] as const) {
      const { rows, knots } = coefficientTable((t) => ({ values: [value(t)], scales: [0] }), range);
      expect(knots.length).toBeLessThan(2000);
      for (let i = 0; i <= 1000; i++) {
        const t = range.from + ((range.to - range.from) * i) / 1000;
        const [first = 0, scale = 0, a = 0, b = 0, c = 0, d = 0] = rows[knots.filter((knot) => knot <= t).length - 1]!;
        const s = (t - first) * scale;
        expect(Math.abs(a + s * (b + s * (c + s * d)) - value(t))).toBeLessThanOrEqual(
          1e-7 * Math.abs(value(t)) + 1e-9,
        );
      }
    }
  });
});

describe("a table of rough functions", () => {
  it("is refused", () => {
    const rough = (t: number) => ({ values: [1 + Math.sin(1e9 * t)], scales: [0] });
    expect(() => coefficientTable(rough, { from: 0, to: 1, breakpoints: [] })).toThrow(/must be smooth/);
  });
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
      const model = await randomModel(sde, { name });
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
    const model = await randomModel(sde, { classes: 2, shape: [4, 4, 1], spec: "unet:channels=4,levels=2" });
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
    const model = await randomModel(vp());
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

describe("guidance", () => {
  const sde = vp();
  /** Predicts its condition, or 1 without one. */
  const model = defineModel({
    predicts: "noise",
    dimension: 1,
    sde,
    evaluate({ count, condition }, out) {
      out.fill(typeof condition === "number" ? condition : 1, 0, count);
    },
  });
  const ask = async (guidedModel: ReturnType<typeof guided>, condition?: unknown) => {
    const out = new Float64Array(2);
    await guidedModel.evaluate(
      { x: Float64Array.of(0.5, -2), times: Float64Array.of(0.2, 0.7), count: 2, condition },
      out,
    );
    return [...out];
  };

  it("is unconditional + w (conditional − unconditional)", async () => {
    expect(await ask(guided(model, { w: 1 }), 5)).toEqual([5, 5]);
    expect(await ask(guided(model, { w: 0 }), 5)).toEqual([1, 1]);
    expect(await ask(guided(model, { w: 3 }), 5)).toEqual([13, 13]);
    expect(await ask(guided(model, { w: -0.5, condition: 7 }))).toEqual([-2, -2]);
    const weak = defineModel({ predicts: "noise", dimension: 1, evaluate: (_batch, out) => void out.fill(4) });
    expect(await ask(guided(model, { w: 2, unconditional: weak }), 5)).toEqual([6, 6]);
  });

  it("adds a user's gradient to the score, whatever the model predicts", async () => {
    const target = toy("bimodal");
    const gradient = ({ x }: { x: Float64Array }, out: Float64Array) => void out.set(x.map((value) => 2 * value));
    for (const predicts of ["score", "noise", "data", "velocity"] as const) {
      const base = exactScore(target, sde).as(predicts);
      const combined = guided(base, { gradient, gradientScale: 0.5 }).as("score");
      const plain = exactScore(target, sde);
      const batch = { x: Float64Array.of(0.5, -2), times: Float64Array.of(0.2, 0.7), count: 2 };
      const [with_, without] = [new Float64Array(2), new Float64Array(2)];
      await combined.evaluate(batch, with_);
      await plain.evaluate(batch, without);
      for (let i = 0; i < 2; i++) expect(with_[i]! - without[i]!).toBeCloseTo(batch.x[i]!, 11);
    }
  });

  it("refuses what does not match", () => {
    expect(() => guided(model, { w: Number.NaN })).toThrow(UsageError);
    const other = defineModel({ predicts: "data", dimension: 1, evaluate: () => {} });
    expect(() => guided(model, { w: 2, unconditional: other })).toThrow(/must predict noise/);
    expect(() => guided(other, { gradient: () => {} })).toThrow(/needs the SDE/);
  });
});
