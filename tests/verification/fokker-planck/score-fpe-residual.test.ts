import { describe, expect, it } from "vitest";
import type { Model } from "../../../solvers/types.js";
import { exactScore } from "../../../src/scores/exact-score.js";
import { ve, vp } from "../../../src/sdes/index.js";
import { gaussian } from "../../../src/targets/index.js";
import { scoreFpeResidual } from "../../../src/verification/fokker-planck/index.js";
import { modelFrom } from "../../../src/verification/model-from.js";
import { diffusionSde, threeModes } from "./cases.js";

const x = Array.from({ length: 41 }, (_, i) => -3 + 0.15 * i);

describe("score Fokker–Planck residual", () => {
  it("is ½g² c(1 − c) ∂(s²)/∂x for the exact score times c under a linear drift", async () => {
    for (const sde of [vp(), ve({ sigmaMax: 5 })]) {
      const exact = exactScore(threeModes, sde);
      const t = 0.4;
      const law = threeModes.perturbed(sde.alpha(t), sde.sigma(t));
      const points = Float64Array.from(x);
      const [s, slope] = [new Float64Array(41), new Float64Array(41)];
      law.score(points, 41, s);
      law.scoreDivergence(points, 41, slope);
      for (const c of [0.9, 1.2, -1]) {
        const map = await scoreFpeResidual({
          sde,
          x,
          times: [t],
          score: {
            predicts: "score",
            dimension: 1,
            evaluate(batch, out) {
              void exact.evaluate(batch, out);
              for (let i = 0; i < batch.count; i++) out[i] = c * out[i]!;
            },
          },
        });
        const d = 0.5 * sde.diffusion(t) ** 2;
        points.forEach((_, i) => {
          const wanted = d * c * (1 - c) * 2 * s[i]! * slope[i]!;
          expect(Math.abs(map.residual[i]! - wanted)).toBeLessThan(1e-6 * (1 + Math.abs(wanted)));
        });
      }
    }
  });

  it("is ½g² c(1 − c) ∇|s|² in the plane, and zero for the exact score", async () => {
    const sde = vp();
    const target = gaussian({
      mean: [0.5, -0.3],
      covariance: [
        [1, 0.6],
        [0.6, 0.8],
      ],
    });
    const exact = exactScore(target, sde);
    const t = 0.4;
    const [a, b] = [sde.alpha(t), sde.sigma(t)];
    const [xx, xy, yy] = [a * a + b * b, 0.6 * a * a, 0.8 * a * a + b * b];
    const determinant = xx * yy - xy * xy;
    const inverse = (u: number, v: number) =>
      [(yy * u - xy * v) / determinant, (xx * v - xy * u) / determinant] as const;
    const points = [0.1, 0.7, -1.5, 2, 1, -0.4];
    for (const c of [1, 0.9, -1]) {
      const map = await scoreFpeResidual({
        sde,
        x: points,
        times: [t],
        score: modelFrom(exact, sde, { value: (s) => c * s }),
      });
      const d = 0.5 * sde.diffusion(t) ** 2;
      for (let i = 0; i < points.length; i += 2) {
        // s = −P(x − m), hence ∇|s|² = 2 P²(x − m).
        const wanted = inverse(...inverse(points[i]! - a * 0.5, points[i + 1]! + a * 0.3)).map(
          (value) => 2 * d * c * (1 - c) * value,
        );
        for (const axis of [0, 1]) {
          expect(Math.abs(map.residual[i + axis]! - wanted[axis]!)).toBeLessThan(1e-6 * (1 + Math.abs(wanted[axis]!)));
        }
      }
      if (c === -1) expect(map.largestResidual[0]!).toBeGreaterThan(1);
    }
    await expect(scoreFpeResidual({ sde, x: [1, 2, 3], times: [t], score: exact })).rejects.toThrow(/rows of 2/);
  });

  it("sees a shift in time", async () => {
    const sde = vp();
    const exact = exactScore(threeModes, sde);
    const shifted = {
      predicts: "score" as const,
      dimension: 1,
      evaluate: (batch: { x: Float64Array; times: Float64Array; count: number }, out: Float64Array) =>
        exact.evaluate({ ...batch, times: batch.times.map((t) => t + 0.01) }, out),
    };
    const [right, wrong] = await Promise.all(
      [exact, shifted].map((score) => scoreFpeResidual({ sde, x, times: [0.3], score })),
    );
    expect(right!.largestResidual[0]!).toBeLessThan(1e-6);
    expect(wrong!.largestResidual[0]!).toBeGreaterThan(0.1);
  });

  it("holds at both ends of the time range, where the differences are one-sided", async () => {
    const sde = vp({ tMin: 0.05 });
    const exact = exactScore(threeModes, sde);
    const asked: number[] = [];
    const score: Model = {
      predicts: "score",
      dimension: 1,
      evaluate(batch, out) {
        asked.push(batch.times[0]!);
        return exact.evaluate(batch, out);
      },
    };
    const map = await scoreFpeResidual({ sde, x, times: [0.05, 1], score });
    // A trained model knows nothing outside of its range.
    expect(Math.min(...asked)).toBe(0.05);
    expect(Math.max(...asked)).toBe(1);
    for (const k of [0, 1]) expect(map.largestResidual[k]!).toBeLessThan(1e-5);
  });

  it("has the terms of a nonlinear drift: stationary law exp(−U/D)", async () => {
    const sde = diffusionSde((y) => y - y * y * y, 0.8);
    // s = −U′/D with D = 0.32 does not move.
    const map = await scoreFpeResidual({ sde, x, times: [0.5], score: (y) => (y - y * y * y) / 0.32 });
    // Rounding of the weighted sum of equal numbers, 75, over the step.
    expect(map.largestTimeDerivative[0]!).toBeLessThan((75 * 2 ** -51) / 1e-4);
    // Rounding: |D s² − a s| 2⁻⁵³ · 10/h at |x| = 3, where both terms are 1800.
    expect(map.largestResidual[0]!).toBeLessThan(1e-7 * 1800 * 24);
    const wrong = await scoreFpeResidual({ sde, x, times: [0.5], score: (y) => (y - y * y * y) / 0.4 });
    expect(wrong.largestResidual[0]!).toBeGreaterThan(1);
  });

  it("refuses empty points, times outside and steps of zero", async () => {
    const common = { sde: vp(), score: () => 0 };
    await expect(scoreFpeResidual({ ...common, x: [], times: [0.5] })).rejects.toThrow(/x: needs finite points/);
    await expect(scoreFpeResidual({ ...common, x: [0], times: [2] })).rejects.toThrow(/times: must be in/);
    await expect(scoreFpeResidual({ ...common, x: [0], times: [0.5], spaceStep: 0 })).rejects.toThrow(/spaceStep/);
    const map = await scoreFpeResidual({ ...common, score: () => Number.NaN, x: [0], times: [0.5] });
    expect(map.largestResidual[0]).toBeNaN();
  });
});
