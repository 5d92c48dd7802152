import { describe, expect, it } from "vitest";
import { listTargets, TOYS, type ToyName, toy } from "../../src/targets/index.js";
import { pointsAlong } from "../../src/targets/toys/curve.js";

describe("curves", () => {
  it("points on a circle are equally spaced, as few as the spacing allows", () => {
    const circle = { from: 0, to: 2 * Math.PI, at: (t: number) => [2 * Math.cos(t), 2 * Math.sin(t)] as const };
    const points = pointsAlong(circle, 0.3);
    expect(points.length).toBe(Math.ceil((4 * Math.PI) / 0.3));
    for (const [i, [x, y]] of points.entries()) {
      const angle = (2 * Math.PI * (i + 0.5)) / points.length;
      // Chords in place of arcs: relative length error (2π/4096)²/24 = 1e-7.
      expect(x).toBeCloseTo(2 * Math.cos(angle), 5);
      expect(y).toBeCloseTo(2 * Math.sin(angle), 5);
    }
  });

  it("a parabola's points divide its arc length equally", () => {
    const arc = (t: number) => (2 * t * Math.sqrt(1 + 4 * t * t) + Math.asinh(2 * t)) / 4;
    const points = pointsAlong({ from: 0, to: 3, at: (t) => [t, t * t] }, 0.5);
    for (const [i, [t]] of points.entries()) {
      expect(arc(t)).toBeCloseTo((arc(3) * (i + 0.5)) / points.length, 5);
    }
  });

  it("the density along a ring is flat to the ripple its spacing leaves", () => {
    const law = toy("rings").perturbed(1, 0);
    const heights = new Float64Array(500);
    const x = new Float64Array(1000);
    for (let i = 0; i < 500; i++) {
      x[2 * i] = 2 * Math.cos(i);
      x[2 * i + 1] = 2 * Math.sin(i);
    }
    law.logDensity(x, 500, heights);
    const [low, high] = [Math.min(...heights), Math.max(...heights)];
    // Poisson summation: relative ripple ± 2 exp(−2π²/1.5²) = ± 3.1e-4.
    expect(high - low).toBeLessThan(4 * 3.2e-4);
  });
});

describe("the list of targets", () => {
  it("names each with its dimension, a summary and its options", () => {
    const entries = listTargets();
    expect(entries.map(({ name }) => name)).toEqual(["gaussian", "mixture", ...TOYS.keys()]);
    for (const { name, dimension, summary, options } of entries) {
      expect(summary).not.toBe("");
      if (dimension === null) continue;
      const target = toy(name as ToyName);
      expect([target.name, target.dimension]).toEqual([name, dimension]);
      const defaults = Object.fromEntries(options.map((option) => [option.name, option.default]));
      expect(target.options).toEqual(defaults);
    }
  });

  it.each([
    ["bimodal", 2],
    ["trimodal", 3],
    ["spiky", 5],
    ["uniform", undefined],
    ["laplace", undefined],
    ["eight-gaussians", 8],
    ["grid-25", 25],
    ["two-moons", 2],
    ["checkerboard", 8],
    ["swiss-roll", undefined],
    ["pinwheel", 5],
    ["rings", 3],
    ["two-spirals", 2],
    ["digits", 10],
  ] as const)("%s has %s modes", (name, modes) => {
    expect(toy(name).modes?.weights.length).toBe(modes);
  });

  it.each([
    ["bimodal", [0.4, 0.6], [-1.5, 1], [0.3, 0.4]],
    ["spiky", [0.1, 0.25, 0.3, 0.2, 0.15], [-3, -1.5, 0, 1, 2.5], [0.02, 0.4, 0.05, 0.15, 0.01]],
  ] as const)("%s is the mixture that its figures are of", (name, weights, means, standardDeviations) => {
    const x = Float64Array.of(-3.01, -1.2, 0.04, 0.8, 2.49);
    const density = (at: number) =>
      weights.reduce((sum, weight, k) => {
        const [z, s] = [(at - means[k]!) / standardDeviations[k]!, standardDeviations[k]!];
        return sum + (weight * Math.exp(-0.5 * z * z)) / (s * Math.sqrt(2 * Math.PI));
      }, 0);
    const logDensity = toy(name).logDensity!(x);
    for (const [i, at] of x.entries()) expect(Math.exp(logDensity[i]!) / density(at)).toBeCloseTo(1, 12);
  });

  it("the trimodal law is the one of the reference figures", () => {
    const { mean, covariance, modes } = toy("trimodal");
    expect(mean[0]).toBeCloseTo(0.05, 15);
    expect(covariance[0]).toBeCloseTo(2.242, 14);
    expect([...modes!.weights]).toEqual([0.3, 0.5, 0.2]);
  });
});
