import { UsageError } from "../errors.js";
import { numberText } from "../number-text.js";
import { choiceOption } from "../options.js";
import { type StepTransition, stepTransition } from "../transition.js";
import type { Grid, Schedule } from "../types.js";

/** Which discretised forward step a predictor inverts. */
export const compatOption = choiceOption(
  ["none", "song"],
  "none",
  "forward step to invert: the exact transition, or b = h β(t) as score_sde discretises it",
);

/** r and the variance of the forward step to invert: exact, or with b = h β(t) and r = √(1 − b). */
export function forwardStep(
  compat: "none" | "song",
  schedule: Schedule,
  t: number,
  u: number,
): Pick<StepTransition, "ratio" | "variance"> {
  if (compat === "none" || !schedule.variancePreserving) return stepTransition(schedule, t, u);
  const b = songBeta(schedule, t, u);
  return { ratio: Math.sqrt(1 - b), variance: b };
}

/**
 * Refuses `compat=song` where score_sde has no discretisation or where some b = h β(t) reaches 1.
 *
 * @throws UsageError naming the least number of steps that works
 */
export function checkCompat(name: string, compat: "none" | "song", schedule: Schedule, grid: Grid): void {
  if (compat === "none") return;
  const alphaIsConstant = schedule.driftCoefficient(schedule.tMax) === 0;
  if (!schedule.variancePreserving && !alphaIsConstant) {
    throw new UsageError(
      `${name}: compat=song is defined for variance-preserving and variance-exploding SDEs, but got ${schedule.name} - leave compat out`,
    );
  }
  if (!schedule.variancePreserving || largestBeta(schedule, grid) < 1) return;
  const least = leastSteps(schedule, grid);
  const wayOut = least === null ? "refine the times" : `use at least ${least} steps`;
  throw new UsageError(
    `${name}: compat=song needs b = h·beta(t) < 1 in every step, but got ${numberText(largestBeta(schedule, grid), 4)} - ${wayOut} or leave compat out`,
  );
}

function songBeta(schedule: Schedule, t: number, u: number): number {
  return (t - u) * -2 * schedule.driftCoefficient(t);
}

function largestBeta(schedule: Schedule, { times }: Grid): number {
  let largest = 0;
  for (let i = 0; i + 1 < times.length; i++) largest = Math.max(largest, songBeta(schedule, times[i]!, times[i + 1]!));
  return largest;
}

function leastSteps(schedule: Schedule, { withSteps, times }: Grid): number | null {
  if (withSteps === undefined) return null;
  for (let steps = times.length; steps <= 100_000; steps++) {
    if (largestBeta(schedule, withSteps(steps)) < 1) return steps;
  }
  return null;
}
