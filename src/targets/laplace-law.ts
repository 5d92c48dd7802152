import { exp, log, log1p } from "../../solvers/math/elementary.js";
import { gaussLegendre } from "../../solvers/math/gauss-legendre.js";
import { requireLevel } from "./require-level.js";
import { erfcx } from "./special/erfcx.js";
import { LOG_SQRT_TWO_PI, logNormalSurvival, normalQuantile, normalSurvival } from "./special/normal.js";
import type { PerturbedLaw, QuantileOptions } from "./types.js";
import { logDensityAt, requireProbability, univariateQuantile } from "./univariate-quantile.js";

/** Mean and scale b > 0 of the density exp(−|x − mean|/b) / (2b). */
export interface LaplaceParameters {
  readonly mean: number;
  readonly scale: number;
}

const RULE = gaussLegendre(40);
/** The rule's reach in units of B: exp(−0.75 · 50) = 5e-17. */
const REACH = 50;
/** Terms of the series in the tilt, at most 1/4: the first left out is 30 · 4⁻³⁰ of the first. */
const TERMS = 15;
/** Ratio σ/B from which moments replace differences. */
const WIDE_NOISE = 8;

/**
 * The law of α x₀ + σ ε for Laplace x₀.
 *
 * With y = x − α m, B = α b and T±(y) = exp(σ²/2B² ± y/B) erfc((σ/B ± y/σ)/√2) the density is (T₋ + T₊)/4B and its slope
 * (T₊ − T₋)/4B²; p − B² p″ = N(y; 0, σ²) gives the curvature. Where the noise is much wider than B these differences cancel;
 * there score and divergence are moments over x₀, series in y whose coefficients are quadratures. Relative errors stay below some 1e-14.
 */
export class LaplaceLaw implements PerturbedLaw {
  alpha = 1;
  sigma = 0;
  readonly #parameters: LaplaceParameters;
  /** μₖ/k! for even k, with the (B/σ, μ) they belong to; made when first asked for. */
  readonly #series = { unit: Number.NaN, terms: new Float64Array(TERMS + 1) };

  constructor(parameters: LaplaceParameters, alpha: number, sigma: number) {
    this.#parameters = parameters;
    this.set(alpha, sigma);
  }

  /** Whether this is a law of that Laplace target. */
  belongsTo(parameters: LaplaceParameters): boolean {
    return this.#parameters === parameters;
  }

  /** Becomes the law at another (α, σ). @throws UsageError unless both are finite and ≥ 0 and leave a density */
  set(alpha: number, sigma: number): void {
    requireLevel(alpha, sigma);
    this.alpha = alpha;
    this.sigma = sigma;
  }

  score(x: Float64Array, count: number, out: Float64Array): void {
    for (let i = 0; i < count; i++) out[i] = this.#scoreAt(x[i]!);
  }

  logDensity(x: Float64Array, count: number, out: Float64Array): void {
    for (let i = 0; i < count; i++) out[i] = this.#logDensityAt(Math.abs(this.#centred(x[i]!)));
  }

