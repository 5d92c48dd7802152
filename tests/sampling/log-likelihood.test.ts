import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { logLikelihood } from "../../src/sampling/log-likelihood.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { defineModel } from "../../src/scores/model.js";
import { cosine, edm, rectifiedFlow, type Sde, subVp, ve, vp } from "../../src/sdes/index.js";
import { gaussian, mixture, type Target, toy } from "../../src/targets/index.js";

const trimodal = mixture({ weights: [0.3, 0.5, 0.2], means: [-2, 0.5, 2], standardDeviations: [0.3, 0.4, 0.25] });
const correlated = gaussian({
  mean: [0.3, -1, 0.5],
  covariance: [
    [1.2, 0.5, -0.3],
    [0.5, 0.8, 0.2],
    [-0.3, 0.2, 0.6],
  ],
});

function logDensityAt(target: Target, sde: Sde, t: number, x: Float64Array): Float64Array {
  const out = new Float64Array(x.length / target.dimension);
  target.perturbed(sde.alpha(t), sde.sigma(t)).logDensity(x, out.length, out);
  return out;
}

function logPrior(z: Float64Array, dimension: number, s: number): number[] {
  return Array.from({ length: z.length / dimension }, (_, row) =>
    z
      .subarray(row * dimension, (row + 1) * dimension)
      .reduce((sum, value) => sum - 0.5 * (value / s) ** 2 - Math.log(s) - 0.5 * Math.log(2 * Math.PI), 0),
  );
}

/**
 * Largest |log p − log p_tMin| once the prior is exchanged for p_tMax at the latents, where the identity is exact but for the solver.
 *
 * The latents' own error δ enters through ∇(log prior − log p_tMax), which is small, so that only the integrated divergence counts.
 */
async function largestError(target: Target, sde: Sde, tolerance: number, variable: "t" | "rho") {
  const points = target.sample({ count: 12, seed: 3 }).data;
  const model = exactScore(target, sde);
  const result = await logLikelihood({ sde, model, points, rtol: tolerance, atol: tolerance, variable });
  const z = result.latents.data;
  const prior = logPrior(z, target.dimension, sde.priorStandardDeviation);
  const end = logDensityAt(target, sde, sde.tMax, z);
  const truth = logDensityAt(target, sde, sde.tMin, points);
  const steps = Math.max(...result.perSample.accepted!);
  const error = Math.max(...result.nats.map((value, i) => Math.abs(value - prior[i]! + end[i]! - truth[i]!)));
  // Each accepted step errs by at most tol (1 + |y|) √components; |y| ≤ 3 log-units here, doubled for growth along the flow.
  return { result, error, allowed: 2 * steps * tolerance * 4 * Math.sqrt(target.dimension + 1) };
}

describe("log-likelihood against known densities", () => {
  const sdes = [vp(), subVp(), ve(), edm(), cosine(), rectifiedFlow()];
  for (const sde of sdes) {
    for (const variable of ["t", "rho"] as const) {
      it(`${sde.name} in ${variable}`, async () => {
        for (const target of [trimodal, correlated, toy("two-moons")]) {
          const { result, error, allowed } = await largestError(target, sde, 1e-6, variable);
          expect(result.status).toBe("success");
          expect(error, target.name).toBeLessThan(allowed);
        }
      });
    }
  }

  it("errs in proportion to the tolerance", async () => {
    const coarse = await largestError(toy("two-moons"), vp(), 1e-4, "t");
    const fine = await largestError(toy("two-moons"), vp(), 1e-9, "t");
    expect(fine.error).toBeLessThan(coarse.error * 1e-3);
  });

  it("replays scipy's augmented system: same evaluations, same latents, same integrals", async () => {
    const { problems } = JSON.parse(readFileSync(new URL("../fixtures/scipy-rk45.json", import.meta.url), "utf8"));
    const { y0, runs } = problems.find(({ name }: { name: string }) => name === "vp_gmm_logp");
    const sde = vp();
    for (const { tol, nfev, accepted, rejected, y_end: end } of runs) {
      const points = Float64Array.of(y0[0]);
      const result = await logLikelihood({ sde, model: exactScore(trimodal, sde), points, rtol: tol, atol: tol });
      expect(result.perSample.rightHandSides[0]).toBe(nfev);
      expect(result.evaluations).toBe(2 * nfev);
      expect([result.perSample.accepted![0], result.perSample.rejected![0]]).toEqual([accepted, rejected]);
      // Same steps: what is left is rounding, 200 evaluations of numbers of order one.
      expect(result.latents.get(0, 0)).toBeCloseTo(end[0], 11);
      expect(result.nats[0]).toBeCloseTo(-0.5 * end[0] ** 2 - 0.5 * Math.log(2 * Math.PI) + end[1], 11);
    }
  });

  it("integrates to one", async () => {
    const sde = vp();
    const step = 0.02;
    const points = Float64Array.from({ length: 601 }, (_, i) => -6 + step * i);
    const { nats } = await logLikelihood({ sde, model: exactScore(trimodal, sde), points });
    // The flow is a bijection, so the truth is 1. The trapezoidal rule errs by exp(−2π² (0.25/0.02)²) and the cut at ±6 by less than
    // 1e-20; log p by 10 steps of tolerance 1e-5.
    expect(Math.abs(nats.reduce((sum, value) => sum + step * Math.exp(value), 0) - 1)).toBeLessThan(1e-4);
  });

  it("counts bits per dimension with its offset", async () => {
    const sde = vp();
    const points = correlated.sample({ count: 3, seed: 1 }).data;
    const model = exactScore(correlated, sde);
    const plain = await logLikelihood({ sde, model, points });
    expect(plain.offset).toBe(0);
    const binned = await logLikelihood({ sde, model, points, binWidth: 1 / 256 });
    expect(binned.offset).toBe(8);
    expect((await logLikelihood({ sde, model, points, binWidth: 2 / 256 })).offset).toBe(7);
    for (const [i, nats] of plain.nats.entries()) {
      expect(plain.bitsPerDimension[i]).toBeCloseTo(-nats / (3 * Math.LN2), 13);
      expect(binned.bitsPerDimension[i]).toBeCloseTo(-nats / (3 * Math.LN2) + 8, 13);
    }
  });
});

