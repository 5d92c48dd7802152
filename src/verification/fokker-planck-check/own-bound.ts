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

/** `ownError` in figures and in words; no bound where the run did not end well. */
export function ownBound(run: OwnErrors & Ending, how: string): { readonly allowed: number; readonly reason: string } {
  const [space, time] = [run.spaceError ?? Number.NaN, run.timeError ?? Number.NaN];
  return {
    allowed: run.status === "success" ? ownError(run) : Number.NaN,
    reason: `twice the run's own estimates: ${space.toExponential(1)} in space (${how}) + ${time.toExponential(1)} in time${troubleOf(run)}`,
  };
}
