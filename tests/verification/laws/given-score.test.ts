import { describe, expect, it } from "vitest";
import { compare } from "../../../src/experiments/compare.js";
import { gaussianW2Diagonal } from "../../../src/metrics/gaussian-distances.js";
import { defineModel, exactScore } from "../../../src/scores/index.js";
import { ve, vp } from "../../../src/sdes/index.js";
import { gaussian, toy } from "../../../src/targets/index.js";
import { exactLaw } from "../../../src/verification/exact-law.js";

const target = gaussian({ mean: 0.7, standardDeviation: 0.5 });
/** The score of this law stands for one that was learned badly. */
const believed = gaussian({ mean: 0.6, standardDeviation: 0.55 });

describe.each([vp(), ve()])("a sampler with the score of another law under $name", (sde) => {
  // Noisy runs: quadrature of the space of densities, held to 1e-8 by its own tests. Maps: 2049 nodes over 17.2 standard deviations
  // carry their mass evenly over cells of h = 0.0084, which adds h²/6 of the variance.
  it.each([
    ["em", 5e-8],
    ["pc", 5e-8],
    ["ddim:eta=0.5", 5e-8],
    ["ode-heun", 1.2e-5],
  ] as const)("%s has the law that the affine space gives", async (solver, tolerance) => {
    const run = { sde, solver, steps: 40 };
    const law = await exactLaw({ ...run, target, model: exactScore(believed, sde) });
    const affine = await exactLaw({ ...run, target: believed });
    expect(Math.abs(law.mean[0]! - affine.mean[0]!)).toBeLessThan(5e-8);
    expect(Math.abs(law.variance! / affine.variance! - 1)).toBeLessThan(tolerance);
    // dW2/dv is below 1 here: |√v − 0.5| / (2 √v W2).
    const w2 = gaussianW2Diagonal(affine.mean, affine.covariance, target.mean, target.covariance);
    expect(Math.abs(law.w2 - w2)).toBeLessThan(1.2e-5);
    expect(law.w2).toBeGreaterThan(0.1);
  });
});

it("the exact score given as a model changes nothing", async () => {
  const sde = vp();
  const run = { sde, target: toy("bimodal"), solver: "em", steps: 30 };
  const [plain, given] = [await exactLaw(run), await exactLaw({ ...run, model: exactScore(run.target, sde) })];
  expect(given.w2).toBe(plain.w2);
});

describe("compare with a model", () => {
  it("has exact errors on the line, and a budget with the error of the score", async () => {
    const sde = vp();
    const model = exactScore(believed, sde);
    const { result } = await compare({ sde, target, model, solvers: ["em"], steps: [40], samples: 64, repeats: 2 });
    const law = await exactLaw({ sde, target, model, solver: "em", steps: 40 });
    expect(result.runs[0]!.exact!.w2).toBe(law.w2);
    expect(result.runs[0]!.budget!.score).toBeGreaterThan(0);
  });

  it("has them in the plane for a score that is affine in x alone", async () => {
    const sde = vp();
    const plane = gaussian({ mean: [0, 0], standardDeviation: 1 });
    const model = exactScore(plane, sde);
    const { result } = await compare({
      sde,
      target: plane,
      model,
      solvers: ["em"],
      steps: [4],
      samples: 64,
      repeats: 2,
    });
    const known = await exactLaw({ sde, target: plane, solver: "em", steps: 4 });
    expect(Math.abs(result.runs[0]!.exact!.w2! - known.w2)).toBeLessThan(1e-12);
    const crooked = exactScore(toy("two-moons"), sde);
    await expect(exactLaw({ sde, target: plane, model: crooked, solver: "em", steps: 4 })).rejects.toThrow(
      /compare samples/,
    );
  });

  it("refuses a model of another dimension", async () => {
    const model = defineModel({ predicts: "score", dimension: 2, evaluate: () => {} });
    await expect(exactLaw({ sde: vp(), target, model, solver: "em", steps: 4 })).rejects.toThrow(
      /model: must have dimension 1/,
    );
  });
});
