import { numberText } from "../../../solvers/number-text.js";
import { quantileLaw } from "../../metrics/quantile-law.js";
import { sample } from "../../sampling/sample.js";
import { atMost, type Check, reported } from "../check.js";
import { perturbedAt } from "../laws/output-law.js";
import { largestGap } from "./density-transport.js";
import type { Subject } from "./subject.js";

/** How finely the flow is followed. */
interface TransportEffort {
  /** Percentiles, equally spaced. */
  readonly nodes: number;
  /** Tolerances of rk45, the second tighter. */
  readonly tolerances: readonly [number, number];
}

/**
 * (e) End points of the probability flow (rk45) from percentiles of p_tMax: the probability to the left stays what it was. In places the
 * flow may stretch errors beyond measure, about a gap between modes; in probabilities it does not stretch them at all.
 */
export async function transportCheck(
  { sde, target, flowScore: model, learned }: Subject,
  { nodes, tolerances: [loose, tight] }: TransportEffort = { nodes: 99, tolerances: [1e-6, 1e-8] },
): Promise<Check> {
  const [start, end] = [sde.tMax, sde.tMin].map((t) => quantileLaw(perturbedAt(target, sde, t)));
  const levels = Float64Array.from({ length: nodes }, (_, i) => (i + 1) / (nodes + 1));
  const initial = levels.map((u) => start!.quantile(u));
  const run = async (tolerance: number) => {
    const options = { sde, model, solver: "rk45", rtol: tolerance, atol: tolerance, samples: nodes, initial };
    const { samples } = await sample(options);
    return samples.data.map((x) => end!.cdf(x));
  };
  const rough = await run(loose);
  const text = {
    name: "transport",
    statement: 19,
    claim: `the probability flow carries quantiles to quantiles (largest change of the probability to the left over ${nodes} percentiles)`,
  };
  if (learned !== null) {
    const reason = "no bound in terms of the score's error alone: it grows with the flow's Lipschitz constant";
    return reported(largestGap(rough, levels), { ...text, reason });
  }
  const fine = await run(tight);
  // Jumps of a table of β hide part of the error from rk45's estimate.
  const jumps = sde.breakpoints.length > 0 ? 10 : 1;
  return atMost(largestGap(fine, levels), jumps * largestGap(fine, rough) + tight, {
    ...text,
    reason: `${jumps > 1 ? "ten times (β jumps) " : ""}what tightening rk45 from ${numberText(loose)} to ${numberText(tight)} changes, and the tolerance`,
  });
}
