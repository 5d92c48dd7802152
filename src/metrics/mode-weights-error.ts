import type { Target } from "../targets/types.js";
import { checkSamples } from "./check-samples.js";

/**
 * Largest |mean responsibility − weight| over the modes of a target, in [0, 1]; 0 in expectation for exact samples but for noise.
 *
 * @param samples flat row-major
 */
export function modeWeightsError(
  samples: Float64Array,
  modes: NonNullable<Target["modes"]>,
  dimension: number,
): number {
  const count = checkSamples(samples, dimension);
  const { weights } = modes;
  const responsibilities = new Float64Array(count * weights.length);
  modes.responsibilities(samples, count, responsibilities);
  const sums = new Float64Array(weights.length);
  for (let at = 0; at < responsibilities.length; )
    for (let k = 0; k < weights.length; k++) sums[k]! += responsibilities[at++]!;
  let worst = 0;
  for (let k = 0; k < weights.length; k++) worst = Math.max(worst, Math.abs(sums[k]! / count - weights[k]!));
  return worst;
}
