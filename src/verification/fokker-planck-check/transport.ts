import { quantileLaw } from "../../metrics/quantile-law.js";
import { sample } from "../../sampling/sample.js";
import { atMost, type Check } from "../check.js";
import { exactTransport } from "../exact-transport.js";
import { perturbedAt } from "../laws/output-law.js";
import type { Subject } from "./subject.js";

const NODES = 99;

/** (e) End points of the probability flow (rk45) against quantile transport Q_tMin(F_tMax(x)) from 99 percentiles. */
export async function transportCheck({ sde, target, flowScore: model, modelTolerance }: Subject): Promise<Check> {
  const { quantile } = quantileLaw(perturbedAt(target, sde, sde.tMax));
  const initial = Float64Array.from({ length: NODES }, (_, i) => quantile((i + 1) / (NODES + 1)));
  const exact = exactTransport(target, sde, sde.tMax, sde.tMin)!(initial);
  const run = async (tolerance: number) => {
    const options = { sde, model, solver: "rk45", rtol: tolerance, atol: tolerance, samples: NODES, initial };
    const { samples } = await sample(options);
    return samples.data;
  };
  const [rough, fine] = [await run(1e-6), await run(1e-8)];
  let [error, change] = [0, 0];
  exact.forEach((x, i) => {
    const gap = Math.abs(fine[i]! - x);
    // Math.max keeps NaN.
    error = Math.max(error, gap);
    change = Math.max(change, Math.abs(fine[i]! - rough[i]!));
  });
  const deviation = Math.sqrt(target.covariance[0]!);
  // Jumps of a table of β hide part of the error from rk45's estimate.
  const jumps = sde.breakpoints.length > 0 ? 10 : 1;
  return atMost(error, jumps * change + 1e-9 * deviation + modelTolerance * deviation, {
    name: "transport",
    statement: 19,
    claim: "the probability flow carries quantiles to quantiles (largest end-point error over 99 percentiles)",
    reason: `${jumps > 1 ? "ten times (β jumps) " : ""}what tightening rk45 from 1e-6 to 1e-8 changes${modelTolerance > 0 ? `, and ${modelTolerance} deviations for the model's error` : ""}`,
  });
}
