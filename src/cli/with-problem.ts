import type { Command } from "commander";
import { type Console, processConsole } from "./console.js";
import { type Problem, problemOf } from "./model-options.js";
import { mergedOptions } from "./shared-options.js";

/** Runs a verb on the problem that its options name, and gives the memory of its model back. */
export async function withProblem(
  command: Command,
  run: (
    options: Readonly<Record<string, unknown>>,
    problem: Problem,
    terminal: Console,
    command: Command,
  ) => Promise<number>,
): Promise<number> {
  const options = await mergedOptions(command);
  const terminal = processConsole({ quiet: options.quiet === true });
  const problem = await problemOf(command);
  try {
    return await run(options, problem, terminal, command);
  } finally {
    await problem.model?.dispose();
  }
}
