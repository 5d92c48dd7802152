import type { SampleReport } from "../experiments/sample-report.js";
import { labelLines } from "./label-lines.js";
import { formatCount, formatEstimate, formatSeconds, formatSignificant, formatTolerance } from "./number-format.js";
import { problemText } from "./problem-text.js";

const MOST_DIMENSIONS = 6;

/** What `sample` drew, beside the exact moments of the data. */
export function sampleText(report: SampleReport): string {
  const { dimension, solver, options, grid, steps, samples, firstSample, evaluations, evaluationsRange } = report;
  const {
    accepted,
    rejected,
    statuses,
    seconds,
    samplesPerSecond,
    mean,
    variance,
    covariance,
    data,
    posterior,
    denoise,
  } = report;
  const [least, most] = evaluationsRange;
  const range = least === most ? "" : `, from ${least} to ${most}`;
  const tolerances =
    steps === null
      ? ` rtol ${formatTolerance(Number(options.rtol))}, atol ${formatTolerance(Number(options.atol))}`
      : ` ${steps} steps, grid ${grid}`;
  const ends = Object.entries(statuses).map(([status, count]) => `${count} ${status}`);
  const shown = Math.min(dimension, MOST_DIMENSIONS);
  const hidden = dimension - shown;
  // Means and covariances that symmetry makes zero come out as rounding of the others.
  const largest = Math.max(...(data?.variance ?? [0]));
  const isRounding = (value: number) => Math.abs(value) < 1e-13 * Math.max(largest, Math.sqrt(largest));
  const moments = Array.from({ length: shown }, (_, d): [string, string][] => {
    const name = dimension === 1 ? "" : ` ${d}`;
    const row = (values: readonly number[]) => values.map((value) => formatSignificant(value)).join("  ");
    const beside = (values: readonly number[] | undefined) =>
      values === undefined ? "" : `   data ${row(values.map((value) => (isRounding(value) ? 0 : value)))}`;
    const spread: [string, string] =
      covariance === null || hidden > 0
        ? [`variance${name}`, `${row([variance[d]!])}${beside(data === null ? undefined : [data.variance[d]!])}`]
        : [`covariance${name}`, `${row(covariance[d]!)}${beside(data?.covariance?.[d])}`];
    return [
      [`mean${name}`, `${formatEstimate(mean[d])}${beside(data === null ? undefined : [data.mean[d]!])}`],
      spread,
    ];
  }).flat();
  return labelLines([
    ["solver", `${solver},${tolerances}${posterior === "sample" ? ", x0 drawn from its exact posterior" : ""}`],
    ["problem", `${problemText(report)}${denoise ? ", denoised to σ = 0" : ""}`],
    ["samples", `${samples}, numbers ${firstSample} to ${firstSample + samples - 1}, seed ${report.stamp.seed}`],
    ["evaluations", `${formatCount(evaluations)} per sample${range}`],
    ...(accepted === null || rejected === null
      ? []
      : [["steps", `${formatCount(accepted)} accepted, ${formatCount(rejected)} rejected per sample`] as const]),
    ["status", ends.join(", ")],
    ["time", `${formatSeconds(seconds)}, ${formatSignificant(samplesPerSecond, 3)} samples/s`],
    ...moments,
    ...(hidden > 0 ? [["", `${hidden} more dimensions in results.json`] as const] : []),
  ]);
}
