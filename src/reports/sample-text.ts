import { numberText } from "../../solvers/number-text.js";
import type { SampleReport } from "../experiments/sample-report.js";
import { labelLines } from "./label-lines.js";
import { momentLines } from "./moment-lines.js";
import { formatCount, formatSeconds, formatSignificant } from "./number-format.js";
import { problemText } from "./problem-text.js";

/** What `sample` drew, beside the exact moments of the data. */
export function sampleText(report: SampleReport, { width = Number.POSITIVE_INFINITY } = {}): string {
  const { solver, options, grid, steps, samples, firstSample, evaluations, evaluationsRange } = report;
  const { accepted, rejected, statuses, seconds, samplesPerSecond, posterior, denoise } = report;
  const [least, most] = evaluationsRange;
  const range = least === most ? "" : `, from ${least} to ${most}`;
  const tolerances =
    steps === null
      ? ` rtol ${numberText(Number(options.rtol))}, atol ${numberText(Number(options.atol))}`
      : ` ${steps} steps, grid ${grid}`;
  const ends = Object.entries(statuses).map(([status, count]) => `${count} ${status}`);
  return labelLines(
    [
      ["solver", `${solver},${tolerances}${posterior === "sample" ? ", x0 drawn from its exact posterior" : ""}`],
      ["problem", `${problemText(report)}${denoise ? ", denoised to σ = 0" : ""}`],
      ["samples", `${samples}, numbers ${firstSample} to ${firstSample + samples - 1}, seed ${report.stamp.seed}`],
      ["evaluations", `${formatCount(evaluations)} per sample${range}`],
      ...(accepted === null || rejected === null
        ? []
        : [["steps", `${formatCount(accepted)} accepted, ${formatCount(rejected)} rejected per sample`] as const]),
      ["status", ends.join(", ")],
      ["time", `${formatSeconds(seconds)}, ${formatSignificant(samplesPerSecond, 3)} samples/s`],
      ...momentLines(report),
    ],
    { width },
  );
}
