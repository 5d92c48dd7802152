import { describe, expect, it } from "vitest";
import { fillUniform } from "../../../solvers/noise/normal.js";
import { chiSquare } from "../../../src/metrics/chi-square.js";
import {
  correction,
  extrapolatedChiSquare,
  extrapolatedShares,
} from "../../../src/verification/fokker-planck-check/extrapolated-cells.js";

describe("the χ² test of extrapolated shares", () => {
  const probabilities = [0.1, 0.2, 0.3, 0.4];

  it("is Pearson's where no sample changes its cell", () => {
    const fine = Int32Array.from({ length: 100 }, (_, i) => [0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3][i % 11]!);
    const counts = [0, 1, 2, 3].map((cell) => fine.filter((value) => value === cell).length);
    const pearson = chiSquare(
      counts,
      probabilities.map((p) => 100 * p),
    );
    const result = extrapolatedChiSquare({ coarse: fine, fine, probabilities });
    expect(result.statistic).toBeCloseTo(pearson.statistic, 10);
    expect(result).toMatchObject({ degrees: 3, pValue: expect.closeTo(pearson.pValue, 10) });
    expect(correction({ coarse: fine, fine, probabilities })).toBeLessThan(1e-20);
  });

  it("takes out an error of order 2, and keeps its level", () => {
    // With N steps a share 0.2 of cell 3 lands in cell 0 by mistake, with 2N steps a quarter of that.
    const draw = (seed: number) => {
      const count = 400;
      const [u, v] = [new Float64Array(count), new Float64Array(count)];
      fillUniform({ seed, stream: "target" }, 0, u);
      fillUniform({ seed, stream: "floor" }, 0, v);
      const right = Int32Array.from(u, (value) => (value < 0.1 ? 0 : value < 0.3 ? 1 : value < 0.6 ? 2 : 3));
      const wrong = (share: number) => right.map((cell, i) => (cell === 3 && v[i]! < share ? 0 : cell));
      return { coarse: wrong(0.2), fine: wrong(0.05), probabilities };
    };
    const runs = Array.from({ length: 400 }, (_, seed) => draw(seed));
    const results = runs.map(extrapolatedChiSquare);
    // A χ² of 3 degrees has variance 6.
    const mean = results.reduce((sum, { statistic }) => sum + statistic, 0) / 400;
    expect(Math.abs(mean - 3)).toBeLessThan(4 * Math.sqrt(6 / 400));
    const share = runs.reduce((sum, run) => sum + extrapolatedShares(run)[0]!, 0) / 400;
    expect(Math.abs(share - 0.1)).toBeLessThan(4 * Math.sqrt(0.1 / 160_000));
    // What is taken out is a share 0.02 too many: 400 (0.02²/0.1 + 0.02²/0.4) = 2.
    const moved = runs.reduce((sum, run) => sum + correction(run), 0) / 400;
    expect(Math.abs(moved - 2)).toBeLessThan(0.5);
  });
});
