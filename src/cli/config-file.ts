import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { suggestion, UsageError } from "../../solvers/errors.js";
import { fileError } from "../files/file-error.js";
import { configSchema, configurable } from "./config-schema.js";

/**
 * Options of a command from a JSON file; `$schema` is allowed for editors.
 *
 * @throws UsageError when it cannot be read, is no JSON object, or has keys or values that are no options of the command
 */
export async function readConfigFile(path: string, command: Command): Promise<Record<string, unknown>> {
  const content = await readFile(path, "utf8").catch((cause: unknown) => {
    throw fileError("read", path, cause);
  });
  const given = parse(content, path);
  const checked = (await configSchema(command)).safeParse(given);
  if (!checked.success) {
    const names = configurable(command).map((option) => option.attributeName());
    const faults = checked.error.issues.flatMap((issue) => {
      if (issue.code === "unrecognized_keys")
        return issue.keys.map((key) => `unknown key '${key}'.${suggestion(key, names)}`);
      return `${issue.path.join(".")}: ${issue.message}, but got ${JSON.stringify(valueAt(given, issue.path))}`;
    });
    throw new UsageError(`${path}: ${faults.join("; ")}`);
  }
  const { $schema: _schema, ...options } = given;
  return options;
}

function parse(content: string, path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(content.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${path}: must be JSON, but reading it ended with: ${reason}`, { cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new UsageError(
    `${path}: must hold a JSON object of options, but got ${Array.isArray(value) ? "an array" : JSON.stringify(value)} - such as {"samples": 1000}`,
  );
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    given,
  );
}
