import { Command } from "commander";
import { expect, it } from "vitest";
import { fitting } from "../../src/cli/fitting-help.js";

const TEXT = `
Examples:
  $ score-sde compare --sde ve --target bimodal --steps 20
  $ score-sde list           every solver: order and cost

Exit codes: 0 fine, 1 a check failed, 2 usage.`;

/** The text on a terminal of so many columns; undefined: on none. */
function shown(columns: number | undefined): string {
  const command = new Command();
  if (columns === undefined) command.configureOutput({ getOutHelpWidth: () => undefined as unknown as number });
  else command.configureOutput({ getOutHelpWidth: () => columns });
  return fitting(TEXT)({ error: false, command });
}

it("examples break into commands that can be pasted, sentences between words", () => {
  expect(shown(80)).toBe(TEXT);
  const lines = shown(36).split("\n");
  expect(lines).toEqual([
    "",
    "Examples:",
    "  $ score-sde compare --sde ve \\",
    "    --target bimodal --steps 20",
    "  $ score-sde list",
    "      every solver: order and cost",
    "",
    "Exit codes: 0 fine, 1 a check",
    "failed, 2 usage.",
  ]);
});
