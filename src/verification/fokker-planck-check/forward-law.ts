import { integerPower } from "../../../solvers/math/integer-power.js";
import { atMost, type Check } from "../check.js";
import { evenTimes } from "../probe-times.js";
import type { Subject } from "./subject.js";

/** x_t = scale · x₀ + noise · ε: the exact law of Euler–Maruyama from p_tMin. */
export interface ForwardMoments {
  readonly scale: number;
  readonly noise: number;
}

/** Scale and noise of Euler–Maruyama on dx = f x dt + g dw after each step of `times` (increasing). */
export function forwardMoments({ sde, equation }: Subject, times: Float64Array): ForwardMoments[] {
  const one = Float64Array.of(1);
  const slope = new Float64Array(1);
  let scale = sde.alpha(times[0]!);
  let variance = integerPower(sde.sigma(times[0]!), 2);
  const moments = [{ scale, noise: Math.sqrt(variance) }];
  for (let k = 0; k + 1 < times.length; k++) {
    const t = times[k]!;
    const h = times[k + 1]! - t;
    const factor = 1 + h * equation.drift(one, t, slope)[0]!;
    const g = equation.diffusion(t);
    scale *= factor;
    variance = factor * factor * variance + g * g * h;
    moments.push({ scale, noise: Math.sqrt(variance) });
  }
  return moments;
}

/** Intervals of the coarsest run, half of them of equal λ and half of equal t: where noise is weak, λ hardly changes. */
const INTERVALS = 1000;

/**
 * (c) The law of the forward SDE simulated by Euler–Maruyama, exactly and without sampling, in the limit of small steps against p_t: the
 * worst coupling distance √((A − α)² E|x₀|² + (S − σ)² d) over the times, relative to the deviation of p_t.
 */
export function forwardLaw(subject: Subject): Check {
  const { sde, target, times } = subject;
  const { dimension } = target;
  let square = 0;
  for (let d = 0; d < dimension; d++) {
    square += target.mean[d]! * target.mean[d]! + target.covariance[d * (dimension + 1)]!;
  }
  const grid = stepEnds(subject);
  const at = Array.from(times.subarray(1), (t) => grid.indexOf(t));
  const [coarse, middle, fine] = [1, 2, 4].map((parts) => {
    const moments = forwardMoments(subject, split(grid, parts));
    return at.map((index) => moments[parts * index]!);
  });
  let [error, change] = [0, 0];
  at.forEach((index, k) => {
    const t = grid[index]!;
    const [alpha, sigma] = [sde.alpha(t), sde.sigma(t)];
    const size = Math.sqrt(alpha * alpha * square + dimension * sigma * sigma);
    const distance = (scale: number, noise: number) =>
      Math.sqrt(scale * scale * square + dimension * noise * noise) / size;
    const [limit, before] = [extrapolated(middle![k]!, fine![k]!), extrapolated(coarse![k]!, middle![k]!)];
    error = Math.max(error, distance(limit.scale - alpha, limit.noise - sigma));
    change = Math.max(change, distance(limit.scale - before.scale, limit.noise - before.noise));
  });
  const steps = 4 * (grid.length - 1);
  return atMost(error, change + 4 * steps * Number.EPSILON, {
    name: "forward-law",
    statement: 6,
    claim: "the forward SDE's law is p_t in the limit of small steps (bound on W2, extrapolated, over the deviation)",
    reason: `what the extrapolation changes when the steps of Euler–Maruyama are halved once more, to ${steps} (exact law), and rounding`,
  });
}

/** Where the steps of the coarsest run end: the subject's times and jumps of f and g among them. */
function stepEnds({ sde, times }: Subject): Float64Array {
  const { tMin, tMax } = sde;
  const half = INTERVALS / 2;
  const equal = Array.from({ length: half }, (_, k) => tMin + ((tMax - tMin) * k) / half);
  const inside = [...evenTimes(sde, half), ...equal, ...sde.breakpoints, ...times];
  return Float64Array.from(new Set(inside.filter((t) => t >= tMin && t <= tMax))).sort();
}

/** Every interval cut into equal parts. */
function split(grid: Float64Array, parts: number): Float64Array {
  const out = new Float64Array(parts * (grid.length - 1) + 1);
  grid.forEach((t, k) => {
    const width = k + 1 < grid.length ? grid[k + 1]! - t : 0;
    for (let j = 0; j < parts && parts * k + j < out.length; j++) out[parts * k + j] = t + (j * width) / parts;
  });
  return out;
}

/** The limit of small steps of a method of order 1. */
function extrapolated(coarse: ForwardMoments, fine: ForwardMoments): ForwardMoments {
  return { scale: 2 * fine.scale - coarse.scale, noise: 2 * fine.noise - coarse.noise };
}
