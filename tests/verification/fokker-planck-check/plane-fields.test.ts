import { describe, expect, it } from "vitest";
import { defineModel, exactScore } from "../../../src/scores/index.js";
import { vp } from "../../../src/sdes/index.js";
import { toy } from "../../../src/targets/index.js";
import { scoreJacobian } from "../../../src/verification/fokker-planck/score-derivatives.js";
import { modelScore } from "../../../src/verification/fokker-planck/score-source.js";
import {
  checkSubject,
  controlsFor,
  densityTransport,
  flowSamples,
  gradientCheck,
  reverseEquation,
  reverseSamples,
  scoreResidual,
} from "../../../src/verification/fokker-planck-check/index.js";
import { correlated, failed } from "./plane-subjects.js";

describe("a score turned by J, v = 0.1 J ∇log p with ∇·(p v) = 0", () => {
  const exact = checkSubject({ sde: vp(), target: toy("two-moons"), samples: 500, seed: 1 });
  const turned = controlsFor(exact.target)
    .find(({ name }) => name === "turned-score")!
    .plant(exact);

  it("passes all that looks at densities and samples", async () => {
    const [, t] = [turned.times[0]!, turned.times[2]!];
    expect(failed([await reverseEquation(turned), await densityTransport(turned)])).toEqual([]);
    expect((await flowSamples(turned, t)).test!.result.pValue).toBeGreaterThan(1e-3);
    expect((await reverseSamples(turned, t, 0)).test!.result.pValue).toBeGreaterThan(1e-3);
  });

  it("is seen by its own Jacobian and by the score equation", async () => {
    expect(failed([await gradientCheck(turned), (await scoreResidual(turned, 1)).check])).toEqual([
      "gradient",
      "score-equation",
    ]);
  });
});

it("the reverse equation lets through any field v with ∇·(p v) = 0, one with divergence too", async () => {
  // v = J ∇ψ/p with ψ = x₁ p, so that v = J(e₁ + x₁ s), J(a, b) = (−b, a).
  const subject = checkSubject({ sde: vp(), target: toy("eight-gaussians"), samples: 100, seed: 0 });
  const exact = exactScore(subject.target, subject.sde);
  const added = (sign: number) =>
    defineModel({
      predicts: "score",
      dimension: 2,
      sde: subject.sde,
      evaluate(batch, out) {
        void exact.evaluate(batch, out);
        for (let i = 0; i < out.length; i += 2) {
          const [x, s1, s2] = [batch.x[i]!, out[i]!, out[i + 1]!];
          out[i] = s1 - 0.1 * x * s2;
          out[i + 1] = s2 + 0.1 * (sign + x * s1);
        }
      },
    });
  expect((await reverseEquation({ ...subject, reverseScore: added(1) })).verdict).toBe("pass");
  expect((await reverseEquation({ ...subject, reverseScore: added(-1) })).verdict).toBe("fail");
});

describe("derivatives of a score in the plane", () => {
  it("are those of a Gaussian, −(α²Σ + σ²I)⁻¹", async () => {
    const sde = vp();
    const [a, b] = [sde.alpha(0.2), sde.sigma(0.2)];
    const [xx, xy, yy] = [a * a + b * b, 0.6 * a * a, 0.8 * a * a + b * b];
    const determinant = xx * yy - xy * xy;
    const score = modelScore(exactScore(correlated, sde).as("data"), sde);
    const points = Float64Array.of(0.3, -1, 2, 0.5);
    const jacobian = await scoreJacobian(score, points, 0.2, 0.01, 2);
    const wanted = [-yy, xy, xy, -xx].map((value) => value / determinant);
    // The differences are exact on a linear function but for rounding, 1e-15/0.01.
    jacobian.forEach((value, i) => {
      expect(Math.abs(value - wanted[i % 4]!)).toBeLessThan(1e-12);
    });
  });
});
