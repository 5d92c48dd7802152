import { parentPort, workerData } from "node:worker_threads";
import { sample } from "../../src/sampling/sample.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { vp } from "../../src/sdes/index.js";
import { toy } from "../../src/targets/index.js";

/** Draws one shard of a run and posts its numbers. */
const { solver, firstSample, samples, steps } = workerData as Readonly<{
  solver: string;
  firstSample: number;
  samples: number;
  steps: number;
}>;
const sde = vp();
const model = exactScore(toy("trimodal"), sde);
sample({ sde, model, solver, steps, samples, firstSample, seed: 5 }).then(
  (result) => parentPort?.postMessage(result.samples.data),
  (error: unknown) => {
    throw error;
  },
);
