import { describe, expect, it } from "vitest";
import { conversion } from "../../solvers/conversion.js";
import { UsageError } from "../../solvers/errors.js";
import { edm, rectifiedFlow, subVp, ve, vp } from "../../src/sdes/index.js";
import type { Sde } from "../../src/sdes/types.js";
import { type Preconditioning, preconditioning } from "../../src/training/preconditioning.js";
import {
  networkWeight,
  noiseWeight,
  resolveWeighting,
  type Weighting,
  type WeightingChoice,
} from "../../src/training/weighting.js";

const SDES = [vp(), subVp(), ve(), edm(), rectifiedFlow()];
const SCALE = 0.7;

/** The weight on ‖ε̂ − ε‖² at a time, for a model that predicts the noise or the data. */
function onNoise(choice: WeightingChoice, sde: (typeof SDES)[number], t: number, own: "noise" | "data" = "noise") {
  const scheme = preconditioning({
    name: own === "noise" ? "none" : "edm",
    sde,
    predicts: own,
    dataStandardDeviation: SCALE,
  });
  return noiseWeight(resolveWeighting(choice, sde, scheme), own, sde, t);
}

/** `networkWeight` with the slope of a prediction skip · x + out · F. */
function weightOnNetwork(weighting: Weighting, { predicts, at }: Preconditioning, sde: Sde, t: number): number {
  const slope = at(t).out / conversion("noise", predicts, sde, t).prediction;
  return networkWeight(weighting, predicts, sde, t, slope);
}

describe("weightings, as weights on the squared error of the noise", () => {
  for (const sde of SDES) {
    const times = [0.001, 0.1, 0.5, 0.9].map((share) => sde.tMin + share * (sde.tMax - sde.tMin));
    it(`follow their formulas on ${sde.name}`, () => {
      for (const t of times) {
        const [alpha, sigma, g] = [sde.alpha(t), sde.sigma(t), sde.diffusion(t)];
        const snr = (alpha / sigma) ** 2;
        const close = (value: number, formula: number) => expect(value / formula).toBeCloseTo(1, 11);
        close(onNoise("simple", sde, t), 1);
        close(onNoise("simple", sde, t, "data"), 1 / snr);
        close(onNoise("sigma-squared", sde, t, "data"), 1);
        close(onNoise("likelihood", sde, t), (g / sigma) ** 2);
        close(onNoise("elbo", sde, t), 0.5 * (g / sigma) ** 2);
        close(onNoise("edm", sde, t), (1 / snr + SCALE ** 2) / SCALE ** 2);
        close(onNoise("min-snr", sde, t), Math.min(1, 5 / snr));
        close(onNoise("min-snr:gamma=0.3", sde, t), Math.min(1, 0.3 / snr));
        close(
          onNoise((time) => 1 + time, sde, t, "data"),
          (1 + t) / sigma ** 2,
        );
        close(onNoise({ name: "mine", on: "data", weight: () => 2 }, sde, t), 2 / snr);
      }
    });
  }

  it("has the discrete bound of Ho et al. 2020, eq. 12, with σ_t² = β_t", () => {
    const sde = vp();
    const steps = 50;
    const step = (sde.tMax - sde.tMin) / steps;
    for (const index of [1, 10, 30, 50]) {
      const t = sde.tMin + index * step;
      const cumulative = sde.alpha(t) ** 2;
      const alpha = cumulative / sde.alpha(t - step) ** 2;
      const beta = 1 - alpha;
      const formula = beta ** 2 / (2 * beta * alpha * (1 - cumulative)) / step;
      expect(onNoise(`elbo:steps=${steps}`, sde, t) / formula).toBeCloseTo(1, 9);
      // A discrete bound of ever finer steps is the continuous one; the difference is of first order in the step.
      const fine = onNoise("elbo:steps=1000000", sde, t) / onNoise("elbo", sde, t);
      expect(Math.abs(fine - 1)).toBeLessThan(1e-4);
    }
  });

  it("of a discrete bound is that of the part of a step that is left at tMin", () => {
    const sde = vp();
    const step = (sde.tMax - sde.tMin) / 50;
    expect(onNoise("elbo:steps=50", sde, sde.tMin)).toBe(0);
    const t = sde.tMin + step / 3;
    const { scale, variance } = sde.transition(sde.tMin, t);
    expect(onNoise("elbo:steps=50", sde, t) / (variance / (2 * scale ** 2 * sde.sigma(t) ** 2 * step))).toBeCloseTo(
      1,
      12,
    );
  });

  it("turns the edm weighting into weight 1 on the raw network under edm preconditioning", () => {
    for (const sde of SDES) {
      const scheme = preconditioning({ name: "edm", sde, predicts: "data", dataStandardDeviation: SCALE });
      const weighting = resolveWeighting("edm", sde, scheme);
      for (const share of [0.01, 0.4, 0.99]) {
        const t = sde.tMin + share * (sde.tMax - sde.tMin);
        expect(weightOnNetwork(weighting, scheme, sde, t)).toBeCloseTo(1, 10);
      }
    }
  });

  it("weighs errors of the raw network as errors of the prediction they cause", () => {
    const sde = vp();
    const scheme = preconditioning({ name: "none", sde, predicts: "velocity", dataStandardDeviation: 1 });
    const weighting = resolveWeighting("likelihood", sde, scheme);
    const t = 0.3;
    // An error of 0.01 in the velocity is this error in the score.
    const error = 0.01 * conversion("velocity", "score", sde, t).prediction;
    expect((weightOnNetwork(weighting, scheme, sde, t) * 0.01 ** 2) / (sde.diffusion(t) ** 2 * error ** 2)).toBeCloseTo(
      1,
      12,
    );
  });

  it("refuses unknown names and options", () => {
    const scheme = preconditioning({ name: "edm", sde: vp(), predicts: "data", dataStandardDeviation: 1 });
    expect(() => resolveWeighting("likelyhood", vp(), scheme)).toThrow(/Did you mean 'likelihood'/);
    expect(() => resolveWeighting("min-snr:gama=5", vp(), scheme)).toThrow(/Did you mean 'gamma'/);
    expect(() => resolveWeighting("min-snr:gamma=-1", vp(), scheme)).toThrow(UsageError);
  });
});
