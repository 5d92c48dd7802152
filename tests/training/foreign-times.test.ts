import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { discrete, vp } from "../../src/sdes/index.js";
import { timeMap } from "../../src/training/foreign-time.js";
import { loadModel } from "../../src/training/index.js";
import type { OnnxModelOptions } from "../../src/training/onnx-model.js";
import { onnxHere } from "../engine/engines-here.js";

// Gives x · t, with t int64.
const path = join(import.meta.dirname, "../fixtures/engine/foreign.onnx");
const onnx = await onnxHere();
const sde = vp();
const folder = mkdtempSync(join(tmpdir(), "score-sde-times-"));
afterAll(async () => {
  await onnx?.dispose();
  rmSync(folder, { recursive: true });
});

describe.skipIf(onnx === undefined)("a network that takes whole numbers as time", () => {
  const times = Float64Array.of(1e-3, 0.0014, 0.0016, 0.25, 0.5004, 0.5006, 1);
  const told = async (options: OnnxModelOptions) => {
    const model = await loadModel(path, { sde, predicts: "noise", ...options });
    const out = new Float64Array(2 * times.length);
    await model.evaluate({ x: new Float64Array(2 * times.length).fill(1), times, count: times.length }, out);
    await model.dispose();
    return Array.from(times, (_, i) => out[2 * i]);
  };

  it("is told the nearest index of a step", async () => {
    expect(await told({ time: "index" })).toEqual([0, 0, 1, 249, 499, 500, 999]);
    expect(await told({ time: "index", timeScale: 100 })).toEqual([0, 0, 0, 24, 49, 49, 99]);
    expect(await told({ timeScale: 999 })).toEqual([1, 1, 2, 250, 500, 500, 999]);
  });

  it("is refused where times would be one or two whole numbers", async () => {
    for (const options of [{}, { time: "t", timeScale: 1.5 }] as const) {
      await expect(loadModel(path, { sde, predicts: "noise", ...options })).rejects.toThrow(
        /foreign\.onnx: time input 't' takes whole numbers, but got times from .* - give time \(--time index/,
      );
    }
  });

  it("is refused by the runtime with a way out that a file has", async () => {
    const bytes = readFileSync(path);
    const operator = bytes.indexOf("Mul");
    expect(operator).toBeGreaterThan(0);
    bytes.write("Mxl", operator);
    const odd = join(folder, "odd.onnx");
    writeFileSync(odd, bytes);
    await expect(loadModel(odd, { sde, predicts: "noise", time: "index" })).rejects.toThrow(
      /refuses the graph.*Mxl.* - export it with operators of the ONNX standard$/,
    );
  });
});

it("the index counts the steps of the table of β", () => {
  const betas = [0.1, 0.2, 0.3, 0.4];
  const toInput = timeMap({ time: "index", timeScale: betas.length }, discrete({ betas }));
  // t = (i + 1)/N.
  expect([0.25, 0.5, 0.75, 1].map(toInput)).toEqual([0, 1, 2, 3]);
  expect(toInput(0)).toBe(0);
});
