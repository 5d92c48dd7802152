import { suggestion, UsageError } from "../../solvers/errors.js";
import { numberText } from "../../solvers/number-text.js";
import { formatOptions } from "../../solvers/spec.js";
import type { CompareResult, CompareRun, ErrorBudget, Estimate } from "../experiments/compare-result.js";
import { largestPart } from "./budget-headline.js";
import { csvText } from "./csv.js";
import { headline } from "./headline.js";
import { type MainMetrics, mainMetrics } from "./main-metric.js";
import { metricTitle } from "./metric-title.js";
import { formatCount, formatEstimate, formatSignificant } from "./number-format.js";
import { runLabel } from "./run-label.js";
import { runSeries } from "./run-series.js";
import { seriesStyles } from "./series-style.js";
import { formatTable, type Table, type TableCell, type TableColumn, type TableFormat, type TableRow } from "./table.js";
import { tableMarkdown } from "./table-markdown.js";
import { tablesText } from "./tables-text.js";

/** What relative times are relative to: a solver (`em`, `pc:snr=0.16`), its cheapest run; by default the cheapest of all. */
export interface CompareTableOptions {
  readonly reference?: string;
}

interface Entry {
  readonly column: TableColumn;
  readonly cell: (run: CompareRun) => TableCell;
}

/**
 * The runs of a comparison as a table.
 * @throws UsageError when no run has the reference's name
 */
export function compareTable(result: CompareResult, { reference }: CompareTableOptions = {}): Table {
  const metrics = mainMetrics(result);
  const base = referenceRun(result.runs, reference);
  const entries = tableEntries(result, metrics, base);
  const labels = [...new Set(result.runs.map(runLabel))];
  const styles = seriesStyles(
    labels.map((label) => ({ label, solver: result.runs.find((run) => runLabel(run) === label)!.solver })),
  );
  const rows = result.runs.map((run): TableRow => {
    const { colour, shape } = styles[labels.indexOf(runLabel(run))]!;
    return { cells: entries.map(({ cell }) => cell(run)), swatch: { colour, shape, isDashed: run.stochastic } };
  });
  return { columns: entries.map(({ column }) => column), rows };
}

/** The comparison for a terminal: its table, and where several solvers are compared, which is closest for which cost. */
export function compareText(result: CompareResult, options: CompareTableOptions & TableFormat = {}): string {
  const table = compareTable(result, options);
  return runSeries(result).length < 2
    ? formatTable(table, options)
    : tablesText([table], `${headline(result)}.`, options);
}

/** The comparison's table in Markdown. */
export function compareMarkdown(result: CompareResult, options: CompareTableOptions = {}): string {
  return tableMarkdown(compareTable(result, options));
}

/** The runs of a comparison as CSV, one line each, every metric with its standard error in a column of its own. */
export function compareCsv(result: CompareResult): string {
  const metrics = [...new Set(result.runs.flatMap((run) => Object.keys(run.metrics)))];
  const exact = ["w1", "w2", "kl", "tv"] as const;
  const budget = ["initialisation", "discretisation", "truncation", "score"] as const;
  const header = [
    ...["solver", "options", "stochastic", "grid", "steps", "rtol", "atol", "evaluations", "accepted", "rejected"],
    ...["samples", "repeats", "status", "seconds", "samplesPerSecond"],
    ...exact.map((name) => `exact.${name}`),
    ...metrics.flatMap((name) => [name, `${name}.standardError`]),
    ...budget.map((name) => `budget.${name}`),
  ];
  const rows = result.runs.map((run) => [
    ...[run.solver, formatOptions(run.options), String(run.stochastic), run.grid, run.steps, run.rtol, run.atol],
    ...[
      run.evaluations,
      run.accepted,
      run.rejected,
      run.samples,
      run.repeats,
      run.status,
      run.seconds,
      run.samplesPerSecond,
    ],
    ...exact.map((name) => run.exact?.[name] ?? null),
    ...metrics.flatMap((name) => [run.metrics[name]?.value ?? null, run.metrics[name]?.standardError ?? null]),
    ...budget.map((name) => run.budget?.[name] ?? null),
  ]);
  return csvText(header, rows);
}

