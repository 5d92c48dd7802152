import { expect, it } from "vitest";
import { vp } from "../../../src/sdes/index.js";
import { toy } from "../../../src/targets/index.js";
import { fokkerPlanck } from "../../../src/verification/fokker-planck/index.js";
import { conservationChecks } from "../../../src/verification/fokker-planck-check/conservation-checks.js";

/** Verdict on a run whose mass ends `change` off. */
const verdict = (change: number, steps: number, cells: number) =>
  conservationChecks([{ mass: Float64Array.of(1, 1 + change), minimum: 0, steps, cells }])[0]!.verdict;

it("the mass may change by what rounding does over all steps and cells, and no more", () => {
  // 3.9 √(30 · steps · cells) 2⁻⁵³: 7.5e-14 and 3e-11.
  expect([6e-14, 9e-14].map((change) => verdict(change, 10, 100))).toEqual(["pass", "fail"]);
  expect([2e-11, 5e-11].map((change) => verdict(-change, 40_000, 4000))).toEqual(["pass", "fail"]);
  expect(verdict(Number.NaN, 10, 100)).toBe("fail");
});

it("a real run stays inside, and is judged by the worst of several", async () => {
  const run = await fokkerPlanck({
    sde: vp(),
    initial: toy("bimodal"),
    times: [1],
    scheme: "implicit-euler",
    steps: 2000,
  });
  const real = { ...run, cells: run.grid.widths.length };
  const leaky = { ...real, mass: real.mass.map((mass, k) => mass * (1 - 1e-9 * k)) };
  expect(conservationChecks([real]).map((check) => check.verdict)).toEqual(["pass", "pass"]);
  expect(conservationChecks([real, leaky, { ...real, minimum: -1e-12 }]).map((check) => check.verdict)).toEqual([
    "fail",
    "fail",
  ]);
});
