import type { Estimate } from "../experiments/compare-result.js";
import type { LikelihoodReport } from "../experiments/likelihood-report.js";
import type { DivergenceMethod } from "../sampling/divergence.js";
import { labelLines } from "./label-lines.js";
import { formatCount, formatSeconds, formatSignificant } from "./number-format.js";
import { problemText } from "./problem-text.js";

const SOURCES = {
  model: "as the model knows it",
  jvp: "by Jacobian-vector products",
  vjp: "by vector-Jacobian products",
  differences: "by central differences",
} as const;

/** Log-likelihoods of points, beside the exact density where the data law is known. */
export function likelihoodText(report: LikelihoodReport, { width = Number.POSITIVE_INFINITY } = {}): string {
  const { points, count, succeeded, nats, bitsPerDimension, offset, exact, probeStandardError, model } = report;
  return labelLines(
    [
      ["problem", `${model === undefined ? "exact score of " : ""}${problemText(report)}`],
      ...(model === undefined ? [] : [["engine", model.engine] as const]),
      ["points", `${count} ${points}${succeeded === count ? "" : `, ${count - succeeded} without a value`}`],
      ["divergence", divergenceText(report.divergence)],
      ["nats", meanText(nats)],
      ["bits/dim", `${meanText(bitsPerDimension)}; offset ${formatSignificant(offset)}`],
      ...(probeStandardError === null
        ? []
        : [
            [
              "probes",
              `standard error of a point's nats over probes: at most ${formatSignificant(probeStandardError, 2)}`,
            ] as const,
          ]),
      ...(exact === null
        ? []
        : [
            [
              "log p(tMin)",
              `${formatSignificant(exact.nats, 6)} exact mean; a point differs by at most ${formatSignificant(exact.largestDifference, 2)}, ${model === undefined ? "" : "the error of the model and "}the distance of the prior from p(tMax) included`,
            ] as const,
          ]),
      ["evaluations", `${formatCount(report.evaluations)} per point`],
      ["status", report.message === "" ? report.status : report.message],
      ["time", formatSeconds(report.seconds)],
    ],
    { width },
  );
}

function meanText(mean: Estimate | null): string {
  if (mean === null) return "–";
  return `${formatSignificant(mean.value, 6)} mean over points, with standard error ${formatSignificant(mean.standardError, 2)}`;
}

function divergenceText(method: DivergenceMethod): string {
  if (method.kind === "exact") return `exact, ${SOURCES[method.by]}`;
  return `Hutchinson, ${method.probes} ${method.distribution} probes, ${SOURCES[method.by]}`;
}
