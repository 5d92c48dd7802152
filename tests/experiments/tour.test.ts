import { beforeAll, describe, expect, it } from "vitest";
import { tour } from "../../src/experiments/tour.js";
import type { Tour } from "../../src/experiments/tour-result.js";
import { renderHtml } from "../../src/reports/html-report.js";
import { reportCharts } from "../../src/reports/report.js";
import { tourHeadline } from "../../src/reports/tour-headline.js";
import { tourReport } from "../../src/reports/tour-report.js";
import { tourTable } from "../../src/reports/tour-table.js";
import { tourText } from "../../src/reports/tour-text.js";
import { edm, ve, vp } from "../../src/sdes/index.js";
import { toy } from "../../src/targets/index.js";
import { exactLaw } from "../../src/verification/exact-law.js";

const target = toy("bimodal");
const small = {
  target,
  network: "mlp:width=16,depth=1",
  trainingSteps: 60,
  evaluations: 20,
  tolerance: 1e-3,
  samples: 256,
  repeats: 2,
  controls: false,
} as const;

describe("a small tour of VP and VE", () => {
  let told: Tour;
  const progress: number[] = [];
  beforeAll(async () => {
    told = await tour({ ...small, sdes: [vp(), ve()] }, { onProgress: (_, fraction) => progress.push(fraction) });
  }, 180_000);

  it("tells its progress in order, from 0 to 1", () => {
    expect(progress[0]).toBe(0);
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  });

  it("has the exact law of every solver with the exact score", async () => {
    for (const [sde, process] of [vp(), ve()].map((one, i) => [one, told.result.processes[i]!] as const)) {
      expect(process.exact.map(({ solver }) => solver)).toEqual(["em", "pc", "rk45"]);
      expect(process.exact.map(({ steps }) => steps)).toEqual([20, 10, null]);
      const law = await exactLaw({ sde, target, solver: "em", steps: 20 });
      expect(process.exact[0]!.exact!.w2).toBe(law.w2);
    }
  });

  it("finds a barely trained score far from the truth, in the sampler and in the equation alike", () => {
    for (const { exact, learned, generated, training } of told.result.processes) {
      expect(training).toMatchObject({ steps: 60, status: "success", network: "mlp" });
      expect(Math.max(...training.scoreError.map(({ value }) => value))).toBeGreaterThan(0.1);
      const [em, emLearned] = [exact[0]!.exact!.w2!, learned[0]!.exact!.w2!];
      expect(emLearned).toBeGreaterThan(2 * em);
      expect(generated.learned.w2).toBeGreaterThan(20 * generated.exact.w2);
      // Girsanov: the law that the score generates is no farther in KL than this; prior and stop add less than a thousandth.
      expect(generated.learned.kl).toBeLessThan(1.001 * training.klBound);
      // Euler–Maruyama tends to the equation: with one score both laws differ by the steps alone, as they do with the exact score.
      const steps = em + generated.exact.w2;
      expect(Math.abs(emLearned - generated.learned.w2)).toBeLessThan(3 * steps);
    }
  });

  it("solves the equation with the exact score down to what prior, stop and cells leave", async () => {
    for (const [sde, { generated }] of [vp(), ve()].map((one, i) => [one, told.result.processes[i]!] as const)) {
      // The limit of em in its steps: prior and truncation remain, and 1e-4 for cells.
      const limit = await exactLaw({ sde, target, solver: "stochastic-heun", steps: 800 });
      expect(Math.abs(generated.exact.w2 - limit.w2)).toBeLessThan(1e-3);
    }
  });

  it("passes every check of the equation", () => {
    expect(told.result.passed).toBe(true);
    for (const { equation } of told.result.processes) {
      expect(equation.checks.filter(({ verdict }) => verdict === "fail")).toEqual([]);
      expect(equation.controls).toEqual([]);
    }
  });

  it("is one table of solvers and equation under each SDE", () => {
    const { rows, columns } = tourTable(told.result);
    expect(rows.map(({ cells }) => `${cells[0]!.text} ${cells[1]!.text}`)).toEqual(
      ["vp", "ve"].flatMap((name) => ["em", "pc", "rk45", "equation"].map((solver) => `${name} ${solver}`)),
    );
    for (const { cells } of rows) expect(cells).toHaveLength(columns.length);
  });

  it.each([60, 80, 120])("fits %i columns", (width) => {
    const text = tourText(told.result, { width });
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(width);
    const words = text.replaceAll(/\s+/g, " ");
    expect(words).toContain("f = −0.06 to −10, g = 0.346 to 4.47");
    expect(words).toContain("44 checks hold");
  });

  it("is one page that needs nothing else, every chart under 200 kB", async () => {
    const report = tourReport(told);
    const names = reportCharts(report).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const part of ["samples", "evolution", "score", "paths", "generated"]) {
      expect(names).toEqual(expect.arrayContaining([`${part}-vp`, `${part}-ve`]));
    }
    const html = await renderHtml(report);
    expect(html).not.toMatch(/NaN|undefined|<script|src="http/);
    for (const figure of html.match(/<figure[\s\S]*?<\/figure>/g)!) expect(figure.length).toBeLessThan(200_000);
  });

  it("says what limits by the figures, not by habit", () => {
    expect(tourHeadline(told.result)).toContain("the network, not the solver, is what limits");
    const equal = told.result.processes.map((process) => ({ ...process, learned: process.exact }));
    expect(tourHeadline({ ...told.result, processes: equal })).not.toContain("limits");
    const failing = told.result.processes.map((process) => {
      const [first, ...rest] = process.equation.checks;
      return {
        ...process,
        equation: { ...process.equation, checks: [{ ...first!, verdict: "fail" as const }, ...rest] },
      };
    });
    expect(tourHeadline({ ...told.result, processes: failing })).toContain("2 of 44 checks fail: equation (vp)");
  });
});

describe("what a tour refuses", () => {
  it.each([
    ["no SDE", { sdes: [] }, /sdes: must name at least one/],
    ["a law in the plane", { sdes: [vp()], target: toy("two-moons") }, /needs a law on the line/],
  ])("%s", async (_name, change, message) => {
    await expect(tour({ ...small, ...change })).rejects.toThrow(message);
  });

  it("ends when it is told to", async () => {
    const controller = new AbortController();
    const work = tour(
      { ...small, sdes: [edm()] },
      { signal: controller.signal, onProgress: () => controller.abort(new Error("enough")) },
    );
    await expect(work).rejects.toThrow("enough");
  });
});
