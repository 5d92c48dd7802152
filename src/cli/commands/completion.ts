import { Argument, Command } from "commander";
import { UsageError } from "../../../solvers/errors.js";
import { processConsole } from "../console.js";
import { fitting } from "../fitting-help.js";

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
    .addArgument(new Argument("<shell>", "the shell").choices(NAMES))
    .addHelpText("after", fitting(EXAMPLES))
    .action(async (name: string) => {
      const { completionData } = await import("../completion-data.js");
      const { completionScript, SHELLS } = await import("../completion-script.js");
      const shell = SHELLS.find((known) => known === name);
      if (shell === undefined) {
        throw new UsageError(`completion: must be for ${SHELLS.join(", ")}, but got ${name}`);
      }
      const { program } = await import("../program.js");
      const root = await program();
      processConsole().result(completionScript(shell, root.name(), await completionData(root)));
    });
}
