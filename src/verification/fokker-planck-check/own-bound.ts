import { numberText } from "../../../solvers/number-text.js";
import type { DensitySolution } from "../fokker-planck/density-solution.js";

/** What a run says of its own errors. */
type OwnErrors = Pick<DensitySolution, "spaceError" | "timeError" | "lostMass">;

/** How a run ended. */
type Ending = Pick<DensitySolution, "status" | "message">;

/** Twice a run's own estimates of its L1 errors in space and time, and what its domain left out; NaN where there is no estimate. */
export function ownError({ spaceError, timeError, lostMass }: OwnErrors): number {
  return 2 * ((spaceError ?? Number.NaN) + (timeError ?? Number.NaN)) + lostMass;
}

/** What went wrong in a run, behind a semicolon; empty where nothing did. */
export function troubleOf({ status, message }: Ending): string {
  return status === "success" ? "" : `; ${status}: ${message}`;
}

/** The errors of a run up to its k-th kept time, NaN where it ended before. */
export function ownErrorsAt(
  { spaceErrors, timeErrors, lostMass }: Pick<DensitySolution, "spaceErrors" | "timeErrors" | "lostMass">,
  k: number,
): OwnErrors {
  return { spaceError: spaceErrors?.[k] ?? Number.NaN, timeError: timeErrors?.[k] ?? Number.NaN, lostMass };
}

/** `ownError` in figures and in words; no bound where the run did not end well. */
export function ownBound(run: OwnErrors & Ending, how: string): { readonly allowed: number; readonly reason: string } {
  const [space, time] = [run.spaceError ?? Number.NaN, run.timeError ?? Number.NaN];
  return {
    allowed: run.status === "success" ? ownError(run) : Number.NaN,
    reason: `twice the run's own estimates: ${numberText(space, 2)} in space (${how}) + ${numberText(time, 2)} in time${troubleOf(run)}`,
  };
}
