import { kolmogorovSmirnov } from "../../metrics/kolmogorov-smirnov.js";
import { fokkerPlanck } from "../fokker-planck/fokker-planck.js";
import type { SampledTest } from "../sampled-family.js";
import { densityCdf } from "./density-law.js";
import { heunPath } from "./heun-path.js";
import type { NonlinearSubject } from "./nonlinear-subject.js";

const STEPS = 400;

/** Samples of the forward SDE against the solved density. */
export async function nonlinearForward(
  subject: NonlinearSubject,
): Promise<{ tests: SampledTest[]; samples: Float64Array[] }> {
  const { sde, simulated, target, times, samples: count, seed, solution } = subject;
  const known = await fokkerPlanck({ sde, initial: target, edges: solution.grid.edges, times });
  const x = target.sample({ count, seed }).data.slice();
  const kept = [x.slice()];
  await heunPath({
    drift: (points, t, out) => {
      simulated.drift(points, t, out);
    },
    diffusion: (t) => simulated.diffusion(t),
    times: Float64Array.from({ length: STEPS + 1 }, (_, k) => sde.tMin + ((sde.tMax - sde.tMin) * k) / STEPS),
    x,
    seed,
    run: 0,
    onStep: (k, now) => {
      if ((k * (times.length - 1)) % STEPS === 0) kept.push(now.slice());
    },
  });
  const tests = kept.slice(1).map((samples, index): SampledTest => {
    const label = Number(times[index + 1]!.toPrecision(3));
    return {
      name: `forward-samples t=${label}`,
      claim: `${count} samples of the forward SDE follow the solved density at t = ${label} (Kolmogorov–Smirnov)`,
      result: kolmogorovSmirnov(samples, densityCdf(known, index + 1)),
      statement: 7,
    };
  });
  return { tests, samples: kept };
}
