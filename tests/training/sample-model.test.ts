import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createEngine } from "../../src/engine/index.js";
import { Collector, type SamplePart } from "../../src/sampling/collector.js";
import { resolveGrid } from "../../src/sampling/resolve.js";
import { sample } from "../../src/sampling/sample.js";
import { vp } from "../../src/sdes/index.js";
import {
  defineNetwork,
  exportOnnx,
  loadModel,
  networkModel,
  sampleModel,
  type TrainedModel,
  weights,
} from "../../src/training/index.js";
import { initialParameters } from "../../src/training/networks/initial-parameters.js";
import { type PlainSampleOptions, sharedRun } from "../../src/training/workers/draw-chunks.js";
import { onnxHere } from "../engine/engines-here.js";
import { randomModel } from "./random-model.js";

const onnx = await onnxHere();
const engine = onnx ?? (await createEngine());
const sde = vp();
const model = await randomModel(engine, sde, { chunk: 64 });
afterAll(async () => {
  await model.dispose();
  await engine.dispose();
});

const samples = 700;
const gridTimes = (steps: number) => resolveGrid(sde, { steps }).times;

/** Samples of a run whose only chunk another thread draws. */
async function drawnByThread({ threads }: TrainedModel, options: PlainSampleOptions): Promise<Float64Array> {
  const parts: SamplePart[] = [];
  await Promise.all(threads!.draw(1, sharedRun(options, options.samples), (_first, part) => parts.push(part)));
  return parts[0]!.samples;
}

describe("threads that draw from a model", () => {
  it("draw chunks with the bits of this thread", async () => {
    const options = { solver: "em", steps: 7, denoise: true, keepPath: true, samples, firstSample: 99 } as const;
    const run = sharedRun(options, 300);
    const collector = new Collector({ ...options, count: samples, dimension: 2, times: gridTimes(7) });
    await Promise.all(model.threads!.draw(1, run, (first, part) => collector.absorb(first, part)));
    expect(Array.from(run.board)).toEqual([4, 0, 30_000]);
    expect(collector.result()).toEqual(await sample({ ...options, sde, model }));
  });

  for (const options of [
    { solver: "em", steps: 7, denoise: true, keepPath: true, workers: 3 },
    { solver: "rk45", rtol: 1e-2, atol: 1e-2, keepPath: true, workers: 2 },
  ] as const) {
    it(`give the result of one: ${options.solver}`, async () => {
      const { workers, ...rest } = options;
      expect(await sampleModel(model, { ...rest, samples, workers })).toEqual(
        await sample({ ...rest, sde, model, samples }),
      );
    });
  }

  it("have programs for rows of many times", async () => {
    const options = { solver: "rk45", rtol: 1e-2, atol: 1e-2, samples: 70 } as const;
    expect(await drawnByThread(model, options)).toEqual((await sample({ ...options, sde, model })).samples.data);
  });

  it("compile anew where the engine emits no programs", async () => {
    const wasm = await createEngine({ engine: "wasm" });
    const slow = await networkModel(model.trained, { engine: wasm, chunk: 64 });
    expect(slow.threads!.portable.kind).toBe("network");
    const options = { solver: "em", steps: 3, samples: 300 } as const;
    expect(await sampleModel(slow, { ...options, workers: 2 })).toEqual(await sample({ ...options, sde, model: slow }));
    await slow.dispose();
    await wasm.dispose();
  });

  it.skipIf(onnx === undefined)("take compiled programs, those of a user's own network too", async () => {
    const own = defineNetwork({
      name: "affine",
      parameters: ({ shape }) => [weights("kernel", [shape[0]!, shape[0]!], shape[0]!)],
      apply: (tf, { x, level }, parameter) => tf.add(tf.matMul(x, parameter("kernel")), tf.expandDims(level, 1)),
    })({ shape: [2], classes: 0 });
    const affine = { ...model.trained, network: own, parameters: initialParameters(own, 1) };
    const mine = await networkModel(affine, { engine, chunk: 64 });
    expect(mine.threads!.portable.kind).toBe("programs");
    const options = { solver: "ode-heun", steps: 3, samples: 300 } as const;
    const drawn = await drawnByThread(mine, options);
    expect(drawn).toEqual((await sample({ ...options, sde, model: mine })).samples.data);
    await mine.dispose();
  });

  it("take given start states and report how far they are", async () => {
    const initial = Float64Array.from({ length: 2 * samples }, (_, i) => Math.sin(i));
    const shares: number[] = [];
    const drawn = await sampleModel(model, {
      solver: "pc",
      noise: "path",
      seed: 5,
      steps: 5,
      samples,
      initial,
      workers: 2,
      onProgress: (fraction) => shares.push(fraction),
    });
    expect(drawn).toEqual(
      await sample({ sde, model, solver: "pc", noise: "path", seed: 5, steps: 5, samples, initial }),
    );
    expect(shares.length).toBeGreaterThan(5);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.every((share) => share > 0 && share <= 1)).toBe(true);
  });

  it("stop on request, and say how many samples are finished", async () => {
    const controller = new AbortController();
    const drawn = await sampleModel(model, {
      solver: "em",
      steps: 100_000,
      samples,
      workers: 2,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(drawn.status).toBe("aborted");
    expect(drawn.message).toContain(`0 of ${samples} samples are finished`);
  });

  it("stay one where rows are coupled, and give the same", async () => {
    const options = { solver: "rk45:control=shared,rtol=1e-2,atol=1e-2", samples } as const;
    expect(await sampleModel(model, { ...options, workers: 2 })).toEqual(await sample({ ...options, sde, model }));
  });

  it.skipIf(onnx === undefined)("open .onnx files; what goes wrong in one of them is thrown", async () => {
    const folder = mkdtempSync(join(tmpdir(), "workers-"));
    const path = join(folder, "model.onnx");
    await exportOnnx(model, path);
    const loaded = await loadModel(path);
    const options = { solver: "em", steps: 4, samples: 5000 } as const;
    const drawn = await drawnByThread(loaded, options);
    expect(drawn).toEqual((await sample({ ...options, sde, model: loaded })).samples.data);
    await loaded.dispose();
    const torn = await loadModel(path);
    rmSync(folder, { recursive: true });
    await expect(sampleModel(torn, { ...options, steps: 4000, workers: 2 })).rejects.toThrow(/model\.onnx/);
    await torn.dispose();
  });

  it.each([0, 1.5, 5000, Number.NaN])("are a whole number, not %s", async (workers) => {
    await expect(sampleModel(model, { solver: "em", steps: 1, workers })).rejects.toThrow("workers: must be");
  });
});
