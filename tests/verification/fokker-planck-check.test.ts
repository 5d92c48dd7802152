import { describe, expect, it } from "vitest";
import { fokkerPlanckCheck } from "../../src/experiments/fokker-planck-check.js";
import { exactScore } from "../../src/scores/index.js";
import { createSde, edm, ve, vp } from "../../src/sdes/index.js";
import { gaussian, mixture, toy } from "../../src/targets/index.js";
import {
  checkSubject,
  equationResidual,
  forwardLaw,
  forwardSamples,
  reverseLaw,
  scoreResidual,
  transportCheck,
} from "../../src/verification/fokker-planck-check/index.js";
import { FAMILY_LEVEL, judgeFamily } from "../../src/verification/sampled-family.js";

const failed = (checks: readonly { name: string; verdict: string }[]) =>
  checks.filter(({ verdict }) => verdict !== "pass").map(({ name }) => name);

describe("the whole check", () => {
  it("holds on a mixture under VP, and catches every planted mistake", async () => {
    const { result, pictures } = await fokkerPlanckCheck({ sde: vp(), target: toy("trimodal"), samples: 1000 });
    expect(failed(result.checks)).toEqual([]);
    expect(result.controls).toHaveLength(8);
    for (const { name, caught, by } of result.controls) {
      expect(caught, name).toBe(true);
      expect(by!.verdict).toBe("fail");
    }
    const catchers = Object.fromEntries(result.controls.map(({ name, by }) => [name, by!.name]));
    expect(catchers).toMatchObject({
      "scaled-score": "score-equation",
      "dropped-half": "transport",
      "noise-dropped": "transport",
      "reverse-sign": "reverse-density eta=1",
      "diffusion-not-halved": "equation",
    });
    expect(result.passed).toBe(true);
    expect(pictures.slices).toHaveLength(3);
    expect(pictures.evolution!.volumes).toHaveLength(41);
    expect(pictures.residual!.residual).toHaveLength(9);
  });

  it("holds for a double well, whose score comes from its own density", async () => {
    const sde = await createSde("custom", { drift: "x-x^3", diffusion: "1", tMax: 1 });
    const target = gaussian({ mean: 0.3, standardDeviation: 0.2 });
    const { result } = await fokkerPlanckCheck({ sde, target, samples: 1000 });
    expect(failed(result.checks)).toEqual([]);
    expect(result.controls.filter(({ caught }) => !caught)).toEqual([]);
    expect(result.score).toBe("from the density");
    await expect(fokkerPlanckCheck({ sde, target, model: exactScore(target, vp()) })).rejects.toThrow(
      /leave the model out/,
    );
  });

  it("tells a model of other data from the right one", async () => {
    const sde = vp();
    const target = toy("bimodal");
    const other = mixture({ weights: [0.4, 0.6], means: [-1.5, 1.05], standardDeviations: [0.3, 0.4] });
    const check = (model: ReturnType<typeof exactScore>) =>
      fokkerPlanckCheck({ sde, target, model, modelTolerance: 0.002, samples: 200, controls: false });
    const wrong = (await check(exactScore(other, sde))).result;
    expect(wrong.passed).toBe(false);
    // The other score solves the score equation: it is the score of something else.
    expect(wrong.checks.find(({ name }) => name === "score")!.verdict).toBe("fail");
    const equation = wrong.checks.find(({ name }) => name === "score-equation")!;
    // Differences of order 4 at a tenth of the sharpest width.
    expect(equation.verdict).toBe("reported");
    expect(equation.figure).toBeLessThan(0.01);
    expect((await check(exactScore(target, sde))).result.passed).toBe(true);
  });

  it("refuses space", async () => {
    await expect(fokkerPlanckCheck({ sde: vp(), target: toy("digits") })).rejects.toThrow(
      /grids, which end at dimension 2/,
    );
  });
});

describe.each([vp(), ve(), edm()])("cheap parts under $name", (sde) => {
  const subject = checkSubject({ sde, target: toy("bimodal"), samples: 500, seed: 3 });

  it("holds", async () => {
    const checks = [equationResidual(subject), forwardLaw(subject), (await scoreResidual(subject, 3)).check];
    checks.push(
      await transportCheck(subject),
      (await reverseLaw(subject, subject.times[2]!, { sampled: false })).check,
    );
    expect(failed(checks)).toEqual([]);
  });

  it("notices f and g that do not belong to α and σ", () => {
    const equation = { ...sde, diffusion: (t: number) => 1.001 * sde.diffusion(t) };
    expect(failed([equationResidual({ ...subject, equation }), forwardLaw({ ...subject, equation })])).toHaveLength(2);
  });
});

describe("sampled tests", () => {
  it("have uniform p-values under the null", () => {
    const target = toy("bimodal");
    const pValues: number[] = [];
    for (let seed = 0; seed < 40; seed++) {
      const { tests } = forwardSamples(checkSubject({ sde: vp(), target, samples: 200, seed }));
      pValues.push(tests[0]!.result.pValue);
    }
    // The mean of 40 uniform numbers has standard error 1/√(12 · 40) = 0.0456.
    const mean = pValues.reduce((sum, p) => sum + p, 0) / 40;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * 0.0456);
    expect(Math.min(...pValues)).toBeGreaterThan(1e-4);
    expect(Math.max(...pValues)).toBeGreaterThan(0.8);
  });

  it("share their level", () => {
    const test = (pValue: number) => ({ name: "n", claim: "c", result: { statistic: 0.1, pValue } });
    const checks = judgeFamily([test(FAMILY_LEVEL / 1.9), test(FAMILY_LEVEL / 2.1)]);
    expect(checks.map(({ verdict }) => verdict)).toEqual(["pass", "fail"]);
    expect(checks[0]!.reason).toContain("2 sampled tests");
  });
});
