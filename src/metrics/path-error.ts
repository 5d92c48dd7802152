import { UsageError } from "../../solvers/errors.js";
import { checkSamples } from "./check-samples.js";

/**
 * Root mean square over rows of |xᵢ − yᵢ|: a solver's end points against the exact images of the same starts, in the unit of x.
 *
 * @throws UsageError when the two arrays differ in length, are empty or not finite
 */
export function pathError(samples: Float64Array, exact: Float64Array, dimension: number): number {
  const count = checkSamples(samples, dimension);
  checkSamples(exact, dimension, "exact");
  if (exact.length !== samples.length)
    throw new UsageError(
      `exact: must hold ${samples.length} numbers like the samples, but got ${exact.length} - pass the image of every start`,
    );
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += (samples[i]! - exact[i]!) * (samples[i]! - exact[i]!);
  return Math.sqrt(sum / count);
}
