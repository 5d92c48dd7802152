import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fokkerPlanckCheck } from "../../src/experiments/fokker-planck-check.js";
import { verify } from "../../src/experiments/verify.js";
import { defineModel, exactScore } from "../../src/scores/index.js";
import { type Sde, vp } from "../../src/sdes/index.js";
import { gaussian, type Target, toy } from "../../src/targets/index.js";
import { loadModel, type TrainedModel } from "../../src/training/index.js";
import { checkSubject, generate } from "../../src/verification/fokker-planck-check/index.js";
import { generatedKl, learnedScore, pinsker } from "../../src/verification/learned-score.js";
import { sampledScoreError } from "../../src/verification/sampled-score-error.js";

const sde = vp();
const standard = gaussian({ mean: 0, standardDeviation: 1 });
/** ∫β dt over the range of VP. */
const B = 0.1 * (1 - 1e-3) + 9.95 * (1 - 1e-6);

/** The exact score times a factor. */
function scaled(target: Target, process: Sde, factor: number) {
  const exact = exactScore(target, process);
  return defineModel({
    predicts: "score",
    dimension: target.dimension,
    sde: process,
    evaluate(batch, out) {
      exact.evaluate(batch, out);
      for (let i = 0; i < out.length; i++) out[i] = factor * out[i]!;
    },
  });
}

describe("errors of a score c·s in closed form", () => {
  it("N(0, 1) under VP: E|e|² = (c − 1)² and KL bound ½(c − 1)²∫β", async () => {
    const { error, kl, gaussianKl } = await learnedScore(scaled(standard, sde, 0.9), sde, standard);
    for (const t of [1e-3, 0.2, 1]) expect(Math.abs((await error(t)) - 0.1)).toBeLessThan(1e-12);
    // Gauss–Legendre with 64 nodes in λ: σ² is analytic in λ.
    expect(Math.abs(kl / (0.5 * 0.01 * B) - 1)).toBeLessThan(1e-8);
    expect(gaussianKl).toBeLessThan(1e-10);
  });

  it("the best Gaussian's score costs the loss of negentropy", async () => {
    const target = toy("bimodal");
    const best = gaussian({ mean: target.mean[0]!, standardDeviation: Math.sqrt(target.covariance[0]!) });
    const { kl, gaussianKl } = await learnedScore(exactScore(best, sde), sde, target);
    expect(Math.abs(kl / gaussianKl - 1)).toBeLessThan(1e-6);
  });

  it("in the plane by sampling, to four standard errors", async () => {
    const plane = gaussian({
      mean: [1, -2],
      covariance: [
        [1, 0],
        [0, 1],
      ],
    });
    const options = { count: 4000, seed: 5 };
    const { kl, gaussianKl, largest } = await sampledScoreError(
      { model: scaled(plane, sde, 0.9), sde, target: plane },
      options,
    );
    // Unit variance at every t, two coordinates.
    expect(Math.abs(kl.value - 2 * 0.5 * 0.01 * B)).toBeLessThan(4 * kl.standardError);
    expect(gaussianKl.value).toBeLessThan(1e-20);
    expect(largest).toBeGreaterThan(0.1);
  });

  it("Girsanov's bound covers what the equation generates, and the equation gives the law in closed form", async () => {
    const model = scaled(standard, sde, 0.9);
    const learned = await learnedScore(model, sde, standard);
    const subject = checkSubject({ sde, target: standard, model, learned, samples: 10, seed: 0 });
    const { grid, densities } = await generate(subject, {});
    const p = densities.at(-1)!;
    const variance = p.reduce((sum, value, i) => sum + value * grid.widths[i]! * grid.centres[i]! ** 2, 0);
    // dv/dτ = β(v + 1 − 1.8 v) down from 1: v = (1 + 0.25 e^{… }) with rate 0.8 β and fixed point 1/0.8.
    const exact = 1.25 - 0.25 * Math.exp(-0.8 * B);
    expect(Math.abs(variance / exact - 1)).toBeLessThan(1e-3);
    const kl = 0.5 * (1 / exact - 1 + Math.log(exact));
    expect(kl).toBeLessThan(learned.kl);
    expect(pinsker(kl)).toBeLessThan(pinsker(learned.kl));
  });

  it("Girsanov's bound for noise ηg is ½∫|½(1 + η²)g²e|²/(ηg)² dt", async () => {
    const learned = await learnedScore(scaled(standard, sde, 0.9), sde, standard);
    for (const eta of [0.25, 0.5, 1]) {
      // E|e|² = 0.01 at every t, ∫g² dt = B.
      const bound = 0.5 * ((0.5 * (1 + eta * eta)) / eta) ** 2 * 0.01 * B;
      expect(Math.abs(generatedKl(learned, eta) / bound - 1)).toBeLessThan(1e-8);
      // dv/dτ = β(v − (1 + η²)0.9v + η²) up to tMin, from 1.
      const rate = 0.9 * (1 + eta * eta) - 1;
      const fixed = (eta * eta) / rate;
      const variance = fixed + (1 - fixed) * Math.exp(-rate * B);
      expect(0.5 * (1 / variance - 1 + Math.log(variance))).toBeLessThan(bound);
    }
  });
});

