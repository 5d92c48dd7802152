import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** Code blocks of a page that import the package: whole programs. */
function programs(page: string): string[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)]
    .map(([, code]) => code!)
    .filter((code) => code.includes('from "score-sde"'));
}

// Inside the package, so that its own name resolves to the build.
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(root, "dist", "examples-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(pages.filter((page) => programs(page).length > 0))("%s", (page) => {
  it.each(programs(page).map((code, index) => [index + 1, code] as const))("program %i runs", (index, code) => {
    const file = join(folder, `${page.replaceAll("/", "-")}-${index}.mjs`);
    writeFileSync(file, code);
    const printed = execFileSync(process.execPath, [file], { encoding: "utf8", cwd: folder });
    expect(printed.trim()).not.toBe("");
    expect(printed).not.toMatch(/NaN|undefined/);
  });
});

describe("links", () => {
  it.each(pages)("%s: every relative link leads to a file", (page) => {
    const text = readFileSync(join(root, page), "utf8");
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target]) => target!);
    for (const target of targets) expect(existsSync(join(root, dirname(page), target)), target).toBe(true);
  });
});
