import { type Command, Option } from "commander";
import { UsageError } from "../../solvers/errors.js";
import { parseSpec, splitSpecs } from "../../solvers/spec.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import { exclude, resolvedOptions } from "./resolved-options.js";

/** Options of every verb. */
export function withCommonOptions(command: Command): Command {
  return command
    .option("--seed <integer>", "seed of all random numbers", "0")
    .option("--json", "print the result as JSON")
    .option("--quiet", "no progress and no messages; faults and numerical trouble are told all the same")
    .option("--out <dir>", "write results and pictures to this directory")
    .option("--config <file>", "JSON file with the same names as the options; options on the command line win")
    .option("--print-config", "print every option's value and where it comes from, and stop");
}

/** Options that choose the SDE and the data. */
export function withProblemOptions(command: Command, { target = "trimodal" } = {}): Command {
  exclude(command, "target", "data");
  return command
    .option("--sde <spec>", "SDE with options, such as vp:betaMax=10", "vp")
    .option("--target <spec>", "data law with options, such as gaussian:mean=0.7,standardDeviation=0.5", target)
    .addOption(new Option("--data <file>", "data points from .npy, .npz or .csv instead of --target"));
}

/** Values of a command's options: the command line, then the file of --config, then defaults. */
export async function mergedOptions(command: Command): Promise<Record<string, unknown>> {
  const resolved = await resolvedOptions(command);
  return Object.fromEntries(Array.from(resolved, ([name, { value }]) => [name, value]));
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
    return empirical(await readArray(text("data", data), { images: true }));
  }
  const { name, options } = parseSpec(text("target", target));
  return createTarget(name, options);
}

/** A list of specs or names from text or an array. @throws UsageError when it is empty */
export function specList(name: string, value: unknown): string[] {
  const list = Array.isArray(value) ? value.map((one) => text(name, one)) : splitSpecs(text(name, value));
  if (list.length === 0)
    throw new UsageError(`${name}: must name at least one, but got ${shown(value)} - leave it out`);
  return list;
}

/** A list of numbers from '10,20,50' or an array. @throws UsageError naming the number that is wrong */
export function numberList(name: string, value: unknown, { integer = false } = {}): number[] {
  const parts = Array.isArray(value) ? value : typeof value === "number" ? [value] : text(name, value).split(",");
  return parts.map((part) => positiveNumber(name, part, { integer, example: integer ? "10,20,50" : "1e-2,1e-4" }));
}

/** A positive number from text. @throws UsageError */
export function positiveNumber(
  name: string,
  value: unknown,
  { integer = false, example }: { readonly integer?: boolean; readonly example?: string } = {},
): number {
  const number = readNumber(value);
  if (!Number.isFinite(number) || number <= 0 || (integer && !Number.isSafeInteger(number))) {
    const allowed = integer ? "a whole number ≥ 1" : "a positive number";
    const valid = example ?? (integer ? "100" : "0.5");
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`${flag}: must be ${allowed}, but got ${shown(value)} - for example --${flag} ${valid}`);
  }
  return number;
}

/** A seed: an integer in [0, 2^53). @throws UsageError */
export function seedOf(value: unknown): number {
  const seed = readNumber(value);
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new UsageError(`seed: must be a whole number in [0, 2^53), but got ${shown(value)} - for example --seed 1`);
  }
  return seed;
}

/** Text of an option. @throws UsageError */
export function text(name: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new UsageError(`${name}: must be text, but got ${shown(value)} - leave it out for its default`);
}

function readNumber(value: unknown): number {
  if (typeof value === "string" && value.trim() !== "") return Number(value);
  return typeof value === "number" ? value : Number.NaN;
}

/** A value as its giver wrote it. */
function shown(value: unknown): string {
  return typeof value === "string" && value.trim() !== "" ? value : (JSON.stringify(value) ?? String(value));
}
