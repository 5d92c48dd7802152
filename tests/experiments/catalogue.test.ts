import { expect, it } from "vitest";
import { solvers } from "../../solvers/index.js";
import { engineNames } from "../../src/engine/index.js";
import { catalogue } from "../../src/experiments/catalogue.js";
import { CATALOGUE_KINDS } from "../../src/experiments/catalogue-kinds.js";

it("lists every kind, and all that a kind has: solvers and engines in their own order", () => {
  const sections = catalogue();
  expect(sections.map(({ name }) => name)).toEqual(CATALOGUE_KINDS);
  const names = (kind: string) => sections.find(({ name }) => name === kind)!.entries.map(({ name }) => name);
  expect(names("solvers")).toEqual(solvers.map(({ name }) => name));
  expect(names("engines")).toEqual(engineNames);
  for (const { entries } of sections) for (const { summary } of entries) expect(summary).not.toBe("");
});
