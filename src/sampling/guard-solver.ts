import { UsageError } from "../../solvers/errors.js";
import type { FixedSolver, Problem, Progress, State } from "../../solvers/types.js";

/** A user's solver failed while it ran, or did not do what a solver does; `cause` is what it threw. */
export class SolverError extends Error {
  override readonly name = "SolverError";
}

/**
 * The same solver, held to its contract: every step yields a state, at a time below the last one, and the run ends at the end of
 * the grid. `where` names the solver in messages.
 *
 * @throws SolverError from `run` when the contract is broken or the solver throws
 */
export function guardSolver(solver: FixedSolver, where: string = solver.name): FixedSolver {
  return { ...solver, check: solver.check.bind(solver), run: (problem) => watched(solver, problem, where) };
}

async function* watched<S extends State>(
  solver: FixedSolver,
  problem: Problem<S>,
  where: string,
): AsyncGenerator<Progress<S>, void> {
  const { times } = problem.grid;
  const end = times.at(-1)!;
  let t = times[0]!;
  const progresses = start(solver, problem, where);
  for (;;) {
    const next = await advance(progresses, t, where);
    if (next === null) break;
    refuseBroken(next, t, end, where);
    t = next.t;
    yield next;
  }
  if (t !== end) {
    const steps = t === times[0] ? "yielded no step" : `stopped at t = ${t}`;
    throw new SolverError(
      `${where}: ${steps}, but the grid goes on to ${end} - yield { index, t, x } after every step of problem.grid.times`,
    );
  }
}

function start<S extends State>(solver: FixedSolver, problem: Problem<S>, where: string) {
  try {
    const progresses: unknown = solver.run(problem);
    if (isGenerator<S>(progresses)) return progresses;
  } catch (cause) {
    throw thrown(cause, problem.grid.times[0]!, where);
  }
  throw new SolverError(
    `${where}: run(problem) must return an async generator - write it as async *run(problem) { … }`,
  );
}

function isGenerator<S extends State>(value: unknown): value is AsyncIterator<Progress<S>, void> {
  return typeof value === "object" && value !== null && "next" in value && typeof value.next === "function";
}

async function advance<S extends State>(
  progresses: AsyncIterator<Progress<S>, void>,
  t: number,
  where: string,
): Promise<Progress<S> | null> {
  try {
    const { done, value } = await progresses.next();
    return done === true || value === undefined ? null : value;
  } catch (cause) {
    throw thrown(cause, t, where);
  }
}

function thrown(cause: unknown, t: number, where: string): Error {
  // The spaces and other solvers speak for themselves.
  if (cause instanceof UsageError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SolverError(`${where}: threw in the step from t = ${t}: ${reason}`, { cause });
}

function refuseBroken(progress: Partial<Progress<State>>, last: number, end: number, where: string): void {
  const { t, x } = progress;
  if (typeof t !== "number" || typeof x !== "object" || x === null) {
    throw new SolverError(
      `${where}: must yield { index, t, x } after every step, but the one from t = ${last} lacks t or x`,
    );
  }
  if (t === last) {
    throw new SolverError(`${where}: does not advance: it yielded t = ${t} twice - yield the time that a step ends at`);
  }
  if (!(t < last && t >= end)) {
    throw new SolverError(`${where}: yielded t = ${t} after ${last}, but times must decrease down to ${end}`);
  }
}
