import { performance } from "node:perf_hooks";
import {
  createEngine,
  type Engine,
  engineNames,
  type LossSpec,
  parameterCount,
  sizeOf,
  type Values,
} from "../src/engine/index.js";
import { mlpFunction, mlpLoss, spread } from "../tests/engine/test-functions.js";
import { transformerLoss, unetLoss } from "../tests/engine/test-networks.js";

// Loss and gradient (without the optimiser) and forward passes on every engine that loads, in one run.
// Usage: tsx bench/engine.ts [threads]

const threads = Number(process.argv[2] ?? 1);
const widths = [3, 128, 128, 128, 2];
const losses: readonly { readonly label: string; readonly spec: LossSpec }[] = [
  { label: "MLP 3x128, batch 512, training step", spec: mlpLoss(512, widths) },
  { label: "MLP 3x128, batch 4096, training step", spec: mlpLoss(4096, widths) },
  { label: "U-Net 16x16, 32 channels, batch 16, training step", spec: unetLoss(16, 16, 32) },
  { label: "Transformer 16 tokens, width 64, batch 32, training step", spec: transformerLoss(32, 16, 64) },
];

function inputsOf(spec: LossSpec): Values[] {
  return spec.inputs.map(({ shape, dtype }, index) =>
    dtype === "int32" ? new Int32Array(sizeOf(shape)) : spread(sizeOf(shape), index + 2),
  );
}

/** Median and fastest wall time and mean processor time of one run, over two seconds. */
async function measure(run: () => Promise<unknown>): Promise<string> {
  for (let warm = 0; warm < 2; warm++) await run();
  const times: number[] = [];
  const processor = process.cpuUsage();
  const until = performance.now() + 2000;
  while (performance.now() < until || times.length < 3) {
    const before = performance.now();
    await run();
    times.push(performance.now() - before);
  }
  const { user, system } = process.cpuUsage(processor);
  times.sort((a, b) => a - b);
  const figures = [times[times.length >> 1]!, times[0]!, (user + system) / 1000 / times.length];
  return figures.map((milliseconds) => milliseconds.toFixed(2).padStart(9)).join("");
}

const engines: Engine[] = [];
for (const engine of engineNames) {
  try {
    engines.push(await createEngine({ engine, threads }));
  } catch (error) {
    console.log(error instanceof Error ? error.message : String(error));
  }
}
console.log(engines.map(({ name, description }) => `${name}: ${description}`).join("\n"));
for (const { label, spec } of losses) {
  console.log(`\n${label}\n${" ".repeat(12)}median ms  fastest  processor`);
  for (const engine of engines.filter(({ name }) => name !== "cpu" || label.includes("512"))) {
    const program = await engine.compileGradient(spec);
    const [parameters, inputs] = [spread(program.parameterCount, 1, 0.1), inputsOf(spec)];
    console.log(engine.name.padEnd(12) + (await measure(() => program.run(parameters, inputs))));
    await program.dispose();
  }
}
for (const batch of [512, 4096]) {
  console.log(`\nMLP 3x128, batch ${batch}, forward\n${" ".repeat(12)}median ms  fastest  processor`);
  for (const engine of engines) {
    const spec = mlpFunction(batch, widths);
    const program = await engine.compile(spec, { parameters: spread(parameterCount(spec.parameters ?? []), 1, 0.1) });
    const x = spread(batch * 3, 2);
    console.log(engine.name.padEnd(12) + (await measure(() => program.run([x]))));
    await program.dispose();
  }
}
for (const engine of engines) await engine.dispose();
