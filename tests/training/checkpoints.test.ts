import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createEngine } from "../../src/engine/index.js";
import { vp } from "../../src/sdes/index.js";
import { toy } from "../../src/targets/index.js";
import { findCheckpoint, loadModel, type TrainOptions, train } from "../../src/training/index.js";
import { smallTraining } from "./small-training.js";

const { engine, options: SMALL, folder } = await smallTraining();

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
    expect(whole.otherEngine).toBeNull();
    rmSync(join(directory, "checkpoints", "step-000000024"), { recursive: true });
    const metrics = join(directory, "metrics.jsonl");
    writeFileSync(metrics, `${readFileSync(metrics, "utf8")}{"step": 2`);
    const resumed = await train({ ...SMALL, directory, resume: true });
    expect(resumed.model.trained.parameters).toEqual(whole.model.trained.parameters);
    expect(resumed.history).toEqual(whole.history);
    expect(resumed.otherEngine).toBeNull();
    await whole.model.dispose();
    await resumed.model.dispose();
  });

  it("says what computed the checkpoint, where another engine goes on", async () => {
    const directory = folder();
    const { model } = await train({ ...SMALL, directory, checkpointEvery: 18, steps: 24 });
    await model.dispose();
    rmSync(join(directory, "checkpoints", "step-000000024"), { recursive: true });
    const other = await createEngine({ engine: "cpu" });
    const resumed = await train({ ...SMALL, directory, checkpointEvery: 18, resume: true, engine: other });
    expect(resumed.otherEngine).toBe(engine.description);
    await resumed.model.dispose();
    await other.dispose();
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
