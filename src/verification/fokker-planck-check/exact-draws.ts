import { fillNormal } from "../../../solvers/noise/normal.js";
import type { PerturbedLaw, SampleRequest, Target } from "../../targets/types.js";

/** Exact samples α x₀ + σ ε of a law of the target, in any dimension, count × dimension; `run` and `stream` name them. */
export function exactDraws(
  target: Target,
  { alpha, sigma }: Pick<PerturbedLaw, "alpha" | "sigma">,
  { count, seed, run = 0, stream = "target" }: Pick<SampleRequest, "count" | "seed" | "run" | "stream">,
): Float64Array {
  const x = target.sample({ count, seed, run, stream }).data.slice();
  const noise = new Float64Array(x.length);
  fillNormal({ seed, stream: "path", run, step: 0 }, 0, noise);
  for (let i = 0; i < x.length; i++) x[i] = alpha * x[i]! + sigma * noise[i]!;
  return x;
}
