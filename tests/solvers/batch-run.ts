import { batchSpace, findGrid, type Model, type Schedule } from "../../solvers/index.js";
import { fillNormal } from "../../solvers/noise/normal.js";
import { runSolver } from "../../solvers/run-solver.js";
import { parseSpec } from "../../solvers/spec.js";
import { fixedSolver } from "./gaussian-run.js";

export const SEED = 20;

/** The score of N(αm, α²v + σ²) along one coordinate, as a model. */
export function normalScore(schedule: Schedule, mean: number, variance: number): Model {
  return {
    predicts: "score",
    dimension: 1,
    evaluate({ x, times, count }, out) {
      for (let i = 0; i < count; i++) {
        const [alpha, sigma] = [schedule.alpha(times[i]!), schedule.sigma(times[i]!)];
        out[i] = -(x[i]! - alpha * mean) / (alpha * alpha * variance + sigma * sigma);
      }
    },
  };
}

/** The noise that a batch run of `batchRun` draws under this name. */
export function noiseOf(step: number, slot: number, count: number): Float64Array {
  const out = new Float64Array(count);
  fillNormal({ seed: SEED, stream: "sampler", step, slot }, 0, out);
  return out;
}

/** End states of a run on a batch with known start and noise. */
export async function batchRun(
  schedule: Schedule,
  model: Model,
  spec: string,
  steps: number,
  start: Float64Array,
  grid = "uniform",
): Promise<Float64Array> {
  const count = start.length / model.dimension;
  const space = batchSpace({
    model,
    count,
    start,
    noise: (_interval, step, slot, out) => fillNormal({ seed: SEED, stream: "sampler", step, slot }, 0, out),
  });
  const { name, options } = parseSpec(grid);
  const problem = { schedule, grid: findGrid(name).create(schedule, steps, options), space };
  return Float64Array.from((await runSolver(fixedSolver(spec), problem)).x);
}
