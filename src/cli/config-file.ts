import { readFile } from "node:fs/promises";
import { suggestion, UsageError } from "../../solvers/errors.js";
import { fileError } from "../files/index.js";

/**
 * Options from a JSON file; `$schema` is allowed for editors.
 *
 * @throws UsageError when it cannot be read, is no JSON object, or has a key that is no option
 */
export async function readConfigFile(path: string, names: readonly string[]): Promise<Record<string, unknown>> {
  const content = await readFile(path, "utf8").catch((cause: unknown) => {
    throw fileError("read", path, cause);
  });
  const parsed = parse(content, path);
  for (const key of Object.keys(parsed)) {
    if (key !== "$schema" && !names.includes(key)) {
      throw new UsageError(`${path}: unknown key '${key}'.${suggestion(key, names)}`);
    }
  }
  const { $schema: _schema, ...options } = parsed;
  return options;
}

function parse(content: string, path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw new UsageError(`${path}: is not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new UsageError(`${path}: must hold a JSON object of options`);
}
