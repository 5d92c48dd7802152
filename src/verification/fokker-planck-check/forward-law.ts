import { integerPower } from "../../../solvers/math/integer-power.js";
import { atMost, type Check } from "../check.js";
import { ClosestCall } from "../closest-call.js";
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

/** Steps of the coarser run. */
const STEPS = 2000;

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
  const [coarse, fine] = [STEPS, 2 * STEPS].map((steps) => forwardMoments(subject, evenTimes(sde, steps)));
  const call = new ClosestCall();
  times.forEach((t, k) => {
    if (k === 0) return;
    const [a, b] = [coarse![(k * STEPS) / (times.length - 1)]!, fine![(2 * k * STEPS) / (times.length - 1)]!];
    const [alpha, sigma] = [sde.alpha(t), sde.sigma(t)];
    const size = Math.sqrt(alpha * alpha * square + dimension * sigma * sigma);
    const distance = (scale: number, noise: number) =>
      Math.sqrt(scale * scale * square + dimension * noise * noise) / size;
    const error = distance(2 * b.scale - a.scale - alpha, 2 * b.noise - a.noise - sigma);
    const allowed = 0.25 * distance(b.scale - a.scale, b.noise - a.noise) + 1e-12;
    call.add(error, allowed);
  });
  return atMost(call.figure, call.tolerance, {
    name: "forward-law",
    statement: 6,
    claim: "the forward SDE's law is p_t in the limit of small steps (bound on W2, extrapolated, over the deviation)",
    reason: `a quarter of what halving the step changes: Euler–Maruyama is of order 1 (${STEPS} and ${2 * STEPS} steps, exact law)`,
  });
}
