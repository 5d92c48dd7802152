import { CommanderError } from "commander";
import { UsageError } from "../../solvers/errors.js";
import { ExitCode } from "./exit-code.js";

/** Failures whose messages are written for people, by class name: their modules are too heavy to load for a name. */
const RUNTIME_FAILURES = ["ModelError", "SolverError", "RightHandSideError", "EngineError"];
const TOO_LARGE = /^(Array buffer allocation failed|Invalid (typed )?array (buffer )?length)/;

/** Tells people on stderr, in one line, what went wrong and returns the exit code; SCORE_SDE_DEBUG=1 adds the stack. */
export function explain(error: unknown): number {
  const { text, code } = diagnose(error);
  process.stderr.write(`error: ${text}\n`);
  if (process.env.SCORE_SDE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return code;
}

function diagnose(error: unknown): { readonly text: string; readonly code: number } {
  if (error instanceof CommanderError) return { text: usageText(error.message), code: ExitCode.USAGE };
  const text = oneLine(error instanceof Error ? error.message : String(error));
  if (error instanceof UsageError) return { text, code: ExitCode.USAGE };
  if (error instanceof Error && RUNTIME_FAILURES.includes(error.name)) {
    // An engine or model file that is not there is a matter of what was asked for.
    const isMissing = "code" in error && (error.code === "engine-unavailable" || error.code === "model-file");
    return { text, code: isMissing ? ExitCode.USAGE : ExitCode.NUMERICAL };
  }
  if (error instanceof RangeError && TOO_LARGE.test(error.message)) {
    return { text: "the arrays do not fit into memory - ask for fewer samples or steps", code: ExitCode.USAGE };
  }
  const wayOut = process.env.SCORE_SDE_DEBUG ? "" : " - SCORE_SDE_DEBUG=1 shows where it happened";
  return { text: `internal error, a fault of score-sde: ${text}${wayOut}`, code: ExitCode.INTERNAL };
}

/** A message of commander in the form of all others: "error: unknown option '--x'\n(Did you mean --y?)" loses its prefix and breaks. */
function usageText(message: string): string {
  const [fault = "", near] = message.replace(/^error: /, "").split(/\(Did you mean (.*)\?\)/s);
  const text = oneLine(fault).replace(/\.$/, "");
  if (near === undefined) return `${text} - --help shows what there is`;
  const names = near.replace(/^one of /, "").split(", ");
  return `${text}. Did you mean ${names.map((name) => `'${name}'`).join(" or ")}?`;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, " ");
}
