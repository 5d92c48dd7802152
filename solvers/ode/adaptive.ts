import type { Status } from "../types.js";
import { ActiveRows } from "./active-rows.js";
import type { IntegrationOptions, IntegrationResult, Round } from "./adaptive-options.js";
import { scaledNorms } from "./error-norm.js";
import { type Integration, resolveIntegration } from "./resolve-integration.js";
import { ResultRows } from "./result-rows.js";
import { RightHandSide } from "./right-hand-side.js";
import { combineStages, stageTerms } from "./stage-combination.js";
import { chooseFirstSteps, proposeSteps } from "./step-proposal.js";
import { type Leave, settle } from "./step-verdict.js";
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
  const { f, signal } = options;
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
  const leave: Leave = (g, status, failure) => {
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
    for (let s = 1; s <= lastStage && !signal?.aborted; s++) {
      const state = firstSameAsLast && s === lastStage ? active.yNext : active.stage;
      combineStages(state, active.y, active.hFlat, stages[s]!, active.k, active.size);
      active.setTimes(tableau.nodes[s]!);
      const pending = evaluate(state, active.k[s]!);
      if (pending !== undefined) yield pending;
    }
    if (signal?.aborted) continue;
    if (!firstSameAsLast) combineStages(active.yNext, active.y, active.hFlat, weights, active.k, active.size);
    round++;
    const error = active.stage;
    if (controller === null) for (let i = 0; i < active.size; i++) error[i] = 0;
    else combineStages(error, active.zero, active.hFlat, errorWeights, active.k, active.size);
    scaledNorms(error, active.y, active.yNext, integration, true, active.count, active.error);

    settle(integration, active, result, error, leave);
    active.compact();
    yield { round, active: active.count, finished: integration.groups - active.count };
  }
  return result.take();
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
