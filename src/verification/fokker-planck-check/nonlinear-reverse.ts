import { kolmogorovSmirnov } from "../../metrics/kolmogorov-smirnov.js";
import type { SampledTest } from "../sampled-family.js";
import { densityQuantile } from "./density-law.js";
import { heunPath } from "./heun-path.js";
import type { NonlinearSubject } from "./nonlinear-subject.js";

const STEPS = 400;

/** Samples of the reverse SDE, its score read off the density, back at the initial law. */
export async function nonlinearReverse(
  subject: NonlinearSubject,
): Promise<{ test: SampledTest; samples: Float64Array }> {
  const { sde, target, finer, oracle, reverseFactor, samples: count, seed } = subject;
  const quantile = densityQuantile(finer, finer.densities.length - 1);
  const x = Float64Array.from({ length: count }, (_, i) => quantile((i + 0.5) / count));
  const score = new Float64Array(count);
  const span = sde.tMax - sde.tMin;
  await heunPath({
    drift(points, t, out) {
      sde.drift(points, t, out);
      const g = sde.diffusion(t);
      void oracle.evaluate({ x: points, times: new Float64Array(count).fill(t), count }, score);
      for (let i = 0; i < count; i++) out[i] = reverseFactor * g * g * score[i]! - out[i]!;
    },
    diffusion: (t) => sde.diffusion(t),
    // The score is steep at the start of the process.
    times: Float64Array.from({ length: STEPS + 1 }, (_, k) => sde.tMin + span * (1 - k / STEPS) * (1 - k / STEPS)),
    x,
    seed,
    run: 1,
  });
  const law = target.perturbed(1, 0);
  return {
    samples: x,
    test: {
      name: "reverse-samples",
      claim: `${count} samples of the reverse SDE, with the score of the solved density, return to the initial law (Kolmogorov–Smirnov)`,
      result: kolmogorovSmirnov(x, (value) => law.cdf!(value)),
      statement: 6,
    },
  };
}
