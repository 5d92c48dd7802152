import { Argument, Command } from "commander";
import { suggestion, UsageError } from "../../../solvers/errors.js";
import { CATALOGUE_KINDS } from "../../experiments/catalogue-kinds.js";
import { processConsole } from "../console.js";
import { fitting } from "../fitting-help.js";
import { mergedOptions, withCommonOptions } from "../shared-options.js";
import { showFacts } from "../show-result.js";

const EXAMPLES = `
Examples:
  $ score-sde list
  $ score-sde list solvers
  $ score-sde list targets --json
  $ score-sde list recipes`;

/** `score-sde list`. */
export function listCommand(): Command {
  const kinds = new Argument("[kind]", "what to list in detail").choices(CATALOGUE_KINDS);
  return withCommonOptions(new Command("list").addArgument(kinds.argParser((word: string) => word)))
    .addHelpText("after", fitting(EXAMPLES))
    .action(async (kind: string | undefined, _options, self: Command) => {
      if (kind !== undefined && !CATALOGUE_KINDS.some((known) => known === kind)) {
        throw new UsageError(`list: unknown kind '${kind}'.${suggestion(kind, CATALOGUE_KINDS)}`);
      }
      const options = await mergedOptions(self);
      const { catalogue } = await import("../../experiments/catalogue.js");
      const { catalogueText } = await import("../../reports/catalogue-text.js");
      const shown = catalogue().filter(({ name }) => kind === undefined || name === kind);
      const terminal = processConsole({ quiet: options.quiet === true });
      await showFacts(terminal, options, {
        json: JSON.stringify(Object.fromEntries(shown.map(({ name, entries }) => [name, entries])), null, 2),
        text: catalogueText(shown, { ...terminal, detailed: kind !== undefined }),
      });
    });
}
