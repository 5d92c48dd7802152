import { Command, CommanderError } from "commander";
import { packageVersion } from "../experiments/package-version.js";
import { ExitCode } from "./exit-code.js";
import { fitting } from "./fitting-help.js";
import { VERBS, type Verb } from "./verbs.js";

const EXAMPLES = `
Examples:
  $ score-sde tour --out results         the whole pipeline on one page
  $ score-sde compare                    seven solvers, with exact errors
  $ score-sde sample --target two-moons  samples of a data law by one solver
  $ score-sde converge                   the order of each solver, certified
  $ score-sde list solvers               every solver: order, cost, options

Exit codes: 0 fine, 1 a check failed, 2 usage or configuration,
3 numerical failure of every run, 130 interrupted.`;

/** The command line, ready to parse; verbs that are not `needed` are known by name and description alone, which is quick. */
export async function program(needed: (verb: Verb) => boolean = () => true): Promise<Command> {
  const root = new Command("score-sde")
    .description("Which solver, on which grid, with how many score evaluations, gets how close to the truth?")
    .version(packageVersion(), "-V, --version")
    .option("--no-color", "no colours, as with NO_COLOR=1")
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name(), minWidthToWrap: 20 })
    // Errors are told in one place, `explain`.
    .configureOutput({ outputError: () => {} })
    .addHelpText("after", fitting(EXAMPLES))
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
  for (const verb of VERBS) {
    const command = needed(verb) ? await verb.load() : new Command(verb.name);
    command.description(verb.description);
    // Help shows defaults as they are typed, without quotes.
    for (const option of command.options) {
      if (typeof option.defaultValue === "string") option.defaultValueDescription ??= option.defaultValue;
    }
    root.addCommand(command.copyInheritedSettings(root));
  }
  return root;
}
