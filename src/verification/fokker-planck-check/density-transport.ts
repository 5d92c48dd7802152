import { numberText } from "../../../solvers/number-text.js";
import { atMost, type Check, reported } from "../check.js";
import { flowDensity } from "../flow-density.js";
import { perturbedAt } from "../laws/output-law.js";
import { exactDraws } from "./exact-draws.js";
import { logDensityOf } from "./places.js";
import { endingAt, type Subject } from "./subject.js";

/** How finely the flow is followed. */
interface TransportEffort {
  /** Samples of p_t per time. */
  readonly points: number;
  /** Tolerances of rk45, the second tighter. */
  readonly tolerances: readonly [number, number];
}

/** Names the noise of the points. */
const FIRST_RUN = 20;
/** Differences of networks, which compute in float32. */
const LEARNED_STEP = 2 ** -8;

/**
 * (e) Along the probability flow u the log-density changes by −∇·u, in any dimension: log p_t(x_t) against log p_tMax(x_T) + ∫ ∇·u dt from
 * exact samples of p_t.
 *
 * Source: Chen et al. 2018 (arXiv 1806.07366) theorem 1.
 */
export async function densityTransport(
  { sde, target, flowScore: model, learned, times, seed }: Subject,
  { points: count, tolerances: [loose, tight] }: TransportEffort = { points: 64, tolerances: [1e-5, 1e-7] },
): Promise<Check> {
  let [error, change] = [0, 0];
  const stops = [times[0]!, times[times.length >> 1]!];
  for (const [index, t] of stops.entries()) {
    const law = perturbedAt(target, sde, t);
    const points = exactDraws(target, law, { count, seed, run: FIRST_RUN + index });
    const exact = logDensityOf(law, points, target.dimension);
    const run = async (tolerance: number) => {
      const options = { sde: endingAt(sde, t), target, model, points, tolerance };
      const { ofLaw } = await flowDensity(learned === null ? options : { ...options, differenceStep: LEARNED_STEP });
      return ofLaw;
    };
    const rough = await run(learned === null ? loose : LEARNED_TOLERANCE);
    const fine = learned === null ? await run(tight) : rough;
    error = Math.max(error, largestGap(fine, exact));
    change = Math.max(change, largestGap(fine, rough));
  }
  const text = {
    name: "transport",
    statement: 8,
    claim: `log-densities change by −∇·u along the probability flow u (largest error at t = ${stops.map((t) => numberText(t, 3)).join(" and ")} over ${count} samples, nats)`,
  };
  if (learned !== null) {
    const reason = "no bound in terms of the score's error alone: it grows with the flow's Lipschitz constant";
    return reported(error, { ...text, reason });
  }
  const jumps = sde.breakpoints.length > 0 ? 10 : 1;
  return atMost(error, jumps * change + 10 * tight, {
    ...text,
    reason: `${jumps > 1 ? "ten times (β jumps) " : ""}what tightening rk45 from ${numberText(loose)} to ${numberText(tight)} changes, and ten times the tolerance`,
  });
}

const LEARNED_TOLERANCE = 1e-4;

/** max |aᵢ − bᵢ|; NaN shows. */
export function largestGap(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
