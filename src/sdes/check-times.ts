import { exp, log } from "../../solvers/math/elementary.js";

/** Times at which a formula is examined: 1025 evenly spaced over [tMin, tMax], and where tMin is far smaller, geometric ones near it. */
export function checkTimes(tMin: number, tMax: number): Float64Array {
  const even = 1024;
  const times = Array.from({ length: even + 1 }, (_, i) => (i === even ? tMax : tMin + ((tMax - tMin) * i) / even));
  const next = times[1]!;
  if (tMin > 0 && next > 2 * tMin) {
    const ratio = log(next / tMin);
    const count = Math.ceil(16 * ratio);
    const near = Array.from({ length: count - 1 }, (_, i) => tMin * exp((ratio * (i + 1)) / count));
    times.splice(1, 0, ...near);
  }
  return Float64Array.from(times);
}