describe("divergence", () => {
  const sde = vp();

  it("is the same for every prediction", async () => {
    const model = exactScore(correlated, sde);
    const points = correlated.sample({ count: 4, seed: 1 }).data;
    const { nats } = await logLikelihood({ sde, model, points });
    for (const prediction of ["noise", "data", "velocity"] as const) {
      const converted = await logLikelihood({ sde, model: model.as(prediction), points });
      expect(converted.divergence).toEqual({ kind: "exact", by: "model" });
      // The same numbers in another order of operations, steps included; rounding is amplified by 1/σ(tMin)² = 1e4 at most.
      for (const [i, value] of converted.nats.entries()) expect(value).toBeCloseTo(nats[i]!, 10);
    }
  });

  it("by central differences agrees with the oracle", async () => {
    for (const target of [trimodal, correlated, toy("two-moons")]) {
      const model = exactScore(target, sde);
      const { evaluate, dimension } = model;
      const x = target.sample({ count: 4, seed: 2 }).data;
      const tight = { sde, points: x, rtol: 1e-7, atol: 1e-7 };
      const known = await logLikelihood({ ...tight, model });
      for (const prediction of ["score", "noise", "data"] as const) {
        const bare = defineModel({ predicts: "score", dimension, evaluate, sde }).as(prediction);
        const { nats, divergence, evaluations, perSample } = await logLikelihood({ ...tight, model: bare });
        expect(divergence).toEqual({ kind: "exact", by: "differences" });
        const calls = perSample.rightHandSides.reduce((sum, value) => sum + value, 0) / 4;
        expect(evaluations).toBeCloseTo((1 + 2 * dimension) * calls, 9);
        // Differences err by 2^-34 + 2^-52 (1 + |x|/σ)/2^-17 ≈ 1e-8 of the divergence, whose integral of absolute values is ≤ 20.
        for (const [i, value] of nats.entries()) expect(Math.abs(value - known.nats[i]!)).toBeLessThan(1e-6);
      }
    }
  });

  it("by Jacobian-vector products, also of converted models", async () => {
    const model = exactScore(correlated, sde);
    const linear = defineModel({
      predicts: "score",
      dimension: 3,
      sde,
      evaluate: model.evaluate,
      // The score of a Gaussian is linear, so its directional derivative is a difference of scores.
      jvp: (batch, directions, out) => {
        const zero = new Float64Array(out.length);
        model.evaluate({ ...batch, x: new Float64Array(out.length) }, zero);
        model.evaluate({ ...batch, x: directions }, out);
        for (let i = 0; i < out.length; i++) out[i] = out[i]! - zero[i]!;
      },
    });
    const x = correlated.sample({ count: 4, seed: 2 }).data;
    const known = await logLikelihood({ sde, model, points: x });
    for (const prediction of ["score", "noise", "data", "velocity"] as const) {
      const result = await logLikelihood({ sde, model: linear.as(prediction), points: x });
      expect(result.divergence).toEqual({ kind: "exact", by: "jvp" });
      for (const [i, value] of result.nats.entries()) expect(value).toBeCloseTo(known.nats[i]!, 9);
    }
  });

  it("does not depend on batches, nor on whether the model answers at once", async () => {
    const model = exactScore(correlated, sde);
    const points = correlated.sample({ count: 4, seed: 1 }).data;
    const request = { sde, points, divergence: { hutchinson: 3 }, seed: 5 } as const;
    const { nats, standardError } = await logLikelihood({ ...request, model });
    const split = await logLikelihood({ ...request, model, batchSize: 3 });
    expect(split.nats).toEqual(nats);
    expect(split.standardError).toEqual(standardError);
    const tail = await logLikelihood({ ...request, model, points: points.subarray(6), firstPoint: 2 });
    expect(tail.nats).toEqual(nats.slice(2));
    const asynchronous = defineModel({
      predicts: "score",
      dimension: 3,
      evaluate: async (batch) => {
        const out = new Float64Array(batch.x.length);
        await model.evaluate(batch, out);
        return out;
      },
    });
    expect((await logLikelihood({ ...request, model: asynchronous })).nats).toEqual(nats);
  });
});
