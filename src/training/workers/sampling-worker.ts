import { on } from "node:events";
import { type MessagePort, parentPort } from "node:worker_threads";
import type { SamplePart } from "../../sampling/collector.js";
import { drawChunks, type SharedRun } from "./draw-chunks.js";
import { openPortable } from "./open-portable.js";
import type { PortableModel } from "./portable-model.js";

/** What a sampling thread answers: a chunk of its run, or that it takes no more of them. */
export type ThreadReply = { readonly first: number; readonly part: SamplePart } | "idle";

/** A sampling thread is told its model, then runs; at null it ends by itself. */
async function serve(port: MessagePort): Promise<void> {
  const orders = on(port, "message");
  const next = async <Order>(): Promise<Order> => (await orders.next()).value[0];
  const answer = (reply: ThreadReply) => port.postMessage(reply);
  const portable = await next<PortableModel | null>();
  if (portable !== null) {
    const model = await openPortable(portable);
    for (let run = await next<SharedRun | null>(); run !== null; run = await next<SharedRun | null>()) {
      await drawChunks(model, run, (first, part) => answer({ first, part }));
      answer("idle");
    }
    await model.dispose();
  }
  port.close();
}

serve(parentPort!).catch((error: unknown) => {
  // Thrown where nothing catches it, it reaches the owner of the thread.
  setImmediate(() => {
    throw error;
  });
});
