import { log } from "../math/elementary.js";
import { modelAnswer } from "../model-answer.js";
import { numberText } from "../number-text.js";
import type { SolverFactory } from "../one-step.js";
import { choiceOption, numberOption, type OptionSet, optionalNumberOption, resolveOptions } from "../options.js";
import type { AdaptiveSolver, Awaitable, FlowProblem, FlowResult, Model } from "../types.js";
import { integrationRounds } from "./adaptive.js";
import type { Failure, IntegrationResult } from "./adaptive-options.js";
import { flowSlope } from "./flow-slope.js";
import { perTime } from "./per-time.js";
import type { BatchRightHandSide } from "./right-hand-side.js";
import { bogackiShampine, dormandPrince, type EmbeddedTableau } from "./tableaus.js";

const options = {
  rtol: numberOption(1e-5, "relative tolerance", { above: 0 }),
  atol: numberOption(1e-5, "absolute tolerance", { above: 0 }),
  variable: choiceOption(["t", "rho"], "t", "independent variable: t, or rho = σ/α with y = x/α (exponential form)"),
  control: choiceOption(
    ["sample", "shared"],
    "sample",
    "each sample its own step, or one step and one error norm for the batch as other libraries do",
  ),
  controller: choiceOption(["scipy", "hairer", "pid"], "scipy", "step-size controller"),
  maxSteps: optionalNumberOption("most attempted steps per sample", { min: 1, integer: true }),
  maxEvaluations: optionalNumberOption("most evaluations per sample", { min: 1, integer: true }),
} satisfies OptionSet;

/** Dormand–Prince 5(4) on the probability-flow ODE, each sample with its own steps. */
export const rk45 = adaptiveFlow("rk45", dormandPrince, "Song et al. 2021 (arXiv 2011.13456) appendix D.4");

/** Bogacki–Shampine 3(2) on the probability-flow ODE, each sample with its own steps. */
export const rk23 = adaptiveFlow("rk23", bogackiShampine, "Song et al. 2021 (arXiv 2011.13456) eq. 13");

function adaptiveFlow(name: string, tableau: EmbeddedTableau, paper: string): SolverFactory {
  const facts = {
    name,
    summary: `adaptive ${tableau.name} on the probability-flow ODE, each sample with its own steps`,
    source: `${paper}; ${tableau.source}`,
    stochastic: false,
    order: tableau.order,
    evaluationsPerStep: tableau.weights.length - 1,
  };
  return {
    ...facts,
    optionSet: options,
    create(given = {}): AdaptiveSolver {
      const chosen = resolveOptions(name, options, given);
      const { rtol, atol, control, controller, maxSteps, maxEvaluations, variable } = chosen;
      return {
        ...facts,
        kind: "adaptive",
        options: chosen,
        couplesBatch: control === "shared",
        async integrate(problem) {
          const flow = variable === "t" ? flowInTime(problem) : flowInRho(problem);
          const rounds = integrationRounds({
            ...flow,
            count: problem.count,
            dimension: problem.model.dimension,
            method: tableau,
            rtol,
            atol,
            control,
            controller,
            // The probe for the first step must not leave the time range of the SDE.
            initialStep: "inside",
            signal: problem.signal,
            keepPath: problem.keepPath ?? false,
            ...(maxSteps === null ? {} : { maxSteps }),
            ...(maxEvaluations === null ? {} : { maxEvaluations }),
          });
          for (;;) {
            const { done, value } = await rounds.next();
            if (done) return flow.result(value);
            await problem.onRound?.(value.finished);
          }
        },
      };
    },
  };
}

/** The ODE in some variable, and how its result reads in x and t. */
interface Flow {
  readonly f: BatchRightHandSide;
  readonly from: number;
  readonly to: number;
  readonly y0: Float64Array;
  result(raw: IntegrationResult): FlowResult;
}

