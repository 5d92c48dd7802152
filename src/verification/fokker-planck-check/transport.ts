import { quantileLaw } from "../../metrics/quantile-law.js";
import { sample } from "../../sampling/sample.js";
import { atMost, type Check, reported } from "../check.js";
import { exactTransport } from "../exact-transport.js";
import { perturbedAt } from "../laws/output-law.js";
import type { Subject } from "./subject.js";

/** How finely the flow is followed. */
interface TransportEffort {
  /** Percentiles, equally spaced. */
  readonly nodes: number;
  /** Tolerances of rk45, the second tighter. */
  readonly tolerances: readonly [number, number];
}

/** (e) End points of the probability flow (rk45) against quantile transport Q_tMin(F_tMax(x)) from percentiles. */
export async function transportCheck(
  { sde, target, flowScore: model, learned }: Subject,
  { nodes, tolerances: [loose, tight] }: TransportEffort = { nodes: 99, tolerances: [1e-6, 1e-8] },
): Promise<Check> {
  const { quantile } = quantileLaw(perturbedAt(target, sde, sde.tMax));
  const initial = Float64Array.from({ length: nodes }, (_, i) => quantile((i + 1) / (nodes + 1)));
  const exact = exactTransport(target, sde, sde.tMax, sde.tMin)!(initial);
  const run = async (tolerance: number) => {
    const options = { sde, model, solver: "rk45", rtol: tolerance, atol: tolerance, samples: nodes, initial };
    const { samples } = await sample(options);
    return samples.data;
  };
  const rough = await run(loose);
  const deviation = Math.sqrt(target.covariance[0]!);
  const text = {
    name: "transport",
    statement: 19,
    claim: `the probability flow carries quantiles to quantiles (largest end-point error over ${nodes} percentiles)`,
  };
  if (learned !== null) {
    return reported(largestGap(rough, exact), {
      ...text,
      reason: `no bound in terms of the score's error alone: it grows with the flow's Lipschitz constant; the law's deviation is ${deviation.toPrecision(3)}`,
    });
  }
  const fine = await run(tight);
  // Jumps of a table of β hide part of the error from rk45's estimate.
  const jumps = sde.breakpoints.length > 0 ? 10 : 1;
  return atMost(largestGap(fine, exact), jumps * largestGap(fine, rough) + 1e-9 * deviation, {
    ...text,
    reason: `${jumps > 1 ? "ten times (β jumps) " : ""}what tightening rk45 from ${loose} to ${tight} changes`,
  });
}

/** max |aᵢ − bᵢ|; NaN shows. */
function largestGap(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
