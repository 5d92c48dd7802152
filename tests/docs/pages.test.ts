import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { architecturePicture } from "./architecture-picture.js";
import { difference } from "./compare-output.js";
import { type Block, pagePaths, ROOT, readPage } from "./page.js";
import { openWorkplace, reasonNotToRun, toleranceOf, typeErrors } from "./run-page.js";

const pages = pagePaths().map((path) => readPage(path));
/** Pages run beside each other, the blocks of a page one after the other. */
const AT_ONCE = 2;
let free = AT_ONCE;
const waiting: (() => void)[] = [];

async function taken<T>(work: () => Promise<T>): Promise<T> {
  if (free > 0) free--;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  }
}

describe.concurrent("what the pages say is what is printed", () => {
  const runnable = pages.filter(({ blocks }) => blocks.some((block) => reasonNotToRun(block) === null));
  it.each(runnable.map((page) => [page.path, page] as const))(
    "%s",
    async (path, page) => {
      const found = await taken(async () => {
        const place = openWorkplace();
        const wrong: string[] = [];
        try {
          for (const block of page.blocks) {
            if (reasonNotToRun(block) === null) wrong.push(...(await faults(path, block, place)));
          }
        } finally {
          place.close();
        }
        return wrong;
      });
      expect(found.join("\n\n"), "npm run docs:refresh writes what is printed now").toBe("");
    },
    600_000,
  );
});

async function faults(path: string, block: Block, place: ReturnType<typeof openWorkplace>): Promise<string[]> {
  const where = `${path}:${block.line}`;
  const { code, printed, stderr } = await place.run(block);
  const expected = Number(block.directives.get("exits") ?? 0);
  if (code !== expected) return [`${where}: exit code ${code}, not ${expected}\n${stderr}`];
  const wrong: string[] = [];
  const { output, picture, directives } = block;
  const other = output === null ? null : difference(printed, output.text, toleranceOf(block));
  if (other !== null) wrong.push(`${where}: ${other}`);
  const isProgram = block.language !== "sh" && !directives.has("file");
  if (isProgram && (printed.trim() === "" || /\bNaN\b|\bundefined\b/.test(printed)))
    wrong.push(`${where}: prints ${printed}`);
  const made = directives.get("picture");
  if (made !== undefined && picture !== null) {
    const files = [join(place.folder, made), join(ROOT, dirname(path), picture)];
    const [mine, yours] = files.map((file) => (existsSync(file) ? readFileSync(file, "utf8") : `no file ${file}`));
    // Layout uses the platform's logarithms.
    const far = made.endsWith(".svg") ? difference(mine!, yours!, { within: 1e-2 }) : null;
    if (far !== null) wrong.push(`${where}: picture, ${far.slice(0, 500)}`);
  }
  return wrong;
}

describe("the picture of the architecture", () => {
  it("is that of the imports (npm run docs:refresh -- architecture)", () => {
    expect(readFileSync(join(ROOT, "docs/pictures/architecture.svg"), "utf8")).toBe(architecturePicture());
  });
});

describe("programs on the pages", () => {
  it("have no type errors in a strict project", () => {
    expect(typeErrors(pages)).toEqual([]);
  }, 120_000);
});

describe("blocks that are not run", () => {
  it("are these, and each says why", () => {
    const reasons = pages.flatMap(({ path, blocks }) =>
      blocks.flatMap((block) => {
        const reason = reasonNotToRun(block);
        if (reason === null) return [];
        expect(reason.length, `${path}:${block.line}`).toBeGreaterThan(10);
        return [path];
      }),
    );
    const counts = Object.fromEntries(
      [...new Set(reasons)].map((path) => [path, reasons.filter((p) => p === path).length]),
    );
    expect(counts).toEqual({
      "README.md": 1,
      "docs/architecture.md": 1,
      "docs/command-line/completion.md": 1,
      "docs/engines.md": 1,
      "docs/getting-started.md": 2,
      "docs/notebooks.md": 3,
      "docs/performance.md": 2,
      "docs/packaging.md": 2,
      "docs/tour.md": 2,
      "docs/training.md": 1,
      "docs/writing-a-network.md": 4,
    });
  });
});

describe("files that pages name", () => {
  it("exist", () => {
    const missing = pages.flatMap(({ path, lines }) => {
      const named = lines
        .join("\n")
        .matchAll(/\b(?:bench|notebooks|solvers|src|tests)\/[\w./-]+\.(?:ts|py|sh|mjs|json|ipynb)\b/g);
      return [...named].filter(([name]) => !existsSync(join(ROOT, name))).map(([name]) => `${path}: ${name}`);
    });
    expect(missing).toEqual([]);
  });
});

describe("links", () => {
  it.each(pages.map(({ path, lines }) => [path, lines.join("\n")] as const))(
    "%s: each leads to a file, and to a heading",
    (path, text) => {
      const prose = text.replace(/^```[\s\S]*?^```/gm, "");
      for (const [, target] of prose.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
        const [file = "", anchor] = target!.split("#");
        const full = join(ROOT, file === "" ? path : join(dirname(path), file));
        expect(existsSync(full), target).toBe(true);
        if (anchor !== undefined && full.endsWith(".md"))
          expect(anchors(readFileSync(full, "utf8")), target).toContain(anchor);
      }
    },
  );

  it("docs/README.md names every page", () => {
    const index = readFileSync(join(ROOT, "docs/README.md"), "utf8");
    const missing = pages
      .map(({ path }) => path.replace("docs/", ""))
      .filter((path) => path !== "README.md" && !index.includes(`(${path})`));
    expect(missing).toEqual([]);
  });
});

/** Anchors that GitHub gives the headings of a page. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
