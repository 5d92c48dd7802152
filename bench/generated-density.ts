import { chiSquare } from "../src/metrics/chi-square.js";
import { resolveGrid, resolveSolver } from "../src/sampling/resolve.js";
import { sample } from "../src/sampling/sample.js";
import { toy } from "../src/targets/index.js";
import { loadModel } from "../src/training/index.js";
import { densityQuantile } from "../src/verification/fokker-planck-check/density-law.js";
import { checkSubject, generate } from "../src/verification/fokker-planck-check/index.js";
import { exactStarts } from "../src/verification/fokker-planck-check/start-samples.js";
import { cellCdf } from "../src/verification/laws/cell-law.js";
import { outputLaw } from "../src/verification/laws/output-law.js";
import { machine, printTable, timed } from "./measure.js";

/**
 * The density that a learned score generates, by its reverse-time equation, against the histogram of samples of its reverse SDE (stochastic
 * Heun, equal steps of λ): χ² over 50 cells of equal probability. What the steps alone add to χ² on average, count Σ (p − q)²/q with p the
 * exact law of the steps, is computed without sampling. Arguments: samples (1000000), steps (300).
 */

const [count = 1_000_000, steps = 300] = process.argv.slice(2).map(Number);
const target = toy("bimodal");
const model = await loadModel("tests/fixtures/verification/bimodal.onnx");
const { sde } = model;
const CELLS = 50;
const solution = await generate(checkSubject({ sde, target, model, samples: 1, seed: 0 }), {});
const quantile = densityQuantile(solution, 1);
const edges = Array.from({ length: CELLS - 1 }, (_, k) => quantile((k + 1) / CELLS));

const excess: [string, number, number][] = [];
for (const [name, size] of [
  ["stochastic-heun", steps],
  ["stochastic-heun", 2 * steps],
  ["em", 2 * steps],
  ["em", 4 * steps],
] as const) {
  const grid = resolveGrid(sde, { grid: "log-snr", steps: size });
  const solver = resolveSolver(name);
  const cdf = cellCdf(await outputLaw({ sde, target, model, solver, grid, start: "exact", denoise: false }));
  let [before, sum] = [0, 0];
  for (const p of [...edges.map(cdf), 1]) {
    sum += (p - before - 1 / CELLS) * (p - before - 1 / CELLS);
    before = p;
  }
  excess.push([name, size, count * CELLS * sum]);
}

const counts = new Float64Array(CELLS);
const { cpu, wall } = await timed(async () => {
  const BATCH = 50_000;
  for (let index = 0; index * BATCH < count; index++) {
    const size = Math.min(BATCH, count - index * BATCH);
    const { samples } = await sample({
      sde,
      model,
      solver: "stochastic-heun",
      grid: "log-snr",
      steps,
      samples: size,
      initial: exactStarts(target, sde, { count: size, seed: 11, run: index }),
      seed: 11,
      run: index,
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
printTable(["exact law of the steps against the equation", "steps", `added to χ² of ${count} samples`], excess);
console.log();
printTable(
  ["learned density, equation against samples", "samples", "steps", "χ²", "degrees", "p", "CPU s", "wall s"],
  [["bimodal.onnx, VP", count, steps, statistic, degrees, pValue, cpu, wall]],
);
