import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ndarray from "ndarray";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { createEngine } from "../../src/engine/index.js";
import { sample } from "../../src/sampling/sample.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { rectifiedFlow, vp } from "../../src/sdes/index.js";
import { gaussian, toy } from "../../src/targets/index.js";
import {
  defineNetwork,
  findCheckpoint,
  loadModel,
  type TrainOptions,
  train,
  weights,
  zeros,
} from "../../src/training/index.js";
import { resolveTraining } from "../../src/training/train-setting.js";

const engine = await createEngine();
const scratch = mkdtempSync(join(tmpdir(), "score-sde-train-"));
let folders = 0;
const folder = () => join(scratch, `run-${folders++}`);
afterAll(async () => {
  await engine.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

const SMALL: TrainOptions = {
  sde: vp(),
  data: toy("bimodal"),
  network: "mlp:width=8,depth=2,frequencies=2",
  batch: 32,
  steps: 24,
  seed: 11,
  checkpointEvery: 6,
  reportEvery: 4,
  validateEvery: 8,
  sampleEvery: 0,
  warmUp: 5,
  engine,
};

describe("what is learnt", () => {
  it("a linear network on Gaussian data: the coefficients of the exact score", async () => {
    const sde = vp();
    const [mean, deviation] = [0.7, 0.5];
    // Where α² s² is a tenth of the variance: the noise is then known to 0.1 from the state.
    const t = sde.timeAtLogSnr(0.5 * Math.log(0.3077 / 0.6923));
    const [alpha, sigma] = [sde.alpha(t), sde.sigma(t)];
    const variance = alpha * alpha * deviation * deviation + sigma * sigma;
    const { model } = await train({
      sde,
      data: gaussian({ mean, standardDeviation: deviation }),
      network: defineNetwork({
        name: "linear",
        parameters: () => [weights("slope", [1, 1], 1), zeros("offset", [1])],
        apply: (tf, { x }, parameter) => tf.add(tf.matMul(x, parameter("slope")), parameter("offset")),
      }),
      preconditioning: "none",
      predicts: "noise",
      weighting: "simple",
      timeSampling: { name: "one time", fromUniform: () => t, density: () => 1, factor: () => 1 },
      steps: 1200,
      batch: 2048,
      learningRate: 0.02,
      validateEvery: 1200,
      engine,
    });
    const slope = sigma / variance;
    // Least squares on the million samples that the average weighs: standard error √(0.1/10⁶) = 3e-4.
    const [learntSlope, learntOffset] = model.trained.parameters;
    expect(Math.abs(learntSlope! - slope)).toBeLessThan(1e-3);
    expect(Math.abs(learntOffset! + slope * alpha * mean)).toBeLessThan(1e-3);
    const x = Float64Array.of(-1, 0, 2);
    const score = new Float64Array(3);
    await model.as("score").evaluate({ x, times: new Float64Array(3).fill(t), count: 3 }, score);
    for (let i = 0; i < 3; i++) expect(Math.abs(score[i]! + (x[i]! - alpha * mean) / variance)).toBeLessThan(4e-3);
    await model.dispose();
  });

  it("the score of a bimodal law, better and better; samples of it have both modes", async () => {
    const { model, history, status } = await train({
      ...SMALL,
      network: "mlp:width=48,depth=3",
      batch: 256,
      steps: 400,
      learningRate: 1e-2,
      warmUp: 20,
      validateEvery: 50,
      reportEvery: 50,
      average: 0.98,
    });
    expect(status).toBe("success");
    const total = history.map(({ scoreError }) => scoreError!.reduce((sum, { value }) => sum + value, 0));
    expect(total.at(-1)!).toBeLessThan(0.2 * total[0]!);
    expect(history.at(-1)!.validationLoss!).toBeLessThan(history[0]!.validationLoss!);
    const result = await sample({ sde: SMALL.sde, model, solver: "ode-heun", steps: 20, samples: 512, seed: 4 });
    const right = result.samples.data.filter((x) => x > 0).length / 512;
    // Weight 0.6: by the data processing inequality and Pinsker's, |w − 0.6| ≤ √(KL/2) with KL ≤ ½ ∫ g² E‖s_θ − s‖² dt
    // for the reverse SDE; the same budget and four standard errors of 512 draws for the flow.
    const steps = history.at(-1)!.scoreError!;
    const { sde } = SMALL;
    const share = (sde.logSnr(sde.tMin) - sde.logSnr(sde.tMax)) / steps.length;
    const divergence = steps.reduce((sum, { value }) => sum + value * share, 0);
    expect(divergence).toBeLessThan(0.5);
    expect(Math.abs(right - 0.6)).toBeLessThan(Math.sqrt(divergence / 2) + 4 * Math.sqrt(0.24 / 512));
    await model.dispose();
  });

  it("the velocity of the rectified flow by the recipe of flow matching", async () => {
    const { model, history } = await train({
      ...SMALL,
      sde: rectifiedFlow(),
      recipe: "flow-matching",
      network: "mlp:width=48,depth=3",
      batch: 256,
      steps: 300,
      learningRate: 1e-2,
      warmUp: 20,
      average: 0.98,
      validateEvery: 20,
      reportEvery: 20,
    });
    expect(model.predicts).toBe("velocity");
    const total = history.map(({ scoreError }) => scoreError!.reduce((sum, { value }) => sum + value, 0));
    expect(total.at(-1)!).toBeLessThan(0.2 * total[0]!);
    // The velocity is ε − x₀: the model's conversions hold it against the exact score.
    const [x, score, velocity] = [Float64Array.of(0.3), new Float64Array(1), new Float64Array(1)];
    const batch = { x, times: Float64Array.of(0.5), count: 1 };
    await model.evaluate(batch, velocity);
    await exactScore(toy("bimodal"), rectifiedFlow()).as("velocity").evaluate(batch, score);
    // v = −x/α − (σ/α) s, so that at t = ½ it is off by twice σ|s_θ − s|: four times the root mean square that was measured near it.
    const measured = history.at(-1)!.scoreError!.toSorted((a, b) => Math.abs(a.t - 0.5) - Math.abs(b.t - 0.5));
    expect(Math.abs(velocity[0]! - score[0]!)).toBeLessThan(4 * 2 * Math.sqrt(measured[0]!.value));
    await model.dispose();
  });
});

describe("same seed, same engine", () => {
  it("gives the same bits, and another seed others", async () => {
    const runs = [await train(SMALL), await train(SMALL), await train({ ...SMALL, seed: 12 })];
    const [first, second, third] = runs.map(({ model }) => model.trained.parameters);
    expect(second).toEqual(first);
    expect(third).not.toEqual(first);
    expect(runs[1]!.history).toEqual(runs[0]!.history);
    for (const { model } of runs) await model.dispose();
  });

  it("gives the same bits when stopped and resumed, with the same learning curve", async () => {
    const whole = await train(SMALL);
    for (const stopAt of [1, 9, 12]) {
      const directory = folder();
      const controller = new AbortController();
      const stopped = await train({
        ...SMALL,
        directory,
        signal: controller.signal,
        onProgress: ({ step }) => step === stopAt && controller.abort(),
      });
      expect(stopped).toMatchObject({ status: "aborted", step: stopAt });
      const resumed = await train({ ...SMALL, directory, resume: true });
      expect(resumed).toMatchObject({ status: "success", step: 24, refused: [] });
      expect(resumed.model.trained.parameters).toEqual(whole.model.trained.parameters);
      expect(resumed.history).toEqual(whole.history);
      const lines = readFileSync(join(directory, "metrics.jsonl"), "utf8").trim().split("\n");
      expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(whole.history)));
      const final = (await findCheckpoint(directory))!.checkpoint.state;
      expect(Float32Array.from(final.average)).toEqual(whole.model.trained.parameters);
      await stopped.model.dispose();
      await resumed.model.dispose();
    }
    await whole.model.dispose();
  });

  it("gives the same bits when a kill left only an older checkpoint and half a line of metrics", async () => {
    const directory = folder();
    const whole = await train({ ...SMALL, directory });
    rmSync(join(directory, "checkpoints", "step-000000024"), { recursive: true });
    const metrics = join(directory, "metrics.jsonl");
    writeFileSync(metrics, `${readFileSync(metrics, "utf8")}{"step": 2`);
    const resumed = await train({ ...SMALL, directory, resume: true });
    expect(resumed.model.trained.parameters).toEqual(whole.model.trained.parameters);
    expect(resumed.history).toEqual(whole.history);
    await whole.model.dispose();
    await resumed.model.dispose();
  });
});

