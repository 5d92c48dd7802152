import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { architecturePicture } from "./architecture-picture.js";
import { difference } from "./compare-output.js";
import { pagePaths, ROOT, readPage } from "./page.js";
import { openWorkplace, reasonNotToRun, toleranceOf } from "./run-page.js";

// Runs the commands and programs of the pages and writes what they print, and the pictures they make, into the pages.
// Usage: npm run docs:refresh [-- [--slow] [--times] part-of-a-path ...]; --times writes times anew, too

async function refresh(path: string, { slow, times }: { slow: boolean; times: boolean }): Promise<number> {
  const page = readPage(path);
  const place = openWorkplace();
  const lines: string[] = [];
  let copied = 0;
  let failures = 0;
  try {
    for (const block of page.blocks) {
      if (reasonNotToRun(block, slow) !== null) continue;
      const { code, printed, stderr } = await place.run(block);
      const expected = Number(block.directives.get("exits") ?? 0);
      if (code !== expected) {
        console.error(`${path}:${block.line}: exit code ${code}, not ${expected}\n${stderr}`);
        failures++;
        continue;
      }
      const { output, picture } = block;
      const made = block.directives.get("picture");
      if (picture !== null && made !== undefined) {
        copyFileSync(join(place.folder, made), join(ROOT, dirname(path), picture));
      }
      // Times alone are no reason to touch a page.
      if (output === null || (!times && difference(printed, output.text, toleranceOf(block)) === null)) continue;
      lines.push(...page.lines.slice(copied, output.from), printed.trimEnd());
      copied = output.to;
      console.log(`${path}:${block.line} written`);
    }
  } finally {
    place.close();
  }
  lines.push(...page.lines.slice(copied));
  const text = lines.join("\n");
  if (text !== readFileSync(join(ROOT, path), "utf8")) writeFileSync(join(ROOT, path), text);
  return failures;
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const parts = words.filter((word) => !word.startsWith("--"));
  const paths = pagePaths().filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)));
  if (paths.length === 0) throw new Error(`no page has ${parts.join(" or ")} in its path`);
  if (paths.includes("docs/architecture.md")) {
    writeFileSync(join(ROOT, "docs/pictures/architecture.svg"), architecturePicture());
  }
  let failures = 0;
  for (const path of paths)
    failures += await refresh(path, { slow: words.includes("--slow"), times: words.includes("--times") });
  process.exitCode = failures === 0 ? 0 : 1;
}

void main();
