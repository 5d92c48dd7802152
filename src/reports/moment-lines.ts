import type { SampleReport } from "../experiments/sample-report.js";
import { formatEstimate, formatSignificant } from "./number-format.js";

/** Beyond it single dimensions say little, as those of an image. */
const MOST_DIMENSIONS = 6;

/** Moments of samples, beside the exact ones of the data where a data law is named: of each dimension, or of all numbers. */
export function momentLines(report: SampleReport): [label: string, text: string][] {
  return report.dimension > MOST_DIMENSIONS ? overall(report) : each(report);
}

function each({ dimension, mean, variance, covariance, data }: SampleReport): [string, string][] {
  // Means and covariances that symmetry makes zero come out as rounding of the others.
  const largest = Math.max(...(data?.variance ?? [0]));
  const isRounding = (value: number) => Math.abs(value) < 1e-13 * Math.max(largest, Math.sqrt(largest));
  const row = (values: readonly number[]) => values.map((value) => formatSignificant(value)).join("  ");
  const beside = (values: readonly number[] | undefined) =>
    values === undefined ? "" : `   data ${row(values.map((value) => (isRounding(value) ? 0 : value)))}`;
  return Array.from({ length: dimension }, (_, d): [string, string][] => {
    const name = dimension === 1 ? "" : ` ${d}`;
    const spread = covariance?.[d] ?? [variance[d]!];
    return [
      [`mean${name}`, `${formatEstimate(mean[d])}${beside(data === null ? undefined : [data.mean[d]!])}`],
      [
        `${dimension === 1 ? "variance" : "covariance"}${name}`,
        `${row(spread)}${beside(data === null ? undefined : (data.covariance?.[d] ?? [data.variance[d]!]))}`,
      ],
    ];
  }).flat();
}

/** Mean and standard deviation of all numbers of all samples. */
function overall({ dimension, mean, variance, data }: SampleReport): [string, string][] {
  const text = (means: readonly number[], variances: readonly number[]) => {
    const average = means.reduce((sum, value) => sum + value / dimension, 0);
    const square = variances.reduce((sum, value, d) => sum + (value + (means[d]! - average) ** 2) / dimension, 0);
    return `mean ${formatSignificant(average)}, standard deviation ${formatSignificant(Math.sqrt(square))}`;
  };
  const own = text(
    mean.map(({ value }) => value),
    variance,
  );
  const beside: [string, string][] = data === null ? [] : [["data", text(data.mean, data.variance)]];
  return [["numbers", `${own}; all ${dimension} dimensions in results.json`], ...beside];
}
