import type { Status } from "../types.js";
import { ActiveRows } from "./active-rows.js";
import {
  type Failure,
  type Integration,
  type IntegrationOptions,
  type IntegrationResult,
  type Round,
  resolveIntegration,
} from "./adaptive-options.js";
import type { StepController } from "./controllers.js";
import { scaledNorms, worstComponent } from "./error-norm.js";
import type { InitialStepRule } from "./initial-step.js";
import { ResultRows } from "./result-rows.js";
import { RightHandSide } from "./right-hand-side.js";
import { isBelowSmallestStep, smallestStep } from "./smallest-step.js";
import { combineStages, stageTerms } from "./stage-combination.js";
import { isFirstSameAsLast } from "./tableaus.js";

type Pause = Promise<void> | Round;

/**
 * Integrates every row, one attempted step of all active rows per round.
 *
 * All active rows are at the same stage of their own step, so one call of f serves them all. Written as a generator that pauses on the
 * promises of f and after every round: a synchronous f costs no promise.
 */
function* attempts(integration: Integration): Generator<Pause, IntegrationResult> {
  const { options, tableau, controller, direction, width } = integration;
  const { f, to, signal, onStep } = options;
  const active = new ActiveRows(integration);
  const result = new ResultRows(integration);
  const rightHandSide = new RightHandSide(f, options.dimension, signal);
  const stages = tableau.matrix.map(stageTerms);
  const weights = stageTerms(tableau.weights);
  const errorWeights = stageTerms(integration.errorWeights);
  const firstSameAsLast = isFirstSameAsLast(tableau);
  const lastStage = tableau.matrix.length - 1;
  let evaluations = 0;
  let round = 0;

  const evaluate = (y: Float64Array, out: Float64Array): Promise<void> | undefined => {
    evaluations++;
    return rightHandSide.evaluate(active.times, y, active.rowCount, out, active.rows);
  };
  const leave = (g: number, status: Status, failure: Failure | null): void => {
    if (active.leaves[g] === 1) return;
    active.leaves[g] = 1;
    result.leave(active, g, evaluations, status, failure);
  };
  const leaveAll = (status: Status): void => {
    for (let g = 0; g < active.count; g++) {
      leave(g, status, { t: active.t[g]!, h: direction * active.length[g]!, component: null });
    }
    active.compact();
  };
  const leaveWhereNotFinite = (values: Float64Array): void => {
    for (let i = 0; i < active.size; i++) {
      if (Number.isFinite(values[i]!)) continue;
      const g = Math.floor(i / width);
      leave(g, "non-finite", { t: active.t[g]!, h: 0, component: i % options.dimension });
    }
    active.compact();
  };
  /** Whether rows remain after the limits and the signal were looked at; `cost` evaluations are to follow. */
  const goesOn = (cost: number): boolean => {
    if (signal?.aborted) leaveAll("aborted");
    else if (evaluations + cost > integration.maxEvaluations) leaveAll("max-evaluations");
    else if (round >= integration.maxSteps) leaveAll("max-steps");
    return active.count > 0;
  };

  result.start(active);
  leaveWhereNotFinite(active.y);
  if (firstSameAsLast || controller !== null) {
    if (!goesOn(1)) return result.take();
    active.setTimes(0);
    active.stage.set(active.y);
    const pending = evaluate(active.stage, active.k[0]!);
    if (pending !== undefined) yield pending;
    if (!goesOn(0)) return result.take();
    leaveWhereNotFinite(active.k[0]!);
  }
  if (integration.firstStep !== null) active.length.fill(integration.firstStep);
  else if (integration.initialStep !== null) {
    if (!goesOn(1)) return result.take();
    yield* chooseFirstSteps(integration, integration.initialStep, active, evaluate);
  }
  // A tableau without that property needs its first stage anew in every step.
  const cost = lastStage + (firstSameAsLast ? 0 : 1);
  while (goesOn(cost)) {
    proposeSteps(integration, active, round);
    if (!firstSameAsLast) {
      active.setTimes(0);
      active.stage.set(active.y);
      const pending = evaluate(active.stage, active.k[0]!);
      if (pending !== undefined) yield pending;
    }
    for (let s = 1; s <= lastStage; s++) {
      const state = firstSameAsLast && s === lastStage ? active.yNext : active.stage;
      combineStages(state, active.y, active.hFlat, stages[s]!, active.k, active.size);
      active.setTimes(tableau.nodes[s]!);
      const pending = evaluate(state, active.k[s]!);
      if (pending !== undefined) yield pending;
    }
    if (!goesOn(Number.NEGATIVE_INFINITY)) break;
    if (!firstSameAsLast) combineStages(active.yNext, active.y, active.hFlat, weights, active.k, active.size);
    round++;
    const error = active.stage;
    if (controller === null) for (let i = 0; i < active.size; i++) error[i] = 0;
    else combineStages(error, active.zero, active.hFlat, errorWeights, active.k, active.size);
    scaledNorms(error, active.y, active.yNext, integration, true, active.count, active.error);

    for (let g = 0; g < active.count; g++) {
      const size = active.error[g]!;
      const isNumber = size < Number.POSITIVE_INFINITY;
      const counts = isNumber && (controller === null || controller.accepts(size));
      const h = active.h[g]!;
      const length = Math.abs(h);
      if (counts) {
        const factor = nextFactor(controller, active, g, size, true);
        active.accepted[g]!++;
        active.afterRejection[g] = 0;
        result.step(active, g);
        active.t[g] = active.tNext[g]!;
        active.copyGroup(active.yNext, active.y, g);
        if (firstSameAsLast) active.copyGroup(active.k[lastStage]!, active.k[0]!, g);
        active.length[g] = length * factor;
        if (onStep !== undefined) result.report(active, g, onStep);
        if (active.t[g] === to) leave(g, "success", null);
      } else {
        const factor = nextFactor(controller, active, g, isNumber ? size : Number.POSITIVE_INFINITY, false);
        active.rejected[g]!++;
        active.afterRejection[g] = 1;
        active.length[g] = length * factor;
        if (controller === null || isBelowSmallestStep(length * factor, active.t[g]!, direction)) {
          const { component, finite } = worstComponent(error, active, integration, g);
          leave(g, finite ? "step-underflow" : "non-finite", { t: active.t[g]!, h, component });
        }
      }
    }
    active.compact();
    yield { round, active: active.count, finished: integration.groups - active.count };
  }
  return result.take();
}

