import { Argument, Command } from "commander";
import { UsageError } from "../../../solvers/errors.js";
import { processConsole } from "../console.js";

const NAMES = ["bash", "zsh", "fish"];

const EXAMPLES = `
Examples:
  $ score-sde completion bash
  $ score-sde completion fish

To install: eval "$(score-sde completion bash)" in ~/.bashrc, the same with zsh in ~/.zshrc after compinit,
or score-sde completion fish > ~/.config/fish/completions/score-sde.fish`;

/** `score-sde completion`. */
export function completionCommand(): Command {
  return new Command("completion")
    .description("print the script that completes verbs, options and names in a shell")
    .addArgument(new Argument("<shell>", "the shell").choices(NAMES))
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, _options: unknown, self: Command) => {
      const { completionData } = await import("../completion-data.js");
      const { completionScript, SHELLS } = await import("../completion-script.js");
      const shell = SHELLS.find((known) => known === name);
      const root = self.parent;
      if (shell === undefined || root === null) {
        throw new UsageError(`completion: must be for ${SHELLS.join(", ")}, but got ${name}`);
      }
      processConsole().result(completionScript(shell, root.name(), await completionData(root)));
    });
}
