import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { sample } from "../../src/sampling/sample.js";
import { vp } from "../../src/sdes/index.js";
import { loadModel } from "../../src/training/index.js";
import { onnxHere } from "../engine/engines-here.js";

// A perceptron trained in PyTorch on the bimodal law, its .onnx file, and what PyTorch makes of it: tests/fixtures/onnx/pytorch.py.
const fixtures = join(import.meta.dirname, "../fixtures/onnx");
const told = JSON.parse(readFileSync(join(fixtures, "pytorch.json"), "utf8"));
const onnx = await onnxHere();
const sde = vp();
const model =
  onnx === undefined ? null : await loadModel(join(fixtures, "pytorch.onnx"), { sde, predicts: "noise", time: "t" });
afterAll(async () => {
  await model?.dispose();
  await onnx?.dispose();
});

describe.skipIf(model === null)("a score model from PyTorch", () => {
  const drawn = async (solver: string, steps: number, rest: { samples: number; initial?: Float64Array }) =>
    (await sample({ sde, model: model!, solver, grid: "uniform", steps, seed: 3, ...rest })).samples.data;

  it("gives PyTorch's outputs", async () => {
    const points: readonly { x: number; t: number; noise: number }[] = told.points;
    const out = new Float64Array(points.length);
    const times = Float64Array.from(points, ({ t }) => t);
    await model!.evaluate({ x: Float64Array.from(points, ({ x }) => x), times, count: points.length }, out);
    // Sums of some dozen float32 products of size 1 to 10.
    for (const [i, { noise }] of points.entries()) expect(Math.abs(out[i]! - noise)).toBeLessThan(1e-5);
  });

  it.each([
    ["ddim", "ddim"],
    ["ode-heun", "odeHeun"],
  ])("ends where PyTorch ends from the same starts: %s", async (solver, name) => {
    const initial = Float64Array.from(told.starts as number[]);
    const ends = await drawn(solver, told[name].steps, { samples: initial.length, initial });
    for (const [i, end] of Array.from(ends).entries()) expect(Math.abs(end - told[name].ends[i])).toBeLessThan(1e-5);
  });

  it("has the moments of Euler–Maruyama in PyTorch, within their standard errors", async () => {
    const samples = 16_384;
    const x = await drawn("em", told.em.steps, { samples });
    const statistics: readonly [string, (value: number) => number][] = [
      ["mean", (value) => value],
      ["square", (value) => value * value],
      ["fourth", (value) => value ** 4],
      ["right", (value) => (value > 0 ? 1 : 0)],
    ];
    for (const [name, of] of statistics) {
      const values = Array.from(x, of);
      const mean = values.reduce((sum, value) => sum + value, 0) / samples;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (samples - 1);
      const there: { mean: number; standardError: number } = told.em[name];
      const z = (mean - there.mean) / Math.sqrt(variance / samples + there.standardError ** 2);
      expect(Math.abs(z), name).toBeLessThan(4);
    }
  });
});
