#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { packageVersion } from "../experiments/stamp.js";
import { compareCommand } from "./commands/compare.js";
import { infoCommand } from "./commands/info.js";
import { listCommand } from "./commands/list.js";
import { ExitCode } from "./exit-code.js";
import { explain } from "./explain.js";

const EXAMPLES = `
Examples:
  $ score-sde compare                                   seven solvers on a 1-D mixture, with exact errors
  $ score-sde compare --sde ve --target two-moons --solvers pc,rk45 --out report
  $ score-sde list solvers                              every solver: order, cost, options, source`;

/** The command line, ready to parse. */
export function program(): Command {
  const root = new Command("score-sde")
    .description("Which solver, on which grid, with how many score evaluations, gets how close to the truth?")
    .version(packageVersion(), "-V, --version")
    .showHelpAfterError("(--help shows the options)")
    .showSuggestionAfterError()
    .addHelpText("after", EXAMPLES)
    .exitOverride();
  for (const command of [compareCommand(), listCommand(), infoCommand()]) root.addCommand(command.exitOverride());
  return root;
}

/** Runs the command line and returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const root = program();
  if (argv.length === 0) {
    root.outputHelp();
    return ExitCode.OK;
  }
  try {
    await root.parseAsync([...argv], { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : ExitCode.OK;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.OK : ExitCode.USAGE;
    return explain(error);
  }
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(ExitCode.OK);
  throw error;
});

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
