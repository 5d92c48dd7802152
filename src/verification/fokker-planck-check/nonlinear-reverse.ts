import { fillUniform } from "../../../solvers/noise/normal.js";
import type { SampledTest } from "../sampled-family.js";
import { coupledHeun } from "./coupled-heun.js";
import { densityQuantile } from "./density-law.js";
import { chiSquareText } from "./law-test.js";
import { lineCells } from "./line-cells.js";
import type { NonlinearSubject } from "./nonlinear-subject.js";

/** Samples of the reverse SDE, its score read off the density, back at the initial law; `steps` as in `coupledHeun`. */
export async function nonlinearReverse(
  subject: NonlinearSubject,
  { steps: tried }: { readonly steps?: readonly number[] } = {},
): Promise<SampledTest> {
  const { sde, target, finer, oracle, reverseFactor, samples: count, seed } = subject;
  const score = new Float64Array(count);
  const row = new Float64Array(count);
  const law = target.perturbed(1, 0);
  const uniform = new Float64Array(count);
  fillUniform({ seed, stream: "sampler" }, 0, uniform);
  const {
    tests: [result],
    steps,
  } = await coupledHeun({
    drift(points, t, out) {
      sde.drift(points, t, out);
      const g = sde.diffusion(t);
      void oracle.evaluate({ x: points, times: row.fill(t), count }, score);
      for (let i = 0; i < count; i++) out[i] = reverseFactor * g * g * score[i]! - out[i]!;
    },
    diffusion: (t) => sde.diffusion(t),
    // The score is steep at the start of the process.
    timeAt: (share) => sde.tMin + (sde.tMax - sde.tMin) * (1 - share) * (1 - share),
    start: uniform.map(densityQuantile(finer, finer.densities.length - 1)),
    seed,
    run: 1,
    cells: [lineCells((u) => law.quantile!(u), count)],
    ...(tried && { steps: tried }),
  });
  return {
    name: "reverse-samples",
    claim: `${count} samples of the reverse SDE, with the score of the solved density, return to the initial law (χ² over cells of equal mass; stochastic Heun, extrapolated from ${steps / 2} and ${steps} steps)`,
    result: result!,
    statistic: chiSquareText(result!),
    statement: 6,
  };
}
