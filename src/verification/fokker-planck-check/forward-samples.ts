import { fillNormal } from "../../../solvers/noise/normal.js";
import { numberText } from "../../../solvers/number-text.js";
import { perturbedAt } from "../laws/output-law.js";
import { evenTimes } from "../probe-times.js";
import type { SampledTest } from "../sampled-family.js";
import { exactDraws } from "./exact-draws.js";
import { forwardMoments } from "./forward-law.js";
import { lawTest, lawTestName } from "./law-test.js";
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
  const x = exactDraws(target, perturbedAt(target, sde, sde.tMin), { count, seed });
  const size = x.length;
  const noise = new Float64Array(size);
  const kept = [x.slice()];
  const drift = new Float64Array(size);
  for (let k = 0; k < STEPS; k++) {
    const t = grid[k]!;
    const h = grid[k + 1]! - t;
    equation.drift(x, t, drift);
    fillNormal({ seed, stream: "path", step: k + 1 }, 0, noise);
    const scale = equation.diffusion(t) * Math.sqrt(h);
    for (let i = 0; i < size; i++) x[i] = x[i]! + h * drift[i]! + scale * noise[i]!;
    if (((k + 1) * (times.length - 1)) % STEPS === 0) kept.push(x.slice());
  }
  const tests = kept.slice(1).map((samples, index): SampledTest => {
    const t = times[index + 1]!;
    const { scale, noise: deviation } = moments[((index + 1) * STEPS) / (times.length - 1)]!;
    const label = numberText(t, 3);
    return {
      name: `forward-samples t=${label}`,
      claim: `${count} samples of the forward SDE follow its law at t = ${label} (${lawTestName(target)})`,
      ...lawTest(samples, target, target.perturbed(scale, deviation)),
      statement: 6,
    };
  });
  return { tests, samples: kept };
}
