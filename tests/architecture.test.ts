import { describe, expect, it } from "vitest";
import { FILES, floorOf, isTypeOnly, roomOf, sources, target } from "./sources.js";

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
  ...sources.map(({ path }) => path).filter((path) => path.startsWith("src/cli/commands/")),
];

function withoutStrings(code: string): string {
  return code
    .replace(/`(?:\\.|[^`\\])*`/g, (text) => [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, inner]) => inner).join(" "))
    .replace(/"(?:\\.|[^"\\\n])*"/g, '""');
}

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
