import type { Command } from "commander";
import { UsageError } from "../../solvers/errors.js";

/** An option's value and where it comes from. */
export interface ResolvedOption {
  readonly value: unknown;
  readonly origin: "command line" | "config file" | "default";
}

const exclusions = new WeakMap<Command, (readonly [string, string])[]>();

/** Declares two options of a command that say the same thing in two ways: one given hides the other's default or lesser source. */
export function exclude(command: Command, one: string, other: string): void {
  exclusions.set(command, [...(exclusions.get(command) ?? []), [one, other]]);
}

/**
 * Every option of a command: the command line wins over the file of --config, which wins over defaults.
 *
 * @throws UsageError for a file that cannot be read or does not fit, and for two options from one source that exclude each other
 */
export async function resolvedOptions(command: Command): Promise<Map<string, ResolvedOption>> {
  const resolved = new Map<string, ResolvedOption>();
  for (const [name, value] of Object.entries(command.opts<Record<string, unknown>>())) {
    const isDefault = command.getOptionValueSource(name) === "default";
    resolved.set(name, { value, origin: isDefault ? "default" : "command line" });
  }
  const file = resolved.get("config")?.value;
  if (typeof file === "string") {
    const { readConfigFile } = await import("./config-file.js");
    for (const [name, value] of Object.entries(await readConfigFile(file, command))) {
      if (resolved.get(name)?.origin !== "command line") resolved.set(name, { value, origin: "config file" });
    }
  }
  for (const [one, other] of exclusions.get(command) ?? []) hideLesser(resolved, one, other);
  return resolved;
}

const RANK = { "command line": 2, "config file": 1, default: 0 } as const;

function hideLesser(resolved: Map<string, ResolvedOption>, one: string, other: string): void {
  const [a, b] = [resolved.get(one), resolved.get(other)];
  if (a === undefined || b === undefined) return;
  const difference = RANK[a.origin] - RANK[b.origin];
  if (difference === 0 && a.origin !== "default") {
    throw new UsageError(`${one}: cannot be given together with ${other}, but got both - leave one of them out`);
  }
  resolved.delete(difference > 0 ? other : one);
}
