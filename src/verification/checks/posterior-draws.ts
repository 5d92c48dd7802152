import { ddpm } from "../../../solvers/exponential/ddpm.js";
import { kolmogorovSmirnov } from "../../metrics/kolmogorov-smirnov.js";
import { sample } from "../../sampling/sample.js";
import { skipped } from "../check.js";
import { exactStarts } from "../fokker-planck-check/start-samples.js";
import { perturbedAt } from "../laws/output-law.js";
import { judgeFamily } from "../sampled-family.js";
import type { Verification } from "./setting.js";

/** Three ancestral steps with draws of x₀ given x_t, from exact starts: exact samples of p_tMin. */
export const posteriorDraws: Verification = {
  name: "posterior-draws",
  statements: [11],
  needsLine: true,
  async run({ sde, target, samples: count, seed }) {
    const text = {
      name: "posterior-draws",
      statement: 11,
      claim: `3 steps of ddpm with draws of x₀ given x_t end on p_tMin exactly (Kolmogorov–Smirnov, ${count} samples)`,
    };
    if (target.posteriorSample === undefined) {
      return { checks: [skipped({ ...text, reason: `'${target.name}' has no exact draws of x₀ given x_t` })] };
    }
    const initial = exactStarts(target, sde, { count, seed, run: 7 });
    const run = await sample({
      sde,
      target,
      solver: ddpm.create(),
      steps: 3,
      samples: count,
      initial,
      seed,
      posterior: "sample",
    });
    const law = perturbedAt(target, sde, sde.tMin);
    return { checks: judgeFamily([{ ...text, result: kolmogorovSmirnov(run.samples.data, (x) => law.cdf!(x)) }]) };
  },
};
