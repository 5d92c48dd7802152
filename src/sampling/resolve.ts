import { UsageError } from "../../solvers/errors.js";
import { explicitGrid } from "../../solvers/grids/grids.js";
import { findGrid, findSolver } from "../../solvers/registry.js";
import { parseSpec } from "../../solvers/spec.js";
import type { FixedSolver, Grid, Schedule, Solver } from "../../solvers/types.js";

/**
 * A solver from its name, spec or itself; `extra` options are set where the solver has them and the spec does not.
 *
 * @throws UsageError for unknown names and options, and for what is no solver
 */
export function resolveSolver(solver: string | Solver, extra: Readonly<Record<string, unknown>> = {}): Solver {
  if (typeof solver !== "string") return requireSolver(solver);
  const { name, options } = parseSpec(solver);
  const factory = findSolver(name);
  const given = Object.fromEntries(Object.entries(extra).filter(([, value]) => value !== undefined));
  for (const option of Object.keys(given)) {
    if (!Object.hasOwn(factory.optionSet, option)) {
      throw new UsageError(`${name}: has no option '${option}' - leave it out for this solver`);
    }
  }
  return factory.create({ ...given, ...options });
}

/** Callers without types may pass a factory, or anything. */
function requireSolver(given: Solver): Solver {
  const kind: unknown = given?.kind;
  if (kind === "fixed" || kind === "adaptive") return given;
  const isFactory = typeof given === "object" && given !== null && "create" in given;
  throw new UsageError(
    isFactory
      ? `solver: must be a solver, but got the factory of '${String(given.name)}' - pass what its create() returns, or the name`
      : `solver: must be a name or a solver, but got ${JSON.stringify(given)} - for example 'em'`,
  );
}

/** As `resolveSolver`, for uses that need a grid. @throws UsageError for adaptive solvers */
export function resolveFixedSolver(
  solver: string | Solver,
  extra: Readonly<Record<string, unknown>> = {},
): FixedSolver {
  const resolved = resolveSolver(solver, extra);
  if (resolved.kind === "fixed") return resolved;
  throw new UsageError(
    `${resolved.name}: chooses its own steps, but a solver on a grid is needed - choose another one`,
  );
}

/** A grid from 'auto', a name, a spec or explicit times. @throws UsageError when both or neither of steps and times are given */
export function resolveGrid(
  schedule: Schedule,
  {
    grid = "auto",
    steps,
    times,
  }: { readonly grid?: string; readonly steps?: number; readonly times?: ArrayLike<number> },
): Grid {
  if (times !== undefined) {
    if (steps !== undefined && steps !== times.length - 1) {
      throw new UsageError(`steps: ${steps} contradicts the ${times.length} times given - leave one of them out`);
    }
    return explicitGrid(schedule, times);
  }
  if (steps === undefined) throw new UsageError("steps: missing - give the number of steps, or explicit times");
  const { name, options } = parseSpec(grid === "auto" ? autoGrid(schedule) : grid);
  return findGrid(name).create(schedule, steps, options);
}

/** The grid that 'auto' stands for: the one an SDE's paper samples on. */
export function autoGrid(schedule: Schedule): string {
  return schedule.customaryGrid ?? "uniform";
}
