import { performance } from "node:perf_hooks";
import { createEngine, type EngineName, engineNames, parameterCount } from "../src/engine/index.js";
import { mlpLoss, spread } from "../tests/engine/test-functions.js";

/** One training step (loss and gradient, without the optimiser) of a 3×128 perceptron on every engine that loads, in one run. */
async function main(): Promise<void> {
  const threads = Number(process.argv[2] ?? 1);
  const widths = [3, 128, 128, 128, 2];
  for (const batch of [512, 4096]) {
    console.log(`\nMLP 3x128, batch ${batch}, loss and gradient`);
    for (const name of engineNames.filter((one) => one !== "cpu" || batch === 512))
      console.log(await measure(name, batch, widths, threads));
  }
}

async function measure(name: EngineName, batch: number, widths: readonly number[], threads: number): Promise<string> {
  try {
    const engine = await createEngine({ engine: name, threads });
    const spec = mlpLoss(batch, widths);
    const started = performance.now();
    const program = await engine.compileGradient(spec);
    const compiled = performance.now() - started;
    const parameters = spread(parameterCount(spec.parameters), 1, 0.1);
    const inputs = [spread(batch * 3, 2), spread(batch * 2, 3), new Float32Array(batch).fill(1)];
    const times: number[] = [];
    const until = performance.now() + 3000;
    while (performance.now() < until || times.length < 5) {
      const before = performance.now();
      await program.run(parameters, inputs);
      times.push(performance.now() - before);
    }
    times.sort((a, b) => a - b);
    const median = times[times.length >> 1]!;
    await engine.dispose();
    return `${name.padEnd(11)} ${median.toFixed(2).padStart(8)} ms  (fastest ${times[0]!.toFixed(2)}, compile ${compiled.toFixed(0)} ms)  ${engine.description}`;
  } catch (error) {
    return `${name.padEnd(11)} ${error instanceof Error ? error.message : String(error)}`;
  }
}

await main();
