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
  readonly isExact: boolean;
  readonly isAtFloor: boolean;
}

interface Place {
  readonly evaluations: number;
  /** How many solvers were run within the budget. */
  readonly rivals: number;
  readonly ranges: readonly (readonly [string, Range])[];
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
function placesByBudget(result: CompareResult): Place[] {
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
    return { evaluations, rivals: ranges.length, ranges: ranges.filter(([, range]) => range.low <= best) };
  });
}

/** The answer of a comparison in one sentence. */
export function headline(result: CompareResult): string {
  const series = runSeries(result);
  if (series.length === 0) return "No run succeeded";
  if (series.length === 1) return soleSeries(series[0]!, mainMetrics(result).name);
  const places = placesByBudget(result);
  // At the end of the range, solvers may lie on the sampling floor, where nothing tells them apart.
  const isBlurred = ({ ranges }: Place) => ranges.length > 1 && ranges.some(([, { isAtFloor }]) => isAtFloor);
  const blurred = places.slice(places.findLastIndex((place) => !isBlurred(place)) + 1);
  const isExactKnown = places.at(-1)!.ranges.some(([, { isExact }]) => isExact);
  const floorFrom = blurred.length > 0 && !isExactKnown ? blurred[0]!.evaluations : Infinity;
  const found = winners(result).filter(({ evaluations }) => evaluations < floorFrom);
  const contested = places.find(({ rivals }) => rivals > 1)!.evaluations;
  const isUncontested = found.length > 0 && Math.min(found[1]?.evaluations ?? Infinity, floorFrom) <= contested;
  const clauses = found.map(({ evaluations, labels }, i) => {
    if (i === 0 && isUncontested) return { evaluations, text: `only ${names(labels)} was run` };
    const isFirst = i === (isUncontested ? 1 : 0);
    const truth = ` ${verb(labels)} closest to the truth${measure(mainMetrics(result).name)}`;
    return { evaluations, text: `${names(labels)}${isFirst ? truth : ""}` };
  });
  if (floorFrom < Infinity) {
    const isShared = blurred.every(({ ranges }) => ranges.filter(([, { isAtFloor }]) => isAtFloor).length > 1);
    const text = isShared ? "several solvers reach the sampling floor" : "sampling cannot tell the best apart";
    clauses.push({ evaluations: floorFrom, text });
  }
  const caveat = blurred.length > 0 && isExactKnown ? ", as far as sampling can tell" : "";
  return sentence(clauses, places) + caveat;
}

/** Beyond this many the sentence names its ends only. */
const MOST_MIDDLE_CLAUSES = 3;

function sentence(clauses: readonly { evaluations: number; text: string }[], places: readonly Place[]): string {
  const [first, second] = clauses;
  const last = clauses.at(-1)!;
  if (second === undefined) {
    const [cheapest, dearest] = [count(places[0]!.evaluations), count(places.at(-1)!.evaluations)];
    return cheapest === dearest
      ? `With ${cheapest} evaluations ${first!.text}`
      : `From ${cheapest} to ${dearest} evaluations ${first!.text}`;
  }
  const middle = clauses.slice(1, -1).map(({ evaluations, text }) => `; from ${count(evaluations)}: ${text}`);
  const between = middle.length > MOST_MIDDLE_CLAUSES ? "; …" : middle.join("");
  return `Fewer than ${count(second.evaluations)} evaluations: ${first!.text}${between}; from ${count(last.evaluations)} on: ${last.text}`;
}

/** What one solver alone reaches: its cheapest and its dearest run. */
function soleSeries({ label, points }: RunSeries, metric: string): string {
  const text = ({ evaluations, exact, sampled }: WorkPoint) =>
    `${formatSignificant(exact ?? sampled!.value, 3)} with ${count(evaluations)}`;
  const [first, last] = [points[0]!, points.at(-1)!];
  const start = `${label}: ${typesetMetric(metric)} ${text(first)} evaluations`;
  return first === last ? start : `${start}, ${text(last)}`;
}

function errorRange({ exact, sampled }: WorkPoint, floor: Estimate | null): Range {
  if (exact !== null) return { low: exact * (1 - EXACT_TOLERANCE), high: exact, isExact: true, isAtFloor: false };
  const { value, standardError } = sampled!;
  const low = value - 2 * standardError;
  const isAtFloor = floor !== null && low <= floor.value + 2 * floor.standardError;
  return { low: isAtFloor ? 0 : low, high: value + 2 * standardError, isExact: false, isAtFloor };
}

/** The distance in words where it is not W2. */
function measure(metric: string): string {
  return metric === "w2" ? "" : ` by ${typesetMetric(metric)}`;
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