describe("a small trained network", () => {
  const target = toy("bimodal");
  let model: TrainedModel;
  beforeAll(async () => {
    model = await loadModel("tests/fixtures/verification/bimodal.onnx");
  });
  afterAll(() => model.dispose());

  it("keeps every identity that holds for any model, and its error is what it was in training", async () => {
    const only = ["score", "score-identities", "tweedie", "variance-ledger", "transport-cost", "likelihood"];
    const { checks, passed, curves } = await verify({ sde: model.sde, target, model, only });
    expect(checks.filter(({ verdict }) => verdict === "fail")).toEqual([]);
    expect(passed).toBe(true);
    expect(checks.filter(({ verdict }) => verdict === "reported").map(({ name }) => name)).toEqual([
      "transport-cost",
      "likelihood",
    ]);
    const quality = checks.find(({ name }) => name === "score")!;
    expect(quality.figure).toBeLessThan(0.1 * quality.tolerance!);
    expect(curves.map(({ name }) => name)).toContain("score-error");
  });

  it("fails a tolerance that it does not keep, and every claim to be exact", async () => {
    const failed = async (modelTolerance: number) => {
      const { checks } = await verify({
        sde: model.sde,
        target,
        model,
        modelTolerance,
        only: ["score", "score-identities"],
      });
      return checks.filter(({ verdict }) => verdict === "fail").map(({ name }) => name);
    };
    expect(await failed(0.01)).toEqual(["score"]);
    expect(await failed(0)).toEqual(["score", "score-mean", "stein", "fisher"]);
  });

  it("its reverse SDE, reverse equation and flow belong together", async () => {
    const { result, pictures } = await fokkerPlanckCheck({
      sde: model.sde,
      target,
      model,
      samples: 500,
      controls: false,
    });
    expect(result.checks.filter(({ verdict }) => verdict === "fail")).toEqual([]);
    expect(result.score).toBe("score");
    const reported = result.checks.filter(({ verdict }) => verdict === "reported").map(({ name }) => name);
    expect(reported).toEqual(["score-equation", "transport"]);
    expect(pictures.generated!.samples).toHaveLength(500);
  });

  it("is refused for data of another dimension", async () => {
    await expect(verify({ sde: model.sde, target: toy("two-moons"), model })).rejects.toThrow(
      /dimension of 'two-moons', 2/,
    );
  });
});

it("a model in the plane is held against the score by sampling", async () => {
  const target = toy("two-moons");
  const check = async (factor: number, modelTolerance?: number) => {
    const model = scaled(target, sde, factor);
    const { checks } = await verify({
      sde,
      target,
      model,
      only: ["score"],
      samples: 400,
      ...(modelTolerance === undefined ? {} : { modelTolerance }),
    });
    return checks[0]!.verdict;
  };
  expect(await check(1, 0)).toBe("pass");
  expect(await check(0.999, 0)).toBe("fail");
  expect(await check(0.9)).toBe("pass");
  expect(await check(0.1)).toBe("fail");
  expect(await check(0.9, 1e-6)).toBe("fail");
});
