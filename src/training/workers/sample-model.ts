import { availableParallelism } from "node:os";
import { UsageError } from "../../../solvers/errors.js";
import { EngineError } from "../../engine/index.js";
import { Collector, type SamplePart } from "../../sampling/collector.js";
import { resolveGrid, resolveSolver } from "../../sampling/resolve.js";
import { DEFAULT_BATCH_SIZE, sample } from "../../sampling/sample.js";
import type { SampleOptions, SampleResult } from "../../sampling/types.js";
import { checkInitial, checkSampleOptions } from "../../sampling/validate.js";
import type { TrainedModel } from "../network-model.js";
import { Board, drawChunks, FRACTIONS, type PlainSampleOptions, type SharedRun } from "./draw-chunks.js";
import { isNamed } from "./open-portable.js";
import type { PortableModel } from "./portable-model.js";
import type { SamplingJob } from "./sampling-worker.js";
import { startThread } from "./start-thread.js";

/** What `sampleModel` is told: as `sample`, but that model and SDE are the trained model's. */
export interface SampleModelOptions extends Omit<SampleOptions, "sde" | "model" | "onStep"> {
  /** Threads that draw, ≥ 1; 'auto' (default) begins with this one and takes one per core when the run turns out to be long. */
  readonly workers?: number | "auto";
  /** Share of the run that is done, in (0, 1]. */
  readonly onProgress?: (fraction: number) => void;
}

/** 'auto' looks at the time left after so many milliseconds, and starts threads when it exceeds the second: they take about a third of a second to start. */
const LOOK_AFTER = 500;
const WORTH = 1500;

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
  if (workers !== "auto" && !(Number.isInteger(workers) && workers >= 1 && workers <= MOST_WORKERS)) {
    throw new UsageError(
      `workers: must be a whole number in [1, ${MOST_WORKERS}] or 'auto', but got ${JSON.stringify(workers)}`,
    );
  }
  const whole = { ...rest, sde: model.sde, model };
  const threads = workers === "auto" ? availableParallelism() : workers;
  const plain = threads === 1 ? null : await plainOptions(model, whole);
  if (plain === null || model.portable === null) {
    return sample({
      ...whole,
      ...(onProgress === undefined ? {} : { onStep: ({ fraction }) => onProgress(fraction) }),
    });
  }
  const rows = chunkRows(plain.samples, threads, model.chunk);
  if (rows >= plain.samples) return sampleModel(model, { ...options, workers: 1 });
  const board = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  const run: SharedRun = { options: plain, rows, board };
  return new ThreadedRun(model, model.portable, run, threads, workers === "auto").work(options.signal, onProgress);
}

const MOST_WORKERS = 1024;

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

/** One run drawn by this thread and others. */
class ThreadedRun {
  readonly #model: TrainedModel;
  readonly #portable: () => PortableModel;
  readonly #run: SharedRun;
  readonly #threads: number;
  readonly #isPatient: boolean;
  readonly #parts = new Map<number, SamplePart>();
  readonly #others: Promise<void>[] = [];
  readonly #begun = performance.now();
  #failure: { readonly error: unknown } | null = null;

  constructor(model: TrainedModel, portable: () => PortableModel, run: SharedRun, threads: number, isPatient: boolean) {
    this.#model = model;
    this.#portable = portable;
    this.#run = run;
    this.#threads = threads;
    this.#isPatient = isPatient;
  }

  async work(signal: AbortSignal | undefined, onProgress: ((fraction: number) => void) | undefined) {
    const { board } = this.#run;
    const stop = () => Atomics.store(board, Board.STOP, 1);
    signal?.addEventListener("abort", stop);
    if (signal?.aborted) stop();
    const tell = () => {
      const fraction = this.#fraction();
      if (fraction > 0) onProgress?.(fraction);
    };
    const clock = setInterval(tell, 200);
    try {
      if (!this.#isPatient) this.#start();
      await drawChunks(
        this.#model,
        this.#run,
        (first, part) => this.#parts.set(first, part),
        () => {
          tell();
          if (this.#isPatient && this.#others.length === 0 && this.#isLong()) this.#start();
        },
      );
    } catch (error) {
      this.#fail(error);
    }
    await Promise.all(this.#others);
    clearInterval(clock);
    signal?.removeEventListener("abort", stop);
    if (this.#failure !== null) throw this.#failure.error;
    return this.#collect();
  }

  #fraction(): number {
    const { options, rows, board } = this.#run;
    const chunks = Math.ceil(options.samples / rows);
    return Math.min(1, Atomics.load(board, Board.DONE) / FRACTIONS / chunks);
  }

  #isLong(): boolean {
    const elapsed = performance.now() - this.#begun;
    const { options, rows, board } = this.#run;
    const isLeft = rows * Atomics.load(board, Board.NEXT) < options.samples;
    const fraction = this.#fraction();
    return isLeft && elapsed > LOOK_AFTER && (elapsed * (1 - fraction)) / fraction > WORTH;
  }

  #start(): void {
    const { options, rows } = this.#run;
    const most = Math.min(this.#threads, Math.ceil(options.samples / rows));
    const job: SamplingJob = { portable: this.#portable(), run: this.#run };
    for (let thread = 1; thread < most; thread++) this.#others.push(this.#startOne(job));
  }

  /** A thread ends by itself: one that is told to inside the runtime takes the process with it. */
  #startOne(job: SamplingJob): Promise<void> {
    const worker = startThread("sampling-worker", job);
    return new Promise((resolve) => {
      worker.on("message", ({ first, part }: { readonly first: number; readonly part: SamplePart }) => {
        this.#parts.set(first, part);
      });
      worker.once("error", (error) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.#fail(new EngineError("run-failed", `a sampling thread failed: ${reason}`, { cause: error }));
      });
      worker.once("exit", () => resolve());
    });
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    Atomics.store(this.#run.board, Board.STOP, 1);
  }

  #collect(): SampleResult {
    const { solver, keepPath = false, denoise = false, samples, ...options } = this.#run.options;
    const { variable, rtol, atol, control, maxEvaluations, maxSteps } = options;
    const { kind } = resolveSolver(solver, { variable, rtol, atol, control, maxEvaluations, maxSteps });
    const grid = kind === "fixed" ? resolveGrid(this.#model.sde, options) : null;
    const { dimension } = this.#model;
    const collector = new Collector({ count: samples, dimension, times: grid?.times ?? null, keepPath, denoise });
    for (const [first, part] of Array.from(this.#parts).sort(([a], [b]) => a - b)) collector.absorb(first, part);
    return collector.result();
  }
}
