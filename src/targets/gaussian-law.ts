import { UsageError } from "../../solvers/errors.js";
import { log } from "../../solvers/math/elementary.js";
import { numberText } from "../../solvers/number-text.js";
import { requireLevel } from "./require-level.js";
import { LOG_SQRT_TWO_PI, normalCdf, normalQuantile, normalSurvival } from "./special/normal.js";
import type { PerturbedLaw, QuantileOptions } from "./types.js";
import { requireProbability } from "./univariate-quantile.js";

/** A Gaussian in its eigenbasis; `eigenvectors` null stands for the identity. */
export interface GaussianBasis {
  readonly mean: Float64Array;
  readonly eigenvalues: Float64Array;
  /** dimension × dimension, row-major, vectors in columns. */
  readonly eigenvectors: Float64Array | null;
}

/** The law of α x₀ + σ ε for Gaussian x₀: mean α m, variances α² λ_j + σ² along the eigenvectors of the data covariance. */
export class GaussianLaw implements PerturbedLaw {
  alpha = 1;
  sigma = 0;
  cdf?: (x: number) => number;
  survival?: (x: number) => number;
  quantile?: (probability: number, options?: QuantileOptions) => number;

  readonly #basis: GaussianBasis;
  readonly #dimension: number;
  readonly #variances: Float64Array;
  readonly #local: Float64Array;
  #offset = 0;
  #divergence = 0;

  constructor(basis: GaussianBasis, alpha: number, sigma: number) {
    this.#basis = basis;
    this.#dimension = basis.mean.length;
    this.#variances = new Float64Array(this.#dimension);
    this.#local = new Float64Array(this.#dimension);
    this.set(alpha, sigma);
    if (this.#dimension === 1) {
      const standardise = (x: number) => (x - this.alpha * basis.mean[0]!) / Math.sqrt(this.#variances[0]!);
      this.cdf = (x) => normalCdf(standardise(x));
      this.survival = (x) => normalSurvival(standardise(x));
      this.quantile = (probability, { upper = false } = {}) => {
        requireProbability(probability);
        const z = upper ? -normalQuantile(probability) : normalQuantile(probability);
        return this.alpha * basis.mean[0]! + Math.sqrt(this.#variances[0]!) * z;
      };
    }
  }

  /** Whether this is a law of that Gaussian. */
  belongsTo(basis: GaussianBasis): boolean {
    return this.#basis === basis;
  }

  /** Becomes the law at another (α, σ). @throws UsageError unless both are finite and ≥ 0 and leave a density */
  set(alpha: number, sigma: number): void {
    requireLevel(alpha, sigma);
    this.#offset = 0;
    this.#divergence = 0;
    for (const [j, eigenvalue] of this.#basis.eigenvalues.entries()) {
      const variance = alpha * alpha * eigenvalue + sigma * sigma;
      if (!(variance > 0)) {
        throw new UsageError(
          `perturbed: α x₀ + σ ε must have a density, but got variance ${numberText(variance)} at alpha = ${numberText(alpha)}, sigma = ${numberText(sigma)}.`,
        );
      }
      this.#variances[j] = variance;
      this.#offset -= 0.5 * log(variance) + LOG_SQRT_TWO_PI;
      this.#divergence -= 1 / variance;
    }
    this.alpha = alpha;
    this.sigma = sigma;
  }

  score(x: Float64Array, count: number, out: Float64Array): void {
    for (let i = 0; i < count; i++) {
      this.#toBasis(x, i);
      for (let j = 0; j < this.#dimension; j++) this.#local[j] = -this.#local[j]! / this.#variances[j]!;
      this.#fromBasis(out, i);
    }
  }

  logDensity(x: Float64Array, count: number, out: Float64Array): void {
    for (let i = 0; i < count; i++) {
      this.#toBasis(x, i);
      let square = 0;
      for (let j = 0; j < this.#dimension; j++) square += (this.#local[j]! * this.#local[j]!) / this.#variances[j]!;
      out[i] = this.#offset - 0.5 * square;
    }
  }

  scoreDivergence(_x: Float64Array, count: number, out: Float64Array): void {
    out.fill(this.#divergence, 0, count);
  }

  /** Standard normal rows to rows of this law (`out` may be `normals`). */
  colour(normals: Float64Array, count: number, out: Float64Array): void {
    const { mean } = this.#basis;
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < this.#dimension; j++) {
        this.#local[j] = Math.sqrt(this.#variances[j]!) * normals[i * this.#dimension + j]!;
      }
      this.#fromBasis(out, i);
      for (let d = 0; d < this.#dimension; d++) {
        out[i * this.#dimension + d] = out[i * this.#dimension + d]! + this.alpha * mean[d]!;
      }
    }
  }

  /** Draws x₀ given rows of x from standard normal rows. */
  posterior(x: Float64Array, count: number, normals: Float64Array, out: Float64Array): void {
    const { mean, eigenvalues } = this.#basis;
    for (let i = 0; i < count; i++) {
      this.#toBasis(x, i);
      for (let j = 0; j < this.#dimension; j++) {
        const variance = this.#variances[j]!;
        const gain = (this.alpha * eigenvalues[j]!) / variance;
        const deviation = this.sigma * Math.sqrt(eigenvalues[j]! / variance);
        this.#local[j] = gain * this.#local[j]! + deviation * normals[i * this.#dimension + j]!;
      }
      this.#fromBasis(out, i);
      for (let d = 0; d < this.#dimension; d++) {
        out[i * this.#dimension + d] = out[i * this.#dimension + d]! + mean[d]!;
      }
    }
  }

  /** Coordinates of row i of x − α m along the eigenvectors, into #local. */
  #toBasis(x: Float64Array, i: number): void {
    const { mean, eigenvectors } = this.#basis;
    const n = this.#dimension;
    if (eigenvectors === null) {
      for (let d = 0; d < n; d++) this.#local[d] = x[i * n + d]! - this.alpha * mean[d]!;
      return;
    }
    this.#local.fill(0);
    for (let d = 0; d < n; d++) {
      const away = x[i * n + d]! - this.alpha * mean[d]!;
      for (let j = 0; j < n; j++) this.#local[j] = this.#local[j]! + eigenvectors[d * n + j]! * away;
    }
  }

  /** Row i of `out` from its coordinates in #local. */
  #fromBasis(out: Float64Array, i: number): void {
    const { eigenvectors } = this.#basis;
    const n = this.#dimension;
    for (let d = 0; d < n; d++) {
      if (eigenvectors === null) {
        out[i * n + d] = this.#local[d]!;
        continue;
      }
      let sum = 0;
      for (let j = 0; j < n; j++) sum += eigenvectors[d * n + j]! * this.#local[j]!;
      out[i * n + d] = sum;
    }
  }
}
