import { log } from "../../../solvers/math/elementary.js";
import { atMost, type Check } from "../check.js";
import { ClosestCall } from "../closest-call.js";
import { FAMILY_LEVEL } from "../sampled-family.js";

/** A run of finite volumes, as far as its mass and positivity go. */
export interface ConservativeRun {
  /** Total mass at each kept time. */
  readonly mass: Float64Array;
  /** Least density at any kept time. */
  readonly minimum: number;
  readonly steps: number;
  readonly cells: number;
}

/** Roundings in a cell during a step: two eliminations, and the sums between them; in none of them is there more than the whole mass. */
const ROUNDINGS = 30;

/** Mass kept by each run, and the least density of all. */
export function conservationChecks(runs: readonly ConservativeRun[]): Check[] {
  const call = new ClosestCall();
  for (const { mass, steps, cells } of runs) {
    const change = mass.reduce((most, value) => Math.max(most, Math.abs(value - mass[0]!)), 0);
    call.add(change, massRounding(steps, cells));
  }
  const minimum = runs.reduce((least, run) => Math.min(least, run.minimum), Number.POSITIVE_INFINITY);
  return [
    atMost(call.figure, call.tolerance, {
      name: "mass",
      claim: "no mass appears or disappears (largest change)",
      reason: `rounding of a conservative scheme, ${ROUNDINGS} times per cell and step, exceeded at one run in ${1 / FAMILY_LEVEL} (Higham & Mary 2019)`,
    }),
    atMost(-minimum, 0, {
      name: "positivity",
      claim: "no density is negative (minus the least)",
      reason: "the scheme is limited to stay positive",
    }),
  ];
}

/**
 * What n roundings of at most the whole mass amount to: λ √n u but for a chance of 2 exp(−λ²/2) (Higham & Mary 2019), from
 * the first step on.
 */
function massRounding(steps: number, cells: number): number {
  const roundings = ROUNDINGS * cells * Math.max(1, steps);
  return Math.sqrt(2 * log(2 / FAMILY_LEVEL)) * Math.sqrt(roundings) * 2 ** -53;
}
