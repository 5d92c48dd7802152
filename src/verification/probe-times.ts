import type { Sde } from "../sdes/types.js";

/** A time at which identities are examined. */
export interface ProbeTime {
  readonly t: number;
  /** A step over which λ changes by about 1%, kept clear of the ends of the range and of jumps of f and g. */
  readonly step: number;
}

/** `count` + 1 times from tMin to tMax, equal steps of λ apart, ends included. */
export function evenTimes(sde: Sde, count: number): Float64Array {
  const [first, last] = [sde.logSnr(sde.tMin), sde.logSnr(sde.tMax)];
  return Float64Array.from({ length: count + 1 }, (_, k) => {
    if (k === 0) return sde.tMin;
    if (k === count) return sde.tMax;
    // An SDE whose λ and times disagree must not lead out of the range.
    return Math.max(sde.tMin, Math.min(sde.tMax, sde.timeAtLogSnr(first + ((last - first) * k) / count)));
  });
}

/**
 * `count` times strictly inside [tMin, tMax], about equal steps of λ apart, each with room for differences in t: tables of β are met
 * in the middle of their intervals.
 */
export function probeTimes(sde: Sde, count: number): ProbeTime[] {
  const edges = [sde.tMin, ...sde.breakpoints, sde.tMax];
  const margin = 1e-6 * (sde.tMax - sde.tMin);
  return Array.from(evenTimes(sde, count + 1).subarray(1, count + 1), (time) => {
    const wanted = Math.max(sde.tMin + margin, Math.min(sde.tMax - margin, time));
    let at = edges.findIndex((edge) => edge > wanted);
    if (at < 1) at = edges.length - 1;
    const [low, high] = [edges[at - 1]!, edges[at]!];
    const t = sde.breakpoints.length > 0 ? 0.5 * (low + high) : wanted;
    const g = sde.diffusion(t);
    const sigma = sde.sigma(t);
    // dλ/dt = −g²/(2σ²).
    return { t, step: Math.min((0.02 * sigma * sigma) / (g * g), 0.2 * (t - low), 0.2 * (high - t)) };
  });
}
