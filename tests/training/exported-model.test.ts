import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadModel } from "../../src/training/index.js";
import { onnxHere } from "../engine/engines-here.js";
import { exportedCase, exportedInputs } from "../fixtures/onnx/exported-case.js";

const fixtures = join(import.meta.dirname, "../fixtures/onnx");
const onnx = await onnxHere();

it.skipIf(onnx === undefined)(
  "Python's onnxruntime computes from an exported file what the model computes",
  async () => {
    const told: { outputs: string[]; score: number[][] } = JSON.parse(
      readFileSync(join(fixtures, "exported.json"), "utf8"),
    );
    expect(told.outputs).toEqual(["score"]);
    const model = await exportedCase(onnx!);
    const again = await loadModel(join(fixtures, "exported.onnx"));
    const { x, t, label } = exportedInputs();
    const condition = label.map((row) => (row.includes(1) ? row.indexOf(1) : null));
    const batch = { x: Float64Array.from(x.flat()), times: Float64Array.from(t), count: t.length, condition };
    for (const one of [model.as("score"), again]) {
      const score = new Float64Array(batch.x.length);
      await one.evaluate(batch, score);
      for (const [row, there] of told.score.entries()) {
        const size = Math.max(...there.map(Math.abs));
        for (const [d, value] of there.entries()) {
          expect(Math.abs(score[2 * row + d]! - value)).toBeLessThan(1e-5 * size);
        }
      }
    }
    expect(again.standardisation).toEqual(model.standardisation);
    expect(again.sde.options).toEqual(model.sde.options);
    await Promise.all([model.dispose(), again.dispose(), onnx!.dispose()]);
  },
);
