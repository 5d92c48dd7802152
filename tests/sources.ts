import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");

/** Rooms from the ground up; a room may import from those in its list and from below. `files` stands beside the lower rooms. */
export const FLOORS: readonly (readonly string[])[] = [
  ["solvers"],
  ["src/sdes"],
  ["src/targets"],
  ["src/engine"],
  ["src/scores"],
  ["src/metrics"],
  ["src/sampling"],
  ["src/training"],
  ["src/verification"],
  ["src/experiments"],
  ["src/reports"],
  ["src/display"],
  ["src/cli"],
];
/** Knows nothing of the field, and may be used from everywhere above the solvers. */
export const FILES = "src/files";

/** A source file with its code, comments blanked out, and what it imports. */
export interface Source {
  readonly path: string;
  readonly text: string;
  /** Specifiers with `type` for imports that vanish at run time. */
  readonly imports: readonly { readonly from: string; readonly type: boolean }[];
}

/** Every file of the package. */
export const sources: readonly Source[] = [...walk("solvers"), ...walk("src")].map(read);

function walk(folder: string): string[] {
  // AssemblyScript is another language with its own rules.
  if (folder === "solvers/kernels/assembly") return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : path.endsWith(".ts") ? [path] : [];
  });
}

function read(path: string): Source {
  const text = readFileSync(join(root, path), "utf8");
  const code = withoutComments(text);
  const statements = code.matchAll(/^(?:import|export)\b([^;]*?)\bfrom\s*"([^"]+)"/gm);
  const bare = code.matchAll(/^import\s*"([^"]+)"/gm);
  const imports = [
    ...Array.from(statements, ([, clause = "", from = ""]) => ({ from, type: isTypeOnly(clause) })),
    ...Array.from(bare, ([, from = ""]) => ({ from, type: false })),
  ];
  return { path, text: code, imports };
}

export function isTypeOnly(clause: string): boolean {
  const named = /^\s*\{(.*)\}\s*$/s.exec(clause);
  if (/^\s*type\b/.test(clause)) return true;
  return named !== null && named[1]!.split(",").every((name) => name.trim() === "" || /^\s*type\b/.test(name));
}

/** The code with comments and the contents of strings that are not module names blanked out. */
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "))
    .replace(/(^|\s)\/\/.*$/gm, "$1");
}

/** How high a file lies, from 0; -1 outside. */
export const floorOf = (path: string) => FLOORS.findIndex((rooms) => rooms.some((room) => path.startsWith(`${room}/`)));
/** The room of a file. */
export const roomOf = (path: string) => FLOORS.flat().find((room) => path.startsWith(`${room}/`));
/** The path that an import of a file leads to. */
export const target = (source: Source, from: string) => relative(root, resolve(root, dirname(source.path), from));
