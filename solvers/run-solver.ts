import { stepContext } from "./step-context.js";
import type { Awaitable, FixedSolver, Problem, Progress, State } from "./types.js";

/** How to stop a run. */
export interface RunOptions<S extends State> {
  /** Ends with one Tweedie step E[x₀ | x] at the last time. */
  readonly denoise?: boolean;
  readonly signal?: AbortSignal;
  /** Called after every step; `x` may be overwritten afterwards. */
  readonly onStep?: (progress: Progress<S>) => Awaitable<void>;
}

/** How a run ended: its last state and the time it belongs to (0 steps done: the first time). */
export interface RunEnd<S extends State> {
  readonly x: S;
  readonly t: number;
  readonly steps: number;
  readonly aborted: boolean;
}

/**
 * Runs a solver over its grid and returns the last state.
 *
 * @throws UsageError when the solver refuses the schedule, grid or space, or yields nothing
 */
export async function runSolver<S extends State>(
  solver: FixedSolver,
  problem: Problem<S>,
  { denoise = false, signal, onStep }: RunOptions<S> = {},
): Promise<RunEnd<S>> {
  solver.check(problem.schedule, problem.grid);
  let end: RunEnd<S> | undefined;
  for await (const progress of solver.run(problem)) {
    end = { x: progress.x, t: progress.t, steps: progress.index + 1, aborted: false };
    await onStep?.(progress);
    if (signal?.aborted) return { ...end, aborted: true };
  }
  if (end === undefined) {
    const x = await problem.space.start();
    return { x, t: problem.grid.times[0]!, steps: 0, aborted: true };
  }
  if (!denoise) return end;
  return { ...end, x: await stepContext(problem).denoise(end.x, end.t) };
}
