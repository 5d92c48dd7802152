import { Argument, Command } from "commander";
import { suggestion, UsageError } from "../../../solvers/errors.js";
import { CATALOGUE_KINDS } from "../../experiments/catalogue-kinds.js";
import { processConsole } from "../console.js";

const EXAMPLES = `
Examples:
  $ score-sde list
  $ score-sde list solvers
  $ score-sde list targets --json
  $ score-sde list recipes`;

/** `score-sde list`. */
export function listCommand(): Command {
  return new Command("list")
    .addArgument(
      new Argument("[kind]", "what to list in detail").choices(CATALOGUE_KINDS).argParser((word: string) => word),
    )
    .option("--json", "print as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (kind: string | undefined, options: { json?: boolean }) => {
      if (kind !== undefined && !CATALOGUE_KINDS.some((known) => known === kind)) {
        throw new UsageError(`list: unknown kind '${kind}'.${suggestion(kind, CATALOGUE_KINDS)}`);
      }
      const { catalogue } = await import("../../experiments/catalogue.js");
      const { catalogueText } = await import("../../reports/catalogue-text.js");
      const shown = catalogue().filter(({ name }) => kind === undefined || name === kind);
      const terminal = processConsole();
      if (options.json === true) {
        terminal.result(
          `${JSON.stringify(Object.fromEntries(shown.map(({ name, entries }) => [name, entries])), null, 2)}\n`,
        );
      } else terminal.result(`${catalogueText(shown, { ...terminal, detailed: kind !== undefined })}\n`);
    });
}
