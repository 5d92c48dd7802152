import { type SamplePart, samplePart } from "../../sampling/collector.js";
import { sample } from "../../sampling/sample.js";
import type { SampleOptions } from "../../sampling/types.js";
import type { OpenedModel } from "./open-portable.js";

/** Options of `sample` that can go from thread to thread. */
export type PlainSampleOptions = Omit<
  SampleOptions,
  "sde" | "model" | "target" | "posterior" | "solver" | "noise" | "initial" | "onStep" | "signal" | "batchSize"
> & {
  readonly solver: string;
  readonly samples: number;
  readonly noise?: "counter" | "path";
  readonly initial?: Float64Array;
};

/** A run cut into chunks of rows, and where the threads that draw them stand. */
export interface SharedRun {
  readonly options: PlainSampleOptions;
  /** Rows of a chunk. */
  readonly rows: number;
  /** The next chunk, whether to stop, and the millionths of a chunk done. */
  readonly board: Int32Array<SharedArrayBuffer>;
}

export const Board = { NEXT: 0, STOP: 1, DONE: 2 } as const;

/** A run of which nothing is done. */
export function sharedRun(options: PlainSampleOptions, rows: number): SharedRun {
  const bytes = Object.keys(Board).length * Int32Array.BYTES_PER_ELEMENT;
  return { options, rows, board: new Int32Array(new SharedArrayBuffer(bytes)) };
}

/** Parts of a chunk that the board counts. */
export const FRACTIONS = 10_000;

/** Takes one chunk after another until none is left or the board says stop; `finished` has each of them. */
export async function drawChunks(
  model: Omit<OpenedModel, "dispose">,
  { options, rows, board }: SharedRun,
  finished: (first: number, part: SamplePart) => void,
  onStep?: () => void,
): Promise<void> {
  const { samples, firstSample = 0, initial } = options;
  const controller = new AbortController();
  const stops = () => Atomics.load(board, Board.STOP) !== 0;
  for (;;) {
    const first = rows * Atomics.add(board, Board.NEXT, 1);
    if (first >= samples || stops()) return;
    const count = Math.min(rows, samples - first);
    let done = 0;
    const result = await sample({
      ...options,
      sde: model.sde,
      model,
      samples: count,
      firstSample: firstSample + first,
      batchSize: count,
      ...(initial === undefined
        ? {}
        : { initial: initial.subarray(first * model.dimension, (first + count) * model.dimension) }),
      signal: controller.signal,
      onStep({ fraction }) {
        if (stops()) controller.abort();
        const now = Math.floor(FRACTIONS * fraction);
        Atomics.add(board, Board.DONE, now - done);
        done = now;
        onStep?.();
      },
    });
    finished(first, samplePart(result));
  }
}
