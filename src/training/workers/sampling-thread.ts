import type { Worker } from "node:worker_threads";
import { EngineError } from "../../engine/index.js";
import type { SamplePart } from "../../sampling/collector.js";
import type { SharedRun } from "./draw-chunks.js";
import type { PortableModel } from "./portable-model.js";
import type { ThreadReply } from "./sampling-worker.js";
import { startThread } from "./start-thread.js";

/** Takes the samples from row `first` of a run on. */
export type TakePart = (first: number, part: SamplePart) => void;

/** A thread that holds a model. It ends by itself: one that is told to inside the runtime takes the process with it. */
export class SamplingThread {
  readonly #worker: Worker = startThread("sampling-worker");
  /** An error or a code. */
  readonly #ended = new Promise<unknown>((resolve) => this.#worker.once("error", resolve).once("exit", resolve));

  /** Told once, before all runs. */
  open(portable: PortableModel): void {
    this.#worker.postMessage(portable);
  }

  /** Resolves when it takes no more chunks of the run. @throws EngineError when it cannot open its model or fails */
  async draw(run: SharedRun, take: TakePart): Promise<void> {
    const worker = this.#worker;
    let listen = (_reply: ThreadReply): void => {};
    const idle = new Promise<void>((resolve) => {
      listen = (reply) => (reply === "idle" ? resolve() : take(reply.first, reply.part));
    });
    worker.on("message", listen);
    worker.ref();
    worker.postMessage(run);
    try {
      await Promise.race([idle, this.#ended.then(fail)]);
    } finally {
      worker.off("message", listen);
      worker.unref();
    }
  }

  /** Resolves when it has ended, after its run. */
  async end(): Promise<void> {
    this.#worker.ref();
    this.#worker.postMessage(null);
    await this.#ended;
  }
}

function fail(cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : `it ended with code ${cause}`;
  throw new EngineError("run-failed", `a sampling thread failed: ${reason}`, { cause });
}
