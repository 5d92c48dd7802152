import { afterAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/index.js";
import { vp } from "../../src/sdes/index.js";
import { RowCounts, sameRows, usualRows } from "../../src/training/row-counts.js";
import { enginesHere } from "../engine/engines-here.js";
import { randomModel, rowsOf } from "./random-model.js";

const sde = vp();

describe("rows of a program", () => {
  it("are filled by more than a half where some are, of those that were found to change no bit", async () => {
    const asked: number[] = [];
    const agrees = async (rows: number) => {
      asked.push(rows);
      return rows !== 1;
    };
    const counts = new RowCounts({ chunk: 16, smaller: [1, 3, 8, 9], agrees });
    expect(counts.of(16, false)).toBe(16);
    expect(counts.of(9, false)).toBe(16);
    expect(asked).toEqual([]);
    for (const [left, rows] of [
      [8, 8],
      [5, 8],
      [4, 3],
      [2, 3],
    ] as const) {
      expect(await counts.of(left, false)).toBe(rows);
    }
    expect(asked).toEqual([8, 3]);
    // One row fills a program of one, which disagrees.
    expect(await counts.of(1, false)).toBe(3);
    expect(asked).toEqual([8, 3, 1]);
    const none = new RowCounts({ chunk: 8, smaller: [6], agrees: async () => true });
    expect(await none.of(1, true)).toBe(8);
    const disagreeing = new RowCounts({ chunk: 8, smaller: [2, 4], agrees: async () => false });
    expect(await disagreeing.of(1, true)).toBe(8);
  });

  it("agree when every bit of the first two parts does", async () => {
    const seen: number[][] = [];
    const run = (spoilt: number) => async (inputs: readonly Float32Array[], rows: number) => {
      seen.push(Array.from(inputs[0]!));
      const sums = inputs[0]!.map((value, i) => value + inputs[1]![i]!);
      if (rows === 2 && seen.length === spoilt) sums[3] = sums[3]! + 2 ** -24;
      return sums;
    };
    const trial = { chunk: 8, rows: 2, widths: [2, 2] };
    expect(await sameRows(trial, run(0))).toBe(true);
    expect(seen.map(({ length }) => length)).toEqual([16, 4, 4]);
    expect([...seen[1]!, ...seen[2]!]).toEqual(seen[0]!.slice(0, 8));
    expect(new Set(seen[0]).size).toBe(16);
    for (const spoilt of [2, 3]) {
      seen.length = 0;
      expect(await sameRows(trial, run(spoilt))).toBe(false);
    }
  });
});

const engines = await enginesHere(["onnx", "wasm", "cpu"]);
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));

/** The engine, and the rows of the programs that it is asked for. */
function counting(engine: Engine): { readonly engine: Engine; readonly rows: number[] } {
  const rows: number[] = [];
  const compile: Engine["compile"] = (spec, options) => {
    rows.push(spec.inputs[0]!.shape[0]!);
    return engine.compile(spec, options);
  };
  return { engine: Object.create(engine, { compile: { value: compile } }), rows };
}

describe.each(engines)("few rows on $name", (given) => {
  it.each([
    ["mlp:width=32,depth=2", [3], 0],
    ["residual-mlp:width=16,depth=1", [2], 2],
    ["unet:channels=8,levels=2", [8, 8, 1], 0],
    ["unet:channels=8,levels=1", [4, 4, 1], 2],
    ["transformer:width=8,depth=1,heads=2,patch=2", [4, 4, 1], 0],
  ] as const)("have the bits that they have among many: %s of %j, %d classes", async (spec, shape, classes) => {
    const { engine, rows } = counting(given);
    // The size is what decides in ONNX Runtime; the other engines are slow.
    const chunk = given.name === "onnx" ? usualRows(shape) : Math.min(usualRows(shape), 128);
    const model = await randomModel(engine, sde, { spec, shape: [...shape], classes, chunk });
    const { dimension } = model;
    const condition = classes > 0 ? 1 : null;
    const many = { ...rowsOf(sde, 2 * chunk, dimension), condition };
    const whole = new Float64Array(2 * chunk * dimension);
    const wholeProducts = new Float64Array(2 * chunk * dimension);
    const directions = Float64Array.from(whole, (_, i) => Math.sin(3 * i + 1));
    for (const isShared of [true, false]) {
      if (isShared) many.times.fill(0.4);
      else many.times.set(rowsOf(sde, 2 * chunk, dimension).times);
      await model.evaluate(many, whole);
      await model.vjp!(many, directions, wholeProducts);
      for (const count of [1, 3, (3 * chunk) >> 4, chunk + 2]) {
        const some = { x: many.x.slice(0, count * dimension), times: many.times.slice(0, count), count, condition };
        const out = new Float64Array(count * dimension);
        await model.evaluate(some, out);
        expect(out).toEqual(whole.slice(0, out.length));
        await model.vjp!(some, directions.slice(0, out.length), out);
        expect(out).toEqual(wholeProducts.slice(0, out.length));
      }
    }
    // ONNX Runtime gives few rows the same bits, so that they are not filled up there.
    if (given.name === "onnx") expect(Math.min(...rows)).toBeLessThan(chunk);
    await model.dispose();
  });
});
