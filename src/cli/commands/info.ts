import { Command } from "commander";
import { suggestion, UsageError } from "../../../solvers/errors.js";
import type { EngineAvailability } from "../../engine/types.js";
import { processConsole } from "../console.js";
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
    .addHelpText("after", EXAMPLES)
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
  const machine = Object.entries({ ...plain, memory: `${memoryGiB} GiB` });
  const text = [
    ...machine.map(([name, value]) => `${name.padEnd(10)}${value}`),
    "",
    "engines, in the order in which they are tried",
    ...engines.flatMap((engine) => engineLines(engine, width)),
    ...(taken === undefined ? [] : ["", ...autoLines(taken, engines)]),
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

/** An engine and, where its description has several parts, a line for each. */
function engineLines({ name, available, detail }: EngineAvailability, width: number): string[] {
  const head = `  ${name.padEnd(12)}${(available ? "available" : "not found").padEnd(11)}`;
  const fits = head.length + detail.length <= width;
  const [first = "", ...rest] = fits ? [detail] : detail.split("; ");
  return [`${head}${first}`, ...rest.map((part) => `${" ".repeat(head.length)}${part}`)];
}
