import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { createEngine, type EngineName } from "../src/engine/index.js";
import { vp } from "../src/sdes/index.js";
import { toy } from "../src/targets/index.js";
import { lossFunction } from "../src/training/loss-function.js";
import { initialParameters } from "../src/training/networks/initial-parameters.js";
import { gradientNorm, initialState, optimise } from "../src/training/optimiser.js";
import { resolveTraining } from "../src/training/train-options.js";
import { batchMaker } from "../src/training/training-batch.js";

/** One whole training step of a 3×128 perceptron (batch, loss and gradient, Adam, average) on each engine, and in PyTorch where python3 has it. */
async function main(): Promise<void> {
  const threads = Number(process.argv[2] ?? 1);
  for (const batch of [512, 4096]) {
    console.log(`\nMLP 3x128 on two-moons, batch ${batch}, ${threads} thread(s), median of whole steps`);
    for (const name of ["onnx", "wasm"] as const) console.log(await measure(name, batch, threads));
    const script = fileURLToPath(new URL("training-pytorch.py", import.meta.url));
    const { status, stdout } = spawnSync("python3", [script, String(batch), String(threads)], { encoding: "utf8" });
    console.log(status === 0 ? stdout.trim() : "pytorch      not installed for python3");
  }
}

async function measure(name: EngineName, batch: number, threads: number): Promise<string> {
  try {
    const engine = await createEngine({ engine: name, threads });
    const setting = resolveTraining({ sde: vp(), data: toy("two-moons"), batch });
    const batches = batchMaker(setting);
    const program = await engine.compileGradient(lossFunction(setting.network, batch));
    const state = initialState(initialParameters(setting.network, 0));
    const parts: [number, number, number][] = [];
    const until = performance.now() + 4000;
    for (let step = 0; performance.now() < until || step < 10; step++) {
      const start = performance.now();
      const { inputs } = batches.training(step);
      const made = performance.now();
      const { gradient } = await program.run(state.parameters, inputs);
      const run = performance.now();
      optimise(state, gradient, gradientNorm(gradient), step, 1e6, setting.optimiser);
      parts.push([made - start, run - made, performance.now() - run]);
    }
    await engine.dispose();
    const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
    const [make, run, adam] = [0, 1, 2].map((k) => median(parts.map((part) => part[k]!)).toFixed(2));
    const whole = median(parts.map((part) => part[0] + part[1] + part[2])).toFixed(2);
    return `${name.padEnd(12)} ${whole.padStart(7)} ms  (batch ${make}, loss and gradient ${run}, Adam and average ${adam})  ${engine.description}`;
  } catch (error) {
    return `${name.padEnd(12)} ${error instanceof Error ? error.message : String(error)}`;
  }
}

await main();
