import { Command } from "commander";
import { suggestion, UsageError } from "../../../solvers/errors.js";
import type { EngineAvailability } from "../../engine/types.js";
import { processConsole } from "../console.js";
import { fitting } from "../fitting-help.js";
import { mergedOptions, withCommonOptions } from "../shared-options.js";
import { showFacts } from "../show-result.js";

const EXAMPLES = `
Examples:
  $ score-sde info
  $ score-sde info --json
  $ score-sde info --config-schema`;

/** `score-sde info`. */
export function infoCommand(): Command {
  return withCommonOptions(new Command("info"))
    .option("--config-schema [verb]", "print the JSON Schema of a verb's config file (default: of compare)")
    .addHelpText("after", fitting(EXAMPLES))
    .action(async (_options, self: Command) => {
      const options = await mergedOptions(self);
      const terminal = processConsole({ quiet: options.quiet === true });
      await showFacts(terminal, options, await factsOf(options.configSchema, terminal.width));
    });
}

async function factsOf(configSchema: unknown, width: number): Promise<{ json: string; text: string }> {
  if (configSchema === undefined) return machineFacts(width);
  const schema = await schemaText(configSchema === true ? "compare" : String(configSchema));
  return { json: schema, text: schema };
}

async function schemaText(verb: string): Promise<string> {
  const { program } = await import("../program.js");
  const verbs = (await program()).commands.filter(({ options }) => options.some(({ long }) => long === "--config"));
  const command = verbs.find((candidate) => candidate.name() === verb);
  if (command === undefined) {
    const names = verbs.map((candidate) => candidate.name());
    throw new UsageError(`config-schema: unknown verb '${verb}'.${suggestion(verb, names)}`);
  }
  const { configJsonSchema } = await import("../config-schema.js");
  return JSON.stringify(await configJsonSchema(command), null, 2);
}

async function machineFacts(width: number): Promise<{ json: string; text: string }> {
  const { cpus, totalmem } = await import("node:os");
  const { packageVersion } = await import("../../experiments/package-version.js");
  const { engineReport } = await import("../../engine/index.js");
  const facts = {
    version: packageVersion(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  };
  const engines = await engineReport();
  const taken = engines.find(({ available }) => available);
  const json = JSON.stringify({ ...facts, engines, auto: taken?.name ?? null }, null, 2);
  const { memoryGiB, ...plain } = facts;
  const { wrapWords } = await import("../../reports/wrap-words.js");
  const labelled = (label: string, text: string) =>
    wrapWords(text, width - label.length).map((line, i) => `${i === 0 ? label : " ".repeat(label.length)}${line}`);
  const machine = Object.entries({ ...plain, memory: `${memoryGiB} GiB` });
  const text = [
    ...machine.flatMap(([name, value]) => labelled(name.padEnd(10), String(value))),
    "",
    "engines, in the order in which they are tried",
    ...engines.flatMap(({ name, available, detail }) => {
      const head = `  ${name.padEnd(12)}${(available ? "available" : "not found").padEnd(11)}`;
      const parts = head.length + detail.length <= width ? [detail] : detail.split("; ");
      return parts.flatMap((part, i) => labelled(i === 0 ? head : " ".repeat(head.length), part));
    }),
    ...(taken === undefined ? [] : ["", ...autoLines(taken, engines).flatMap((line) => wrapWords(line, width))]),
  ].join("\n");
  return { json, text };
}

/** Which engine `auto` takes, and why another may be wanted. */
function autoLines(taken: EngineAvailability, engines: readonly EngineAvailability[]): string[] {
  const line = `auto takes ${taken.name}, the first that is available`;
  const hasOnnx = engines.some(({ name, available }) => name === "onnx" && available);
  if (taken.name !== "tensorflow" || taken.provider !== "cpu" || !hasOnnx) return [line];
  return [line, "It finds no GPU here; on a processor onnx is some five times faster: --engine onnx"];
}
