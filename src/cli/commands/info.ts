import { Command } from "commander";
import { processConsole } from "../console.js";

/** `score-sde info`. */
export function infoCommand(): Command {
  return new Command("info")
    .description("versions, machine, and the tensor engines that are found")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExamples:\n  $ score-sde info\n  $ score-sde info --json")
    .action(async (options: { json?: boolean }) => {
      const { cpus, totalmem } = await import("node:os");
      const { packageVersion } = await import("../../experiments/stamp.js");
      const { engineReport } = await import("../../engine/index.js");
      const engines = await engineReport();
      const facts = {
        version: packageVersion(),
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
        cpu: cpus()[0]?.model.trim() ?? "unknown",
        cores: cpus().length,
        memoryGiB: Math.round(totalmem() / 2 ** 30),
        engines,
      };
      const terminal = processConsole();
      if (options.json === true) return terminal.result(`${JSON.stringify(facts, null, 2)}\n`);
      const { engines: _engines, ...machine } = facts;
      const lines = Object.entries(machine).map(([name, value]) => `${name.padEnd(12)}${value}`);
      const found = engines.map((engine) => `engine      ${JSON.stringify(engine)}`);
      terminal.result(`${[...lines, ...found].join("\n")}\n`);
    });
}
