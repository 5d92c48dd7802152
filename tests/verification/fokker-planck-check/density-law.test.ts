import { describe, expect, it } from "vitest";
import { gaussian } from "../../../src/targets/index.js";
import { densityCdf, densityQuantile } from "../../../src/verification/fokker-planck-check/density-law.js";

describe("distribution function of cell averages", () => {
  /** Averages of N(0, 1) on cells of one width. */
  const normal = (width: number) => {
    const law = gaussian({ mean: 0, standardDeviation: 1 }).perturbed(1, 0);
    const edges = Float64Array.from({ length: 1 + Math.round(16 / width) }, (_, i) => -8 + width * i);
    const widths = new Float64Array(edges.length - 1).fill(width);
    const averages = widths.map((_, i) => (law.cdf!(edges[i + 1]!) - law.cdf!(edges[i]!)) / width);
    return { cdf: densityCdf(solutionOf(edges, widths, averages), 0), exact: (x: number) => law.cdf!(x), edges };
  };
  const solutionOf = (edges: Float64Array, widths: Float64Array, averages: Float64Array) =>
    ({ grid: { edges, widths }, densities: [averages] }) as unknown as Parameters<typeof densityCdf>[0];

  it("is exact at edges and of order 4 between them", () => {
    for (const width of [0.4, 0.2, 0.1]) {
      const { cdf, exact, edges } = normal(width);
      for (const x of edges) expect(Math.abs(cdf(x) - exact(x))).toBeLessThan(1e-14);
      // 5/384 h⁴ max|F⁗|, with |φ‴| ≤ 1.381.
      const bound = (5 / 384) * 1.381 * width ** 4;
      for (let x = -5; x < 5; x += 0.0317) expect(Math.abs(cdf(x) - exact(x))).toBeLessThan(1.05 * bound);
    }
  });

  it("never leaves its cell's probabilities, and quantiles invert it", () => {
    const edges = Float64Array.of(-1, 0, 1, 2, 4);
    const spike = solutionOf(edges, Float64Array.of(1, 1, 1, 2), Float64Array.of(0, 0.9, 0, 0.05));
    const cdf = densityCdf(spike, 0);
    expect([-2, -1, -0.5, 0, 1, 1.5, 2, 4, 5].map(cdf)).toEqual([0, 0, 0, 0, 0.9, 0.9, 0.9, 1, 1]);
    const quantile = densityQuantile(spike, 0);
    for (const u of [0.05, 0.3, 0.97]) expect(cdf(quantile(u))).toBeCloseTo(u, 12);
  });
});
