import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { UsageError } from "../../solvers/errors.js";
import type { SolverFactory } from "../../solvers/one-step.js";
import { solvers } from "../../solvers/registry.js";
import { parseSpec } from "../../solvers/spec.js";
import type { Solver } from "../../solvers/types.js";
import { guardSolver } from "../sampling/guard-solver.js";

const MODULE = /^(.+?\.[cm]?[jt]s)(:.*)?$/;

/** Whether a solver spec names a module: `./mine.ts`, `./mine.js:eta=0.5`. */
export function isSolverFile(spec: string): boolean {
  return MODULE.test(spec.trim());
}

/**
 * The solver that a module of the user's own exports: a solver or a factory, as `solver`, as the default, or as the only one.
 *
 * Options after a colon go to the factory. TypeScript is read where Node does, or esbuild or TypeScript is installed. Runs are watched: a solver that does not advance is told so.
 *
 * @param spec path to a .js, .mjs, .cjs, .ts or .mts file, relative to the working directory, with options as in `parseSpec`
 * @throws UsageError for a file that cannot be read or loaded, or that exports no solver
 */
export async function loadSolver(spec: string): Promise<Solver> {
  const [, given = spec, rest = ""] = MODULE.exec(spec.trim()) ?? [];
  const path = given.startsWith("file:") ? fileURLToPath(given) : resolve(given);
  const found = solverOf(await exportsOf(path, given), given);
  const { options } = parseSpec(`solver${rest}`);
  if (isFactory(found)) return named(found.create(options), given);
  if (Object.keys(options).length > 0) {
    throw new UsageError(`${given}: exports a finished solver, which takes no options - export its factory`);
  }
  return named(found, given);
}

async function exportsOf(path: string, given: string): Promise<Record<string, unknown>> {
  await access(path).catch(() => {
    throw new UsageError(`${given}: there is no such file - the path is taken from the working directory`);
  });
  const url = pathToFileURL(path).href;
  try {
    return { ...(await import(url)) };
  } catch (cause) {
    if (!cannotReadTypes(cause, given) || !(await readTypes(path))) {
      throw new UsageError(loadFailure(cause, given), { cause });
    }
  }
  try {
    // Another address: Node remembers that the first one failed.
    return { ...(await import(`${url}?types=removed`)) };
  } catch (cause) {
    throw new UsageError(loadFailure(cause, given), { cause });
  }
}

/** Whether Node failed because the file is TypeScript: Node 20 reads none, later ones only what they can strip. */
function cannotReadTypes(cause: unknown, given: string): boolean {
  const code = cause instanceof Error && "code" in cause ? cause.code : "";
  const isForeign = typeof code === "string" && /UNKNOWN_FILE_EXTENSION|TYPESCRIPT|MODULE_NOT_FOUND/.test(code);
  return /ts$/.test(given) && (isForeign || cause instanceof SyntaxError);
}

let removesTypes: boolean | undefined;

/** Teaches Node to read TypeScript by the esbuild or TypeScript that is installed; false where neither is. */
async function readTypes(path: string): Promise<boolean> {
  if (removesTypes !== undefined) return removesTypes;
  const { typescriptPackage } = await import("./typescript-hooks.js");
  const library = typescriptPackage([path, resolve("package.json"), fileURLToPath(import.meta.url)]);
  if (library !== null) {
    const { register } = await import("node:module");
    register("./typescript-hooks.js", import.meta.url, { data: library });
  }
  removesTypes = library !== null;
  return removesTypes;
}

function loadFailure(cause: unknown, given: string): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : "";
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (code === "ERR_UNKNOWN_FILE_EXTENSION" && /ts$/.test(given)) {
    return `${given}: this Node (${process.version}) does not read TypeScript - npm install esbuild (or typescript), or compile it to .js`;
  }
  if (code === "ERR_MODULE_NOT_FOUND") return `${given}: imports what cannot be found: ${reason}`;
  return `${given}: cannot be loaded: ${reason}`;
}

function solverOf(exported: Readonly<Record<string, unknown>>, given: string): Solver | SolverFactory {
  const { solver, default: initial, ...others } = exported;
  const candidates = [solver, initial].filter((one) => isFactory(one) || isSolver(one));
  const found = candidates.length > 0 ? candidates : Object.values(others);
  const usable = [...new Set(found)].filter((one) => isFactory(one) || isSolver(one));
  const [first] = usable;
  if (first !== undefined && (candidates.length > 0 || usable.length === 1)) return first;
  if (usable.length > 1) {
    throw new UsageError(`${given}: exports ${usable.length} solvers - export the one that is meant as 'solver'`);
  }
  const incomplete = Object.values(exported).find((one) => hasRun(one));
  if (incomplete !== undefined) {
    throw new UsageError(`${given}: its solver lacks ${missingMembers(incomplete).join(", ")} - see FixedSolver`);
  }
  const names = Object.keys(exported);
  const what = names.length === 0 ? "nothing" : names.join(", ");
  throw new UsageError(
    `${given}: exports no solver, but ${what} - export const solver = oneStepSolver({ … }), or an object with name, order, kind: 'fixed', check and run`,
  );
}

function isFactory(value: unknown): value is SolverFactory {
  return hasFacts(value) && "create" in value && typeof value.create === "function";
}

/** What a solver on a grid must have, by the type of its value. */
const MEMBERS = {
  name: "string",
  order: "number",
  kind: "string",
  stochastic: "boolean",
  evaluationsPerStep: "number",
  options: "object",
  couplesBatch: "boolean",
  check: "function",
  run: "function",
} as const;

function missingMembers(value: object): string[] {
  return Object.entries(MEMBERS).flatMap(([name, type]) => (typeof Reflect.get(value, name) === type ? [] : [name]));
}

function hasRun(value: unknown): value is object {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "run") === "function";
}

function isSolver(value: unknown): value is Solver {
  if (hasFacts(value) && "integrate" in value) return Reflect.get(value, "kind") === "adaptive";
  return hasRun(value) && Reflect.get(value, "kind") === "fixed" && missingMembers(value).length === 0;
}

function hasFacts(value: unknown): value is { readonly name: string; readonly order: number } {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof Reflect.get(value, "name") === "string" &&
    typeof Reflect.get(value, "order") === "number"
  );
}

/** The solver under watch. @throws UsageError when its name belongs to another */
function named(solver: Solver, given: string): Solver {
  if (solvers.some(({ name }) => name === solver.name)) {
    throw new UsageError(`${given}: its name '${solver.name}' is that of a known solver - give it one of its own`);
  }
  return solver.kind === "fixed" ? guardSolver(solver, given) : solver;
}
