import { log } from "../../solvers/math/elementary.js";
import { fillUniform } from "../../solvers/noise/normal.js";
import { LaplaceLaw, type LaplaceParameters } from "./laplace-law.js";
import { asRows, dataLaw } from "./points.js";
import { resolveRequest, TargetSlot } from "./sample-request.js";
import { truncatedNormalFromUniform } from "./special/truncated-normal.js";
import type { PerturbedLaw, Target } from "./types.js";

/** The target with density exp(−|x − mean|/scale) / (2 scale); parameters known to be sound. */
export function laplaceTarget(parameters: LaplaceParameters): Target {
  const { mean, scale } = parameters;
  const perturbed = (alpha: number, sigma: number, reuse?: PerturbedLaw): LaplaceLaw => {
    if (reuse instanceof LaplaceLaw && reuse.belongsTo(parameters)) {
      reuse.set(alpha, sigma);
      return reuse;
    }
    return new LaplaceLaw(parameters, alpha, sigma);
  };
  const data = perturbed(1, 0);
  return {
    name: "laplace",
    options: { ...parameters },
    dimension: 1,
    mean: Float64Array.of(mean),
    covariance: Float64Array.of(2 * scale * scale),
    isGaussian: false,
    perturbed,
    sample: (request) => {
      const { count, firstSample, name } = resolveRequest(request);
      const sides = new Float64Array(count);
      const samples = new Float64Array(count);
      fillUniform({ ...name, slot: TargetSlot.COMPONENT }, firstSample, sides);
      fillUniform({ ...name, slot: TargetSlot.COORDINATES }, firstSample, samples);
      for (let i = 0; i < count; i++) samples[i] = mean + (sides[i]! <= 0.5 ? scale : -scale) * log(samples[i]!);
      return asRows(samples, 1);
    },
    posteriorNumbers: 2,
    posteriorSample: (x, count, alpha, sigma, uniforms, out) => {
      const law = perturbed(alpha, sigma);
      for (let i = 0; i < count; i++) {
        out[i] = law.posterior(x[i]!, uniforms[2 * i]!, uniforms[2 * i + 1]!, truncatedNormalFromUniform);
      }
    },
    ...dataLaw(data, 1),
  };
}
