#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { packageVersion } from "../experiments/stamp.js";
import { compareCommand } from "./commands/compare.js";
import { completionCommand } from "./commands/completion.js";
import { convergeCommand } from "./commands/converge.js";
import { fokkerPlanckCommand } from "./commands/fokker-planck.js";
import { infoCommand } from "./commands/info.js";
import { likelihoodCommand } from "./commands/likelihood.js";
import { listCommand } from "./commands/list.js";
import { sampleCommand } from "./commands/sample.js";
import { trainCommand } from "./commands/train.js";
import { verifyCommand } from "./commands/verify.js";
import { ExitCode } from "./exit-code.js";
import { explain } from "./explain.js";

const EXAMPLES = `
Examples:
  $ score-sde compare                       seven solvers on a 1-D mixture, with exact errors
  $ score-sde sample --target two-moons     samples of a data law, drawn by one solver
  $ score-sde converge                      the order of each solver, certified by exact errors
  $ score-sde list solvers                  every solver: order, cost, options, source

Exit codes: 0 fine, 1 a check failed, 2 usage or configuration, 3 numerical failure of every run, 130 interrupted.`;

/** The command line, ready to parse. */
export function program(): Command {
  const root = new Command("score-sde")
    .description("Which solver, on which grid, with how many score evaluations, gets how close to the truth?")
    .version(packageVersion(), "-V, --version")
    .option("--no-color", "no colours, as with NO_COLOR=1")
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    // Errors are told in one place, `explain`.
    .configureOutput({ outputError: () => {} })
    .addHelpText("after", EXAMPLES)
    .exitOverride()
    .hook("preAction", async (_root, command) => {
      if (root.opts().color === false) {
        process.env.NO_COLOR = "1";
        delete process.env.FORCE_COLOR;
      }
      if (command.opts().printConfig !== true) return;
      const { printConfig } = await import("./print-config.js");
      await printConfig(command);
      throw new CommanderError(ExitCode.OK, "score-sde.printConfig", "(configuration printed)");
    });
  const commands = [
    compareCommand(),
    sampleCommand(),
    trainCommand(),
    likelihoodCommand(),
    fokkerPlanckCommand(),
    convergeCommand(),
    verifyCommand(),
    listCommand(),
    infoCommand(),
    completionCommand(),
  ];
  for (const command of commands) {
    // Help shows defaults as they are typed, without quotes.
    for (const option of command.options) {
      if (typeof option.defaultValue === "string") option.defaultValueDescription ??= option.defaultValue;
    }
    root.addCommand(command.copyInheritedSettings(root));
  }
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
    return explain(error);
  }
}

process.stdout.on("error", leaveQuietly);
process.stderr.on("error", leaveQuietly);

/** A reader that has left (`| head`) is no fault. */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(ExitCode.OK);
  throw error;
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
