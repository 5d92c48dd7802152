import type { CompareResult, Estimate } from "../experiments/compare-result.js";
import { mainMetrics } from "./main-metric.js";
import { typesetMetric } from "./metric-title.js";
import { formatSignificant } from "./number-format.js";
import { type RunSeries, runSeries, type WorkPoint } from "./run-series.js";

/** Solvers that share the least error from `evaluations` on. */
export interface Winner {
  readonly evaluations: number;
  readonly labels: readonly string[];
}

/** Exact values nearer than this ratio count as equal: nobody would choose a solver by less. */
const EXACT_TOLERANCE = 0.01;

/** Runs dearer than a budget by less than this ratio still count as within it: 9, 10 and 11 evaluations are one cost. */
const COST_TOLERANCE = 0.12;

interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * Which solvers come closest to the truth within each budget of evaluations, as few changes as the figures allow.
 * Sampled values count as ranges of two standard errors, open below at the sampling floor; solvers whose ranges
 * meet that of the best one share the place.
 */
export function winners(result: CompareResult): Winner[] {
  const found: Winner[] = [];
  for (const { evaluations, ranges } of placesByBudget(result)) {
    const labels = ranges.map(([label]) => label);
    const last = found.at(-1);
    const shared = last?.labels.filter((label) => labels.includes(label)) ?? [];
    if (last !== undefined && shared.length > 0) found[found.length - 1] = { ...last, labels: shared };
    else found.push({ evaluations, labels });
  }
  return found;
}

/** For each cost that occurs, the solvers that may be the best within it, with their ranges. */
function placesByBudget(result: CompareResult): { evaluations: number; ranges: (readonly [string, Range])[] }[] {
  const metrics = mainMetrics(result);
  const series = runSeries(result, metrics);
  const budgets = [...new Set(series.flatMap(({ points }) => points.map((point) => point.evaluations)))];
  budgets.sort((a, b) => a - b);
  return budgets.map((evaluations) => {
    const ranges = series.flatMap(({ label, points }) => {
      const within = points
        .filter((point) => point.evaluations <= evaluations * (1 + COST_TOLERANCE))
        .map((point) => errorRange(point, metrics.floor))
        .sort((a, b) => a.high - b.high);
      return within.slice(0, 1).map((range) => [label, range] as const);
    });
    const best = Math.min(...ranges.map(([, range]) => range.high));
    return { evaluations, ranges: ranges.filter(([, range]) => range.low <= best) };
  });
}

/** From which cost on several solvers cannot be told apart for good, as some have reached the sampling floor. */
function floorClause(result: CompareResult, named: readonly string[]): string {
  const places = placesByBudget(result);
  const isBlurred = ({ ranges }: (typeof places)[number]) =>
    ranges.some(([label, { low }]) => low === 0 && !named.includes(label));
  const clear = places.findLastIndex((place) => !isBlurred(place));
  const first = places[clear + 1];
  if (first === undefined) return "";
  const rivals = places.at(-1)!.ranges.length;
  return `; from ${count(first.evaluations)} on sampling cannot tell ${rivals} solvers apart`;
}

/** The answer of a comparison in one sentence. */
export function headline(result: CompareResult): string {
  const found = winners(result);
  const first = found[0];
  if (first === undefined) return "No run succeeded";
  const series = runSeries(result);
  if (series.length === 1) return soleSeries(series[0]!, mainMetrics(result).name);
  const floor = floorClause(result, found.at(-1)!.labels);
  const evaluations = series.flatMap(({ points }) => points.map((point) => point.evaluations));
  if (found.length === 1) {
    const cheapest = count(Math.min(...evaluations));
    const dearest = count(Math.max(...evaluations));
    const where = cheapest === dearest ? `at ${cheapest} evaluations` : `from ${cheapest} to ${dearest} evaluations`;
    return `${names(first.labels)} ${verb(first.labels)} closest to the truth ${where}${floor}`;
  }
  const second = found[1]!;
  const last = found.at(-1)!;
  const start = `Fewer than ${count(second.evaluations)} evaluations: ${names(first.labels)} ${verb(first.labels)} closest to the truth`;
  const between =
    found.length === 3 ? `; from ${count(second.evaluations)}: ${names(second.labels)}` : found.length > 3 ? "; …" : "";
  return `${start}${between}; from ${count(last.evaluations)} on: ${names(last.labels)}${floor}`;
}

/** What one solver alone reaches: its cheapest and its dearest run. */
function soleSeries({ label, points }: RunSeries, metric: string): string {
  const text = ({ evaluations, exact, sampled }: WorkPoint) =>
    `${formatSignificant(exact ?? sampled!.value, 3)} with ${count(evaluations)}`;
  const [first, last] = [points[0]!, points.at(-1)!];
  const start = `${label}: ${typesetMetric(metric)} ${text(first)} evaluations`;
  return first === last ? start : `${start}, ${text(last)}`;
}

function errorRange(point: WorkPoint, floor: Estimate | null): Range {
  if (point.exact !== null) return { low: point.exact * (1 - EXACT_TOLERANCE), high: point.exact };
  const { value, standardError } = point.sampled!;
  const low = value - 2 * standardError;
  const isAtFloor = floor !== null && low <= floor.value + 2 * floor.standardError;
  return { low: isAtFloor ? 0 : low, high: value + 2 * standardError };
}

function names(labels: readonly string[]): string {
  if (labels.length > 4) return `${labels.slice(0, 3).join(", ")} and ${labels.length - 3} others`;
  if (labels.length === 1) return labels[0]!;
  return `${labels.slice(0, -1).join(", ")} and ${labels.at(-1)}`;
}

function verb(labels: readonly string[]): string {
  return labels.length === 1 ? "is" : "are";
}

function count(evaluations: number): string {
  return String(Math.ceil(evaluations));
}
