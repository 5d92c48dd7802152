import type { ActiveRows } from "./active-rows.js";
import { scaledNorms } from "./error-norm.js";
import type { InitialStepRule } from "./initial-step.js";
import type { Integration } from "./resolve-integration.js";
import { isBelowSmallestStep, smallestStep } from "./smallest-step.js";
import { combineStages, stageTerms } from "./stage-combination.js";

/** Sets the step of every row: its wish, at least the smallest and at most the longest one, ended by the end of the interval. */
export function proposeSteps(integration: Integration, active: ActiveRows, round: number): void {
  const { options, controller, direction, maxStep, steps } = integration;
  const { to } = options;
  const { count, t, tNext, h, length } = active;
  if (controller === null) {
    // From where it is, in the number of steps that are left: the last one ends at `to` without a remainder.
    const left = steps - round;
    for (let g = 0; g < count; g++) {
      tNext[g] = left === 1 ? to : t[g]! + (to - t[g]!) / left;
      h[g] = tNext[g]! - t[g]!;
    }
  } else {
    const stretch = direction * controller.endStretch;
    for (let g = 0; g < count; g++) {
      const now = t[g]!;
      let size = length[g]!;
      if (size > maxStep) size = maxStep;
      else if (isBelowSmallestStep(size, now, direction)) size = smallestStep(now, direction);
      const next = direction * (now + stretch * size - to) > 0 ? to : now + direction * size;
      tNext[g] = next;
      h[g] = next - now;
    }
  }
  active.spreadSteps();
}

/** Chooses the first step of every row by `rule`, with one evaluation. */
export function* chooseFirstSteps(
  integration: Integration,
  rule: InitialStepRule,
  active: ActiveRows,
  evaluate: (y: Float64Array, out: Float64Array) => Promise<void> | undefined,
): Generator<Promise<void>, void> {
  const { options, direction, errorOrder } = integration;
  const longest = Math.abs(options.to - options.from);
  const { count, size, t, tNext, y, stage, k, h, hFlat, zero } = active;
  const norms = (value: Float64Array): Float64Array => {
    const out = new Float64Array(count);
    scaledNorms(value, y, y, integration, rule.meanSquare, count, out);
    return out;
  };
  const d0 = norms(y);
  const d1 = norms(k[0]!);
  for (let g = 0; g < count; g++) {
    h[g] = direction * rule.probe(d0[g]!, d1[g]!, longest);
    tNext[g] = Math.abs(h[g]!) === longest ? options.to : t[g]! + h[g]!;
  }
  active.spreadSteps();
  combineStages(stage, y, hFlat, stageTerms([1]), k, size);
  active.setTimes(1);
  const pending = evaluate(stage, k[1]!);
  if (pending !== undefined) yield pending;
  for (let i = 0; i < size; i++) zero[i] = k[1]![i]! - k[0]![i]!;
  const difference = norms(zero);
  zero.fill(0);
  for (let g = 0; g < count; g++) {
    const h0 = Math.abs(h[g]!);
    active.length[g] = rule.first(d1[g]!, difference[g]! / h0, h0, errorOrder, longest);
  }
}
