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
  const exact = (values: readonly number[]) => row(values.map((value) => (isRounding(value) ? 0 : value)));
  const spread = dimension === 1 ? "variance" : "covariance";
  return [
    ...besideData(
      "mean",
      mean.map(formatEstimate),
      data?.mean.map((value) => exact([value])),
    ),
    ...besideData(
      spread,
      (covariance ?? variance.map((value) => [value])).map(row),
      data === null ? undefined : (data.covariance ?? data.variance.map((value) => [value])).map(exact),
    ),
  ];
}

/** One line for each dimension, the figures of the data in a column of their own. */
function besideData(name: string, own: readonly string[], data: readonly string[] | undefined): [string, string][] {
  const longest = Math.max(...own.map((text) => text.length));
  return own.map((text, d) => [
    own.length === 1 ? name : `${name} ${d}`,
    data === undefined ? text : `${text.padEnd(longest)}   data ${data[d]!}`,
  ]);
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
