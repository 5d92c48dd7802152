import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { MAIN, runProgram } from "../cli/run.js";

const folder = resolve(import.meta.dirname, "../../notebooks");

/** Commands that the prose of the notebooks names: `npx score-sde …` in backticks. */
const commands = readdirSync(folder)
  .filter((file) => file.endsWith(".ipynb"))
  .flatMap((file) => {
    const { cells } = JSON.parse(readFileSync(join(folder, file), "utf8")) as {
      cells: { cell_type: string; source: string[] }[];
    };
    const prose = cells.filter(({ cell_type }) => cell_type === "markdown").map(({ source }) => source.join(""));
    return prose.flatMap((text) =>
      [...text.matchAll(/`npx (score-sde [^`]+)`/g)].map(([, command]) => [file, command!] as const),
    );
  });

describe("commands that notebooks name", () => {
  it("are found", () => {
    expect(commands.length).toBeGreaterThan(3);
  });

  it.each(commands)("%s: %s", async (_file, command) => {
    // Fewer samples: the exact columns are what the notebooks are about.
    const smaller = command.includes(" compare ") ? " --samples 64 --repeats 2" : "";
    const shell = `score-sde() { '${process.execPath}' '${MAIN}' "$@"; }; ${command}${smaller}`;
    const { code, stdout, stderr } = await runProgram("bash", ["-c", shell]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/\S/);
  });
});
