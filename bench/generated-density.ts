import { chiSquare } from "../src/metrics/chi-square.js";
import { sample } from "../src/sampling/sample.js";
import { toy } from "../src/targets/index.js";
import { loadModel } from "../src/training/index.js";
import { densityQuantile } from "../src/verification/fokker-planck-check/density-law.js";
import { checkSubject, generate } from "../src/verification/fokker-planck-check/index.js";
import { exactStarts } from "../src/verification/fokker-planck-check/start-samples.js";
import { machine, printTable, timed } from "./measure.js";

/**
 * The density that a learned score generates, by its reverse-time equation, against the histogram of samples of its reverse SDE (stochastic
 * Heun): χ² over 50 cells of equal probability. Arguments: samples (1000000), steps (150).
 */

const [count = 1_000_000, steps = 150] = process.argv.slice(2).map(Number);
const target = toy("bimodal");
const model = await loadModel("tests/fixtures/verification/bimodal.onnx");
const { sde } = model;
const CELLS = 50;
const solution = await generate(checkSubject({ sde, target, model, samples: 1, seed: 0 }), {});
const quantile = densityQuantile(solution, 1);
const edges = Array.from({ length: CELLS - 1 }, (_, k) => quantile((k + 1) / CELLS));
const counts = new Float64Array(CELLS);
const { cpu, wall } = await timed(async () => {
  const BATCH = 50_000;
  for (let run = 0; run * BATCH < count; run++) {
    const size = Math.min(BATCH, count - run * BATCH);
    const initial = exactStarts(target, sde, { count: size, seed: 11, run });
    const { samples } = await sample({
      sde,
      model,
      solver: "stochastic-heun",
      steps,
      samples: size,
      initial,
      seed: 11,
      run,
    });
    for (const x of samples.data) {
      let cell = 0;
      while (cell < CELLS - 1 && x > edges[cell]!) cell++;
      counts[cell] = counts[cell]! + 1;
    }
  }
});
await model.dispose();
const { statistic, degrees, pValue } = chiSquare(counts, new Float64Array(CELLS).fill(count / CELLS));
console.log(`${machine()}\n`);
printTable(
  ["learned density, equation against samples", "samples", "steps", "χ²", "degrees", "p", "CPU s", "wall s"],
  [["bimodal.onnx, VP", count, steps, statistic, degrees, pValue, cpu, wall]],
);