describe("checkpoints", () => {
  it("are the newest two, and load as the model that was trained", async () => {
    const directory = folder();
    const { model } = await train({ ...SMALL, directory });
    expect(readdirSync(join(directory, "checkpoints"))).toEqual(["step-000000018", "step-000000024"]);
    for (const path of [directory, join(directory, "checkpoints", "step-000000024")]) {
      const loaded = await loadModel(path, { engine });
      const batch = { x: Float64Array.of(-1, 0.2, 3), times: Float64Array.of(0.1, 0.5, 0.9), count: 3 };
      const [mine, theirs] = [new Float64Array(3), new Float64Array(3)];
      await model.evaluate(batch, mine);
      await loaded.evaluate(batch, theirs);
      expect(theirs).toEqual(mine);
      expect(loaded).toMatchObject({ predicts: "data", dimension: 1, standardisation: null, classes: 0 });
      await loaded.dispose();
    }
    await model.dispose();
  });

  it("that are torn or foreign are refused with the reason, and the one before is used", async () => {
    const directory = folder();
    const whole = await train({ ...SMALL, directory });
    const newest = join(directory, "checkpoints", "step-000000024");
    const spoil: readonly [RegExp, () => void][] = [
      [/average\.npy: its checksum/, () => truncateSync(join(newest, "average.npy"), 100)],
      [
        /parameters\.npy: its checksum/,
        () => {
          const path = join(newest, "parameters.npy");
          const bytes = readFileSync(path);
          bytes[200] = bytes[200]! ^ 1;
          writeFileSync(path, bytes);
        },
      ],
      [/firstMoment\.npy: cannot read it/, () => rmSync(join(newest, "firstMoment.npy"))],
      [/is not JSON/, () => truncateSync(join(newest, "checkpoint.json"), 300)],
      [
        /checkpoint\.json: its checksum is wrong/,
        () => {
          const path = join(newest, "checkpoint.json");
          writeFileSync(path, readFileSync(path, "utf8").replace('"seed": 11', '"seed": 12'));
        },
      ],
      [/must have the schema/, () => writeFileSync(join(newest, "checkpoint.json"), '{"schema": "other"}')],
      [/checkpoint\.json: cannot read it/, () => rmSync(join(newest, "checkpoint.json"))],
    ];
    for (const [reason, harm] of spoil) {
      harm();
      const found = (await findCheckpoint(directory))!;
      expect(found.checkpoint.step).toBe(18);
      expect(found.refused).toHaveLength(1);
      expect(found.refused[0]).toMatch(reason);
      const resumed = await train({ ...SMALL, directory, resume: true });
      expect(resumed.refused[0]).toMatch(reason);
      expect(resumed.model.trained.parameters).toEqual(whole.model.trained.parameters);
      await resumed.model.dispose();
    }
    await whole.model.dispose();
  });

  it("of another run are refused by the name of what differs", async () => {
    const directory = folder();
    const { model } = await train({ ...SMALL, directory });
    await model.dispose();
    const resume = (changed: Partial<TrainOptions>) => train({ ...SMALL, directory, resume: true, ...changed });
    await expect(resume({ seed: 12 })).rejects.toThrow(/its seed is 11, but this run has 12/);
    await expect(resume({ sde: vp({ betaMax: 10 }) })).rejects.toThrow(/its sde is/);
    await expect(resume({ network: "mlp:width=9,depth=2,frequencies=2" })).rejects.toThrow(/its network is/);
    await expect(resume({ data: toy("trimodal") })).rejects.toThrow(/its data is/);
    await expect(resume({ steps: 48 })).rejects.toThrow(/its steps is 24, but this run has 48/);
    await expect(train({ ...SMALL, directory })).rejects.toThrow(/holds a training run already/);
    expect(existsSync(join(directory, "checkpoints", "step-000000024", "checkpoint.json"))).toBe(true);
  });

  it("of a constant learning rate go on beyond the end, as if it had been later", async () => {
    const options = { ...SMALL, decay: "constant", checkpointEvery: 6, reportEvery: 4, validateEvery: 8 } as const;
    const directory = folder();
    const short = await train({ ...options, steps: 12, directory });
    const long = await train({ ...options, directory, resume: true });
    const whole = await train(options);
    expect(long.model.trained.parameters).toEqual(whole.model.trained.parameters);
    for (const { model } of [short, long, whole]) await model.dispose();
  });
});

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
    const path = join(scratch, "file");
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
