import { expect, it } from "vitest";
import { solvers } from "../../solvers/registry.js";
import { resolveSolver } from "../../src/sampling/resolve.js";
import { sample } from "../../src/sampling/sample.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { vp } from "../../src/sdes/index.js";
import { toy } from "../../src/targets/index.js";

const sde = vp();
const target = toy("bimodal");
const exact = exactScore(target, sde);
const initial = Float64Array.of(-0.7, 0.1, 1.3);

// Noise of every level counts as noise, down to the smallest.
const specs = [
  ...solvers.flatMap(({ name, create }) => (create().kind === "fixed" ? [name] : [])),
  ...["em:eta=0", "em:eta=1e-3", "ddim:eta=1e-3", "ddim:variance=optimal", "dpm++2m-sde:eta=0", "dpm++2m-sde:eta=1e-3"],
  ...["edm-heun:churn=1e-3,sMax=1", "pc:predictor=none", "pc:predictor=ddim,corrector=none", "pc:predictor=ddim"],
  ...[
    "dpm2:eta=1e-3",
    "dpm++2s:eta=1e-3",
    "dpm++2s:eta=1e-3,variant=ancestral",
    "sa-solver:eta=0",
    "sa-solver:corrector=0",
  ],
  ...["pc:predictor=stochastic-heun,correctorSteps=3", "pc:corrector=langevin,order=corrector-first"],
];

it.each(specs)("%s: draws noise and asks the model as its facts say", async (spec) => {
  const solver = resolveSolver(spec);
  let rows = 0;
  const model: typeof exact = {
    ...exact,
    evaluate(batch, out) {
      rows += batch.count;
      return exact.evaluate(batch, out);
    },
  };
  const steps = 7;
  const run = (seed: number) => sample({ sde, target, model, solver, steps, samples: 3, initial, seed });
  const { evaluations, samples } = await run(1);
  expect(evaluations).toBe(steps * solver.evaluationsPerStep);
  // The best variance asks about the denoiser's own error too, which is no step of the sampler.
  if (!spec.includes("optimal")) expect(rows).toBe(3 * evaluations);
  const other = await run(2);
  expect(other.samples.data.some((x, i) => x !== samples.data[i])).toBe(solver.stochastic);
});
