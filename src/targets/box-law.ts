import { log } from "../../solvers/math/elementary.js";
import type { BoxMixture } from "./box-mixture.js";
import { addProduct, intervalMasses } from "./interval-masses.js";
import { exponentiate } from "./mixture-kernels.js";
import { requireLevel } from "./require-level.js";
import { meanNormalCdf } from "./special/integrated-normal.js";
import { normalQuantile } from "./special/normal.js";
import { type TruncatedNormal, truncatedNormal } from "./special/truncated-normal.js";
import type { PerturbedLaw, QuantileOptions } from "./types.js";
import { logDensityAt, requireProbability, univariateQuantile } from "./univariate-quantile.js";

/**
 * The law of α x₀ + σ ε for x₀ uniform on a mixture of boxes: in each box a product over the axes of differences of normal
 * distribution functions, taken so that nothing cancels or underflows far outside.
 *
 * Given x₀'s box, z = (x − α x₀)/σ is a normal number truncated to an interval; score and divergence are its moments:
 * −E[z]/σ and (Var[z] − 1)/σ². At σ = 0 the score is 0 inside the support and NaN outside.
 */
export class BoxLaw implements PerturbedLaw {
  alpha = 1;
  sigma = 0;
  cdf?: (x: number) => number;
  survival?: (x: number) => number;
  quantile?: (probability: number, options?: QuantileOptions) => number;
  cellMasses?: (xEdges: Float64Array, yEdges: Float64Array, out: Float64Array) => void;

  readonly #boxes: BoxMixture;
  readonly #logWeights: Float64Array;
  readonly #shares: Float64Array;
  /** Coordinate that the moments of each axis belong to. */
  readonly #filledAt: Float64Array;
  readonly #moments: readonly TruncatedNormal[][];

  constructor(boxes: BoxMixture, alpha: number, sigma: number) {
    this.#boxes = boxes;
    this.#logWeights = boxes.weights.map((weight) => log(weight));
    this.#shares = new Float64Array(boxes.count);
    this.#moments = boxes.sides.map(({ from }) => Array.from(from, () => ({ logDensity: 0, mean: 0, variance: 0 })));
    this.#filledAt = new Float64Array(boxes.dimension).fill(Number.NaN);
    this.set(alpha, sigma);
    if (boxes.dimension === 2) this.cellMasses = (xEdges, yEdges, out) => this.#fillCells(xEdges, yEdges, out);
    if (boxes.dimension === 1) {
      this.cdf = (x) => this.#lineCdf(x);
      this.survival = (x) => this.#lineSurvival(x);
      this.quantile = (probability, options = {}) => this.#lineQuantile(probability, options);
    }
  }

  /** Whether this is a law of those boxes. */
  belongsTo(boxes: BoxMixture): boolean {
    return this.#boxes === boxes;
  }

  /** Becomes the law at another (α, σ). @throws UsageError unless both are finite and ≥ 0 and leave a density */
  set(alpha: number, sigma: number): void {
    requireLevel(alpha, sigma);
    this.alpha = alpha;
    this.sigma = sigma;
    this.#filledAt.fill(Number.NaN);
  }

  score(x: Float64Array, count: number, out: Float64Array): void {
    const { dimension, count: boxes, sideOf } = this.#boxes;
    for (let i = 0; i < count; i++) {
      const sum = this.#fillShares(x, i);
      for (let d = 0; d < dimension; d++) {
        let pull = 0;
        for (let k = 0; k < boxes; k++) {
          const share = this.#shares[k]!;
          if (share !== 0) pull -= share * this.#moments[d]![sideOf[k * dimension + d]!]!.mean;
        }
        out[i * dimension + d] = this.sigma > 0 ? pull / sum / this.sigma : sum > 0 ? 0 : Number.NaN;
      }
    }
  }

  scoreDivergence(x: Float64Array, count: number, out: Float64Array): void {
    const { dimension, count: boxes, sideOf } = this.#boxes;
    const variance = this.sigma * this.sigma;
    for (let i = 0; i < count; i++) {
      const sum = this.#fillShares(x, i);
      let divergence = 0;
      for (let d = 0; d < dimension; d++) {
        let first = 0;
        let second = 0;
        for (let k = 0; k < boxes; k++) {
          const share = this.#shares[k]!;
          if (share === 0) continue;
          const moments = this.#moments[d]![sideOf[k * dimension + d]!]!;
          first += share * moments.mean;
          second += share * (moments.variance - 1 + moments.mean * moments.mean);
        }
        first /= sum;
        divergence += second / sum - first * first;
      }
      out[i] = this.sigma > 0 ? divergence / variance : sum > 0 ? 0 : Number.NaN;
    }
  }

