import { type Command, Option } from "commander";
import { UsageError } from "../../solvers/errors.js";
import { parseSpec, splitSpecs } from "../../solvers/spec.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";

/** Options of every verb. */
export function withCommonOptions(command: Command): Command {
  return command
    .option("--seed <integer>", "seed of all random numbers", "0")
    .option("--json", "print the result as JSON")
    .option("--quiet", "no progress and no messages")
    .option("--out <dir>", "write results and pictures to this directory")
    .option("--config <file>", "JSON file with the same names as the options; options on the command line win");
}

/** Options that choose the SDE and the data. */
export function withProblemOptions(command: Command): Command {
  return command
    .option("--sde <spec>", "SDE with options, such as vp:betaMax=10", "vp")
    .option("--target <spec>", "data law with options, such as gaussian:mean=0.7,standardDeviation=0.5", "trimodal")
    .addOption(new Option("--data <file>", "data points from .npy, .npz or .csv instead of --target"));
}

/** Values of a command's options: the command line, then the file of --config, then defaults. */
export async function mergedOptions(command: Command): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = { ...command.opts() };
  const file = values.config;
  if (typeof file !== "string") return values;
  const { readConfigFile } = await import("./config-file.js");
  const names = command.options.map((option) => option.attributeName());
  const configured = await readConfigFile(file, names);
  for (const [name, value] of Object.entries(configured)) {
    if (command.getOptionValueSource(name) !== "cli") values[name] = value;
  }
  return values;
}

/** The SDE that a spec names. */
export async function sdeOf(spec: unknown): Promise<Sde> {
  const { createSde } = await import("../sdes/registry.js");
  const { name, options } = parseSpec(text("sde", spec));
  return createSde(name, options);
}

/** The target that a spec names, or the empirical law of a data file. */
export async function targetOf({ target, data }: Readonly<Record<string, unknown>>): Promise<Target> {
  const { createTarget, empirical } = await import("../targets/index.js");
  if (data !== undefined) {
    const { readArray } = await import("../files/index.js");
    return empirical(await readArray(text("data", data)));
  }
  const { name, options } = parseSpec(text("target", target));
  return createTarget(name, options);
}

/** A list of solver specs from text or an array. */
export function specList(name: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.map((one) => text(name, one));
  return splitSpecs(text(name, value));
}

/** A list of numbers from '10,20,50' or an array. @throws UsageError naming the number that is wrong */
export function numberList(name: string, value: unknown, { integer = false } = {}): number[] {
  const parts = Array.isArray(value) ? value : text(name, value).split(",");
  return parts.map((part) => positiveNumber(name, part, { integer }));
}

/** A positive number from text. */
export function positiveNumber(name: string, value: unknown, { integer = false } = {}): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number) || number <= 0 || (integer && !Number.isInteger(number))) {
    throw new UsageError(
      `${name}: must be ${integer ? "a whole number ≥ 1" : "a positive number"}, but got ${JSON.stringify(value)}`,
    );
  }
  return number;
}

/** A seed: an integer in [0, 2^53). */
export function seedOf(value: unknown): number {
  const seed = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof seed !== "number" || !Number.isSafeInteger(seed) || seed < 0) {
    throw new UsageError(`seed: must be a whole number in [0, 2^53), but got ${JSON.stringify(value)}`);
  }
  return seed;
}

/** Text of an option. */
export function text(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw new UsageError(`${name}: must be text, but got ${JSON.stringify(value)}`);
}
