import { type SharedRun, sharedRun } from "./draw-chunks.js";
import type { PortableModel } from "./portable-model.js";
import { SamplingThread, type TakePart } from "./sampling-thread.js";

/**
 * Threads that hold a model and draw from it, started when they are first asked for and kept for the next run until `dispose`.
 *
 * While they rest they do not keep the process alive.
 */
export class SamplingThreads {
  readonly #describe: () => PortableModel;
  readonly #all = new Set<SamplingThread>();
  readonly #resting: SamplingThread[] = [];
  #portable: PortableModel | undefined;

  /** `describe` gives what the threads open; it is asked once. */
  constructor(describe: () => PortableModel) {
    this.#describe = describe;
  }

  /** What the threads open. */
  get portable(): PortableModel {
    this.#portable ??= this.#describe();
    return this.#portable;
  }

  /** Whether a thread waits that need not be started. */
  get isReady(): boolean {
    return this.#resting.length > 0;
  }

  /** Starts what is missing of `count` threads and waits until they hold the model. @throws EngineError when one cannot open it */
  async prepare(count: number): Promise<void> {
    await Promise.all(this.draw(count, sharedRun({ solver: "em", samples: 0 }, 1), () => {}));
  }

  /**
   * Chunks of a run, taken by `count` threads until none is left or its board says stop: one promise for each thread.
   *
   * @throws EngineError when one fails
   * @internal
   */
  draw(count: number, run: SharedRun, take: TakePart): Promise<void>[] {
    return this.#awake(count).map(async (thread) => {
      try {
        await thread.draw(run, take);
        this.#resting.push(thread);
      } catch (error) {
        this.#all.delete(thread);
        throw error;
      }
    });
  }

  /** Ends the threads, those at work after their run. */
  async dispose(): Promise<void> {
    const threads = Array.from(this.#all);
    this.#all.clear();
    this.#resting.length = 0;
    await Promise.all(threads.map((thread) => thread.end()));
  }

  #awake(count: number): SamplingThread[] {
    const threads = this.#resting.splice(0, count);
    const started = Array.from({ length: count - threads.length }, () => new SamplingThread());
    for (const thread of started) this.#all.add(thread);
    try {
      // The threads load their modules while the model is described.
      for (const thread of started) thread.open(this.portable);
    } catch (error) {
      for (const thread of started) {
        this.#all.delete(thread);
        void thread.end();
      }
      throw error;
    }
    return [...threads, ...started];
  }
}