  logDensity(x: Float64Array, count: number, out: Float64Array): void {
    for (let i = 0; i < count; i++) {
      const largest = this.#fillLogits(x, i);
      out[i] =
        largest === Number.NEGATIVE_INFINITY
          ? largest
          : largest + log(exponentiate(this.#shares, this.#boxes.count, largest));
    }
  }

  /** Writes the posterior probability of each box, count × boxes; all 0 outside the support of a law without noise. */
  responsibilities(x: Float64Array, count: number, out: Float64Array): void {
    const { count: boxes } = this.#boxes;
    for (let i = 0; i < count; i++) {
      const sum = this.#fillShares(x, i);
      for (let k = 0; k < boxes; k++) out[i * boxes + k] = sum > 0 ? this.#shares[k]! / sum : 0;
    }
  }

  /** Ends of the interval of z = (x − α x₀)/σ when x₀ is on a side. */
  interval(x: number, d: number, side: number): readonly [number, number] {
    const { from, to } = this.#boxes.sides[d]!;
    return [(x - this.alpha * to[side]!) / this.sigma, (x - this.alpha * from[side]!) / this.sigma];
  }

  #fillShares(x: Float64Array, i: number): number {
    const largest = this.#fillLogits(x, i);
    if (largest === Number.NEGATIVE_INFINITY) {
      this.#shares.fill(0);
      return 0;
    }
    return exponentiate(this.#shares, this.#boxes.count, largest);
  }

  /** Fills the shares with each box's ln(weight · density) at row i, and returns the largest. */
  #fillLogits(x: Float64Array, i: number): number {
    const { dimension, count, sideOf } = this.#boxes;
    for (let d = 0; d < dimension; d++) this.#fillMoments(x[i * dimension + d]!, d);
    const logSigma = this.sigma > 0 ? dimension * log(this.sigma) : 0;
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      let logit = this.#logWeights[k]! - logSigma;
      for (let d = 0; d < dimension; d++) logit += this.#moments[d]![sideOf[k * dimension + d]!]!.logDensity;
      this.#shares[k] = logit;
      if (!(logit <= largest)) largest = logit;
    }
    return largest;
  }

  #fillMoments(x: number, d: number): void {
    // Rows of a grid share a coordinate.
    if (x === this.#filledAt[d]) return;
    this.#filledAt[d] = x;
    const { from, to } = this.#boxes.sides[d]!;
    const row = this.#moments[d]!;
    for (let side = 0; side < from.length; side++) {
      const moments = row[side]!;
      if (this.sigma > 0) {
        truncatedNormal(
          (x - this.alpha * to[side]!) / this.sigma,
          (x - this.alpha * from[side]!) / this.sigma,
          moments,
        );
      } else {
        const inside = x >= this.alpha * from[side]! && x <= this.alpha * to[side]!;
        moments.logDensity = inside ? -log(this.alpha * (to[side]! - from[side]!)) : Number.NEGATIVE_INFINITY;
      }
    }
  }

  #fillCells(xEdges: Float64Array, yEdges: Float64Array, out: Float64Array): void {
    const { count, weights, sideOf, sides } = this.#boxes;
    const massesOf = (d: 0 | 1, edges: Float64Array) =>
      Array.from(sides[d]!.from, (from, side) => {
        const masses = new Float64Array(edges.length - 1);
        const [low, high] = [this.alpha * from, this.alpha * sides[d]!.to[side]!];
        intervalMasses(
          edges,
          (x) => this.#tailOf(x - high, x - low, SMOOTH_CDF, SHARP_CDF),
          (x) => this.#tailOf(x - high, x - low, SMOOTH_SURVIVAL, SHARP_SURVIVAL),
          masses,
        );
        return masses;
      });
    const [along, up] = [massesOf(0, xEdges), massesOf(1, yEdges)];
    out.fill(0);
    for (let k = 0; k < count; k++) addProduct(weights[k]!, along[sideOf[2 * k]!]!, up[sideOf[2 * k + 1]!]!, out);
  }

  #lineCdf(x: number): number {
    return this.#lineTail(x, SMOOTH_CDF, SHARP_CDF);
  }

  #lineSurvival(x: number): number {
    return this.#lineTail(x, SMOOTH_SURVIVAL, SHARP_SURVIVAL);
  }

  /** Sum over boxes of a tail at x − α x₀. */
  #lineTail(x: number, smooth: Tail, sharp: Tail): number {
    const { count, weights, sides, sideOf } = this.#boxes;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const from = x - this.alpha * sides[0]!.to[sideOf[k]!]!;
      const to = x - this.alpha * sides[0]!.from[sideOf[k]!]!;
      sum += weights[k]! * this.#tailOf(from, to, smooth, sharp);
    }
    return sum;
  }

  /** `smooth` at the interval of z = (x − α x₀)/σ, or without noise `sharp` at x − α x₀. */
  #tailOf(from: number, to: number, smooth: Tail, sharp: Tail): number {
    return this.sigma > 0 ? smooth(from / this.sigma, to / this.sigma) : sharp(from, to);
  }

  #lineQuantile(probability: number, options: QuantileOptions): number {
    requireProbability(probability);
    const { upper = false } = options;
    const { from, to } = this.#boxes.sides[0]!;
    const z = upper ? -normalQuantile(probability) : normalQuantile(probability);
    const shift = this.sigma > 0 ? this.sigma * z : 0;
    const low = this.alpha * from.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    const high = this.alpha * to.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const law = {
      cdf: (x: number) => this.#lineCdf(x),
      survival: (x: number) => this.#lineSurvival(x),
      logDensity: (x: number) => logDensityAt(this, x),
    };
    return univariateQuantile(law, probability, [low + shift, high + shift], options);
  }
}

type Tail = (from: number, to: number) => number;

const SMOOTH_CDF: Tail = (from, to) => meanNormalCdf(from, to);
const SHARP_CDF: Tail = (from, to) => clip(to / (to - from));
const SMOOTH_SURVIVAL: Tail = (from, to) => meanNormalCdf(-to, -from);
const SHARP_SURVIVAL: Tail = (from, to) => clip(-from / (to - from));

function clip(probability: number): number {
  return Math.min(Math.max(probability, 0), 1);
}
