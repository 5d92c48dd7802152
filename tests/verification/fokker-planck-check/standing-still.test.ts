import { describe, expect, it } from "vitest";
import { vp } from "../../../src/sdes/index.js";
import { gaussian, mixture } from "../../../src/targets/index.js";
import {
  checkSubject,
  controlsFor,
  equationResidual,
  reverseEquation,
  runControl,
  scoreResidual,
} from "../../../src/verification/fokker-planck-check/index.js";

const sde = vp();
const drawn = { samples: 500, seed: 1 };
const standard = (dimension: number) =>
  checkSubject({ sde, target: gaussian({ mean: Array(dimension).fill(0), standardDeviation: 1 }), ...drawn });

describe("a law that stands still: N(0, 1) under VP, ∂p/∂t = 0", () => {
  const subject = standard(1);

  it("is measured by the terms that cancel: figures are rounding, below bounds that are small themselves", async () => {
    for (const check of [equationResidual(subject), (await scoreResidual(subject, 5)).check]) {
      expect(check.verdict).toBe("pass");
      expect(check.tolerance!).toBeLessThan(1e-8);
      expect(check.claim).toMatch(/stands still/);
    }
  });

  it("tells g² from ½g²: a half of the doubled term is left over", () => {
    const diffusion = (t: number) => Math.SQRT2 * sde.diffusion(t);
    expect(equationResidual({ ...subject, equation: { ...sde, diffusion } }).figure!).toBeCloseTo(0.5, 10);
  });

  it("tells 1.1 s: of D∇(s′ + s²) = 2.42 D x the drift's 2.2 D x leave one part in eleven", async () => {
    const scaled = controlsFor(subject.target).find(({ name }) => name === "scaled-score")!;
    expect((await runControl(subject, scaled)).by!.figure!).toBeCloseTo(1 / 11, 6);
  });

  it("in the plane too", async () => {
    const check = await reverseEquation(standard(2));
    expect(check.verdict).toBe("pass");
    expect(check.tolerance!).toBeLessThan(1e-8);
  });
});

describe("the score equation about the edge of a narrow mode", () => {
  const target = mixture({ weights: [0.9, 0.1], means: [[0], [20]], standardDeviations: [0.02, 3] });
  const subject = checkSubject({ sde, target, ...drawn });

  it("holds once the steps show order 4", async () => {
    expect((await scoreResidual(subject)).check.verdict).toBe("pass");
  });

  it("and no steps explain a wrong score", async () => {
    const scaled = controlsFor(target).find(({ name }) => name === "scaled-score")!;
    expect((await runControl(subject, scaled)).by!.name).toBe("score-equation");
  });
});
