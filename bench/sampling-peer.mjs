/**
 * The sampling side of pytorch.ts as the built package runs it, its threads included, asked for over stdin like
 * pytorch-peer.py: {"do": "prepare", "parameters": path, "spread"} once, then {"do": "sample", "batch", "steps", "workers"}.
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createEngine } from "../dist/src/engine/index.js";
import { vp } from "../dist/src/sdes/index.js";
import { createNetwork, networkModel, preconditioning, sampleModel } from "../dist/src/training/index.js";

const sde = vp();
let model;
for await (const line of createInterface({ input: process.stdin })) {
  const { do: task, ...given } = JSON.parse(line);
  let answer = {};
  if (task === "prepare") {
    const network = createNetwork("mlp", { shape: [2], classes: 0 });
    const scheme = preconditioning({ name: "edm", predicts: "data", sde, dataStandardDeviation: given.spread });
    const parameters = new Float32Array(new Uint8Array(readFileSync(given.parameters)).buffer);
    const trained = { sde, network, preconditioning: scheme, parameters, standardisation: null };
    model = await networkModel(trained, { engine: await createEngine({ engine: "onnx" }) });
  } else {
    const before = process.cpuUsage();
    const started = performance.now();
    await sampleModel(model, { solver: "em", steps: given.steps, samples: given.batch, workers: given.workers });
    const { user, system } = process.cpuUsage(before);
    answer = { runs: 1, wall: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
