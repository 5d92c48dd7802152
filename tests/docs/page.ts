import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * How pages of documentation say what is run.
 *
 * Every ```sh block is a script, every ```ts, ```js and ```python block a program. All of a page run in one folder, in their order. What follows
 * a block as ```text or ```json, or between `<!-- output -->` and `<!-- /output -->`, is what it prints. Comments right before a block
 * or its output change this:
 *
 * - `<!-- file: NAME -->` the block is written to that file and not run;
 * - `<!-- not run: REASON -->` never run: it installs, or waits for a person;
 * - `<!-- slow: REASON -->` run by `npm run docs:refresh -- --slow` alone;
 * - `<!-- in: repository -->` run in the root of the repository;
 * - `<!-- exits: CODE -->` what it prints on stderr counts as output, and it ends with that code;
 * - `<!-- picture: FILE -->` the picture after the block is this file, which the block writes;
 * - `<!-- varies: NAME, NAME -->` columns, or lines by their first words, whose content differs between machines;
 * - `<!-- within: NUMBER -->` numbers may differ by this share, where a trained network made them.
 *
 * Times (numbers before ms, s or samples/s, columns of seconds) are never compared.
 */
export interface Block {
  readonly language: "sh" | "ts" | "js" | "python";
  readonly code: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  readonly directives: ReadonlyMap<string, string>;
  readonly output: Output | null;
  /** The picture after the block, relative to the page. */
  readonly picture: string | null;
}

/** The printed text of a block: `lines[from]` to before `lines[to]` of the page. */
export interface Output {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface Page {
  /** Relative to the repository. */
  readonly path: string;
  readonly lines: readonly string[];
  readonly blocks: readonly Block[];
}

/** Root of the repository. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const DIRECTIVE = /^<!-- ([a-z ]+?)(?:: (.*?))? -->$/;
const KNOWN = ["file", "not run", "slow", "in", "exits", "picture", "varies", "within", "output", "/output"];
const CODE = ["sh", "ts", "js", "python"];
const PRINTED = ["text", "json", "console"];

/** README.md and every page under docs/. */
export function pagePaths(): string[] {
  const folder = join(ROOT, "docs");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".md") && !name.startsWith("api/"));
  return ["README.md", ...names.sort().map((name) => `docs/${name}`)];
}

/** Reads the blocks of a page. @throws Error for a fence without known language, and for a comment that is not understood */
export function readPage(path: string, text = readFileSync(join(ROOT, path), "utf8")): Page {
  const lines = text.split("\n");
  const blocks: Block[] = [];
  let pending = new Map<string, string>();
  let last: { block: Block; directives: Map<string, string> } | null = null;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const directive = directiveOf(line, `${path}:${i + 1}`);
    if (directive !== null && directive.name !== "output") {
      pending.set(directive.name, directive.value);
      continue;
    }
    const isRegion = directive !== null;
    const fence = /^(`{3,})(\w*)\s*$/.exec(line);
    if (isRegion || fence !== null) {
      const end = lines.findIndex(
        (other, k) => k > i && (isRegion ? other === "<!-- /output -->" : other === fence![1]),
      );
      if (end < 0) throw new Error(`${path}:${i + 1}: does not end`);
      const language = fence?.[2] ?? "text";
      const inside = lines.slice(i + 1, end).join("\n");
      if (CODE.includes(language)) {
        const directives = pending;
        const block = {
          language: language as Block["language"],
          code: inside,
          line: i + 1,
          directives,
          output: null,
          picture: null,
        };
        blocks.push(block);
        last = { block, directives };
      } else if (last !== null && (isRegion || PRINTED.includes(language))) {
        for (const [name, value] of pending) last.directives.set(name, value);
        blocks[blocks.length - 1] = { ...blocks.at(-1)!, output: { from: i + 1, to: end, text: inside } };
      } else if (isRegion || !PRINTED.includes(language)) {
        throw new Error(
          `${path}:${i + 1}: ${isRegion ? "output without a block before it" : "a fence without known language"}`,
        );
      }
      pending = new Map();
      i = end;
      continue;
    }
    const picture = /^!\[[^\]]*\]\(([^)]+)\)$/.exec(line)?.[1];
    if (picture !== undefined && last !== null && pending.has("picture")) {
      for (const [name, value] of pending) last.directives.set(name, value);
      blocks[blocks.length - 1] = { ...blocks.at(-1)!, picture };
      pending = new Map();
      continue;
    }
    if (line.trim() !== "") {
      if (pending.size > 0) throw new Error(`${path}:${i + 1}: the comment above belongs to no block`);
      last = null;
    }
  }
  return { path, lines, blocks };
}

function directiveOf(line: string, where: string): { name: string; value: string } | null {
  if (!line.startsWith("<!--")) return null;
  const [, name, value = ""] = DIRECTIVE.exec(line) ?? /^<!-- (\/output) -->$/.exec(line) ?? [];
  if (name === undefined || !KNOWN.includes(name)) throw new Error(`${where}: unknown comment ${line}`);
  return { name, value };
}
