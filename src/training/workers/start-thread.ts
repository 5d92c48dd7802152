import { Worker } from "node:worker_threads";

/** A thread that runs the module `name` of this folder, compiled or, beside this file's source, as source by tsx. */
export function startThread(name: string): Worker {
  const isSource = import.meta.url.endsWith(".ts");
  const entry = new URL(`./${name}.${isSource ? "ts" : "js"}`, import.meta.url);
  if (!isSource) return new Worker(entry);
  const load = `import("tsx/esm/api").then(({ register }) => (register(), import(${JSON.stringify(entry.href)})));`;
  return new Worker(load, { eval: true });
}
