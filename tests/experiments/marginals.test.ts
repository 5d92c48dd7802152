import { describe, expect, it } from "vitest";
import { marginals } from "../../src/experiments/marginals.js";
import { vp } from "../../src/sdes/index.js";
import { gaussian, toy } from "../../src/targets/index.js";

const sde = vp();

describe("marginals", () => {
  it("are the closed form for Gaussian data: N(α m, α² s² + σ²)", () => {
    const target = gaussian({ mean: [0.7], standardDeviation: 0.5 });
    const { times, x, density } = marginals({ sde, target }, { times: [0.1, 0.5], x: [-1, 0, 0.3] });
    expect([...times, ...x]).toEqual([0.1, 0.5, -1, 0, 0.3]);
    times.forEach((t, i) => {
      const variance = (sde.alpha(t) * 0.5) ** 2 + sde.sigma(t) ** 2;
      x.forEach((value, j) => {
        const distance = value - sde.alpha(t) * 0.7;
        const truth = Math.exp((-distance * distance) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
        // A few roundings of each factor.
        expect(density[i]![j]! / truth).toBeCloseTo(1, 13);
      });
    });
  });

  it("cover all but 0.1 % on either side by default", () => {
    const { x, density } = marginals({ sde, target: toy("trimodal") });
    const width = x[1]! - x[0]!;
    for (const row of density) {
      const mass = row.reduce((sum, value) => sum + value, 0) * width;
      expect(mass).toBeGreaterThan(0.997);
      expect(mass).toBeLessThan(1.001);
    }
  });

  it("of a law without quantiles reach 3.6 standard deviations of the widest time", () => {
    const exact = gaussian({ mean: [0.7], standardDeviation: 2 });
    const target = {
      ...exact,
      perturbed(alpha: number, sigma: number) {
        const law = exact.perturbed(alpha, sigma);
        const { score, logDensity, scoreDivergence } = law;
        return {
          alpha,
          sigma,
          score: score.bind(law),
          logDensity: logDensity.bind(law),
          scoreDivergence: scoreDivergence.bind(law),
        };
      },
    };
    const { x } = marginals({ sde, target });
    const reach = 3.6 * Math.sqrt((2 * sde.alpha(sde.tMin)) ** 2 + sde.sigma(sde.tMin) ** 2);
    expect(x[0]).toBeCloseTo(0.7 * sde.alpha(sde.tMin) - reach, 12);
    expect(x.at(-1)).toBeCloseTo(0.7 * sde.alpha(sde.tMin) + reach, 12);
  });

  it("refuse more than one dimension", () => {
    expect(() => marginals({ sde, target: toy("two-moons") })).toThrow("target: must have dimension 1");
  });
});