function tableEntries(result: CompareResult, metrics: MainMetrics, base: CompareRun | undefined): Entry[] {
  const { runs } = result;
  const entries: Entry[] = [entry({ title: "solver", align: "left" }, (run) => run.solver)];
  if (runs.some((run) => formatOptions(run.options) !== "")) {
    const column: TableColumn = { title: "options", align: "left", leaves: 4, wraps: 18 };
    entries.push(entry(column, (run) => formatOptions(run.options)));
  }
  entries.push(
    number(
      "steps",
      (run) => (run.steps === null && run.rtol !== null ? `rtol ${numberText(run.rtol)}` : formatCount(run.steps)),
      3,
    ),
    number("evals", (run) => formatCount(run.evaluations)),
  );
  const { exact, sampled, floor } = metrics;
  if (exact !== null) {
    const least = Math.min(...runs.map((run) => run.exact?.[exact] ?? Infinity));
    entries.push({
      column: { title: `exact ${metricTitle(exact)}`, align: "decimal", note: exactNote(exact) },
      cell: (run) => {
        const value = run.exact?.[exact] ?? null;
        return {
          text: formatSignificant(value, exactDigits(run)),
          ...(value !== null && value === least ? { tone: "best" } : {}),
        };
      },
    });
  }
  if (sampled !== null) {
    const least = exact !== null ? -1 : Math.min(...runs.map((run) => run.metrics[sampled]?.value ?? Infinity));
    entries.push({
      column: {
        title: `${metricTitle(sampled)} sampled`,
        align: "decimal",
        note: sampledNote(result, metrics),
        ...(exact === null ? {} : { leaves: 5 }),
      },
      cell: (run) => {
        const estimate = run.metrics[sampled] ?? null;
        const tone = estimate?.value === least ? "best" : isAtFloor(estimate, floor) ? "quiet" : undefined;
        return { text: formatEstimate(estimate), ...(tone === undefined ? {} : { tone }) };
      },
    });
  }
  if (runs.some(({ budget }) => budget !== null && budget.score !== null)) {
    entries.push(
      budgetEntry("steps W2", "discretisation", STEPS_NOTE),
      budgetEntry(
        "score W2",
        "score",
        "score W2: error that the learned score adds to that; the largest figure is where the next effort pays.",
      ),
    );
  }
  const isFast = runs.some((run) => run.seconds < 0.1);
  entries.push(
    number(isFast ? "time (ms)" : "time (s)", (run) => formatTime(isFast ? 1000 * run.seconds : run.seconds), 2),
  );
  if (base !== undefined) {
    entries.push({
      column: { title: "relative", align: "decimal", leaves: 1, note: relativeNote(base) },
      cell: (run) => ({ text: formatTime(run.seconds / base.seconds) }),
    });
  }
  if (runs.some(({ status }) => status !== "success")) {
    entries.push({
      column: { title: "status", align: "left" },
      cell: ({ status }) => (status === "success" ? { text: "" } : { text: status, tone: "bad" }),
    });
  }
  return entries;
}

const STEPS_NOTE = "steps W2: error that the solver's steps would leave with the exact score, from p at tMax.";

function budgetEntry(title: string, part: keyof ErrorBudget, note: string): Entry {
  return {
    column: { title, align: "decimal", leaves: 6, note },
    cell: (run) => ({
      text: formatSignificant(run.budget?.[part] ?? null, exactDigits(run)),
      ...(run.budget !== null && largestPart(run.budget) === part ? { tone: "best" as const } : {}),
    }),
  };
}

/** Digits that hold: the map of a solver with its own steps jumps, and its exact law is good to 3e-4. */
function exactDigits({ steps, rtol }: CompareRun): number {
  return steps === null && rtol !== null ? 3 : 4;
}

function number(title: string, read: (run: CompareRun) => string, leaves?: number): Entry {
  return entry({ title, align: "decimal", ...(leaves === undefined ? {} : { leaves }) }, read);
}

function entry(column: TableColumn, read: (run: CompareRun) => string): Entry {
  return { column, cell: (run) => ({ text: read(run) }) };
}

/** Three significant digits, at least to the unit and at most to hundredths. */
function formatTime(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

function isAtFloor(estimate: Estimate | null, floor: Estimate | null): boolean {
  if (estimate === null || floor === null) return false;
  return estimate.value - 2 * estimate.standardError <= floor.value + 2 * floor.standardError;
}

function referenceRun(runs: readonly CompareRun[], reference: string | undefined): CompareRun | undefined {
  const cheapest = (among: readonly CompareRun[]) =>
    among
      .filter((run) => run.seconds > 0 && run.status === "success")
      .reduce<CompareRun | undefined>(
        (best, run) => (best === undefined || run.seconds < best.seconds ? run : best),
        undefined,
      );
  if (reference === undefined) return cheapest(runs);
  const named = runs.filter((run) => runLabel(run) === reference || run.solver === reference);
  if (named.length > 0) return cheapest(named);
  const labels = [...new Set(runs.map(runLabel))];
  throw new UsageError(
    `reference: must be one of the solvers compared, but got '${reference}'.${suggestion(reference, labels)}`,
  );
}

function exactNote(metric: string): string {
  return `exact ${metricTitle(metric)}: distance of the sampler's law to the data law, no sampling.`;
}

function sampledNote(result: CompareResult, { exact, sampled, floor }: MainMetrics): string {
  const run = result.runs[0];
  const name = metricTitle(sampled ?? "");
  const what = exact === null ? `${name} sampled: distance to the data law` : `${name} sampled`;
  const repeats = run === undefined || run.repeats === 1 ? "one run" : `mean ± standard error of ${run.repeats} runs`;
  const sentence = `${what}, ${repeats} of ${run?.samples ?? 0} samples.`;
  return floor === null ? sentence : `${sentence} Floor, the same between two exact samples: ${formatEstimate(floor)}.`;
}

function relativeNote(base: CompareRun): string {
  const steps = base.steps === null ? "" : ` with ${base.steps} steps`;
  return `relative: time of the quickest run, divided by that of ${runLabel(base)}${steps}.`;
}
