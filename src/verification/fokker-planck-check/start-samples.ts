import { fillUniform } from "../../../solvers/noise/normal.js";
import { quantileLaw } from "../../metrics/quantile-law.js";
import type { Sde } from "../../sdes/types.js";
import type { Target } from "../../targets/types.js";
import { perturbedAt } from "../laws/output-law.js";

/** Exact samples of p_tMax on the line, by its quantile function. */
export function exactStarts(
  target: Target,
  sde: Sde,
  { count, seed, run = 0 }: { readonly count: number; readonly seed: number; readonly run?: number },
): Float64Array {
  const { quantile } = quantileLaw(perturbedAt(target, sde, sde.tMax));
  const out = new Float64Array(count);
  fillUniform({ seed, stream: "sampler", run }, 0, out);
  // Uniform in (0, 1]: the upper tail keeps full precision, and u = 1 would be the far end of the lower one.
  return out.map((u) => quantile(Math.min(u, 1 - 2 ** -53), { upper: true }));
}
