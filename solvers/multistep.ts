import { type FixedFactory, gridSteps, type SolverDefinition, solverFacts } from "./one-step.js";
import { type OptionSet, type OptionValues, resolveOptions } from "./options.js";
import { type StepContext, stepContext } from "./step-context.js";
import type { GridStep, Problem, Progress, State } from "./types.js";

/** Something a multistep solver remembers of an earlier step that began at `t`. */
export interface Remembered<S extends State> {
  readonly t: number;
  readonly state: S;
  /** The state that the step itself began from, where the solver keeps one; the newest step's alone. */
  readonly base?: S;
}

/** A step that also sees what earlier steps remembered, newest first. */
export type MultistepStep = <S extends State>(
  context: StepContext<S>,
  x: S,
  step: GridStep,
  past: readonly Remembered<S>[],
) => Promise<{ readonly x: S; readonly remembered: S; readonly base?: S }>;

/** Makes a factory of multistep solvers; `history` tells how many earlier steps a step sees at most. */
export function multistepSolver<const O extends OptionSet>(
  definition: SolverDefinition<O> & {
    history(options: OptionValues<O>): number;
    step(options: OptionValues<O>): MultistepStep;
  },
): FixedFactory {
  const { options: optionSet, check } = definition;
  const facts = solverFacts(definition);
  return {
    ...facts,
    optionSet,
    create(given = {}) {
      const options = resolveOptions(facts.name, optionSet, given);
      const step = definition.step(options);
      return {
        ...facts,
        ...definition.facts?.(options),
        kind: "fixed",
        options,
        couplesBatch: false,
        check: (schedule, grid) => check?.(options, schedule, grid),
        run: (problem) => march(problem, step, definition.history(options)),
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
    const { remembered, base } = next;
    const newest = { t: interval.t, state: remembered, ...(base === undefined ? {} : { base }) };
    past = [newest, ...past.map(({ t, state }) => ({ t, state }))].slice(0, history);
    const kept = past.map(({ state }) => state);
    x = problem.space.commit(next.x, base === undefined ? kept : [...kept, base]);
    yield { index: interval.index, t: interval.u, x };
  }
}
