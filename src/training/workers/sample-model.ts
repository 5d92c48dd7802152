import { availableParallelism } from "node:os";
import { UsageError } from "../../../solvers/errors.js";
import { resolveSolver } from "../../sampling/resolve.js";
import { DEFAULT_BATCH_SIZE, sample } from "../../sampling/sample.js";
import type { SampleOptions, SampleResult } from "../../sampling/types.js";
import { checkInitial, checkSampleOptions } from "../../sampling/validate.js";
import type { TrainedModel } from "../network-model.js";
import { type PlainSampleOptions, sharedRun } from "./draw-chunks.js";
import { isNamed } from "./open-portable.js";
import { othersFor, ThreadedRun } from "./threaded-run.js";

/** What `sampleModel` is told: as `sample`, but that model and SDE are the trained model's. */
export interface SampleModelOptions extends Omit<SampleOptions, "sde" | "model" | "onStep"> {
  /** Threads that draw, ≥ 1; 'auto' (default) begins with this one and takes one per core when the run turns out to be long. */
  readonly workers?: number | "auto";
  /** Share of the run that is done, in (0, 1]. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Samples of a trained model as `sample` draws them, chunk by chunk on several threads: the same bits for any number of them.
 *
 * Solvers that couple the rows of a batch, models of a user's own functions, user noise and exact draws of x₀ stay on this thread.
 * An abort stops every thread after its step.
 *
 * @throws UsageError for a number of workers that cannot be meant, and as `sample`
 * @throws EngineError when a thread cannot open the model or fails
 */
export async function sampleModel(model: TrainedModel, options: SampleModelOptions): Promise<SampleResult> {
  const { workers = "auto", onProgress, ...rest } = options;
  checkWorkers(workers);
  const whole = { ...rest, sde: model.sde, model };
  const threads = workers === "auto" ? availableParallelism() : workers;
  const plain = threads === 1 ? null : await plainOptions(model, whole);
  if (plain === null || model.threads === null) {
    return sample({
      ...whole,
      ...(onProgress === undefined ? {} : { onStep: ({ fraction }) => onProgress(fraction) }),
    });
  }
  const rows = chunkRows(plain.samples, threads, model.chunk);
  if (rows >= plain.samples) return sampleModel(model, { ...options, workers: 1 });
  // What is started is used, and a short run is not worth a start.
  const isPatient = workers === "auto" && !model.threads.isReady;
  const run = new ThreadedRun(model, model.threads, sharedRun(plain, rows), threads, isPatient);
  return run.work(options.signal, onProgress);
}

/**
 * Starts the threads that `sampleModel` takes for as many samples and waits until they hold the model; none for 'auto'.
 *
 * They are kept until `model.dispose`, for all runs from then on: what is measured afterwards holds no start of a thread.
 *
 * @throws UsageError for a number of workers that cannot be meant
 * @throws EngineError when a thread cannot open the model
 */
export async function prepareWorkers(
  model: TrainedModel,
  { samples, workers }: { readonly samples: number; readonly workers: number | "auto" },
): Promise<void> {
  checkWorkers(workers);
  if (workers === "auto" || workers === 1) return;
  await model.threads?.prepare(othersFor(samples, chunkRows(samples, workers, model.chunk), workers));
}

const MOST_WORKERS = 1024;

function checkWorkers(workers: number | "auto"): void {
  if (workers === "auto" || (Number.isInteger(workers) && workers >= 1 && workers <= MOST_WORKERS)) return;
  throw new UsageError(
    `workers: must be a whole number in [1, ${MOST_WORKERS}] or 'auto', but got ${JSON.stringify(workers)}`,
  );
}

/** Whole programs of the model, about four chunks for each thread, and no more than stays in the cache. */
function chunkRows(samples: number, threads: number, program: number): number {
  const rows = program * Math.ceil(samples / (4 * threads) / program);
  return Math.min(Math.max(rows, program), Math.max(program, DEFAULT_BATCH_SIZE));
}

/** The options that other threads can be told, or null when they cannot. */
async function plainOptions(model: TrainedModel, options: SampleOptions): Promise<PlainSampleOptions | null> {
  const checked = checkSampleOptions(options);
  const { solver, noise = "counter", posterior, samples, initial } = checked;
  const { sde: _sde, model: _model, target: _target, signal: _signal, batchSize, ...plain } = options;
  const isPlain = typeof solver === "string" && typeof noise === "string" && batchSize === undefined;
  if (!isPlain || posterior === "sample" || !(await isNamed(model.sde))) return null;
  const { variable, rtol, atol, control, maxEvaluations, maxSteps } = options;
  if (resolveSolver(solver, { variable, rtol, atol, control, maxEvaluations, maxSteps }).couplesBatch) return null;
  const { posterior: _posterior, initial: _initial, ...rest } = plain;
  const start = initial === undefined ? {} : { initial: checkInitial(initial, samples, model.dimension) };
  return { ...rest, ...start, solver, noise, samples };
}
