import { addProduct, gaussianIntervalMasses } from "./interval-masses.js";
import {
  allocateSmoothed,
  type MixtureComponents,
  type SmoothedComponents,
  smoothComponents,
  smoothOffsets,
} from "./mixture-components.js";
import { mixtureLogDensity, mixtureResponsibilities, mixtureScore, mixtureScoreDivergence } from "./mixture-kernels.js";
import { requireLevel } from "./require-level.js";
import { SpaceScores } from "./space-scores.js";
import { normalCdf, normalQuantile, normalSurvival } from "./special/normal.js";
import type { PerturbedLaw, QuantileOptions } from "./types.js";
import { logDensityAt, requireProbability, type UnivariateLaw, univariateQuantile } from "./univariate-quantile.js";

/** The law of α x₀ + σ ε for x₀ of a Gaussian mixture: itself a Gaussian mixture with means α m_k and variances α² s_k² + σ². */
export class MixtureLaw implements PerturbedLaw {
  alpha = 1;
  sigma = 0;
  cdf?: (x: number) => number;
  survival?: (x: number) => number;
  quantile?: (probability: number, options?: QuantileOptions) => number;
  cellMasses?: (xEdges: Float64Array, yEdges: Float64Array, out: Float64Array) => void;

  readonly #components: MixtureComponents;
  readonly #smoothed: SmoothedComponents;
  readonly #scratch: Float64Array;
  #hasOffsets = false;
  #space?: SpaceScores;

  /** @throws UsageError when a component would have variance 0 */
  constructor(components: MixtureComponents, alpha: number, sigma: number) {
    this.#components = components;
    this.#smoothed = allocateSmoothed(components);
    this.#scratch = new Float64Array(components.count);
    this.set(alpha, sigma);
    if (components.dimension === 2) this.cellMasses = (xEdges, yEdges, out) => this.#fillCells(xEdges, yEdges, out);
    if (components.dimension === 1) {
      const line: UnivariateLaw = {
        cdf: (x) => this.#tail(x, normalCdf),
        survival: (x) => this.#tail(x, normalSurvival),
        logDensity: (x) => logDensityAt(this, x),
      };
      this.cdf = line.cdf;
      this.survival = line.survival;
      this.quantile = (probability, options = {}) => this.#quantile(line, probability, options);
    }
  }

  /** Whether this is a law of that mixture. */
  belongsTo(components: MixtureComponents): boolean {
    return this.#components === components;
  }

  /** Becomes the law at another (α, σ). @throws UsageError unless both are finite and ≥ 0 and leave a density */
  set(alpha: number, sigma: number): void {
    requireLevel(alpha, sigma);
    smoothComponents(this.#components, alpha, sigma, this.#smoothed);
    this.alpha = alpha;
    this.sigma = sigma;
    this.#hasOffsets = false;
  }

  /** The components with their offsets, which cost logarithms and are computed when first needed. */
  #complete(): SmoothedComponents {
    if (!this.#hasOffsets) smoothOffsets(this.#components, this.alpha, this.sigma, this.#smoothed);
    this.#hasOffsets = true;
    return this.#smoothed;
  }

  score(x: Float64Array, count: number, out: Float64Array): void {
    if (this.#components.isotropic && this.#components.dimension > 2) {
      this.#space ??= new SpaceScores(this.#components);
      this.#space.score(this.#complete(), x, count, out);
      return;
    }
    const needsOffsets = this.#smoothed.factors.length === 0;
    mixtureScore(needsOffsets ? this.#complete() : this.#smoothed, x, count, out, this.#scratch);
  }

  logDensity(x: Float64Array, count: number, out: Float64Array): void {
    mixtureLogDensity(this.#complete(), x, count, out, this.#scratch);
  }

  scoreDivergence(x: Float64Array, count: number, out: Float64Array): void {
    mixtureScoreDivergence(this.#complete(), x, count, out, this.#scratch);
  }

  /** Writes the posterior probability of each component at each row, count × components. */
  responsibilities(x: Float64Array, count: number, out: Float64Array): void {
    mixtureResponsibilities(this.#complete(), x, count, out, this.#scratch);
  }

  #fillCells(xEdges: Float64Array, yEdges: Float64Array, out: Float64Array): void {
    const { count, isotropic, means, precisions } = this.#smoothed;
    const [along, up] = [new Float64Array(xEdges.length - 1), new Float64Array(yEdges.length - 1)];
    const deviation = (k: number, axis: 0 | 1) => 1 / Math.sqrt(precisions[isotropic ? k : 2 * k + axis]!);
    out.fill(0);
    for (let k = 0; k < count; k++) {
      gaussianIntervalMasses(xEdges, this.alpha * means[2 * k]!, deviation(k, 0), along);
      gaussianIntervalMasses(yEdges, this.alpha * means[2 * k + 1]!, deviation(k, 1), up);
      addProduct(this.#components.weights[k]!, along, up, out);
    }
  }

  #tail(x: number, normalTail: (z: number) => number): number {
    const { count, alpha, means, precisions } = this.#smoothed;
    const { weights } = this.#components;
    let sum = 0;
    for (let k = 0; k < count; k++)
      sum += weights[k]! * normalTail((x - alpha * means[k]!) * Math.sqrt(precisions[k]!));
    return sum;
  }

  #quantile(line: UnivariateLaw, probability: number, options: QuantileOptions): number {
    requireProbability(probability);
    const { upper = false } = options;
    // The quantile lies between the least and the greatest of the components' own quantiles.
    const z = upper ? -normalQuantile(probability) : normalQuantile(probability);
    const { count, alpha, means, precisions } = this.#smoothed;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      const own = alpha * means[k]! + z / Math.sqrt(precisions[k]!);
      low = Math.min(low, own);
      high = Math.max(high, own);
    }
    return univariateQuantile(line, probability, [low, high], options);
  }
}
