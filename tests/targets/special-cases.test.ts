import { describe, expect, it } from "vitest";
import { gaussian, mixture, toy } from "../../src/targets/index.js";
import { ALL, CLOUD, GAUSSIAN_3 } from "./every-target.js";

describe("special cases", () => {
  it("points are the limit of narrow components", () => {
    const points = [
      [0, 1],
      [2, -1],
      [0.5, 0.25],
      [-3, 0],
    ];
    const narrow = mixture({
      weights: [0.25, 0.25, 0.25, 0.25],
      means: points,
      standardDeviations: [1e-9, 1e-9, 1e-9, 1e-9],
    });
    const x = Float64Array.of(0.3, 0.2, -1, 0.7, 1.1, 0.1);
    for (const [alpha, sigma] of [
      [0.9, 0.2],
      [0.2, 0.98],
    ] as const) {
      const [a, b] = [new Float64Array(6), new Float64Array(6)];
      CLOUD.perturbed(alpha, sigma).score(x, 3, a);
      narrow.perturbed(alpha, sigma).score(x, 3, b);
      // A variance of 1e-18 beside σ² ≥ 0.04 changes the score by 1e-16 relative.
      for (const [i, value] of a.entries()) expect(value).toBeCloseTo(b[i]!, 12);
    }
    expect(CLOUD.logDensity).toBeUndefined();
    expect(CLOUD.modes).toBeUndefined();
    expect(() => CLOUD.perturbed(1, 0)).toThrow(/component 0 has variance 0.*choose sigma > 0/);
    const samples = CLOUD.sample({ count: 20, seed: 0 });
    for (let i = 0; i < 20; i++) expect(points).toContainEqual([samples.get(i, 0), samples.get(i, 1)]);
  });

  it("one component is the Gaussian", () => {
    const one = mixture({ weights: 1, means: [0.7], standardDeviations: [0.5] });
    const same = gaussian({ mean: 0.7, standardDeviation: 0.5 });
    const x = Float64Array.of(-4, 0.1, 0.7, 9);
    const [a, b] = [new Float64Array(4), new Float64Array(4)];
    one.perturbed(0.6, 0.8).score(x, 4, a);
    same.perturbed(0.6, 0.8).score(x, 4, b);
    for (const [i, value] of a.entries()) expect(value).toBeCloseTo(b[i]!, 14);
  });

  it("the Gaussian's eigenbasis rebuilds its covariance", () => {
    const { eigenvalues, eigenvectors, covariance } = GAUSSIAN_3;
    for (let d = 0; d < 3; d++) {
      for (let e = 0; e < 3; e++) {
        let sum = 0;
        for (let j = 0; j < 3; j++) sum += eigenvectors[3 * d + j]! * eigenvalues[j]! * eigenvectors[3 * e + j]!;
        expect(sum).toBeCloseTo(covariance[3 * d + e]!, 14);
      }
    }
  });

  it("the score stays finite and exact far outside a box and of a Laplace law", () => {
    const out = new Float64Array(1);
    // Far out the posterior is an exponential law at the edge: −E[x − x₀]/σ² = −(distance + σ²/distance − …)/σ².
    toy("uniform").perturbed(1, 0.01).score(Float64Array.of(1000), 1, out);
    expect(out[0]! / (-999 / 1e-4)).toBeCloseTo(1, 9);
    // Far out the smoothed Laplace law falls like the Laplace law itself: score −1/b.
    toy("laplace").perturbed(1, 0.01).score(Float64Array.of(1e6), 1, out);
    expect(out[0]).toBe(-1);
  });

  it("without noise a box has score 0 inside, none outside", () => {
    const out = new Float64Array(2);
    toy("uniform").perturbed(1, 0).score(Float64Array.of(0.5, 1.5), 2, out);
    expect([...out]).toEqual([0, Number.NaN]);
    expect([...toy("uniform").logDensity!(Float64Array.of(0.5, 1.5))]).toEqual([
      -Math.log(2),
      Number.NEGATIVE_INFINITY,
    ]);
  });

  it("α = 0 is pure noise for every target", () => {
    for (const target of ALL) {
      const x = new Float64Array(2 * target.dimension).fill(0.75);
      const out = new Float64Array(x.length);
      target.perturbed(0, 2).score(x, 2, out);
      for (const s of out) expect(s).toBeCloseTo(-0.75 / 4, 14);
    }
  });
});
