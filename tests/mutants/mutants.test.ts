import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

interface Mutant {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly test: string;
}

const ROOT = join(import.meta.dirname, "../..");
const mutants: readonly Mutant[] = JSON.parse(readFileSync(join(import.meta.dirname, "mutants.json"), "utf8"));

it("every fault can be planted, and its test exists", () => {
  const lost = mutants.filter(({ file, from, to, test }) => {
    const [path, tests] = [join(ROOT, file), join(ROOT, test)];
    return from === to || !existsSync(tests) || !existsSync(path) || !readFileSync(path, "utf8").includes(from);
  });
  expect(lost).toEqual([]);
});
