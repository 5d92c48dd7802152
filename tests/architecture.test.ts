import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");

/** Rooms from the ground up; a room may import from those in its list and from below. `files` stands beside the lower rooms. */
const FLOORS: readonly (readonly string[])[] = [
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
const FILES = "src/files";

/** No Math function whose last bits the standard leaves open, no clock, no unnamed randomness where samples and scores are made. */
const REPRODUCIBLE = ["solvers", "src/sdes", "src/targets", "src/scores", "src/sampling", "src/verification"];
const FORBIDDEN =
  /\bMath\.(exp|log|log2|log10|log1p|expm1|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|pow|hypot|cbrt|random)\b|\bDate\b|\bperformance\b|\*\*/;

/** Loaded when needed, never on the way from an entry of the package. */
const HEAVY =
  /^(mathjs|vega|vega-lite|@tensorflow\/.*|onnxruntime.*|onnx-buf|@bufbuild\/.*|zod|@resvg\/.*|cephes|npyjs|fflate|fast-png)$/;
const ENTRIES = [
  "src/index.ts",
  "solvers/index.ts",
  "src/cli/main.ts",
  ...readdirSync(join(root, "src/cli/commands")).map((file) => `src/cli/commands/${file}`),
];

interface Source {
  readonly path: string;
  readonly text: string;
  /** Specifiers with `type` for imports that vanish at run time. */
  readonly imports: readonly { readonly from: string; readonly type: boolean }[];
}

const sources = [...walk("solvers"), ...walk("src")].map(read);

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

function isTypeOnly(clause: string): boolean {
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

function withoutStrings(code: string): string {
  return code
    .replace(/`(?:\\.|[^`\\])*`/g, (text) => [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, inner]) => inner).join(" "))
    .replace(/"(?:\\.|[^"\\\n])*"/g, '""');
}

const floorOf = (path: string) => FLOORS.findIndex((rooms) => rooms.some((room) => path.startsWith(`${room}/`)));
const roomOf = (path: string) => FLOORS.flat().find((room) => path.startsWith(`${room}/`));
const target = (source: Source, from: string) => relative(root, resolve(root, dirname(source.path), from));

describe("imports", () => {
  it("every file stands in a known room", () => {
    const stray = sources.filter(
      ({ path }) => floorOf(path) < 0 && !path.startsWith(`${FILES}/`) && path !== "src/index.ts",
    );
    expect(stray.map(({ path }) => path)).toEqual([]);
  });

  it("go downwards only", () => {
    const wrong = sources.flatMap((source) =>
      source.imports
        .filter(({ from }) => from.startsWith("."))
        .map(({ from }) => target(source, from))
        .filter((to) => {
          if (source.path === "src/index.ts") return false;
          if (to.startsWith(`${FILES}/`)) return source.path.startsWith("solvers/");
          if (source.path.startsWith(`${FILES}/`)) return floorOf(to) > 0;
          const [from, onto] = [floorOf(source.path), floorOf(to)];
          return onto < 0 || onto > from || (onto === from && roomOf(to) !== roomOf(source.path));
        })
        .map((to) => `${source.path} -> ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it("of solvers/ stay inside, but for the distance of names", () => {
    const foreign = sources
      .filter(({ path }) => path.startsWith("solvers/"))
      .flatMap((source) =>
        source.imports
          .filter(({ from }) => !(from.startsWith(".") && target(source, from).startsWith("solvers/")))
          .map(({ from }) => from),
      );
    expect([...new Set(foreign)]).toEqual(["fastest-levenshtein"]);
  });

  it("name files with their suffix", () => {
    const without = sources.flatMap(({ path, imports }) =>
      imports.filter(({ from }) => from.startsWith(".") && !from.endsWith(".js")).map(({ from }) => `${path}: ${from}`),
    );
    expect(without).toEqual([]);
  });

  it("of heavy packages are dynamic", () => {
    const byPath = new Map(sources.map((source) => [source.path, source]));
    const reached = new Set(ENTRIES);
    const loaded: string[] = [];
    for (const path of reached) {
      const source = byPath.get(path)!;
      for (const { from, type } of source.imports) {
        if (type) continue;
        if (HEAVY.test(from)) loaded.push(`${path}: ${from}`);
        if (from.startsWith(".")) reached.add(target(source, from).replace(/\.js$/, ".ts"));
      }
    }
    expect(loaded).toEqual([]);
    expect(reached.size).toBeGreaterThan(50);
  });
});

describe("code", () => {
  it.each(REPRODUCIBLE)("%s is reproducible: own elementary functions, no clock, no unnamed randomness", (room) => {
    const found = sources
      .filter(({ path }) => path.startsWith(`${room}/`))
      .flatMap(({ path, text }) =>
        withoutStrings(text)
          .split("\n")
          .map((line, i) => ({ where: `${path}:${i + 1}`, line: withoutPowersOfTwo(line) }))
          .filter(({ line }) => FORBIDDEN.test(line))
          .map(({ where, line }) => `${where} ${line.trim()}`),
      );
    expect(found).toEqual([]);
  });

  it("index files only pass names on", () => {
    const withLogic = sources
      .filter(({ path }) => path.endsWith("/index.ts"))
      .filter(({ text }) => text.replace(/export (type )?(\*( as \w+)?|\{[^}]*\}) from "[^"]+";/g, "").trim() !== "");
    expect(withLogic.map(({ path }) => path)).toEqual([]);
  });

  it("has no default exports", () => {
    expect(sources.filter(({ text }) => /^export default\b/m.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it("this test sees what it forbids", () => {
    expect(FORBIDDEN.test("const y = Math.exp(x);")).toBe(true);
    expect(FORBIDDEN.test("const y = x ** 0.5;")).toBe(true);
    expect(FORBIDDEN.test(withoutPowersOfTwo("const e = 2 ** -53;"))).toBe(false);
    expect(HEAVY.test("@tensorflow/tfjs-core")).toBe(true);
    expect(isTypeOnly(" { type A, type B } ")).toBe(true);
    expect(isTypeOnly(" { type A, b } ")).toBe(false);
    expect(sources.length).toBeGreaterThan(100);
    const engine = sources.find(({ path }) => path === "solvers/spaces/law.ts")!;
    expect(engine.imports.some(({ from, type }) => from === "../types.js" && type)).toBe(true);
  });
});

/** Powers of 2 with whole exponents are exact. */
function withoutPowersOfTwo(line: string): string {
  return line.replace(/\b2 \*\* (-?\(?-?[a-z0-9]+\)?)/gi, "$1");
}
