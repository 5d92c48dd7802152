import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exactScore } from "../../../src/scores/exact-score.js";
import { vp } from "../../../src/sdes/index.js";
import {
  densityL1,
  fokkerPlanck,
  reverseFokkerPlanck,
  scoreFpeResidual,
  type TimeScheme,
} from "../../../src/verification/fokker-planck/index.js";
import { l1ToExact, threeModes } from "./cases.js";

interface Golden {
  readonly fp_forward: readonly { M: number; t: number; l1: number; min: number }[];
  readonly fp_time: readonly { scheme: string; K: number; l1_vs_exact_in_time: number; min: number }[];
  readonly fp_reverse: readonly { lam: number; M: number; K: number; l1: number; min: number; mass_err: number }[];
  readonly score_fpe: readonly { t: number; max_abs_residual: number; max_abs_dts: number }[];
}

const golden: Golden = JSON.parse(readFileSync(new URL("../../fixtures/law-fp.json", import.meta.url), "utf8"));
const sde = vp();
const domain = [-7, 7] as const;

const relative = (value: number, wanted: number) => Math.abs(value / wanted - 1);
const least = (density: Float64Array) => density.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);

describe("reference figures of law-fp.json", () => {
  for (const cells of [100, 200]) {
    it(`forward from the data law, ${cells} cells, exact in time`, async () => {
      const rows = golden.fp_forward.filter((row) => row.M === cells);
      const times = rows.map((row) => row.t);
      const solution = await fokkerPlanck({
        sde,
        initial: threeModes,
        from: 0,
        times,
        cells,
        domain,
        scheme: "exponential",
      });
      rows.forEach((row, k) => {
        // Rounding of the reference's dense matrix exponential, 1e-16 · cells, over an error of 2e-4.
        expect(relative(l1ToExact(solution, k + 1, threeModes, sde), row.l1)).toBeLessThan(1e-9);
        expect(Math.abs(solution.mass[k + 1]! - solution.mass[0]!)).toBeLessThan(1e-12);
        const minimum = least(solution.densities[k + 1]!);
        expect(minimum).toBeGreaterThan(0);
        // Below 1e-16 the reference's minimum is its own rounding.
        if (row.min > 1e-14) expect(relative(minimum, row.min)).toBeLessThan(1e-4);
      });
    });
  }

  it("time schemes against the exponential, 400 cells to t = 0.3", async () => {
    const common = { sde, initial: threeModes, from: 0, to: 0.3, times: [0.3], cells: 400, domain } as const;
    const reference = await fokkerPlanck({ ...common, scheme: "exponential" });
    const names: Readonly<Record<string, TimeScheme>> = {
      implicit_euler: "implicit-euler",
      crank_nicolson: "crank-nicolson",
      tr_bdf2: "tr-bdf2",
    };
    for (const row of golden.fp_time) {
      const solution = await fokkerPlanck({ ...common, scheme: names[row.scheme]!, steps: row.K });
      const error = densityL1(solution.grid, solution.densities[1]!, reference.densities[1]!);
      // Rounding of both, 1e-14, over 1e-5.
      expect(relative(error, row.l1_vs_exact_in_time)).toBeLessThan(1e-8);
      // Rounding of the reference relative to its largest density.
      expect(relative(least(solution.densities[1]!), row.min)).toBeLessThan(1e-4);
      expect(Math.abs(solution.mass[1]! - solution.mass[0]!)).toBeLessThan(1e-12);
      expect(solution.steps).toBe(row.K);
    }
  });

  it("reverse time with η = 0.25, Crank–Nicolson", async () => {
    for (const row of golden.fp_reverse) {
      const solution = await reverseFokkerPlanck({
        sde,
        score: exactScore(threeModes, sde),
        eta: row.lam,
        start: threeModes,
        times: [1e-3],
        cells: row.M,
        domain,
        scheme: "crank-nicolson",
        steps: row.K,
      });
      // Rounding 1e-15 a step over 1.7e-3.
      expect(relative(l1ToExact(solution, 1, threeModes, sde), row.l1)).toBeLessThan(1e-9);
      // The minimum takes a product of as many factors as steps, each off by rounding of score and Bernoulli function.
      expect(relative(least(solution.densities[1]!), row.min)).toBeLessThan(1e-5);
      // p_1 outside [−7, 7].
      expect(Math.abs(1 - solution.mass[1]! - row.mass_err)).toBeLessThan(1e-14 * row.K);
    }
  });

  it("score Fokker–Planck residual of the exact score", async () => {
    const x = Array.from({ length: 81 }, (_, i) => -4 + i / 10);
    const times = golden.score_fpe.map((row) => row.t);
    const map = await scoreFpeResidual({
      sde,
      score: exactScore(threeModes, sde),
      x,
      times,
      spaceStep: 1e-3,
      timeStep: 1e-4,
    });
    golden.score_fpe.forEach((row, k) => {
      expect(relative(map.largestTimeDerivative[k]!, row.max_abs_dts)).toBeLessThan(1e-8);
      const ratio = map.largestResidual[k]! / row.max_abs_residual;
      // At 0.01 and 0.1 the residual is the truncation of the differences; later it is rounding, ½g² |s| 2⁻⁵³/h² ≈ 1e-9.
      if (row.t < 0.2) expect(Math.abs(ratio - 1)).toBeLessThan(5e-3);
      else expect(ratio).toBeLessThan(4);
    });
  });
});
