import { eulerMaruyama } from "../solvers/sde/euler-maruyama.js";
import { kolmogorovSmirnov } from "../src/metrics/kolmogorov-smirnov.js";
import { resolveGrid } from "../src/sampling/resolve.js";
import { sample } from "../src/sampling/sample.js";
import { exactScore } from "../src/scores/index.js";
import { vp } from "../src/sdes/index.js";
import { toy } from "../src/targets/index.js";
import { checkSubject, forwardSamples } from "../src/verification/fokker-planck-check/index.js";
import { exactStarts } from "../src/verification/fokker-planck-check/start-samples.js";
import { cellCdf } from "../src/verification/laws/cell-law.js";
import { lineLaw } from "../src/verification/laws/line-law.js";
import { asStart, perturbedAt } from "../src/verification/laws/output-law.js";
import { machine, printTable } from "./measure.js";

/** Are the p-values of the sampled checks uniform when everything is right? Kolmogorov–Smirnov over seeds. Argument: seeds (1000). */

const [seeds = 1000] = process.argv.slice(2).map(Number);
const [sde, target] = [vp(), toy("bimodal")];
const found = new Map<string, number[]>();
const add = (name: string, p: number) => found.set(name, [...(found.get(name) ?? []), p]);
const [solver, grid, count] = [eulerMaruyama.create(), resolveGrid(sde, { steps: 40 }), 300];
const model = exactScore(target, sde);
const reverse = cellCdf(
  await lineLaw({ schedule: sde, model, solver, grid, start: asStart(perturbedAt(target, sde, sde.tMax)) }),
);
const end = perturbedAt(target, sde, sde.tMin);
for (let seed = 0; seed < seeds; seed++) {
  for (const { name, result } of forwardSamples(checkSubject({ sde, target, samples: count, seed })).tests) {
    add(name, result.pValue);
  }
  const initial = exactStarts(target, sde, { count, seed });
  const drawn = await sample({ sde, model, solver, times: grid.times, samples: count, initial, seed });
  add("reverse-samples", kolmogorovSmirnov(drawn.samples.data, reverse).pValue);
  const start = exactStarts(target, sde, { count, seed, run: 1 });
  const flow = await sample({ sde, model, solver: "rk45", rtol: 1e-5, atol: 1e-5, samples: count, initial: start });
  add("flow-samples", kolmogorovSmirnov(flow.samples.data, (x) => end.cdf!(x)).pValue);
}
console.log(`${machine()}\n`);
printTable(
  ["test", "seeds", "p of uniformity", "mean p", "share below 0.05"],
  [...found].map(([name, values]) => [
    name,
    values.length,
    kolmogorovSmirnov(Float64Array.from(values), (u) => u).pValue,
    values.reduce((sum, p) => sum + p, 0) / values.length,
    values.filter((p) => p < 0.05).length / values.length,
  ]),
);
