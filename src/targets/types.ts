import type { NdArray } from "ndarray";
import type { PointRows } from "./points.js";

/** Which quantile is meant, and where. */
export interface QuantileOptions {
  /** The inverse of `survival`; default: of `cdf`. */
  readonly upper?: boolean;
  /** Where to begin to look: a quantile that is near is found sooner, and the same but for rounding. */
  readonly near?: number;
}

/** The law of α x₀ + σ ε for one (α, σ). Arrays of points are count × dimension, row-major. */
export interface PerturbedLaw {
  readonly alpha: number;
  readonly sigma: number;
  /** ∇ log p, count × dimension numbers. */
  score(x: Float64Array, count: number, out: Float64Array): void;
  /** log p in nats, count numbers. */
  logDensity(x: Float64Array, count: number, out: Float64Array): void;
  /** ∇·∇ log p, count numbers. */
  scoreDivergence(x: Float64Array, count: number, out: Float64Array): void;
  /**
   * 2-D: writes the probabilities of the cells between increasing edges, cell (i, j) at i · (yEdges.length − 1) + j, where they are
   * sums of products; absolute error about 1e-15.
   */
  cellMasses?(xEdges: Float64Array, yEdges: Float64Array, out: Float64Array): void;
  /** 1-D: P(X ≤ x), full relative precision in the left tail. */
  cdf?(x: number): number;
  /** 1-D: P(X > x), full relative precision in the right tail. */
  survival?(x: number): number;
  /** 1-D: inverse of `cdf`; with `upper: true`, inverse of `survival`. */
  quantile?(probability: number, options?: QuantileOptions): number;
}

/** A data law whose every smoothing by Gaussian noise is known exactly. */
export interface Target {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly dimension: number;
  /** Shape of one sample where it is more than a row of numbers: [height, width, channels] of an image. */
  readonly shape?: readonly number[];
  /** Exact mean (dimension numbers) and covariance (dimension × dimension, row-major) of the data law. */
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
  /** True when the law is Gaussian, so that exact moments of samplers exist. */
  readonly isGaussian: boolean;
  /** Components whose weights mean something to a reader ("modes"): weights, and the posterior probability of each at a point. */
  readonly modes?: {
    readonly weights: Float64Array;
    /** count × modes numbers; their average over exact samples has expectation `weights`. */
    responsibilities(x: Float64Array, count: number, out: Float64Array): void;
  };
  /** Law of α x₀ + σ ε; σ = 0 is the data law scaled, where it has a density. `reuse` is a law of this target to overwrite. */
  perturbed(alpha: number, sigma: number, reuse?: PerturbedLaw): PerturbedLaw;
  /** ∇ log p of α x₀ + σ ε at rows with an (α, σ) of their own: bit for bit what `perturbed` gives row by row, where it can be had faster. */
  scoreRows?(x: Float64Array, alphas: Float64Array, sigmas: Float64Array, count: number, out: Float64Array): void;
  /** Exact samples [count, dimension]: sample i depends on (seed, run, firstSample + i) alone. */
  sample(options: SampleRequest): NdArray<Float64Array>;
  /** One exact sample of x₀ given α x₀ + σ ε = x, for each row; driven by count × `posteriorNumbers` uniforms in (0, 1]. */
  posteriorSample?(
    x: Float64Array,
    count: number,
    alpha: number,
    sigma: number,
    uniforms: Float64Array,
    out: Float64Array,
  ): void;
  readonly posteriorNumbers?: number;
  /** log p of the data law at each row of [count, dimension], of a flat row-major array or of a list of rows; −∞ outside the support. */
  logDensity?(x: PointRows): Float64Array;
  /** 1-D: P(X ≤ x) of the data law. */
  cdf?(x: number): number;
  /** 1-D: inverse of `cdf`, or of P(X > x) with `upper: true`. */
  quantile?(u: number, options?: QuantileOptions): number;
}

/** Which samples of a target are wanted. */
export interface SampleRequest {
  /** ≥ 1. */
  readonly count: number;
  /** Integer in [0, 2^53). */
  readonly seed: number;
  readonly firstSample?: number;
  readonly run?: number;
  /** 'target' unless the samples serve as the floor. */
  readonly stream?: "target" | "floor" | "training";
}
