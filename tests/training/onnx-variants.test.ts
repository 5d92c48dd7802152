import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { edm, ve, vp } from "../../src/sdes/index.js";
import { loadModel } from "../../src/training/index.js";
import type { OnnxModelOptions } from "../../src/training/onnx-model.js";
import { onnxHere } from "../engine/engines-here.js";

// Networks exported by PyTorch, and what PyTorch computes of them: tests/fixtures/onnx/variants.py.
const fixtures = join(import.meta.dirname, "../fixtures/onnx");
const told = JSON.parse(readFileSync(join(fixtures, "variants.json"), "utf8"));
const onnx = await onnxHere();
afterAll(() => onnx?.dispose());
const load = (name: string, options: OnnxModelOptions) => loadModel(join(fixtures, name), options);

/** Some dozen float32 roundings of sums of size 1 to 4. */
const ROUNDING = 2e-6;

async function evaluate(name: string, options: OnnxModelOptions, { x, times }: Rows, condition?: unknown) {
  const model = await load(name, options);
  const out = new Float64Array(x.length);
  const batch = { x: Float64Array.from(x), times: Float64Array.from(times), count: times.length };
  try {
    await model.evaluate({ ...batch, ...(condition === undefined ? {} : { condition }) }, out);
  } finally {
    await model.dispose();
  }
  return out;
}

interface Rows {
  readonly x: readonly number[];
  readonly times: readonly number[];
}

function expectClose(found: Float64Array, wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  for (const [i, value] of wanted.entries()) expect(Math.abs(found[i]! - value)).toBeLessThan(ROUNDING);
}

describe.skipIf(onnx === undefined)("a network that PyTorch exported", () => {
  const sde = vp();

  describe("with numbers of classes", () => {
    const { x, t: times, noise } = told.classes;
    const known = { sde, predicts: "noise" } as const;

    it("is told them, and the next number for none", async () => {
      expectClose(await evaluate("classes.onnx", { ...known, classes: 3 }, { x, times }, [0, 1, 2, null]), noise);
    });

    it("knows no row without a class where it has no such number", async () => {
      const options = { ...known, classes: 4 };
      expectClose(await evaluate("classes.onnx", options, { x, times }, [0, 1, 2, 3]), noise);
      await expect(evaluate("classes.onnx", options, { x, times })).rejects.toThrow(
        /knows no row without a class \(number 4\), but got none - give a class in \[0, 4\)/,
      );
    });

    it("must be told how many there are", async () => {
      await expect(load("classes.onnx", known)).rejects.toThrow(/'y' takes numbers of classes.*--classes 10/);
      await expect(load("double.onnx", { ...known, classes: 3 })).rejects.toThrow(/no input for classes, but got 3/);
    });
  });

  describe("with free sizes and a learned variance", () => {
    const { sample: x, out } = told.variance;
    // The first half of the four channels of each of two images.
    const noise = [...out.slice(0, 24), ...out.slice(48, 72)];
    const known = { sde, predicts: "noise", time: "index" } as const;
    const shape = [2, 3, 4];

    it("is asked for images of a shape, and gives the channels that are named", async () => {
      const options = { ...known, shape, output: "out[:2]" };
      expectClose(await evaluate("variance.onnx", options, { x, times: [1e-3, 1] }), noise);
    });

    it("is refused with the way out", async () => {
      await expect(load("variance.onnx", known)).rejects.toThrow(/leaves more than the batch open.*--shape 2,32,32/);
      await expect(load("variance.onnx", { ...known, shape: [3, 3, 4] })).rejects.toThrow(
        /takes samples of shape \[2, height, width\], but got shape \[3, 3, 4\]/,
      );
      await expect(load("variance.onnx", { ...known, shape })).rejects.toThrow(
        /shape of x, \[8, 2, 3, 4\], but got \[8, 4, 3, 4\].*--output 'out\[:2\]'/,
      );
      for (const count of [1, 3]) {
        const output = `out[:${count}]`;
        await expect(load("variance.onnx", { ...known, shape, output })).rejects.toThrow(/shape of x/);
      }
      await expect(load("variance.onnx", { ...known, shape, output: "oot[:2]" })).rejects.toThrow(/mean 'out'/);
    });
  });

  it("of float64 runs, and gets σ where its time is called so", async () => {
    const { x, sigma, data } = told.double;
    const known = { sde: ve(), predicts: "data" } as const;
    const at = (scale: number) => sigma.map((value: number) => known.sde.timeAtLogSnr(-Math.log(scale * value)));
    expectClose(await evaluate("double.onnx", known, { x, times: at(1) }), data);
    expectClose(await evaluate("double.onnx", { ...known, timeScale: 2 }, { x, times: at(0.5) }), data);
    expectClose(await evaluate("double.onnx", { ...known, sde: edm(), time: "t" }, { x, times: sigma }), data);
  });

  it("must be told what a time of another name is", async () => {
    await expect(load("pytorch.onnx", { sde, predicts: "noise" })).rejects.toThrow(
      /does not say what its time input 'timestep' wants - give time \(--time t, sigma/,
    );
  });
});
