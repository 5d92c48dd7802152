import { describe, expect, it } from "vitest";
import { fokkerPlanckCheck } from "../../../src/experiments/fokker-planck-check.js";
import { exactScore } from "../../../src/scores/index.js";
import { createSde, ve, vp } from "../../../src/sdes/index.js";
import { gaussian, mixture, toy } from "../../../src/targets/index.js";
import {
  checkSubject,
  equationResidual,
  gradientCheck,
  planeVolumes,
  reverseEquation,
  scoreResidual,
} from "../../../src/verification/fokker-planck-check/index.js";
import { correlated, failed } from "./plane-subjects.js";

describe("the whole check in the plane", () => {
  it("holds on a Gaussian with correlation, and catches every planted mistake", async () => {
    const { result, pictures } = await fokkerPlanckCheck({ sde: vp(), target: correlated, samples: 400 });
    expect(failed(result.checks)).toEqual([]);
    const catchers = Object.fromEntries(result.controls.map(({ name, by }) => [name, by?.name]));
    expect(catchers).toEqual({
      "scaled-score": "score-equation",
      "time-shifted-score": "score-equation",
      "dropped-half": "transport",
      "flow-sign": "transport",
      "reverse-sign": "reverse-equation",
      "missing-g": "transport",
      "noise-dropped": "transport",
      "diffusion-not-halved": "equation",
      "turned-score": "gradient",
    });
    expect(result.passed).toBe(true);
    expect(result.target.dimension).toBe(2);
    expect(pictures.evolution).toBeNull();
    expect(pictures.plane!.densities.map(({ volumes }) => volumes!.values.length)).toEqual([121, 121, 121]);
    expect(pictures.plane!.residual).toHaveLength(3);
  });

  it.each([vp(), ve()])("holds on eight Gaussians under $name, and catches what it should", async (sde) => {
    const { result } = await fokkerPlanckCheck({ sde, target: toy("eight-gaussians"), samples: 300 });
    expect(failed(result.checks)).toEqual([]);
    expect(result.controls.filter(({ caught }) => !caught)).toEqual([]);
  });

  it("holds on data three thousand of its widths away from the origin", async () => {
    const target = gaussian({ mean: [1000, 50], standardDeviation: [0.3, 0.5] });
    const subject = checkSubject({ sde: vp(), target, samples: 200, seed: 0 });
    const { checks } = await planeVolumes(subject);
    checks.push(await gradientCheck(subject), await reverseEquation(subject), (await scoreResidual(subject, 3)).check);
    expect(failed(checks)).toEqual([]);
  });

  it("holds on a board with edges and corners, part by part", async () => {
    const subject = checkSubject({ sde: vp(), target: toy("checkerboard"), samples: 200, seed: 0 });
    const { checks, solutions } = await planeVolumes({ ...subject, times: subject.times.subarray(0, 2) });
    checks.push(equationResidual(subject), await gradientCheck(subject), await reverseEquation(subject));
    expect(failed(checks)).toEqual([]);
    expect(checks[0]!.reason).toMatch(/order \d\.\d\d seen/);
    expect(solutions).toHaveLength(1);
  });

  it("refuses space, few samples, models of another dimension and nonlinear drifts", async () => {
    const sde = vp();
    const target = toy("two-moons");
    await expect(fokkerPlanckCheck({ sde, target: toy("digits") })).rejects.toThrow(
      /target: the Fokker–Planck check .* end at dimension 2, but 'digits' has dimension 256/,
    );
    await expect(fokkerPlanckCheck({ sde, target, samples: 19 })).rejects.toThrow(/samples: must be at least 20/);
    const model = exactScore(toy("bimodal"), sde);
    await expect(fokkerPlanckCheck({ sde, target, model })).rejects.toThrow(/model: must have the dimension/);
    const doubleWell = await createSde("custom", { drift: "x-x^3", diffusion: "1", tMax: 1 });
    await expect(fokkerPlanckCheck({ sde: doubleWell, target })).rejects.toThrow(/law on the line/);
  });
});

describe("a model in the plane", () => {
  const sde = vp();
  const target = mixture({
    weights: [0.4, 0.6],
    means: [
      [-1, 0],
      [1, 0.5],
    ],
    standardDeviations: [0.4, 0.5],
  });
  const check = (model: ReturnType<typeof exactScore>, modelTolerance: number) =>
    fokkerPlanckCheck({ sde, target, model, modelTolerance, samples: 300, controls: false });

  it("that is exact keeps every bound of an exact score", async () => {
    const { result } = await check(exactScore(target, sde), 0);
    expect(failed(result.checks)).toEqual([]);
    expect(result.checks.map(({ name }) => name)).toContain("score");
  });

  it("of other data is held to its error, and its samples to what the error explains", async () => {
    const other = mixture({
      weights: [0.4, 0.6],
      means: [
        [-1.1, 0],
        [1, 0.6],
      ],
      standardDeviations: [0.4, 0.5],
    });
    const { result } = await check(exactScore(other, sde), 1e-4);
    const of = (name: string) => result.checks.find((candidate) => candidate.name === name)!;
    expect(failed(result.checks).filter((name) => of(name).verdict === "fail")).toEqual(["score"]);
    expect(of("reverse-samples t=0.001").reason).toContain("Girsanov");
    // The score of something else is a gradient and solves the score equation; differences of order 4 at a tenth of the width.
    for (const name of ["gradient", "score-equation"]) {
      expect(of(name).verdict).toBe("reported");
      expect(of(name).figure!).toBeLessThan(0.01);
    }
    // Of the other law, with means 0.1 away, it moves mass: seen by the reverse equation.
    expect(of("reverse-equation").figure!).toBeGreaterThan(0.05);
  });
});
