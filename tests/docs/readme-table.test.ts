import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseSpec } from "../../solvers/spec.js";
import { COMPARE_DEFAULTS } from "../../src/experiments/compare-config.js";
import { vp } from "../../src/sdes/index.js";
import { toy } from "../../src/targets/index.js";
import { exactLaw } from "../../src/verification/exact-law.js";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const sde = vp();
const target = toy("trimodal");

/** Rows of the README's table: solver and its printed exact W2 figures with their evaluations. */
const rows = [...readme.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, solver, cells]) => ({
  solver: solver!,
  figures: [...cells!.matchAll(/([0-9.]+) \((\d+)\)/g)].map(([, w2, evaluations]) => ({
    w2: w2!,
    evaluations: Number(evaluations),
  })),
}));

describe("the README's table", () => {
  it("has every default solver", () => {
    expect(rows.map(({ solver }) => solver)).toEqual([...COMPARE_DEFAULTS.solvers]);
  });

  it.each(rows)("$solver: the exact W2 is what exactLaw gives, to the digits printed", async ({ solver, figures }) => {
    const isAdaptive = parseSpec(solver).name === "rk45";
    for (const [index, { w2, evaluations }] of figures.entries()) {
      const law = await exactLaw({
        sde,
        target,
        ...(isAdaptive
          ? {
              solver: `${solver}:rtol=${COMPARE_DEFAULTS.tolerances[index]},atol=${COMPARE_DEFAULTS.tolerances[index]}`,
            }
          : { solver, steps: COMPARE_DEFAULTS.steps[index]! }),
      });
      expect(law.w2.toPrecision(3)).toBe(Number(w2).toPrecision(3));
      if (!isAdaptive) expect(law.evaluations).toBe(evaluations);
    }
  });
});