function nextFactor(
  controller: StepController | null,
  active: ActiveRows,
  g: number,
  error: number,
  accepted: boolean,
): number {
  if (controller === null) return 1;
  return controller.factor(error, accepted, active.afterRejection[g] === 1, active.memory, g * active.memorySize);
}

/** Sets the step of every row: its wish, at least the smallest and at most the longest one, ended by the end of the interval. */
function proposeSteps(integration: Integration, active: ActiveRows, round: number): void {
  const { options, controller, direction, maxStep, steps } = integration;
  const { to } = options;
  for (let g = 0; g < active.count; g++) {
    const t = active.t[g]!;
    if (controller === null) {
      // From where it is, in the number of steps that are left: the last one ends at `to` without a remainder.
      const left = steps - round;
      active.tNext[g] = left === 1 ? to : t + (to - t) / left;
      active.h[g] = active.tNext[g]! - t;
      continue;
    }
    let length = active.length[g]!;
    if (length > maxStep) length = maxStep;
    else if (isBelowSmallestStep(length, t, direction)) length = smallestStep(t, direction);
    const beyond = direction * (t + direction * controller.endStretch * length - to) > 0;
    active.tNext[g] = beyond ? to : t + direction * length;
    active.h[g] = active.tNext[g]! - t;
  }
  active.spreadSteps();
}

/** Chooses the first step of every row by `rule`, with one evaluation. */
function* chooseFirstSteps(
  integration: Integration,
  rule: InitialStepRule,
  active: ActiveRows,
  evaluate: (y: Float64Array, out: Float64Array) => Promise<void> | undefined,
): Generator<Pause, void> {
  const { options, direction, errorOrder } = integration;
  const longest = Math.abs(options.to - options.from);
  const { count, size, y, stage, k, h, hFlat, zero } = active;
  const norms = (value: Float64Array): Float64Array => {
    const out = new Float64Array(count);
    scaledNorms(value, y, y, integration, rule.meanSquare, count, out);
    return out;
  };
  const d0 = norms(y);
  const d1 = norms(k[0]!);
  for (let g = 0; g < count; g++) h[g] = direction * rule.probe(d0[g]!, d1[g]!, longest);
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

/**
 * Integrates dy/dt = f(t, y) for many rows, yielding after every round of attempted steps.
 *
 * The result comes as the generator's return value; see `integrate`.
 */
export async function* integrationRounds(options: IntegrationOptions): AsyncGenerator<Round, IntegrationResult> {
  const run = attempts(resolveIntegration(options));
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
    if (value instanceof Promise) await value;
    else yield value;
  }
}

/**
 * Integrates dy/dt = f(t, y) for many rows from `from` to `to` by an embedded Runge–Kutta pair with step size control.
 *
 * Every row has its own step, error, status and counters, and its path is bit-identical whatever rows run beside it; `control: 'shared'`
 * couples them by one error norm. Numerical trouble ends a row with a status; the others go on.
 *
 * @throws UsageError for options that cannot be meant; RightHandSideError where f throws.
 */
export async function integrate(options: IntegrationOptions): Promise<IntegrationResult> {
  const run = attempts(resolveIntegration(options));
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
    if (value instanceof Promise) await value;
  }
}
