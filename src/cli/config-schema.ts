import type { Command, Option } from "commander";
import type { ZodType } from "zod";

type Zod = typeof import("zod");

/** What a config file may hold for an option, from the placeholder in its flags: `--steps <counts>`. */
const KINDS: Readonly<Record<string, (z: Zod) => ZodType>> = {
  count: count,
  counts: (z) => listOf(z, count(z), "whole numbers ≥ 1"),
  number: (z) => positive(z),
  numbers: (z) => listOf(z, positive(z), "positive numbers"),
  integer: (z) => z.int({ error: "must be a whole number in [0, 2^53)" }).min(0, "must be a whole number in [0, 2^53)"),
  spec: text,
  list: (z) => listOf(z, text(z), "names or specs"),
  file: text,
  dir: text,
};

/** The schema of a command's config file: its options by name, and `$schema` for editors. */
export async function configSchema(command: Command): Promise<ZodType> {
  const z = await import("zod");
  const entries = configurable(command).map((option) => [option.attributeName(), optionSchema(z, option)] as const);
  return z.strictObject({ $schema: z.string().optional(), ...Object.fromEntries(entries) });
}

/** The same as JSON Schema. */
export async function configJsonSchema(command: Command): Promise<Record<string, unknown>> {
  const z = await import("zod");
  return {
    ...z.toJSONSchema(await configSchema(command)),
    title: `Options of score-sde ${command.name()}`,
  };
}

/** Options that a config file may set; a flag and its `--no-` form are one. */
export function configurable(command: Command): Option[] {
  const names = new Map<string, Option>();
  for (const option of command.options) {
    const name = option.attributeName();
    if (name !== "config" && name !== "printConfig" && !names.has(name)) names.set(name, option);
  }
  return [...names.values()];
}

function optionSchema(z: Zod, option: Option): ZodType {
  const { description, argChoices, defaultValue } = option;
  const meta = { description, ...(defaultValue === undefined ? {} : { default: plainDefault(option) }) };
  if (option.isBoolean() || option.negate) return z.boolean({ error: "must be true or false" }).optional().meta(meta);
  if (argChoices !== undefined) {
    return z
      .enum(argChoices, { error: `must be one of ${argChoices.join(", ")}` })
      .optional()
      .meta(meta);
  }
  return (KINDS[placeholder(option)] ?? anything)(z).optional().meta(meta);
}

/** The word between the brackets of an option's flags. */
export function placeholder({ flags }: Option): string {
  return /[<[]([\w-]+)(?:\.\.\.)?[>\]]/.exec(flags)?.[1] ?? "";
}

/** A default as a file would hold it: the command line only knows text. */
function plainDefault(option: Option): unknown {
  const { defaultValue } = option;
  const isNumber = ["count", "number", "integer"].includes(placeholder(option));
  return isNumber && typeof defaultValue === "string" ? Number(defaultValue) : defaultValue;
}

function count(z: Zod): ZodType {
  const error = "must be a whole number ≥ 1";
  return z.int({ error }).min(1, error);
}

function positive(z: Zod): ZodType {
  const error = "must be a positive number";
  return z.number({ error }).gt(0, error);
}

function text(z: Zod): ZodType {
  return z.string({ error: "must be text" }).min(1, "must be text");
}

function listOf(z: Zod, item: ZodType, what: string): ZodType {
  const error = `must be ${what}, in an array or as text with commas`;
  return z.union([z.array(item).min(1), z.string().min(1)], { error });
}

function anything(z: Zod): ZodType {
  return z.union([z.string(), z.number(), z.boolean(), z.array(z.unknown())], {
    error: "must be text, a number, true or false, or an array",
  });
}
