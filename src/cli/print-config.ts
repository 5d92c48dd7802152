import type { Command } from "commander";
import { processConsole } from "./console.js";
import { resolvedOptions } from "./resolved-options.js";

/** Prints the value of every option of a command that has one, and where it comes from. */
export async function printConfig(command: Command): Promise<void> {
  const resolved = await resolvedOptions(command);
  resolved.delete("printConfig");
  const terminal = processConsole();
  if (resolved.get("json")?.value === true) {
    terminal.result(`${JSON.stringify(Object.fromEntries(resolved), null, 2)}\n`);
    return;
  }
  const rows = Array.from(resolved, ([name, { value, origin }]) => ({ name, value: valueText(value), origin }));
  const widest = (column: "name" | "value") => Math.max(...rows.map((row) => row[column].length));
  const [names, values] = [widest("name"), Math.min(60, widest("value"))];
  terminal.result(
    rows.map(({ name, value, origin }) => `${name.padEnd(names)}  ${value.padEnd(values)}  ${origin}\n`).join(""),
  );
}

function valueText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
