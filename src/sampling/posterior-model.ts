import { UsageError } from "../../solvers/errors.js";
import { fillUniform } from "../../solvers/noise/normal.js";
import { NoiseSlot } from "../../solvers/noise/slots.js";
import type { Model, Schedule } from "../../solvers/types.js";
import { rowsOfOneTime } from "../scores/rows-of-one-time.js";
import type { Target } from "../targets/types.js";

/** Whose random numbers a posterior model draws. */
export interface PosteriorModelOptions {
  readonly seed: number;
  readonly run?: number;
  /** Index of the sample in the first row. */
  readonly firstSample?: number;
}

/**
 * A model that answers with an exact draw of x₀ given x_t instead of its mean, for a fixed set of samples: row i belongs to sample
 * firstSample + i.
 *
 * Each call draws anew; draw n of a sample depends on (seed, run, its index, n) alone.
 *
 * @throws UsageError when the target has no exact posterior
 */
export function posteriorSampleModel(
  target: Target,
  sde: Schedule,
  { seed, run = 0, firstSample = 0 }: PosteriorModelOptions,
): Model {
  const { dimension, posteriorNumbers } = target;
  if (target.posteriorSample === undefined || posteriorNumbers === undefined) {
    throw new UsageError(
      `posterior: '${target.name}' has no exact samples of x0 given x_t - use posterior: 'mean', or a mixture, an empirical or a Gaussian target`,
    );
  }
  const draw = target.posteriorSample.bind(target);
  let calls = 0;
  return {
    predicts: "data",
    dimension,
    evaluate({ x, times, count }, out) {
      const uniforms = new Float64Array(count * posteriorNumbers);
      const name = { seed, run, stream: "sampler", step: calls++, slot: NoiseSlot.POSTERIOR } as const;
      fillUniform(name, firstSample * posteriorNumbers, uniforms);
      rowsOfOneTime(times, count, (t, first, next) => {
        const rows = (array: Float64Array, width: number) => array.subarray(first * width, next * width);
        const [points, numbers, answer] = [rows(x, dimension), rows(uniforms, posteriorNumbers), rows(out, dimension)];
        draw(points, next - first, sde.alpha(t), sde.sigma(t), numbers, answer);
      });
    },
  };
}
