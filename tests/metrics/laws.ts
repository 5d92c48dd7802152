import ndarray from "ndarray";
import { fillNormal, fillUniform, type Stream } from "../../solvers/noise/normal.js";
import type { QuantileLaw } from "../../src/metrics/quantile-law.js";
import { normalCdf, normalDensity, normalQuantile, normalSurvival } from "../../src/targets/special/normal.js";
import type { SampleRequest, Target } from "../../src/targets/types.js";

export function normalLaw(mean = 0, sd = 1): QuantileLaw {
  return {
    cdf: (x) => normalCdf((x - mean) / sd),
    survival: (x) => normalSurvival((x - mean) / sd),
    quantile: (u, { upper = false } = {}) => mean + (upper ? -sd : sd) * normalQuantile(u),
  };
}

export const uniformLaw: QuantileLaw = {
  cdf: (x) => Math.min(1, Math.max(0, x)),
  survival: (x) => Math.min(1, Math.max(0, 1 - x)),
  quantile: (u, { upper = false } = {}) => (upper ? 1 - u : u),
};

/** Weights, means, standard deviations; the quantile by bisection to the last bit. */
export function mixtureLaw(w: readonly number[], m: readonly number[], s: readonly number[]): QuantileLaw {
  const cdf = (x: number) => w.reduce((sum, weight, k) => sum + weight * normalCdf((x - m[k]!) / s[k]!), 0);
  const survival = (x: number) => w.reduce((sum, weight, k) => sum + weight * normalSurvival((x - m[k]!) / s[k]!), 0);
  return {
    cdf,
    survival,
    quantile(u, { upper = false } = {}) {
      let low = -40;
      let high = 40;
      for (let round = 0; round < 70; round++) {
        const middle = (low + high) / 2;
        if (middle === low || middle === high) break;
        if (upper ? survival(middle) > u : cdf(middle) < u) low = middle;
        else high = middle;
      }
      return (low + high) / 2;
    },
  };
}

export const trimodal = mixtureLaw([0.3, 0.5, 0.2], [-2, 0.5, 2], [0.3, 0.4, 0.25]);

export function mixtureDensity(x: number, w: readonly number[], m: readonly number[], s: readonly number[]): number {
  return w.reduce((sum, weight, k) => sum + (weight / s[k]!) * normalDensity((x - m[k]!) / s[k]!), 0);
}

export function normals(seed: number, length: number, stream: Stream = "probe", run = 0): Float64Array {
  const out = new Float64Array(length);
  fillNormal({ seed, stream, run }, 0, out);
  return out;
}

/** Two equal blobs of unit variance at ±3 along the first axis, any dimension; in one dimension with cdf and quantile. */
export function blobs(dimension: number): Target {
  const law = mixtureLaw([0.5, 0.5], [-3, 3], [1, 1]);
  const covariance = new Float64Array(dimension * dimension);
  for (let d = 0; d < dimension; d++) covariance[d * dimension + d] = d === 0 ? 10 : 1;
  const line = dimension === 1 ? { cdf: law.cdf, quantile: (u: number) => law.quantile(u) } : {};
  return {
    name: "blobs",
    options: {},
    dimension,
    mean: new Float64Array(dimension),
    covariance,
    isGaussian: false,
    modes: {
      weights: Float64Array.of(0.5, 0.5),
      responsibilities(x, count, out) {
        for (let i = 0; i < count; i++) {
          const right = 1 / (1 + Math.exp(-6 * x[i * dimension]!));
          out[2 * i] = 1 - right;
          out[2 * i + 1] = right;
        }
      },
    },
    perturbed() {
      throw new Error("not needed by metrics");
    },
    sample({ count, seed, firstSample = 0, run = 0, stream = "target" }: SampleRequest) {
      const out = new Float64Array(count * dimension);
      fillNormal({ seed, stream, run }, firstSample * dimension, out);
      const sides = new Float64Array(count);
      fillUniform({ seed, stream, run, slot: 1 }, firstSample, sides);
      for (let i = 0; i < count; i++) out[i * dimension]! += sides[i]! > 0.5 ? 3 : -3;
      return ndarray(out, [count, dimension]);
    },
    ...line,
  };
}
