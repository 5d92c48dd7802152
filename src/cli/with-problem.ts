import type { Command } from "commander";
import { type Console, processConsole } from "./console.js";
import { type ModelProblem, modelProblemOf, type Problem, problemOf } from "./model-options.js";
import { mergedOptions } from "./shared-options.js";

type Run<P> = (
  options: Readonly<Record<string, unknown>>,
  problem: P,
  terminal: Console,
  command: Command,
) => Promise<number>;

/** Runs a verb on the problem that its options name, and gives the memory of its model back. */
export function withProblem(command: Command, run: Run<Problem>): Promise<number> {
  return withOpened(command, problemOf, run);
}

/** As `withProblem`, for a verb that needs no data law beside a model. */
export function withModelProblem(command: Command, run: Run<ModelProblem>): Promise<number> {
  return withOpened(command, modelProblemOf, run);
}

async function withOpened<P extends ModelProblem>(
  command: Command,
  open: (command: Command) => Promise<P>,
  run: Run<P>,
): Promise<number> {
  const options = await mergedOptions(command);
  const terminal = processConsole({ quiet: options.quiet === true });
  const problem = await open(command);
  for (const reason of problem.model?.refused ?? []) terminal.warning(`warning: passed over ${reason}`);
  try {
    return await run(options, problem, terminal, command);
  } finally {
    await problem.model?.dispose();
  }
}
