import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ndarray from "ndarray";
import { afterAll, describe, expect, it } from "vitest";
import { fillNormal } from "../../solvers/noise/normal.js";
import { arrayRows, openRows, writeArray } from "../../src/files/index.js";
import { rowOrder } from "../../src/training/row-order.js";
import { rowSource } from "../../src/training/row-source.js";
import { standardisationOf } from "../../src/training/standardisation.js";
import { surveyRows } from "../../src/training/survey-rows.js";

const scratch = mkdtempSync(join(tmpdir(), "score-sde-rows-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("the order of rows", () => {
  it.each([1, 2, 3, 5, 16, 17, 1000, 4097])("of %i rows has each once", (count) => {
    const order = rowOrder(count, { seed: 3, slot: 18, step: 0 });
    const rows = Array.from({ length: count }, (_, place) => order(place));
    expect(rows.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
  });

  it("puts every row at every place equally often over the epochs, and pairs too", () => {
    const [count, epochs] = [10, 8000];
    const places = new Float64Array(count * count);
    const pairs = new Float64Array(count * count);
    for (let step = 0; step < epochs; step++) {
      const order = rowOrder(count, { seed: 1, slot: 18, step });
      for (let place = 0; place < count; place++) places[place * count + order(place)]! += 1;
      pairs[order(0) * count + order(1)]! += 1;
    }
    // For tables of permutations Σ (observed − expected)²/expected · (count − 1)/count has the law χ² of (count − 1)² degrees.
    const expected = epochs / count;
    const square = (places.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0) * (count - 1)) / count;
    const freedom = (count - 1) ** 2;
    expect(Math.abs(square - freedom)).toBeLessThan(4 * Math.sqrt(2 * freedom));
    const perPair = epochs / (count * (count - 1));
    const off = pairs.filter((_, i) => Math.floor(i / count) !== i % count);
    const pairSquare = off.reduce((sum, n) => sum + (n - perPair) ** 2 / perPair, 0);
    const pairFreedom = count * (count - 1) - 1;
    expect(Math.abs(pairSquare - pairFreedom)).toBeLessThan(4 * Math.sqrt(2 * pairFreedom));
  });

  it("is another one for another seed, use and epoch, and needs no table for many rows", () => {
    const places = [0, 1, 2, 3, 4, 5, 6, 7];
    const order = (name: Parameters<typeof rowOrder>[1]) => places.map(rowOrder(1e12, name));
    const base = order({ seed: 1, slot: 18, step: 0 });
    for (const other of [
      { seed: 2, slot: 18, step: 0 },
      { seed: 1, slot: 22, step: 0 },
      { seed: 1, slot: 18, step: 1 },
    ]) {
      expect(order(other)).not.toEqual(base);
    }
    expect(Math.max(...base)).toBeLessThan(1e12);
  });
});

describe("the survey of rows", () => {
  it("gives mean and variance to rounding, far from 0 too", () => {
    const count = 1001;
    const z = new Float64Array(2 * count);
    fillNormal({ seed: 5, stream: "probe" }, 0, z);
    // Multiples of 2^-10 near 2^20 are exact, and so are their differences from 2^20.
    const data = z.map((value, i) => (i % 2 === 0 ? 2 ** 20 : 0) + Math.round(1024 * value) / 1024);
    const { mean, variance } = surveyRows(arrayRows(ndarray(data, [count, 2])));
    for (const d of [0, 1]) {
      const near = Array.from({ length: count }, (_, i) => data[2 * i + d]! - (d === 0 ? 2 ** 20 : 0));
      const exactMean = near.reduce((sum, x) => sum + x, 0) / count;
      const exactVariance = near.reduce((sum, x) => sum + (x - exactMean) ** 2, 0) / count;
      const ulp = d === 0 ? 2 ** -32 : 2 ** -52;
      expect(Math.abs(mean[d]! - (d === 0 ? 2 ** 20 : 0) - exactMean)).toBeLessThan(count * ulp);
      expect(Math.abs(variance[d]! - exactVariance)).toBeLessThan(count * ulp * 4);
    }
  });

  it("pools the pixels of images into one mean and deviation", () => {
    const data = Float64Array.of(0, 0, 1, 5, 0, 2, 3, 5);
    const survey = surveyRows(arrayRows(ndarray(data, [2, 2, 2, 1])));
    const { mean, scale } = standardisationOf(survey, true);
    // Mean 2, mean square 8: variance 4. Column 3 is constant and does not matter.
    expect(mean).toEqual([2, 2, 2, 2]);
    expect(scale).toEqual([2, 2, 2, 2]);
    expect(() => standardisationOf(survey, false)).toThrow(/column 0 is constant at 0/);
  });
});

describe("rows of a .npy file", () => {
  const count = 300;
  const data = Float64Array.from({ length: 3 * count }, (_, i) => Math.sin(i * i));
  const settings = {
    shape: [3],
    labels: undefined,
    classes: 0,
    standardise: true,
    validation: 0.1,
    batch: 64,
    seed: 9,
  };

  it("give the batches of the same rows in memory, bit for bit", async () => {
    const path = join(scratch, "rows.npy");
    await writeArray(path, ndarray(data, [count, 3]));
    const file = await openRows(path, { memory: 0 });
    const memory = arrayRows(ndarray(data, [count, 3]));
    const [streamed, whole] = [file, memory].map((rows) => rowSource({ ...settings, rows }));
    expect(streamed!.fingerprint).toBe(whole!.fingerprint);
    expect(streamed!.standardisation).toEqual(whole!.standardisation);
    const [a, b] = [new Float64Array(192), new Float64Array(192)];
    const none = new Int32Array(64);
    for (const step of [0, 1, 4, 5, 17]) {
      streamed!.fillTraining(64 * step, a, none);
      whole!.fillTraining(64 * step, b, none);
      expect(a).toEqual(b);
    }
    streamed!.fillValidation(5, a, none);
    whole!.fillValidation(5, b, none);
    expect(a).toEqual(b);
    file.close();
  });

  it("are every row once an epoch, and never a held-out one", () => {
    const rows = arrayRows(ndarray(data, [count, 3]));
    const source = rowSource({ ...settings, standardise: false, rows });
    expect([source.trainingCount, source.validationCount]).toEqual([270, 30]);
    const epoch = (first: number) => {
      const out = new Float64Array(3 * 270);
      source.fillTraining(first, out, new Int32Array(270));
      return Array.from({ length: 270 }, (_, i) => out[3 * i]!);
    };
    const held = new Float64Array(90);
    source.fillValidation(0, held, new Int32Array(30));
    const heldFirst = Array.from({ length: 30 }, (_, i) => held[3 * i]!);
    const [one, two] = [epoch(0), epoch(270)];
    expect(one).not.toEqual(two);
    expect(one.toSorted()).toEqual(two.toSorted());
    const all = Array.from({ length: count }, (_, i) => data[3 * i]!);
    expect([...one, ...heldFirst].toSorted()).toEqual(all.toSorted());
  });

  it("that are cut short are refused", async () => {
    const path = join(scratch, "short.npy");
    await writeArray(path, ndarray(data, [count, 3]));
    const { readFileSync } = await import("node:fs");
    writeFileSync(path, readFileSync(path).subarray(0, -8));
    await expect(openRows(path)).rejects.toThrow(/truncated/);
    await expect(openRows(join(scratch, "none.npy"))).rejects.toThrow(/there is no such file/);
  });
});
