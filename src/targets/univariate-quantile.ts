import { UsageError } from "../../solvers/errors.js";
import { exp, log } from "../../solvers/math/elementary.js";
import { numberText } from "../../solvers/number-text.js";
import type { PerturbedLaw, QuantileOptions } from "./types.js";

/** A 1-D law as the root finder sees it. */
export interface UnivariateLaw {
  cdf(x: number): number;
  survival(x: number): number;
  /** ln p(x). */
  logDensity(x: number): number;
}

/**
 * The x with cdf(x) = p, or with survival(x) = p when `upper`, by Newton's method on the logarithm of the smaller tail inside a bracket.
 *
 * @param bracket two numbers with the quantile between them
 * @throws UsageError when p is outside [0, 1]
 */
export function univariateQuantile(
  law: UnivariateLaw,
  probability: number,
  bracket: readonly [number, number],
  { upper = false, near = Number.NaN }: QuantileOptions = {},
): number {
  requireProbability(probability);
  if (probability > 0.5) return univariateQuantile(law, 1 - probability, bracket, { upper: !upper, near });
  let [low, high] = bracket;
  if (!(low < high)) return low;
  const tail = (x: number) => (upper ? law.survival(x) : law.cdf(x));
  let x = near > low && near < high ? near : 0.5 * low + 0.5 * high;
  for (let round = 0; round < 200; round++) {
    const mass = tail(x);
    // Newton's step for ln tail(x) = ln p; the logarithm makes a Gaussian's tail nearly a parabola.
    const step = log(mass / probability) / exp(law.logDensity(x) - log(mass));
    const newton = upper ? x + step : x - step;
    // The step squares the error of the tail: rounding alone is left.
    if (Math.abs(mass - probability) <= 2 ** -40 * probability || Math.abs(step) <= 2 ** -52 * Math.abs(x))
      return newton;
    if (upper ? mass > probability : mass < probability) low = x;
    else high = x;
    const next = newton > low && newton < high ? newton : 0.5 * low + 0.5 * high;
    if (next === low || next === high) return next;
    x = next;
  }
  return x;
}

/** @throws UsageError unless `probability` is in [0, 1] */
export function requireProbability(probability: number): void {
  if (!(probability >= 0 && probability <= 1)) {
    throw new UsageError(`quantile: the probability must be in [0, 1], but got ${numberText(probability)}.`);
  }
}

const point = new Float64Array(1);
const value = new Float64Array(1);

/** ln p at one number. */
export function logDensityAt(law: Pick<PerturbedLaw, "logDensity">, x: number): number {
  point[0] = x;
  law.logDensity(point, 1, value);
  return value[0]!;
}
