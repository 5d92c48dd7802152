import type { CompareResult, CompareRun, Estimate } from "../experiments/compare-result.js";
import { type MainMetrics, mainMetrics } from "./main-metric.js";
import { runLabel } from "./run-label.js";

/** One run as a point of the work–precision chart: at least one of the two values is there. */
export interface WorkPoint {
  readonly evaluations: number;
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
  for (const [label, runs] of groups) {
    const points = runs
      .map((run) => workPoint(run, metrics))
      .filter((point) => point.exact !== null || point.sampled !== null)
      .sort((a, b) => a.evaluations - b.evaluations);
    if (points.length > 0) series.push({ label, solver: runs[0]!.solver, stochastic: runs[0]!.stochastic, points });
  }
  return series;
}

function workPoint(run: CompareRun, metrics: MainMetrics): WorkPoint {
  const exact = metrics.exact === null ? null : (run.exact?.[metrics.exact] ?? null);
  const sampled = metrics.sampled === metrics.name ? (run.metrics[metrics.name] ?? null) : null;
  return {
    evaluations: run.evaluations,
    exact: isPositive(exact) ? exact : null,
    sampled: sampled !== null && isPositive(sampled.value) ? sampled : null,
  };
}

function isPositive(value: number | null): value is number {
  return value !== null && Number.isFinite(value) && value > 0;
}
