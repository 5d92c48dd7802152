import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Removes the types of a source text. */
type Transpile = (source: string, path: string) => string;

interface Loaded {
  readonly format: string;
  readonly source?: unknown;
  readonly shortCircuit?: boolean;
}

interface Resolved {
  readonly url: string;
}

const TYPED = /\.[cm]?ts$/;
let transpile: Transpile | undefined;

/** Called once when the hooks are registered: `data` is the path of the package that `typescriptPackage` found. */
export async function initialize(data: string): Promise<void> {
  transpile = transpilerOf(await import(pathToFileURL(data).href));
}

/** TypeScript names the file that will be: './x.js' may be written in './x.ts'. */
export async function resolve(
  specifier: string,
  context: unknown,
  next: (specifier: string, context: unknown) => Promise<Resolved>,
): Promise<Resolved> {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (!/^\.{1,2}\/.*\.[cm]?js$/.test(specifier)) throw error;
    return next(specifier.replace(/js$/, "ts"), context).catch(() => {
      throw error;
    });
  }
}

/** Loads TypeScript files as modules, their types removed. */
export async function load(
  url: string,
  context: unknown,
  next: (url: string, context: unknown) => Promise<Loaded>,
): Promise<Loaded> {
  if (transpile === undefined || !url.startsWith("file:") || !TYPED.test(new URL(url).pathname))
    return next(url, context);
  const path = fileURLToPath(url);
  return { format: "module", source: transpile(await readFile(path, "utf8"), path), shortCircuit: true };
}

/** The path of esbuild or TypeScript, as seen from one of the files; null where neither is installed. */
export function typescriptPackage(from: readonly string[]): string | null {
  for (const place of from) {
    const { resolve: find } = createRequire(place);
    for (const name of ["esbuild", "typescript"]) {
      try {
        return find(name);
      } catch {
        // Not installed there.
      }
    }
  }
  return null;
}

function transpilerOf(loaded: Record<string, unknown>): Transpile {
  const library = { ...loaded, ...(typeof loaded.default === "object" ? loaded.default : {}) };
  const { transformSync, transpileModule } = library;
  if (typeof transformSync === "function") {
    return (source, path) =>
      textOf(transformSync(source, { loader: "ts", format: "esm", target: "es2022", sourcefile: path }), "code");
  }
  if (typeof transpileModule === "function") {
    // ES2022 is 9 and ESNext 99 in TypeScript's enums of targets and module kinds.
    const compilerOptions = { target: 9, module: 99 };
    return (source, fileName) => textOf(transpileModule(source, { compilerOptions, fileName }), "outputText");
  }
  throw new TypeError("neither transformSync nor transpileModule");
}

function textOf(result: unknown, field: "code" | "outputText"): string {
  const value = typeof result === "object" && result !== null ? Reflect.get(result, field) : undefined;
  if (typeof value !== "string") throw new TypeError(`no ${field}`);
  return value;
}
