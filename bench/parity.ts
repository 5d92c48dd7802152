import { enginesHere } from "../tests/engine/engines-here.js";
import { compareAlongTraining, NETWORK_CASES, slopeError } from "../tests/training/network-parity.js";
import { printTable } from "./measure.js";

/** Loss and gradient of every network on every engine at 100 checkpoints of a training run, each from identical parameters. */
const engines = await enginesHere();
console.log(engines.map(({ name, description }) => `${name}: ${description}`).join("\n"));
const rows: (string | number)[][] = [];
for (const network of NETWORK_CASES) {
  const { firstLoss, lastLoss, seen } = await compareAlongTraining(engines, network, {
    checkpoints: 100,
    between: 5,
  });
  const slope = engines.some(({ name }) => name === "onnx") ? await slopeError(network, 10) : Number.NaN;
  for (const [engine, { loss, gradient, share }] of seen) {
    if (!(share < 1)) process.exitCode = 1;
    const label = `${network[0]}${network[2] > 0 ? `, ${network[2]} classes` : ""}`;
    rows.push([
      label,
      `${firstLoss.toPrecision(3)} → ${lastLoss.toPrecision(2)}`,
      engine,
      loss,
      gradient,
      share,
      slope,
    ]);
  }
}
printTable(
  [
    "network",
    "loss",
    `${engines[0]?.name} against`,
    "loss off by",
    "gradient off by",
    "share of the bound",
    "float64 slopes",
  ],
  rows,
);
for (const engine of engines) await engine.dispose();
