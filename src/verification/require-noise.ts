import { UsageError } from "../../solvers/errors.js";
import { gaussHermite } from "../../solvers/math/gauss-hermite.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";

/** Below this share of drift times deviation, ½g² is no noise to speak of. */
const NEGLIGIBLE = 1e-4;
/** What the drift may do without noise, over the deviation. */
const TOLERATED = 1e-3;
const NODES = 4096;

/**
 * Refuses an SDE whose diffusion vanishes, at an instant or longer, while its drift carries the data on: steps equal in λ then grow without
 * bound, and finite volumes are upwind, of order 1. Zeros of g where the drift does next to nothing are let through.
 *
 * @throws UsageError with the time at which g is smallest
 */
export function requireNoise(sde: Sde, target: Target): void {
  const { name, tMin, tMax } = sde;
  const deviations = target.mean.map((_, i) => Math.sqrt(target.covariance[i * target.dimension + i]!));
  const width = deviations.reduce((least, value) => Math.min(least, value));
  const { nodes, weights } = gaussHermite(4);
  const places = Float64Array.from({ length: nodes.length * target.dimension }, (_, k) => {
    const i = k % target.dimension;
    return target.mean[i]! + nodes[Math.floor(k / target.dimension)]! * deviations[i]!;
  });
  const drift = new Float64Array(places.length);
  /** The root mean square of the drift of a coordinate, and ½g² over it and the deviation. */
  const at = (t: number) => {
    const square = sde.drift(places, t, drift).reduce((sum, value, k) => {
      return sum + weights[Math.floor(k / target.dimension)]! * value * value;
    }, 0);
    const speed = Math.sqrt(square / target.dimension);
    const g = sde.diffusion(t);
    return { speed, share: speed === 0 ? Number.POSITIVE_INFINITY : (0.5 * g * g) / (speed * width) };
  };
  const step = (tMax - tMin) / NODES;
  let carried = 0;
  let least = { t: tMin, share: Number.POSITIVE_INFINITY };
  for (let k = 0; k <= NODES; k++) {
    const t = k === NODES ? tMax : tMin + k * step;
    const { speed, share } = at(t);
    if (share < NEGLIGIBLE) carried += (speed * (k === 0 || k === NODES ? 0.5 * step : step)) / width;
    if (share < least.share) least = { t, share };
  }
  if (carried <= TOLERATED) return;
  const t = smallestNear(least.t, step, sde);
  const floor = Math.sqrt(100 * NEGLIGIBLE * at(t).speed * width);
  throw new UsageError(
    `sde: g must not vanish while the drift acts, but '${name}' has g = ${Number(sde.diffusion(t).toPrecision(3))} at t = ${Number(t.toPrecision(4))}, and without noise its drift moves data by ${carried.toPrecision(2)} of their deviation - leave that time out by tMin and tMax, or add a floor to g such as ${floor.toPrecision(1)}`,
  );
}

/** Where g is smallest within a step of t, by golden section. */
function smallestNear(t: number, step: number, sde: Sde): number {
  const GOLDEN = 0.5 * (Math.sqrt(5) - 1);
  let [low, high] = [Math.max(sde.tMin, t - step), Math.min(sde.tMax, t + step)];
  for (let round = 0; round < 60; round++) {
    const [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    if (sde.diffusion(a) <= sde.diffusion(b)) high = b;
    else low = a;
  }
  return 0.5 * (low + high);
}
