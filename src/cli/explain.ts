import { UsageError } from "../../solvers/errors.js";
import { ExitCode } from "./exit-code.js";

/** Tells people what went wrong on stderr and returns the exit code; the stack is shown with SCORE_SDE_DEBUG=1. */
export function explain(error: unknown): number {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`error: ${text}\n`);
  if (process.env.SCORE_SDE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return error instanceof UsageError ? ExitCode.USAGE : ExitCode.NUMERICAL;
}
