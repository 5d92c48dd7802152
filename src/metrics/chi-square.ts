import { UsageError } from "../../solvers/errors.js";
import { log } from "../../solvers/math/elementary.js";
import { cephes } from "./cephes.js";
import type { TestResult } from "./kolmogorov-smirnov.js";

/**
 * Pearson's χ² test of counts against expected counts; p-value by cephes `chdtrc`, good where every expected count is ≥ 5.
 *
 * @param observed counts per cell
 * @param expected expected counts per cell, all positive
 * @param options fitted: number of parameters estimated from the data, which lowers the degrees of freedom
 */
export function chiSquare(
  observed: ArrayLike<number>,
  expected: ArrayLike<number>,
  { fitted = 0 }: { fitted?: number } = {},
): TestResult & { readonly degrees: number } {
  if (observed.length !== expected.length)
    throw new UsageError(
      `expected: must hold as many cells as the ${observed.length} observed, but got ${expected.length} - pass one per cell`,
    );
  const degrees = observed.length - 1 - fitted;
  if (!(degrees >= 1))
    throw new UsageError(`observed: must leave a degree of freedom, but got ${degrees} - use more cells`);
  let statistic = 0;
  for (let k = 0; k < observed.length; k++) {
    if (!(expected[k]! > 0))
      throw new UsageError(`expected: must be positive, but got ${expected[k]} in cell ${k} - merge empty cells`);
    const gap = observed[k]! - expected[k]!;
    statistic += (gap * gap) / expected[k]!;
  }
  return { statistic, degrees, pValue: chiSquareSurvival(degrees, statistic) };
}

/**
 * P(χ² > x) for a statistic x ≥ 0; 0 where it is below e⁻⁷⁰⁰.
 *
 * There cephes underflows and throws. P ≤ exp(−x/2 + k/2 + k/2 ln(x/k)) for x > k (Chernoff).
 */
export function chiSquareSurvival(degrees: number, statistic: number): number {
  const exponent = 0.5 * (degrees - statistic + degrees * log(statistic / degrees));
  return statistic > degrees && exponent < -700 ? 0 : cephes().chdtrc(degrees, statistic);
}