  scoreDivergence(x: Float64Array, count: number, out: Float64Array): void {
    const scale = this.#scale;
    for (let i = 0; i < count; i++) {
      if (scale === 0) out[i] = -1 / (this.sigma * this.sigma);
      else if (this.sigma === 0) out[i] = 0;
      else {
        const y = Math.abs(this.#centred(x[i]!));
        if (this.#isSmooth(y)) {
          const { first, second } = this.#moments(y);
          out[i] = (second - first * first - 1) / (this.sigma * this.sigma);
          continue;
        }
        const s = this.#scoreAt(x[i]!);
        const z = y / this.sigma;
        const kernel = exp(-0.5 * z * z - LOG_SQRT_TWO_PI - log(this.sigma) - this.#logDensityAt(y));
        out[i] = (1 - kernel) / (scale * scale) - s * s;
      }
    }
  }

  cdf(x: number): number {
    return this.#survivalAt(-this.#centred(x));
  }

  survival(x: number): number {
    return this.#survivalAt(this.#centred(x));
  }

  quantile(probability: number, options: QuantileOptions = {}): number {
    requireProbability(probability);
    const { upper = false } = options;
    const centre = this.alpha * this.#parameters.mean;
    const tail = Math.min(probability, 1 - probability);
    if (tail === 0) return (probability === 0) === upper ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    // P(X + Y > a + b) ≤ P(X > a) + P(Y > b), each taken as half of the tail.
    const noise = this.sigma > 0 ? -this.sigma * normalQuantile(0.5 * tail) : 0;
    const reach = (noise - this.#scale * log(tail)) * (1 + 2 ** -50);
    const isRight = probability > 0.5 !== upper;
    return univariateQuantile(
      { cdf: (x) => this.cdf(x), survival: (x) => this.survival(x), logDensity: (x) => logDensityAt(this, x) },
      probability,
      isRight ? [centre, centre + reach] : [centre - reach, centre],
      options,
    );
  }

  /** Posterior draw of x₀ given x from two uniforms: the side of the mean, then a truncated normal. */
  posterior(
    x: number,
    side: number,
    uniform: number,
    truncated: (from: number, to: number, u: number) => number,
  ): number {
    const { mean, scale: dataScale } = this.#parameters;
    if (this.sigma === 0) return x / this.alpha;
    const sign = side <= this.#rightProbability(this.#centred(x)) ? 1 : -1;
    if (this.alpha === 0) return mean - sign * dataScale * log(uniform);
    const from = this.sigma / this.#scale - (sign * this.#centred(x)) / this.sigma;
    const z = truncated(from, Number.POSITIVE_INFINITY, uniform);
    return mean + (sign * this.sigma * (z - from)) / this.alpha;
  }

  get #scale(): number {
    return this.alpha * this.#parameters.scale;
  }

  #centred(x: number): number {
    return x - this.alpha * this.#parameters.mean;
  }

  /** P(x₀ > mean | x). */
  #rightProbability(y: number): number {
    if (this.#scale === 0) return 0.5;
    const ratio = this.#ratio(Math.abs(y));
    return y >= 0 ? 1 / (1 + ratio) : ratio / (1 + ratio);
  }

  /** T₊/T₋ for y ≥ 0. */
  #ratio(y: number): number {
    const z = this.sigma / this.#scale - y / this.sigma;
    if (z >= 0) return erfcx((this.sigma / this.#scale + y / this.sigma) * Math.SQRT1_2) / erfcx(z * Math.SQRT1_2);
    return exp(this.#logTerm(y) - this.#logTerm(-y));
  }

  /** ln T₊(y), y of either sign. */
  #logTerm(y: number): number {
    const z = this.sigma / this.#scale + y / this.sigma;
    if (z < 0) {
      const reach = this.sigma / this.#scale;
      return 0.5 * reach * reach + y / this.#scale + Math.LN2 + logNormalSurvival(z);
    }
    return log(erfcx(z * Math.SQRT1_2)) - 0.5 * (y / this.sigma) * (y / this.sigma);
  }

  /** Whether the noise is much wider than the law and y is not far out in its tail. */
  #isSmooth(y: number): boolean {
    return this.sigma >= WIDE_NOISE * this.#scale && y * this.#scale <= 0.25 * this.sigma * this.sigma;
  }

  /**
   * Posterior moments of (α x₀ − α m)/σ = ±t, t = uB/σ, whose density is proportional to exp(−u − t²/2 ± κu) with the tilt κ = yB/σ².
   *
   * Series in κ with c_k = μ_{2k}/(2k)!, μ the moments of exp(−u − t²/2): mass Σ c_k κ^{2k}, first Σ 2(k+1) c_{k+1} κ^{2k+1},
   * second Σ 2(k+1)(2k+1) c_{k+1} κ^{2k}. Every term is positive and c_k ≤ 1.
   */
  #moments(y: number): { first: number; second: number } {
    const unit = this.#scale / this.sigma;
    const terms = this.#seriesTerms(unit);
    const tilt = (y / this.sigma) * unit;
    const square = tilt * tilt;
    let mass = 0;
    let first = 0;
    let second = 0;
    for (let k = TERMS - 1; k >= 0; k--) {
      const next = 2 * (k + 1) * terms[k + 1]!;
      mass = mass * square + terms[k]!;
      first = first * square + next;
      second = second * square + (2 * k + 1) * next;
    }
    return { first: (unit * tilt * first) / mass, second: (unit * unit * second) / mass };
  }

  /** ∫₀^∞ u^{2k} exp(−u − (unit u)²/2) du/(2k)! for k = 0 … TERMS. */
  #seriesTerms(unit: number): Float64Array {
    const series = this.#series;
    const { terms } = series;
    if (series.unit === unit) return terms;
    terms.fill(0);
    for (let i = 0; i < RULE.nodes.length; i++) {
      const u = 0.5 * REACH * (1 + RULE.nodes[i]!);
      const t = unit * u;
      let term = 0.5 * REACH * RULE.weights[i]! * exp(-u - 0.5 * t * t);
      for (let k = 0; k <= TERMS; k++) {
        terms[k] = terms[k]! + term;
        term *= (u * u) / ((2 * k + 1) * (2 * k + 2));
      }
    }
    series.unit = unit;
    return terms;
  }

  #scoreAt(x: number): number {
    const y = this.#centred(x);
    const scale = this.#scale;
    if (scale === 0) return -y / (this.sigma * this.sigma);
    const sign = y > 0 ? 1 : y < 0 ? -1 : 0 * y;
    if (this.sigma === 0) return -sign / scale;
    if (this.#isSmooth(Math.abs(y))) {
      const { first } = this.#moments(Math.abs(y));
      return (sign * (first - Math.abs(y) / this.sigma)) / this.sigma;
    }
    const ratio = this.#ratio(Math.abs(y));
    return (-sign * (1 - ratio)) / (1 + ratio) / scale;
  }

  #logDensityAt(y: number): number {
    const scale = this.#scale;
    if (scale === 0) return -0.5 * (y / this.sigma) * (y / this.sigma) - LOG_SQRT_TWO_PI - log(this.sigma);
    if (this.sigma === 0) return -y / scale - log(2 * scale);
    return this.#logTerm(-y) + log1p(this.#ratio(y)) - log(4 * scale);
  }

  /** P(X − α m > y): the normal tail plus (T₋ − T₊)/4. */
  #survivalAt(y: number): number {
    if (y < 0) return 1 - this.#survivalAt(-y);
    const scale = this.#scale;
    if (scale === 0) return normalSurvival(y / this.sigma);
    if (this.sigma === 0) return 0.5 * exp(-y / scale);
    return normalSurvival(y / this.sigma) + 0.25 * exp(this.#logTerm(-y)) * (1 - this.#ratio(y));
  }
}
