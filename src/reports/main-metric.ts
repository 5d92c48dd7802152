import type { CompareResult, Estimate } from "../experiments/compare-result.js";

const EXACT = ["w2", "w1", "kl", "tv"] as const;
const SAMPLED = [
  "w2",
  "assignmentW2",
  "slicedW2",
  "w1",
  "slicedW1",
  "energy",
  "mmd",
  "modeWeights",
  "mean",
  "covariance",
];

/** A distance that some runs have exactly. */
export type ExactMetric = (typeof EXACT)[number];

/** The distances a comparison is read by: one exact (where laws exist), one sampled, and the latter's floor. */
export interface MainMetrics {
  readonly exact: ExactMetric | null;
  readonly sampled: string | null;
  readonly floor: Estimate | null;
  /** The one that charts and headlines use. */
  readonly name: string;
}

/** Chooses the distances to show: W2 first, the same for exact and sampled where both exist. */
export function mainMetrics(result: CompareResult): MainMetrics {
  const exact = EXACT.find((name) => result.runs.some((run) => run.exact !== null && run.exact[name] !== null)) ?? null;
  const isMeasured = (name: string) => result.runs.some((run) => Object.hasOwn(run.metrics, name));
  const others = [...new Set(result.runs.flatMap((run) => Object.keys(run.metrics)))];
  const sampled = [...(exact === null ? [] : [exact]), ...SAMPLED, ...others].find(isMeasured) ?? null;
  const floor = sampled === null ? null : (result.floor[sampled] ?? null);
  return { exact, sampled, floor, name: exact ?? sampled ?? "w2" };
}
