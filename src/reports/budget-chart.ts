import type { CompareResult, CompareRun } from "../experiments/compare-result.js";
import { axisChannel, logAxis } from "./axis.js";
import { budgetHeadline } from "./budget-headline.js";
import type { ChartPanel, ChartSpec } from "./chart-spec.js";
import { balancedColumns, panelGrid, panelTitle } from "./panel-grid.js";
import { runLabel } from "./run-label.js";
import { OKABE_ITO } from "./solver-style.js";
import { INK, LABEL_SIZE } from "./theme.js";

const PARTS = [
  { part: "total", colour: INK, shape: "circle", dash: [1, 0] as number[] },
  { part: "discretisation", colour: OKABE_ITO.vermilion, shape: "square", dash: [6, 3] },
  { part: "initialisation", colour: OKABE_ITO.blue, shape: "triangle-up", dash: [2, 2] },
  { part: "truncation", colour: OKABE_ITO.green, shape: "diamond", dash: [8, 3, 2, 3] },
  { part: "score", colour: OKABE_ITO.purple, shape: "cross", dash: [4, 2, 1, 2] },
] as const;

/** Errors smaller than the least total by this factor are off the chart. */
const NEGLIGIBLE = 20;

/** The parts of each solver's error over its cost: start, steps, end of the path and learned score; null where no run has a budget. */
export function budgetChart(result: CompareResult): ChartSpec | null {
  const runs = result.runs.filter((run) => run.status === "success" && run.budget !== null);
  if (runs.length === 0) return null;
  const hasScore = runs.some(({ budget }) => budget !== null && budget.score !== null);
  const parts = PARTS.filter(({ part }) => hasScore || part !== "score");
  const labels = [...new Set(runs.map(runLabel))];
  const columns = balancedColumns(labels.length, 4);
  const width = Math.floor((790 - 18 * (Math.max(columns, 3) - 1)) / Math.max(columns, 3));
  const x = logAxis(
    runs.map(({ evaluations }) => evaluations),
    "evaluations",
    6,
  );
  const errors = runs.flatMap(values);
  // What lies far below every total cannot matter to it, and would flatten the rest.
  const least = Math.min(...errors.filter(({ part }) => part === "total").map(({ error }) => error)) / NEGLIGIBLE;
  const y = logAxis(
    errors.map(({ error }) => Math.max(error, Number.isFinite(least) ? least : 0)),
    "W₂ [data units]",
    7,
  );
  const panels = labels.map((label, i): ChartPanel => {
    const isFirst = i % columns === 0;
    const own = runs.filter((run) => runLabel(run) === label).sort((a, b) => a.evaluations - b.evaluations);
    const encoding = {
      x: axisChannel("evaluations", x, { title: i + columns >= labels.length }),
      y: axisChannel("error", y, { title: isFirst, labels: isFirst }),
    };
    return {
      width,
      height: Math.round(0.8 * width),
      layer: [
        {
          name: `lines ${i}`,
          data: { values: own.flatMap(values) },
          mark: { type: "line", strokeWidth: 1.5, clip: true },
          encoding: { ...encoding, color: partScale("colour", parts), strokeDash: partScale("dash", parts) },
        },
        {
          name: `marks ${i}`,
          // A mark cut in half at the edge would look like one at the edge.
          data: { values: own.flatMap(values).filter(({ error }) => error >= y.domain[0]) },
          mark: { type: "point", filled: true, size: 36, opacity: 1 },
          encoding: { ...encoding, color: partScale("colour", parts), shape: partScale("shape", parts) },
        },
        ...panelTitle(i, label, width),
      ],
    };
  });
  const isCut = errors.some(({ error }) => error < y.domain[0]);
  const subtitle = `each part is a distance of its own; together they bound the total from above, and are not shares of it${
    isCut ? `; below the chart: less than a ${NEGLIGIBLE}th of the least total` : ""
  }`;
  const grid = panelGrid({ title: budgetHeadline(result), subtitle }, panels, columns, 790);
  return { ...grid, resolve: { scale: { color: "shared", shape: "shared", strokeDash: "shared" } } };
}

function values(run: CompareRun): { evaluations: number; part: string; line: string; error: number }[] {
  const { evaluations, budget, exact } = run;
  const parts = { total: exact?.w2 ?? null, ...budget };
  return Object.entries(parts).flatMap(([part, error]) =>
    error !== null && Number.isFinite(error) && error > 0 ? [{ evaluations, part, line: part, error }] : [],
  );
}

/** The parts by colour, mark or dash; one legend above the panels shows colours and marks. */
function partScale<K extends "colour" | "shape" | "dash">(channel: K, parts: readonly (typeof PARTS)[number][]) {
  const legend = { title: null, orient: "top" as const, symbolSize: 60, labelFontSize: LABEL_SIZE, labelColor: INK };
  return {
    // A field of its own keeps the dashes out of the legend, where they would outline the marks.
    field: channel === "dash" ? "line" : "part",
    type: "nominal" as const,
    scale: { domain: parts.map(({ part }) => part), range: parts.map((part) => part[channel]) },
    legend: channel === "dash" ? null : legend,
  };
}
