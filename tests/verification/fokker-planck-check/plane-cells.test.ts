import { describe, expect, it } from "vitest";
import { vp } from "../../../src/sdes/index.js";
import { gaussian } from "../../../src/targets/index.js";
import { normalCdf } from "../../../src/targets/special/normal.js";
import { checkSubject, forwardSamples } from "../../../src/verification/fokker-planck-check/index.js";
import { cellCounts, cellsOf, planeCells } from "../../../src/verification/fokker-planck-check/plane-cells.js";

const correlated = gaussian({
  mean: [0.5, -0.3],
  covariance: [
    [1, 0.6],
    [0.6, 0.8],
  ],
});

describe("cells", () => {
  const round = gaussian({ mean: [1, -2], standardDeviation: [0.5, 2] });
  const cells = planeCells(round, round.perturbed(1, 0), 2000);

  it("have the probabilities of a product law, about equal ones", () => {
    const x = [Number.NEGATIVE_INFINITY, ...cells.strips, Number.POSITIVE_INFINITY];
    const wanted = cells.cuts.flatMap((inner, strip) => {
      const y = [Number.NEGATIVE_INFINITY, ...inner, Number.POSITIVE_INFINITY];
      const along = normalCdf((x[strip + 1]! - 1) / 0.5) - normalCdf((x[strip]! - 1) / 0.5);
      return y.slice(1).map((high, k) => along * (normalCdf((high + 2) / 2) - normalCdf((y[k]! + 2) / 2)));
    });
    expect(cells.probabilities).toHaveLength(36);
    cells.probabilities.forEach((p, k) => {
      expect(Math.abs(p - wanted[k]!)).toBeLessThan(1e-3 / Math.sqrt(2000));
      expect(p).toBeGreaterThan(0.5 / 36);
    });
    expect(cells.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  });

  it("hold every sample once, far ones too", () => {
    const samples = Float64Array.of(1, -2, 1e9, 1e9, -1e9, -1e9);
    expect(cellCounts(cells, samples).reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(Array.from(cellsOf(cells, samples)).slice(1)).toEqual([35, 0]);
  });

  it("give uniform p-values under the null", () => {
    const pValues: number[] = [];
    for (let seed = 0; seed < 15; seed++) {
      const { tests } = forwardSamples(checkSubject({ sde: vp(), target: correlated, samples: 200, seed }));
      pValues.push(...tests.map(({ result }) => result.pValue));
    }
    // Four correlated tests of 15 seeds: the mean of 15 uniform numbers has standard error 1/√(12 · 15) = 0.0745.
    const mean = pValues.reduce((sum, p) => sum + p, 0) / pValues.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * 0.0745);
    expect(Math.min(...pValues)).toBeGreaterThan(1e-4);
  });
});
