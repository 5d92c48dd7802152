import { type Command, Option } from "commander";
import { parseSpec } from "../../solvers/spec.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import { text } from "./option-values.js";
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
