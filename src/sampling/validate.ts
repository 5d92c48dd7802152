import { UsageError } from "../../solvers/errors.js";
import { requireWhole } from "../../solvers/require-whole.js";
import { exactScore } from "../scores/exact-score.js";
import { type PointRows, pointRows } from "../targets/points.js";
import { posteriorSampleModel } from "./posterior-model.js";
import type { SampleOptions } from "./types.js";

/** Most samples of one run: each has a status, and longer lists of them leave the engine's fast kind. */
export const MOST_SAMPLES = 2 ** 25;

/** Fills in the defaults of `sample` and refuses what cannot be meant. */
export function checkSampleOptions(options: SampleOptions) {
  const { samples = 4096, firstSample = 0, seed = 0, run = 0, noise = "counter", denoise = false, batchSize } = options;
  requireWhole("samples", samples, 1, MOST_SAMPLES, "ask for fewer samples, or draw parts of a run by firstSample");
  requireWhole("firstSample", firstSample, 0, Number.MAX_SAFE_INTEGER);
  requireWhole("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  requireWhole("run", run, 0, 2 ** 32 - 1);
  if (batchSize !== undefined) requireWhole("batchSize", batchSize, 1, 2 ** 31);
  return { ...options, ...checkModel(options), samples, firstSample, seed, run, noise, denoise };
}

/** The model and how x₀ is taken from it. */
function checkModel({ sde, target, posterior = "mean", model }: SampleOptions) {
  if (posterior !== "mean" && posterior !== "sample") {
    throw new UsageError(`posterior: must be 'mean' or 'sample', but got ${JSON.stringify(posterior)}`);
  }
  if (target !== undefined) {
    if (posterior === "sample") posteriorSampleModel(target, sde, { seed: 0 });
    if (model !== undefined && model.dimension !== target.dimension) {
      throw new UsageError(
        `target: must have the dimension of the model, ${model.dimension}, but '${target.name}' has ${target.dimension}`,
      );
    }
    return { posterior, model: model ?? exactScore(target, sde) };
  }
  if (posterior === "sample") throw new UsageError("posterior: 'sample' draws from the data law - give it as `target`");
  if (model === undefined) throw new UsageError("model: missing - give a model, or a target for its exact score");
  return { posterior, model };
}

/** Start states as a flat row-major array. @throws UsageError for a wrong shape or a number that is not finite */
export function checkInitial(initial: PointRows, samples: number, dimension: number): Float64Array {
  const { data, count } = pointRows(initial, dimension, "initial");
  if (count !== samples) {
    throw new UsageError(
      `initial: must hold a row for each of ${samples} samples, but got ${count} - give as many, or set samples`,
    );
  }
  const broken = data.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) throw new UsageError(`initial: must be finite, but number ${broken} is ${data[broken]}`);
  return data;
}
