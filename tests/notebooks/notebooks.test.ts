import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const folder = resolve(import.meta.dirname, "../../notebooks");

interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: readonly string[];
  readonly data?: Readonly<Record<string, readonly string[]>>;
}

interface Cell {
  readonly id: string;
  readonly cell_type: string;
  readonly source: readonly string[];
  readonly execution_count?: number | null;
  readonly outputs?: readonly Output[];
}

interface Notebook {
  readonly nbformat: number;
  readonly nbformat_minor: number;
  readonly metadata: { readonly kernelspec: { readonly name: string } };
  readonly cells: readonly Cell[];
}

const files = readdirSync(folder)
  .filter((file) => file.endsWith(".ipynb"))
  .sort();
const read = (file: string): Notebook => JSON.parse(readFileSync(join(folder, file), "utf8"));
const codeOf = ({ cells }: Notebook) => cells.filter(({ cell_type }) => cell_type === "code");
const text = (lines: readonly string[] = []) => lines.join("");

/** Names that a cell declares at its top level, imports included. */
function declared(source: string): string[] {
  const imports = [...source.matchAll(/^import (?:type )?\{([^}]*)\}/gm)].flatMap(([, names = ""]) => names.split(","));
  const values = [...source.matchAll(/^(?:const|let|(?:async )?function) (\w+)/gm)].map(([, name = ""]) => name);
  const taken = [...source.matchAll(/^(?:const|let) [{[]([^}\]]*)[}\]] =/gm)].flatMap(([, names = ""]) =>
    names.split(","),
  );
  return [...imports, ...values, ...taken].map((name) => name.trim()).filter((name) => /^\w+$/.test(name));
}

/** Names written as `{ name }` or `, name }` inside an object: tslab 1.0.22 loses those of earlier cells. */
function shorthands(source: string): string[] {
  const code = source
    .replace(/^import .*$/gm, "")
    .replace(/\/\/.*$/gm, "")
    .replace(/"(?:\\.|[^"\\])*"/g, '""')
    .replace(/(?:const|let) \{[^}]*\} =/g, "")
    .replace(/\(\{[^{}]*\}\) =>/g, "() =>");
  return [...code.matchAll(/[{,]\s*(\w+)\s*(?=[,}])/g)]
    .filter(({ index }) => insideObject(code, index))
    .map(([, name = ""]) => name)
    .filter((name) => !/^\d/.test(name));
}

/** Whether the innermost open bracket at a place is a brace. */
function insideObject(code: string, place: number): boolean {
  const open: string[] = [];
  for (const character of code.slice(0, place + 1)) {
    if ("([{".includes(character)) open.push(character);
    else if (")]}".includes(character)) open.pop();
  }
  return open.at(-1) === "{";
}

describe("notebooks", () => {
  it("are numbered stories", () => {
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) expect(file).toMatch(/^\d-[a-z-]+\.ipynb$/);
  });

  describe.each(files)("%s", (file) => {
    const notebook = read(file);

    it("is nbformat 4.5 for the tslab kernel, with cell ids", () => {
      expect([notebook.nbformat, notebook.nbformat_minor]).toEqual([4, 5]);
      expect(notebook.metadata.kernelspec.name).toBe("tslab");
      const ids = notebook.cells.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^[\w-]{1,64}$/);
    });

    it("was executed from top to bottom, without an error", () => {
      const cells = codeOf(notebook);
      expect(cells.map(({ execution_count }) => execution_count)).toEqual(cells.map((_, i) => i + 1));
      const outputs = cells.flatMap(({ outputs = [] }) => outputs);
      expect(outputs.filter(({ output_type, name }) => output_type === "error" || name === "stderr")).toEqual([]);
    });

    it("has pictures, each with a text for those who cannot see it, and stays small", () => {
      const pictures = codeOf(notebook)
        .flatMap(({ outputs = [] }) => outputs)
        .flatMap(({ data = {} }) => ("image/svg+xml" in data ? [text(data["image/svg+xml"])] : []));
      expect(pictures.length).toBeGreaterThan(2);
      for (const svg of pictures) {
        expect(svg).toMatch(/<svg role="img"[\s\S]*<title>[^<]{10,}<\/title>/);
        expect(svg.length).toBeLessThan(200_000);
      }
      expect(statSync(join(folder, file)).size).toBeLessThan(1_000_000);
    });

    it("shows numbers, not what is left of them", () => {
      const written = codeOf(notebook)
        .flatMap(({ outputs = [] }) => outputs)
        .map(({ text: plain, data = {} }) => text(plain) + text(data["text/markdown"]));
      for (const output of written) expect(output).not.toMatch(/\bNaN\b|undefined|\[object/);
    });

    it("starts with a title, and links to notebooks that exist", () => {
      expect(notebook.cells[0]!.source[0]).toMatch(/^# \d · /);
      const prose = notebook.cells
        .filter(({ cell_type }) => cell_type === "markdown")
        .map(({ source }) => text(source));
      const links = prose.flatMap((part) => [...part.matchAll(/\]\(([^)]+\.ipynb)\)/g)].map(([, to = ""]) => to));
      for (const link of links) expect(files).toContain(link);
    });

    it("avoids what tslab compiles wrongly: shorthand and renaming of names from earlier cells", () => {
      const earlier = new Set<string>();
      for (const { source } of codeOf(notebook)) {
        const code = text(source);
        const own = new Set(declared(code));
        expect(shorthands(code).filter((name) => earlier.has(name) && !own.has(name))).toEqual([]);
        const renamed = [...code.matchAll(/^(?:const|let) \{[^}\n]*\w+: \w+[^}\n]*\} = (\w+);/gm)];
        expect(renamed.filter(([, name = ""]) => earlier.has(name) && !own.has(name))).toEqual([]);
        for (const name of own) earlier.add(name);
      }
    });
  });

  it("the search for shorthand sees what it forbids", () => {
    expect(shorthands("f({ values })")).toEqual(["values"]);
    expect(shorthands("f({ a: 1, values, b: [x, y] })")).toEqual(["values"]);
    expect(shorthands("f({ values: values }, [x, y], (a, b) => a)")).toEqual([]);
    expect(declared('import { a, type B } from "c";\nconst { d, e } = f();\nasync function g() {}')).toEqual([
      "a",
      "g",
      "d",
      "e",
    ]);
  });
});
