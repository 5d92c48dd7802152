#!/usr/bin/env node
import { CommanderError } from "commander";
import { ExitCode } from "./exit-code.js";
import { program } from "./program.js";

/** Runs the command line and returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const root = await program(({ name }) => argv.includes(name));
  if (argv.length === 0) {
    root.outputHelp();
    return ExitCode.OK;
  }
  try {
    await root.parseAsync([...argv], { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : ExitCode.OK;
  } catch (error) {
    // Help and version end here; what tells of faults is not read for them.
    if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.OK;
    const { explain } = await import("./explain.js");
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
