import { parentPort, workerData } from "node:worker_threads";
import { drawChunks, type SharedRun } from "./draw-chunks.js";
import { openPortable } from "./open-portable.js";
import type { PortableModel } from "./portable-model.js";

/** The job of a thread that draws chunks of a run: opens the model, draws, and ends by itself. */
export interface SamplingJob {
  readonly portable: PortableModel;
  readonly run: SharedRun;
}

async function work({ portable, run }: SamplingJob): Promise<void> {
  const model = await openPortable(portable);
  try {
    await drawChunks(model, run, (first, part) => parentPort?.postMessage({ first, part }));
  } finally {
    await model.dispose();
  }
}

const job: SamplingJob = workerData;
work(job).catch((error: unknown) => {
  // Thrown where nothing catches it, it reaches the owner of the thread.
  setImmediate(() => {
    throw error;
  });
});
