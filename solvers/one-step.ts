import { type OptionSet, type OptionValues, resolveOptions } from "./options.js";
import { type StepContext, stepContext } from "./step-context.js";
import type { FixedSolver, Grid, GridStep, Problem, Progress, Schedule, Solver, SolverFacts, State } from "./types.js";

/** A function that carries the state over one interval of the grid. */
export type Step = <S extends State>(context: StepContext<S>, x: S, step: GridStep) => Promise<S>;

/** A solver as its paper writes it: facts, options, and what it does with them. */
export interface SolverDefinition<O extends OptionSet> extends SolverFacts {
  readonly options: O;
  /** Facts that depend on the options. */
  facts?(options: OptionValues<O>): Partial<SolverFacts>;
  /** Refuses schedules and grids on which the solver makes no sense. */
  check?(options: OptionValues<O>, schedule: Schedule, grid: Grid): void;
}

/** A named way to make solvers from options. */
export interface SolverFactory extends SolverFacts {
  readonly optionSet: OptionSet;
  /** A solver with these options. @throws UsageError for unknown options and values out of range */
  create(options?: Readonly<Record<string, unknown>>): Solver;
}

/** A named way to make solvers that run on a grid. */
export interface FixedFactory extends SolverFactory {
  /** A solver with these options. @throws UsageError for unknown options and values out of range */
  create(options?: Readonly<Record<string, unknown>>): FixedSolver;
}

/** A solver whose every step sees the current state alone. */
export interface OneStepFactory extends FixedFactory {
  /** The step itself, for solvers that are built from others. */
  step(options?: Readonly<Record<string, unknown>>): Step;
  /** A solver with these options. @throws UsageError for unknown options and values out of range */
  create(options?: Readonly<Record<string, unknown>>): FixedSolver;
}

/** The facts of a definition alone. */
export function solverFacts(definition: SolverFacts): SolverFacts {
  const { name, summary, source, stochastic, order, strongOrder, evaluationsPerStep } = definition;
  const facts = { name, summary, source, stochastic, order, evaluationsPerStep };
  return strongOrder === undefined ? facts : { ...facts, strongOrder };
}

/** Makes a factory of one-step solvers from the step of one. */
export function oneStepSolver<const O extends OptionSet>(
  definition: SolverDefinition<O> & {
    step(options: OptionValues<O>): Step;
  },
): OneStepFactory {
  const { options: optionSet, check } = definition;
  const facts = solverFacts(definition);
  return {
    ...facts,
    optionSet,
    step: (given = {}) => definition.step(resolveOptions(facts.name, optionSet, given)),
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
        run: (problem) => march(problem, step),
      };
    },
  };
}

/** The steps of a grid, first to last. */
export function gridSteps({ times }: Grid): GridStep[] {
  return Array.from({ length: times.length - 1 }, (_, index) => ({ index, t: times[index]!, u: times[index + 1]! }));
}

async function* march<S extends State>(problem: Problem<S>, step: Step): AsyncGenerator<Progress<S>, void> {
  const context = stepContext(problem);
  let x = await problem.space.start();
  for (const interval of gridSteps(problem.grid)) {
    x = problem.space.commit(await step(context, x, interval));
    yield { index: interval.index, t: interval.u, x };
  }
}
