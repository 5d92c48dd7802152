import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { sample } from "../../src/sampling/sample.js";
import type { SampleOptions } from "../../src/sampling/types.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { vp } from "../../src/sdes/index.js";
import { toy } from "../../src/targets/index.js";

const sde = vp();
const model = exactScore(toy("trimodal"), sde);
const plane = exactScore(toy("two-moons"), sde);

const draw = async (options: Partial<SampleOptions> = {}) => {
  const adaptive = String(options.solver ?? "").startsWith("rk");
  const steps = adaptive ? {} : { steps: 6 };
  return (await sample({ sde, model, solver: "em", samples: 256, seed: 5, ...steps, ...options })).samples.data;
};

const digest = (values: Float64Array) =>
  createHash("sha256")
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest("hex");

describe.each([
  "em",
  "pc:correctorSteps=2",
  "dpm++2m",
  "edm-heun:churn=1,sMax=5",
  "pc:corrector=langevin,norm=sample",
  "rk23",
])("%s", (solver) => {
  it("one batch of 256 is 256 calls of one", async () => {
    const whole = await draw({ solver });
    for (let i = 0; i < 256; i++) {
      const [one] = await draw({ solver, samples: 1, firstSample: i });
      expect(one).toBe(whole[i]);
    }
  });

  it("does not depend on the batch size", async () => {
    const whole = await draw({ solver });
    for (const batchSize of [1, 7, 1024]) expect(await draw({ solver, batchSize })).toEqual(whole);
  });

  it("shards drawn in any order make the whole", async () => {
    const whole = await draw({ solver });
    const merged = new Float64Array(256);
    for (const [firstSample, samples] of [
      [201, 55],
      [0, 33],
      [64, 137],
      [33, 31],
    ] as const) {
      merged.set(await draw({ solver, firstSample, samples }), firstSample);
    }
    expect(merged).toEqual(whole);
  });

  it("in two dimensions too", async () => {
    const whole = await draw({ solver, model: plane, samples: 20 });
    const part = await draw({ solver, model: plane, samples: 3, firstSample: 9 });
    expect(part).toEqual(whole.slice(18, 24));
  });
});

it("4096 samples in one call and in calls of one", async () => {
  const whole = await draw({ samples: 4096, steps: 2 });
  let differing = 0;
  for (let i = 0; i < 4096; i++) {
    const [one] = await draw({ samples: 1, firstSample: i, steps: 2 });
    if (one !== whole[i]) differing++;
  }
  expect(differing).toBe(0);
});

/** Loads a TypeScript file in a thread. */
const LOADER = `import("tsx/esm/api").then(({ register }) => {
  register();
  return import(require("node:worker_threads").workerData.entry);
});`;
const entry = new URL("./shard-worker.ts", import.meta.url).href;

it("two worker threads make the same bits", async () => {
  const shard = (firstSample: number, samples: number) =>
    new Promise<Float64Array>((resolve, reject) => {
      const worker = new Worker(LOADER, {
        eval: true,
        workerData: { solver: "pc", firstSample, samples, steps: 6, entry },
      });
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  const [second, first] = await Promise.all([shard(100, 156), shard(0, 100)]);
  const whole = await draw({ solver: "pc" });
  expect(first).toEqual(whole.slice(0, 100));
  expect(second).toEqual(whole.slice(100));
});

it("seeds, runs and samples are different numbers", async () => {
  const whole = await draw();
  for (const other of [await draw({ seed: 6 }), await draw({ run: 1 }), await draw({ firstSample: 256 })]) {
    for (const [i, value] of other.entries()) expect(value).not.toBe(whole[i]);
  }
  expect(await draw()).toEqual(whole);
});

it("norm-based Langevin with batch means couples the batch, and only that", async () => {
  const solver = "pc:corrector=langevin";
  const whole = await draw({ solver });
  const [one] = await draw({ solver, samples: 1 });
  expect(one).not.toBe(whole[0]);
  // The batch is never split then.
  expect(await draw({ solver, batchSize: 7 })).toEqual(whole);
});

// Bits of whole runs: they change when an update rule, the generator, an elementary function or an order of summation does.
it.each([
  ["em", "b4f9e00ab1926feb00410899ec207a53d1970bfaa505a4473ea163525753e702"],
  ["pc", "1b6572c9803ffae591d01671ee7d9169fa56e6c647974392e9f597d51b62c027"],
  ["ddim", "ed6c1660aca93ae7cc0b509730f84aae02a424a9626d383dea9e4582b345b9d7"],
  ["rk45", "1b8cf6c20eac1f928f6abc8bb160d7482c4ad0a389e76c2b8c9eee94ff116a3c"],
])("golden hash of %s", async (solver, wanted) => {
  expect(digest(await draw({ solver, samples: 64, ...(solver === "rk45" ? {} : { steps: 20 }) }))).toBe(wanted);
});
