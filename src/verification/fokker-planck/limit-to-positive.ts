import type { TimeStep } from "./time-step.js";

/**
 * Mixes as little implicit Euler into `out`, the result of `step.apply(masses, out)`, as makes it ≥ 0; returns the L1 change.
 *
 * Both ends of the mixture keep the mass, so the mixture does. `work` is overwritten where something is negative.
 */
export function limitToPositive(step: TimeStep, masses: Float64Array, out: Float64Array, work: Float64Array): number {
  let smallest = 0;
  for (let i = 0; i < out.length; i++) smallest = Math.min(smallest, out[i]!);
  if (!(smallest < 0)) return 0;
  step.applyPositive(masses, work);
  let theta = 0;
  for (let i = 0; i < out.length; i++) {
    const value = out[i]!;
    if (value < 0) theta = Math.max(theta, Math.min(1, -value / (work[i]! - value)));
  }
  let change = 0;
  for (let i = 0; i < out.length; i++) {
    const difference = theta * (work[i]! - out[i]!);
    change += Math.abs(difference);
    // Rounding of the mixture can leave a cell at −1e-16 of what was taken away from it.
    out[i] = Math.max(0, out[i]! + difference);
  }
  return change;
}