/** dx/dt = f x − ½ g² s. */
function flowInTime({ schedule, model, start, from, to, condition }: FlowProblem): Flow {
  const slope = perTime(flowSlope(schedule, model.predicts, "t"));
  return {
    f(times, y, count, out) {
      const finish = (answer: unknown) => combineRows(slope, times, y, modelAnswer(answer, out), out, model.dimension);
      return whenDone(evaluate(model, y, times, count, out, condition), finish);
    },
    from,
    to,
    y0: start,
    result: (raw) => flowResult(raw, raw.end, raw.paths, (t) => t),
  };
}

/** dy/dρ = ε with y = x/α and ρ = σ/α. */
function flowInRho({ schedule, model, start, from, to, condition }: FlowProblem): Flow {
  const { dimension } = model;
  const at = (t: number) => schedule.sigma(t) / schedule.alpha(t);
  const time = perTime((rho) => {
    const t = schedule.timeAtLogSnr(-log(rho));
    return [t, schedule.alpha(t)];
  });
  const slope = perTime(flowSlope(schedule, model.predicts, "rho"));
  const scaled = (y: ArrayLike<number>, factor: (row: number) => number) =>
    Float64Array.from(y, (value, i) => value * factor(Math.floor(i / dimension)));
  return {
    f(rhos, y, count, out) {
      const times = Float64Array.from(rhos, (rho) => time(rho)[0]);
      const x = scaled(y, (row) => time(rhos[row]!)[1]);
      const finish = (answer: unknown) => combineRows(slope, times, x, modelAnswer(answer, out), out, dimension);
      return whenDone(evaluate(model, x, times, count, out, condition), finish);
    },
    from: at(from),
    to: at(to),
    y0: scaled(start, () => 1 / schedule.alpha(from)),
    result(raw) {
      const end = scaled(raw.end, (row) => time(raw.endTimes[row]!)[1]);
      const paths =
        raw.paths?.map(({ times, states }) => ({ times, states: scaled(states, (row) => time(times[row]!)[1]) })) ??
        null;
      return flowResult(raw, end, paths, (rho) => time(rho)[0]);
    },
  };
}

function evaluate(
  model: Model,
  x: Float64Array,
  times: Float64Array,
  count: number,
  out: Float64Array,
  condition: unknown,
) {
  return model.evaluate(condition === undefined ? { x, times, count } : { x, times, count, condition }, out);
}

function whenDone(answer: unknown, finish: (answer: unknown) => void): Awaitable<void> {
  if (answer instanceof Promise) return answer.then(finish);
  finish(answer);
}

/** out = a x + b m, with (a, b) of each row's time. */
function combineRows(
  coefficients: (t: number) => readonly [number, number],
  times: Float64Array,
  x: Float64Array,
  m: Float64Array,
  out: Float64Array,
  dimension: number,
): void {
  for (let row = 0, i = 0; row < times.length; row++) {
    const pair = coefficients(times[row]!);
    const a = pair[0];
    const b = pair[1];
    for (let d = 0; d < dimension; d++, i++) out[i] = a * x[i]! + b * m[i]!;
  }
}

/** What the driver made of each row, in x and t; `time` turns the independent variable into t. */
export function flowResult(
  raw: IntegrationResult,
  end: Float64Array,
  paths: readonly { readonly times: ArrayLike<number>; readonly states: ArrayLike<number> }[] | null,
  time: (value: number) => number,
): FlowResult {
  const { statuses, failures, evaluations, accepted, rejected } = raw;
  return {
    end,
    statuses,
    messages: failures.map((failure, row) => (failure === null ? "" : `${statuses[row]} at ${place(failure, time)}`)),
    evaluations,
    accepted,
    rejected,
    paths:
      paths?.map(({ times, states }) => ({
        times: Float64Array.from(times, time),
        states: Float64Array.from(states),
      })) ?? null,
  };
}

function place({ t, h, component }: Failure, time: (value: number) => number): string {
  const step = h === 0 ? "" : `, step ${numberText(h, 3)}`;
  return `t = ${numberText(time(t))}${step}${component === null ? "" : `, component ${component}`}`;
}
