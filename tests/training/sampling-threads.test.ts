import { afterAll, afterEach, expect, it, vi } from "vitest";
import { createEngine } from "../../src/engine/index.js";
import { sample } from "../../src/sampling/sample.js";
import { vp } from "../../src/sdes/index.js";
import { prepareWorkers, sampleModel } from "../../src/training/index.js";
import type { PortableModel } from "../../src/training/workers/portable-model.js";
import { SamplingThreads } from "../../src/training/workers/sampling-threads.js";
import { startThread } from "../../src/training/workers/start-thread.js";
import { randomModel } from "./random-model.js";

vi.mock("../../src/training/workers/start-thread.js", async (original) => {
  const module = await original<{ startThread: typeof startThread }>();
  return { startThread: vi.fn(module.startThread) };
});

const engine = await createEngine();
const sde = vp();
afterAll(() => engine.dispose());
afterEach(() => vi.mocked(startThread).mockClear());

const started = () => vi.mocked(startThread).mock.results.map(({ value }) => value);
const ends = () => Promise.all(started().map((worker) => new Promise((resolve) => worker.once("exit", resolve))));
const options = { solver: "em", steps: 3, samples: 300 } as const;

it("threads are kept from run to run and end with their model", async () => {
  const model = await randomModel(engine, sde, { chunk: 64 });
  const alone = await sample({ ...options, sde, model });
  for (const workers of [2, 2, 3]) expect(await sampleModel(model, { ...options, workers })).toEqual(alone);
  expect(startThread).toHaveBeenCalledTimes(2);
  const codes = ends();
  await model.dispose();
  expect(await codes).toEqual([0, 0]);
});

it("runs at one time have threads of their own", async () => {
  const model = await randomModel(engine, sde, { chunk: 64 });
  const seeds = [1, 2, 3];
  const drawn = await Promise.all(seeds.map((seed) => sampleModel(model, { ...options, seed, workers: 2 })));
  expect(startThread).toHaveBeenCalledTimes(3);
  for (const [k, seed] of seeds.entries()) expect(drawn[k]).toEqual(await sample({ ...options, seed, sde, model }));
  await model.dispose();
});

it("as many are prepared as a run takes, and 'auto' uses those that are there", async () => {
  const model = await randomModel(engine, sde, { chunk: 64 });
  await prepareWorkers(model, { samples: 64, workers: 2 });
  await prepareWorkers(model, { samples: 300, workers: "auto" });
  expect(startThread).not.toHaveBeenCalled();
  await prepareWorkers(model, { samples: 130, workers: 8 });
  expect(startThread).toHaveBeenCalledTimes(2);
  const draw = vi.spyOn(model.threads!, "draw");
  await sampleModel(model, options);
  expect(draw).toHaveBeenCalledOnce();
  await model.dispose();
});

it("a thread that cannot open its model is not asked again", async () => {
  const missing: PortableModel = { kind: "onnx", path: "missing.onnx", sde: { name: "vp", options: {} }, options: {} };
  const threads = new SamplingThreads(() => missing);
  await expect(threads.prepare(1)).rejects.toThrow(/a sampling thread failed: missing\.onnx/);
  await expect(threads.prepare(1)).rejects.toThrow(/missing\.onnx/);
  expect(startThread).toHaveBeenCalledTimes(2);
  await threads.dispose();
});

it("a model that cannot be described leaves no thread behind", async () => {
  const threads = new SamplingThreads(() => {
    throw new Error("not to be described");
  });
  expect(() =>
    threads.draw(1, { options, rows: 300, board: new Int32Array(new SharedArrayBuffer(12)) }, () => {}),
  ).toThrow("not to be described");
  expect(await ends()).toEqual([0]);
});
