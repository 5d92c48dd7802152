import { describe, expect, it } from "vitest";
import type { Model } from "../../../solvers/types.js";
import { exactScore } from "../../../src/scores/exact-score.js";
import { ve, vp } from "../../../src/sdes/index.js";
import { gaussian } from "../../../src/targets/index.js";
import {
  densityL1,
  densityMoments,
  fokkerPlanck,
  reverseFokkerPlanck,
  scoreFromDensity,
} from "../../../src/verification/fokker-planck/index.js";
import { doubleWell, l1ToExact, massDrift, threeModes } from "./cases.js";

const sde = vp();
const score = exactScore(threeModes, sde);

describe("reverse-time equation", () => {
  it("has the marginals p_t for every η, at intermediate times too", async () => {
    for (const [eta, bound] of [
      [1, 1e-3],
      [0.7, 1.5e-3],
      [0.3, 6e-3],
    ] as const) {
      const solution = await reverseFokkerPlanck({ sde, score, eta, start: threeModes, times: [0.5, 0.2, 0.05, 1e-3] });
      expect(solution.status).toBe("success");
      expect(massDrift(solution)).toBeLessThan(1e-12);
      expect(solution.minimum).toBeGreaterThanOrEqual(0);
      for (const k of [1, 2, 3, 4]) expect(l1ToExact(solution, k, threeModes, sde)).toBeLessThan(bound);
    }
  });

  it("finds its grid from the prior alone, for VP and VE", async () => {
    for (const process of [sde, ve({ sigmaMax: 20 })]) {
      const solution = await reverseFokkerPlanck({ sde: process, score: exactScore(threeModes, process) });
      expect(solution.status).toBe("success");
      const last = solution.times.length - 1;
      expect(solution.times[last]).toBe(process.tMin);
      // The prior is not p_T: α(1) = 0.0066 moves the mean of VP; the reverse SDE forgets that.
      expect(l1ToExact(solution, last, threeModes, process)).toBeLessThan(2e-3);
      expect(solution.roughness[last]!).toBeLessThan(0.015);
    }
  });

  it("follows a wrong score where it leads: Gaussian moments in closed form", async () => {
    // Score −c x of N(0, 1) data scaled by c: m' and v' are linear, v → v∞ + (v₀ − v∞) e^{−2kτ} with k = (2c − 1), v∞ = 1/k in τ = ½∫β.
    const c = 1.3;
    const solution = await reverseFokkerPlanck({
      sde,
      score: (x) => -c * x,
      start: gaussian({ mean: [0.5], standardDeviation: 1 }),
      times: [0.6],
    });
    const tau = 0.5 * (0.1 * 0.4 + 9.95 * (1 - 0.36));
    const k = 2 * c - 1;
    const first = 0.5 * sde.alpha(1);
    const { mean, variance } = densityMoments(solution.grid, solution.densities[1]!);
    expect(Math.abs(mean - first * Math.exp(-k * tau))).toBeLessThan(1e-5);
    // Order 2: relative h²/(12 v) with h = 0.1.
    expect(Math.abs(variance - (1 / k + (1 - 1 / k) * Math.exp(-2 * k * tau)))).toBeLessThan(2e-3);
  });

  it("takes asynchronous models and any prediction, bit for bit the same in substance", async () => {
    const noise: Model = {
      predicts: "noise",
      dimension: 1,
      async evaluate(batch, out) {
        await Promise.resolve();
        await score.evaluate(batch, out);
        return out.slice(0, batch.count).map((value, i) => -value * sde.sigma(batch.times[i]!));
      },
    };
    const common = { sde, start: threeModes, times: [0.1], cells: 150, domain: [-7, 7], steps: 40 } as const;
    const plain = await reverseFokkerPlanck({ ...common, score });
    for (const other of [noise, score.as("data"), score.as("velocity")]) {
      const solution = await reverseFokkerPlanck({ ...common, score: other });
      // Rounding of the conversion, 1e-15 a step.
      expect(densityL1(plain.grid, plain.densities[1]!, solution.densities[1]!)).toBeLessThan(1e-11);
    }
  });

  it("carries the double well back to its start with the score read off the forward solution", async () => {
    const initial = gaussian({ mean: [0.3], standardDeviation: 0.2 });
    const errors: number[] = [];
    for (const cells of [140, 280]) {
      const forward = await fokkerPlanck({ sde: doubleWell, initial, cells, domain: [-2.6, 3.2] });
      const last = forward.densities.length - 1;
      const back = await reverseFokkerPlanck({
        sde: doubleWell,
        score: scoreFromDensity(forward),
        start: { edges: forward.grid.edges, values: forward.densities[last]! },
        times: [0],
      });
      expect(back.status).toBe("success");
      errors.push(densityL1(forward.grid, back.densities[1]!, forward.densities[0]!));
    }
    // 277 cells: roughness 0.01 at the start.
    expect(errors[1]!).toBeLessThan(1.5e-3);
    expect(errors[0]! / errors[1]!).toBeGreaterThan(3.5);
  });
});
