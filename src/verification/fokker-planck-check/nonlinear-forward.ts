import { numberText } from "../../../solvers/number-text.js";
import { fokkerPlanck } from "../fokker-planck/fokker-planck.js";
import type { SampledTest } from "../sampled-family.js";
import { coupledHeun } from "./coupled-heun.js";
import { densityQuantile } from "./density-law.js";
import { chiSquareText } from "./law-test.js";
import { lineCells } from "./line-cells.js";
import type { NonlinearSubject } from "./nonlinear-subject.js";

/** Samples of the forward SDE against the solved density. */
export async function nonlinearForward(
  subject: NonlinearSubject,
): Promise<{ tests: SampledTest[]; samples: Float64Array[] }> {
  const { sde, simulated, target, times, samples: count, seed, solution } = subject;
  const known = await fokkerPlanck({ sde, initial: target, edges: solution.grid.edges, times });
  const start = target.sample({ count, seed }).data;
  const { tests, samples, steps } = await coupledHeun({
    drift: (points, t, out) => {
      simulated.drift(points, t, out);
    },
    diffusion: (t) => simulated.diffusion(t),
    timeAt: (share) => sde.tMin + (sde.tMax - sde.tMin) * share,
    start,
    seed,
    run: 0,
    cells: Array.from(times.subarray(1), (_, index) => lineCells(densityQuantile(known, index + 1), count)),
  });
  return {
    tests: tests.map((result, index): SampledTest => {
      const label = numberText(times[index + 1]!, 3);
      return {
        name: `forward-samples t=${label}`,
        claim: `${count} samples of the forward SDE follow the solved density at t = ${label} (χ² over cells of equal mass; stochastic Heun, extrapolated from ${steps / 2} and ${steps} steps)`,
        result,
        statistic: chiSquareText(result),
        statement: 7,
      };
    }),
    samples: [start.slice(), ...samples],
  };
}
