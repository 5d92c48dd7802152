import { type FixedFactory, gridSteps, type SolverDefinition } from "./one-step.js";
import { type OptionSet, type OptionValues, resolveOptions } from "./options.js";
import { type StepContext, stepContext } from "./step-context.js";
import type { GridStep, Problem, Progress, State } from "./types.js";

/** Something a multistep solver remembers of an earlier step that began at `t`. */
export interface Remembered<S extends State> {
  readonly t: number;
  readonly state: S;
}

/** A step that also sees what earlier steps remembered, newest first. */
export type MultistepStep = <S extends State>(
  context: StepContext<S>,
  x: S,
  step: GridStep,
  past: readonly Remembered<S>[],
) => Promise<{ readonly x: S; readonly remembered: S }>;

/** Makes a factory of multistep solvers; `history` is how many earlier steps a step sees at most. */
export function multistepSolver<const O extends OptionSet>(
  definition: SolverDefinition<O> & { readonly history: number; step(options: OptionValues<O>): MultistepStep },
): FixedFactory {
  const { name, summary, source, stochastic, order, evaluationsPerStep, options: optionSet, check } = definition;
  const facts = { name, summary, source, stochastic, order, evaluationsPerStep };
  return {
    ...facts,
    optionSet,
    create(given = {}) {
      const options = resolveOptions(name, optionSet, given);
      const step = definition.step(options);
      return {
        ...facts,
        ...definition.facts?.(options),
        kind: "fixed",
        options,
        couplesBatch: false,
        check: (schedule, grid) => check?.(options, schedule, grid),
        run: (problem) => march(problem, step, definition.history),
      };
    },
  };
}

async function* march<S extends State>(
  problem: Problem<S>,
  step: MultistepStep,
  history: number,
): AsyncGenerator<Progress<S>, void> {
  const context = stepContext(problem);
  let past: readonly Remembered<S>[] = [];
  let x = await problem.space.start();
  for (const interval of gridSteps(problem.grid)) {
    const next = await step(context, x, interval, past);
    past = [{ t: interval.t, state: next.remembered }, ...past].slice(0, history);
    x = problem.space.commit(
      next.x,
      past.map(({ state }) => state),
    );
    yield { index: interval.index, t: interval.u, x };
  }
}
