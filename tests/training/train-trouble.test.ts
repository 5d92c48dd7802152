import { readFileSync, writeFileSync } from "node:fs";
import ndarray from "ndarray";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { vp } from "../../src/sdes/index.js";
import { findCheckpoint, type TrainOptions, train } from "../../src/training/index.js";
import { resolveTraining } from "../../src/training/train-setting.js";
import { smallTraining } from "./small-training.js";

const { options: SMALL, folder } = await smallTraining();

describe("a loss that is not finite", () => {
  it("ends training with the batch and t that did it, and keeps the last good parameters", async () => {
    const directory = folder();
    let calls = 0;
    const result = await train({
      ...SMALL,
      directory,
      stratified: false,
      // Twelve batches of 32 rows are sound (row 4 of the thirteenth is not); weights are asked once for each row.
      weighting: { name: "broken", on: "noise", weight: () => (++calls === 12 * 32 + 5 ? Number.NaN : 1) },
      timeSampling: "uniform",
      validation: 0,
      validateEvery: 24,
    });
    expect(result.status).toBe("non-finite");
    expect(result.message).toMatch(/^step 12: the loss is NaN in batch 12, first in row 4 at t = 0\.\d+ /);
    expect(result.step).toBe(12);
    expect(result.model.trained.parameters.every(Number.isFinite)).toBe(true);
    expect((await findCheckpoint(directory))!.checkpoint.step).toBe(12);
    await result.model.dispose();
  });

  it("comes of a learning rate far too high, without an exception", async () => {
    const result = await train({ ...SMALL, learningRate: 1e30, warmUp: 0, clip: Number.POSITIVE_INFINITY });
    expect(result.status).toBe("non-finite");
    expect(result.model.trained.parameters.every(Number.isFinite)).toBe(true);
    await result.model.dispose();
  });

  it("for every row takes the checkpoint away that holds the parameters it comes of", async () => {
    const directory = folder();
    const wild = { learningRate: 1e30, warmUp: 0, clip: Number.POSITIVE_INFINITY, checkpointEvery: 1 };
    const result = await train({ ...SMALL, ...wild, directory });
    expect(result).toMatchObject({ status: "non-finite", step: 0 });
    expect(result.message).toMatch(/^step 1: .*the parameters of step 0 are kept/);
    expect(await findCheckpoint(directory)).toBeNull();
    await result.model.dispose();
  });
});

describe("bad input", () => {
  const rows = (values: readonly number[], columns = 1) =>
    ndarray(Float64Array.from(values), [values.length / columns, columns]);
  const many = Array.from({ length: 100 }, (_, i) => Math.sin(i));

  it.each<[string, Partial<TrainOptions>, RegExp]>([
    ["no rows", { data: rows([]) }, /at least two rows/],
    ["one row", { data: rows([1]) }, /at least two rows, but got one/],
    ["NaN", { data: rows([...many, Number.NaN]) }, /must be finite, but got NaN in row 100, column 0/],
    [
      "a constant column",
      {
        data: rows(
          many.flatMap((x) => [x, 3]),
          2,
        ),
      },
      /column 1 is constant at 3/,
    ],
    ["numbers whose squares overflow", { data: rows(many.map((x) => 1e200 * x)) }, /squares of column 0 overflow/],
    [
      "labels between classes",
      { data: rows(many), labels: many.map((_, i) => i / 2) },
      /labels: must be whole numbers in \[0, 50\), but got 0\.5 in row 1/,
    ],
    ["a batch larger than the data", { data: rows(many), batch: 91 }, /batch: must not exceed .*90 of 100/],
    ["the wrong image size", { data: rows(many, 4), shape: [3, 3, 1], batch: 8 }, /shape: must hold the 4 numbers/],
    [
      "an odd image for a U-Net",
      {
        data: ndarray(
          new Float64Array(270).map((_, i) => i % 7),
          [30, 3, 3, 1],
        ),
        network: "unet:levels=2",
        batch: 8,
      },
      /multiples of 2/,
    ],
    ["points for a U-Net", { network: "unet" }, /height, width, channels/],
    ["an unknown network", { network: "mlpp" }, /Did you mean 'mlp'/],
    ["an unknown option", { network: "mlp:widht=4" }, /Did you mean 'width'/],
    ["a width of nothing", { network: "mlp:width=0" }, /width must be a whole number/],
    ["an unknown recipe", { recipe: "ddpmm" }, /Did you mean 'ddpm'/],
    ["labels of a target", { labels: [1, 2] }, /labels: belong to the rows of an array/],
    ["a label too many", { data: rows(many), labels: [0] }, /one for each of the 100 rows/],
    ["a fractional label", { data: rows(many), labels: many.map(() => 0.5), classes: 2 }, /whole numbers in \[0, 2\)/],
    ["no steps", { steps: 0 }, /steps: must be a whole number/],
    ["a rate of 0", { learningRate: 0 }, /learningRate: must be a positive number/],
    ["resume without a directory", { resume: true }, /needs the directory/],
  ])("%s is refused", async (_name, options, message) => {
    const attempt = train({ ...SMALL, ...options });
    await expect(attempt).rejects.toThrow(UsageError);
    await expect(attempt).rejects.toThrow(message);
  });

  it("a directory that is a file is refused and nothing is lost", async () => {
    const path = folder();
    writeFileSync(path, "mine");
    await expect(train({ ...SMALL, directory: path })).rejects.toThrow(UsageError);
    expect(readFileSync(path, "utf8")).toBe("mine");
  });

  it("the batch is no larger than the rows kept for training, unless it is asked to be", async () => {
    const rows = (count: number) =>
      ndarray(
        Float64Array.from({ length: count }, (_, i) => Math.sin(i)),
        [count, 1],
      );
    const batchOf = (options: Partial<TrainOptions>) =>
      resolveTraining({ sde: vp(), data: rows(40), ...options }).batch;
    expect(batchOf({})).toBe(36);
    expect(batchOf({ validation: 0 })).toBe(40);
    expect(batchOf({ data: rows(600) })).toBe(512);
    expect(() => batchOf({ batch: 37 })).toThrow(
      /batch: must not exceed the rows of data kept for training \(36 of 40\)/,
    );
    expect(() => batchOf({ validation: Number.NaN })).toThrow(/validation: /);
  });

  it("an engine that is not there is named", async () => {
    await expect(train({ ...SMALL, engine: JSON.parse('"tensorfow"') })).rejects.toThrow(/Did you mean 'tensorflow'/);
  });
});
