import type { Sde } from "../sdes/types.js";
import { evenTimes } from "./probe-times.js";

const INTERVALS = 20;
const PLACES = Float64Array.of(-3, -0.7, 0.2, 1, 2.3);
/** Operations behind a figure, a rounding error each. */
const OPERATIONS = 16;

/** Whether two linear SDEs agree to rounding in f, g, α, σ, λ and its inverse, transitions and prior, at 21 times from tMin to tMax. */
export function sameSde(a: Sde, b: Sde): boolean {
  if (a === b) return true;
  const times = evenTimes(a, INTERVALS);
  const [here, there] = [figures(a, times), figures(b, times)];
  return here.every((value, k) => {
    const other = there[k]!;
    return Math.abs(value - other) <= OPERATIONS * Number.EPSILON * Math.max(Math.abs(value), Math.abs(other));
  });
}

function figures(sde: Sde, times: Float64Array): number[] {
  const { tMin, priorStandardDeviation } = sde;
  const all = Array.from(times, (t) => {
    const { scale, variance } = sde.transition(tMin, t);
    const lambda = sde.logSnr(t);
    const known = [sde.diffusion(t), sde.driftCoefficient(t), sde.alpha(t), sde.sigma(t), lambda, scale, variance];
    return [...known, sde.timeAtLogSnr(lambda), ...sde.drift(PLACES, t)];
  });
  return [...all.flat(), priorStandardDeviation];
}
