import { describe, expect, it } from "vitest";
import { zScoreOfMean, zScoreOfVariance } from "../../src/metrics/z-score.js";
import { logLikelihood } from "../../src/sampling/log-likelihood.js";
import { drawProbes } from "../../src/sampling/probes.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { vp } from "../../src/sdes/index.js";
import { gaussian } from "../../src/targets/index.js";

const sde = vp();
const dimension = 3;
const target = gaussian({
  mean: [0.3, -1, 0.5],
  covariance: [
    [1.2, 0.5, -0.3],
    [0.5, 0.8, 0.2],
    [-0.3, 0.2, 0.6],
  ],
});
const model = exactScore(target, sde);
const REPEATS = 2000;
const x = Float64Array.of(0.5, -0.2, 1);
const points = Float64Array.from({ length: REPEATS * dimension }, (_, i) => x[i % dimension]!);

/**
 * The matrix whose trace the probes estimate: ∫ J dt of the linear flow's Jacobian J = f I + ½ g² Σ_t⁻¹, which has the eigenvalues
 * ½ ln(v_j(tMax) / v_j(tMin)) with v_j(t) = α² λ_j + σ²; without the part f I, whose trace is taken exactly, they lose ln α.
 */
function traceMatrix(): Float64Array {
  const variance = (t: number, lambda: number) => sde.alpha(t) ** 2 * lambda + sde.sigma(t) ** 2;
  const known = Math.log(sde.alpha(sde.tMax) / sde.alpha(sde.tMin));
  const matrix = new Float64Array(dimension * dimension);
  for (const [j, lambda] of target.eigenvalues.entries()) {
    const value = 0.5 * Math.log(variance(sde.tMax, lambda) / variance(sde.tMin, lambda)) - known;
    for (let a = 0; a < dimension; a++) {
      for (let b = 0; b < dimension; b++) {
        const [u, v] = [target.eigenvectors[a * dimension + j]!, target.eigenvectors[b * dimension + j]!];
        matrix[a * dimension + b] = matrix[a * dimension + b]! + value * u * v;
      }
    }
  }
  return matrix;
}

const matrix = traceMatrix();
const squares = matrix.reduce((sum, value) => sum + value * value, 0);
const diagonal = matrix.reduce((sum, value, i) => sum + (i % (dimension + 1) === 0 ? value * value : 0), 0);
const variances = { rademacher: 2 * (squares - diagonal), gaussian: 2 * squares };

describe.each(["rademacher", "gaussian"] as const)("%s probes", (distribution) => {
  // One solve of many copies of a point, each with its own probes; solver and difference errors (1e-5) are far below 1/√2000 of the
  // spread, 0.3 and more.
  const estimates = (hutchinson: number) =>
    logLikelihood({ sde, model, points, divergence: { hutchinson, distribution }, rtol: 1e-5, atol: 1e-5, seed: 11 });

  it("are unbiased with the variance of the formula", async () => {
    const exact = await logLikelihood({ sde, model, points: x, rtol: 1e-7, atol: 1e-7 });
    const { nats, standardError, status, divergence } = await estimates(1);
    expect(status).toBe("success");
    expect(standardError).toBeNull();
    expect(divergence).toEqual({ kind: "hutchinson", by: "differences", probes: 1, distribution });
    expect(Math.abs(zScoreOfMean(nats, exact.nats[0]!))).toBeLessThan(4);
    expect(Math.abs(zScoreOfVariance(nats, exact.nats[0]!, variances[distribution]))).toBeLessThan(4);
  });

  it("give an honest standard error", async () => {
    const probes = 4;
    const { nats, standardError } = await estimates(probes);
    const exact = await logLikelihood({ sde, model, points: x, rtol: 1e-7, atol: 1e-7 });
    const expected = variances[distribution] / probes;
    expect(Math.abs(zScoreOfVariance(nats, exact.nats[0]!, expected))).toBeLessThan(4);
    expect(
      Math.abs(
        zScoreOfMean(
          standardError!.map((error) => error * error),
          expected,
        ),
      ),
    ).toBeLessThan(4);
  });
});

it.each(["rademacher", "gaussian"] as const)("%s directions have mean 0 and covariance I", (distribution) => {
  const probes = drawProbes({ seed: 4, distribution, probes: 2, dimension: 2, firstPoint: 0, count: 4000 });
  const column = (d: number) => probes.filter((_, i) => i % 2 === d);
  const [a, b] = [column(0), column(1)];
  for (const values of [a, b, a.map((value, i) => value * b[i]!)]) {
    expect(Math.abs(zScoreOfMean(values, 0))).toBeLessThan(4);
  }
  if (distribution === "rademacher") expect(new Set(probes)).toEqual(new Set([-1, 1]));
  else expect(Math.abs(zScoreOfVariance(a, 0, 1))).toBeLessThan(4);
});

it("the identity costs Rademacher probes no variance", async () => {
  const round = gaussian({ mean: [1, 2, 3], standardDeviation: 0.7 });
  const data = Float64Array.of(0.5, 2, 3.5);
  const settings = { sde, model: exactScore(round, sde), points: data, rtol: 1e-7, atol: 1e-7 } as const;
  const exact = await logLikelihood(settings);
  const { nats, standardError } = await logLikelihood({ ...settings, divergence: { hutchinson: 5 } });
  // vᵀ(c I)v = 3c for v of ±1: what is left are differences (1e-8 relative) and the steps, which the probes change.
  expect(standardError![0]).toBeLessThan(1e-6);
  expect(Math.abs(nats[0]! - exact.nats[0]!)).toBeLessThan(1e-5);
});

it("'auto' estimates in high dimension and is exact in low", async () => {
  const wide = gaussian({ mean: new Float64Array(20), standardDeviation: 0.5 });
  const { evaluate } = exactScore(wide, sde);
  const bare = { predicts: "score", dimension: 20, evaluate } as const;
  const result = await logLikelihood({ sde, model: bare, points: new Float64Array(20) });
  expect(result.divergence).toEqual({ kind: "hutchinson", by: "differences", probes: 8, distribution: "rademacher" });
  expect(result.evaluations).toBe(17 * result.perSample.rightHandSides[0]!);
  const known = await logLikelihood({ sde, model: exactScore(wide, sde), points: new Float64Array(20) });
  expect(known.divergence).toEqual({ kind: "exact", by: "model" });
  await expect(logLikelihood({ sde, model: bare, points: new Float64Array(20), divergence: "exact" })).rejects.toThrow(
    /dimension ≤ 16, but got dimension 20 - use divergence: \{ hutchinson: 8 \}/,
  );
});
