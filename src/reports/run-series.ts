import type { CompareResult, CompareRun, Estimate } from "../experiments/compare-result.js";
import { type MainMetrics, mainMetrics } from "./main-metric.js";
import { runLabel } from "./run-label.js";

/** Exact distances below this share of the greatest distance are rounding errors of the laws, and count as zero. */
const ROUNDING = 1e-14;

/** One run as a point of the work–precision chart: at least one of the two values is there. */
export interface WorkPoint {
  readonly evaluations: number;
  /** Zero where the law is that of the data, to rounding. */
  readonly exact: number | null;
  readonly sampled: Estimate | null;
}

/** The runs of one solver with one set of options, from cheap to dear. */
export interface RunSeries {
  readonly label: string;
  readonly solver: string;
  readonly stochastic: boolean;
  readonly points: readonly WorkPoint[];
}

/** Groups the successful runs by solver and options, with the main distance of each. */
export function runSeries(result: CompareResult, metrics: MainMetrics = mainMetrics(result)): RunSeries[] {
  const groups = new Map<string, CompareRun[]>();
  for (const run of result.runs) {
    if (run.status !== "success") continue;
    const label = runLabel(run);
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [run]);
    else group.push(run);
  }
  const series: RunSeries[] = [];
  const least = ROUNDING * greatestDistance(result, metrics);
  for (const [label, runs] of groups) {
    const points = runs
      .map((run) => workPoint(run, metrics, least))
      .filter((point) => point.exact !== null || point.sampled !== null)
      .sort((a, b) => a.evaluations - b.evaluations);
    if (points.length > 0) series.push({ label, solver: runs[0]!.solver, stochastic: runs[0]!.stochastic, points });
  }
  return series;
}

function workPoint(run: CompareRun, metrics: MainMetrics, least: number): WorkPoint {
  const { exact, sampled } = distances(run, metrics);
  return {
    evaluations: run.evaluations,
    exact: exact === null || !(exact >= 0 && exact < Infinity) ? null : exact < least ? 0 : exact,
    sampled: sampled !== null && sampled.value > 0 && sampled.value < Infinity ? sampled : null,
  };
}

function distances(run: CompareRun, metrics: MainMetrics): { exact: number | null; sampled: Estimate | null } {
  return {
    exact: metrics.exact === null ? null : (run.exact?.[metrics.exact] ?? null),
    sampled: metrics.sampled === metrics.name ? (run.metrics[metrics.name] ?? null) : null,
  };
}

function greatestDistance(result: CompareResult, metrics: MainMetrics): number {
  const values = result.runs.flatMap((run) => {
    const { exact, sampled } = distances(run, metrics);
    return [exact ?? 0, sampled?.value ?? 0];
  });
  return Math.max(0, ...values.filter(Number.isFinite));
}
