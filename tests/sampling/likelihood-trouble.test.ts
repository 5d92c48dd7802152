import { describe, expect, it } from "vitest";
import { ModelError } from "../../src/sampling/guard-model.js";
import type { LikelihoodOptions } from "../../src/sampling/likelihood-options.js";
import { logLikelihood } from "../../src/sampling/log-likelihood.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { defineModel } from "../../src/scores/model.js";
import { vp } from "../../src/sdes/index.js";
import { mixture } from "../../src/targets/index.js";

const sde = vp();
const target = mixture({ weights: [0.3, 0.5, 0.2], means: [-2, 0.5, 2], standardDeviations: [0.3, 0.4, 0.25] });
const model = exactScore(target, sde);
const points = Float64Array.of(-2, 0.3, 1.4);

describe("trouble ends in a status", () => {
  it("max-evaluations keeps the limit and leaves NaN", async () => {
    const { nats, bitsPerDimension, status, message, perSample } = await logLikelihood({
      sde,
      model,
      points,
      maxEvaluations: 21,
    });
    expect(status).toBe("max-evaluations");
    expect(message).toMatch(/3 of 3 samples ended as max-evaluations; sample 0: max-evaluations at t = 0\.\d+/);
    expect([...nats, ...bitsPerDimension].every(Number.isNaN)).toBe(true);
    expect(Math.max(...perSample.evaluations)).toBeLessThanOrEqual(21);
  });

  it("one point that is not finite does not stop the others", async () => {
    const whole = await logLikelihood({ sde, model, points });
    const broken = defineModel({
      predicts: "score",
      dimension: 1,
      async evaluate(batch, out) {
        await model.evaluate(batch, out);
        for (let i = 0; i < batch.count; i++) if (batch.x[i]! < -0.5) out[i] = Number.NaN;
      },
      divergence: (batch, out) => model.divergence?.(batch, out),
    });
    const result = await logLikelihood({ sde, model: broken, points });
    expect(result.perSample.status).toEqual(["non-finite", "success", "success"]);
    expect(result.nats[0]).toBeNaN();
    expect(result.nats.subarray(1)).toEqual(whole.nats.subarray(1));
    expect(result.latents.data.subarray(1)).toEqual(whole.latents.data.subarray(1));
  });

  it("an abort keeps what is finished", async () => {
    const controller = new AbortController();
    let calls = 0;
    const counting = defineModel({
      predicts: "score",
      dimension: 1,
      evaluate(batch, out) {
        if (++calls === 100) controller.abort();
        return model.evaluate(batch, out);
      },
    });
    const request = { sde, model: counting, points, batchSize: 1, signal: controller.signal } as const;
    const { status, nats, perSample } = await logLikelihood(request);
    expect(status).toBe("aborted");
    expect(perSample.status[0]).toBe("success");
    expect(Number.isFinite(nats[0])).toBe(true);
    expect(nats[2]).toBeNaN();
  });

  it("a model that throws is named with its time", async () => {
    for (const wrong of [{ evaluate: fail }, { evaluate: model.evaluate, divergence: fail }]) {
      const throwing = defineModel({ predicts: "score", dimension: 1, ...wrong });
      const answer = logLikelihood({ sde, model: throwing, points });
      await expect(answer).rejects.toThrow(ModelError);
      await expect(answer).rejects.toThrow(/model: threw at t = 0\.001 on 3 rows: no network/);
    }
  });
});

function fail(): never {
  throw new Error("no network");
}

describe("bad input is refused before any work", () => {
  const cases: [string, Partial<LikelihoodOptions>, RegExp][] = [
    ["NaN", { points: Float64Array.of(1, Number.NaN) }, /points: must be finite, but got NaN in row 1, column 0/],
    ["∞", { points: Float64Array.of(Number.POSITIVE_INFINITY) }, /points: must be finite/],
    ["no points", { points: new Float64Array(0) }, /points: there must be at least one/],
    ["far out", { points: Float64Array.of(1e155) }, /row 0 is too large for a number/],
    ["shape", { points: mixturePoints() }, /points: the shape must be \[count, 1\]/],
    ["rtol 0", { rtol: 0 }, /rtol/],
    ["rtol below rounding", { rtol: 1e-16 }, /rtol/],
    ["atol < 0", { atol: -1 }, /atol/],
    ["probes", { divergence: { hutchinson: 0 } }, /hutchinson must be a whole number of probes ≥ 1/],
    ["seed", { seed: -1 }, /seed/],
    ["binWidth", { binWidth: 0 }, /binWidth/],
    ["differenceStep", { differenceStep: 1 }, /differenceStep/],
    ["maxEvaluations", { maxEvaluations: 1 }, /maxEvaluations/],
    ["batchSize", { batchSize: 0 }, /batchSize/],
  ];
  it.each(cases)("%s", async (_name, wrong, message) => {
    await expect(logLikelihood({ sde, model, points, ...wrong })).rejects.toThrow(message);
  });

  it("points far outside the data still have a value", async () => {
    const far = Float64Array.of(40, -1e3);
    const { nats, latents, status } = await logLikelihood({ sde, model, points: far, rtol: 1e-8, atol: 1e-8 });
    expect(status).toBe("success");
    const truth = new Float64Array(2);
    target.perturbed(sde.alpha(sde.tMin), sde.sigma(sde.tMin)).logDensity(far, 2, truth);
    const end = new Float64Array(2);
    target.perturbed(sde.alpha(1), sde.sigma(1)).logDensity(latents.data, 2, end);
    for (const [i, value] of nats.entries()) {
      const prior = -0.5 * latents.data[i]! ** 2 - 0.5 * Math.log(2 * Math.PI);
      // Relative to log p, here 1e4 and 6e6: z enters as z²/2, relative error 2 · steps · tol.
      expect(Math.abs(value - prior + end[i]! - truth[i]!)).toBeLessThan(1e-5 * Math.abs(truth[i]!));
    }
  });
});

function mixturePoints() {
  return mixture({ weights: [1], means: [[0, 0]], standardDeviations: [1] }).sample({ count: 3, seed: 0 });
}
