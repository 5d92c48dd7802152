import { fillNormal } from "../../../solvers/noise/normal.js";
import { kolmogorovSmirnov } from "../../metrics/kolmogorov-smirnov.js";
import { evenTimes } from "../probe-times.js";
import type { SampledTest } from "../sampled-family.js";
import { forwardMoments } from "./forward-law.js";
import type { Subject } from "./subject.js";

const STEPS = 200;

/** Samples of the forward SDE at the times of a subject. */
export interface ForwardSamples {
  readonly tests: SampledTest[];
  /** One array per time. */
  readonly samples: Float64Array[];
}

/** (c) Samples of the forward SDE by Euler–Maruyama against its exact law at several times. */
export function forwardSamples(subject: Subject): ForwardSamples {
  const { sde, equation, target, times, samples: count, seed } = subject;
  const grid = evenTimes(sde, STEPS);
  const moments = forwardMoments(subject, grid);
  const x = target.sample({ count, seed }).data.slice();
  const noise = new Float64Array(count);
  fillNormal({ seed, stream: "path", step: 0 }, 0, noise);
  const [alpha, sigma] = [sde.alpha(sde.tMin), sde.sigma(sde.tMin)];
  for (let i = 0; i < count; i++) x[i] = alpha * x[i]! + sigma * noise[i]!;
  const kept = [x.slice()];
  const drift = new Float64Array(count);
  for (let k = 0; k < STEPS; k++) {
    const t = grid[k]!;
    const h = grid[k + 1]! - t;
    equation.drift(x, t, drift);
    fillNormal({ seed, stream: "path", step: k + 1 }, 0, noise);
    const size = equation.diffusion(t) * Math.sqrt(h);
    for (let i = 0; i < count; i++) x[i] = x[i]! + h * drift[i]! + size * noise[i]!;
    if (((k + 1) * (times.length - 1)) % STEPS === 0) kept.push(x.slice());
  }
  const tests = kept.slice(1).map((samples, index): SampledTest => {
    const t = times[index + 1]!;
    const { scale, noise: deviation } = moments[((index + 1) * STEPS) / (times.length - 1)]!;
    const law = target.perturbed(scale, deviation);
    return {
      name: `forward-samples t=${Number(t.toPrecision(3))}`,
      claim: `${count} samples of the forward SDE follow its law at t = ${Number(t.toPrecision(3))} (Kolmogorov–Smirnov)`,
      result: kolmogorovSmirnov(samples, (value) => law.cdf!(value)),
      statement: 6,
    };
  });
  return { tests, samples: kept };
}
