import { cephes } from "./cephes.js";
import { checkSamples } from "./check-samples.js";

/** A test statistic with the probability of one as large under the hypothesis. */
export interface TestResult {
  readonly statistic: number;
  readonly pValue: number;
}

/**
 * The one-sample Kolmogorov–Smirnov test: statistic D_n = sup |F_n − F| and its p-value as in `kolmogorovSurvival`.
 *
 * @param cdf the continuous cdf under test
 */
export function kolmogorovSmirnov(samples: Float64Array, cdf: (x: number) => number): TestResult {
  const n = checkSamples(samples, 1);
  const sorted = samples.slice().sort();
  let statistic = 0;
  for (let i = 0; i < n; i++) {
    const below = cdf(sorted[i]!);
    statistic = Math.max(statistic, (i + 1) / n - below, below - i / n);
  }
  return { statistic, pValue: kolmogorovSurvival(n, statistic) };
}

/**
 * P(D_n ≥ d) of the two-sided Kolmogorov statistic of n samples.
 *
 * For n d² ≥ 4 twice the exact one-sided probability (cephes `smirnov`), relative error below 1e-13; otherwise for n ≤ 140 exact
 * (Marsaglia, Tsang and Wang 2003), absolute error below 1e-12; otherwise Kolmogorov's limit (cephes) at Vrbik's corrected
 * argument (2018), absolute error below 1e-4.
 */
export function kolmogorovSurvival(n: number, d: number): number {
  if (d >= 1) return 0;
  if (2 * n * d <= 1) return 1;
  const { kolmogorov, smirnov } = cephes();
  if (n * d * d >= 4) return Math.min(1, 2 * smirnov(n, d));
  if (n <= 140) return 1 - marsagliaTsangWang(n, d);
  const z = d * Math.sqrt(n);
  return kolmogorov(z + 1 / (6 * Math.sqrt(n)) + (z - 1) / (4 * n));
}

/** P(D_n < d): an entry of the n-th power of a (2k − 1) × (2k − 1) matrix, k = ⌈n d⌉, times n! / nⁿ. */
function marsagliaTsangWang(n: number, d: number): number {
  const k = Math.floor(n * d) + 1;
  const size = 2 * k - 1;
  const h = k - n * d;
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) for (let j = 0; j < Math.min(i + 2, size); j++) matrix[i * size + j] = 1;
  for (let i = 0, power = h; i < size; i++, power *= h) {
    matrix[i * size]! -= power;
    matrix[(size - 1) * size + size - 1 - i]! -= power;
  }
  let corner = 1;
  for (let i = 0; i < size; i++) corner *= Math.max(0, 2 * h - 1);
  matrix[(size - 1) * size]! += corner;
  for (let i = 0; i < size; i++)
    for (let j = 0; j < Math.min(i + 1, size); j++) for (let g = 2; g <= i - j + 1; g++) matrix[i * size + j]! /= g;
  // Row k of the n-th power, one factor i/n of n!/nⁿ at a time so that nothing overflows.
  let row = new Float64Array(size);
  row[k - 1] = 1;
  for (let step = 1; step <= n; step++) {
    const next = new Float64Array(size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) next[j]! += ((row[i]! * step) / n) * matrix[i * size + j]!;
    row = next;
  }
  return row[k - 1]!;
}
