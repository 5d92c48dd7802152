import { Collector, type SamplePart } from "../../sampling/collector.js";
import { resolveGrid, resolveSolver } from "../../sampling/resolve.js";
import type { SampleResult } from "../../sampling/types.js";
import type { TrainedModel } from "../network-model.js";
import { Board, drawChunks, FRACTIONS, type SharedRun } from "./draw-chunks.js";
import type { SamplingThreads } from "./sampling-threads.js";

/** A patient run looks at the time left after so many milliseconds, and starts threads when it exceeds the second: they take about a third of a second to start. */
const LOOK_AFTER = 500;
const WORTH = 1500;

/** Threads beside this one that chunks of so many rows keep busy, when there are to be `most` in all. */
export function othersFor(samples: number, rows: number, most: number): number {
  return Math.min(most, Math.ceil(samples / rows)) - 1;
}

/** One run drawn by this thread and others. */
export class ThreadedRun {
  readonly #model: TrainedModel;
  readonly #threads: SamplingThreads;
  readonly #run: SharedRun;
  readonly #most: number;
  readonly #isPatient: boolean;
  readonly #parts = new Map<number, SamplePart>();
  readonly #others: Promise<void>[] = [];
  readonly #begun = performance.now();
  #failure: { readonly error: unknown } | null = null;

  constructor(model: TrainedModel, threads: SamplingThreads, run: SharedRun, most: number, isPatient: boolean) {
    this.#model = model;
    this.#threads = threads;
    this.#run = run;
    this.#most = most;
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
    const others = othersFor(options.samples, rows, this.#most);
    for (const end of this.#threads.draw(others, this.#run, (first, part) => this.#parts.set(first, part))) {
      this.#others.push(end.catch((error) => this.#fail(error)));
    }
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
