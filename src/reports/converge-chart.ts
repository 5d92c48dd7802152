import type { ConvergeResult } from "../experiments/converge-result.js";
import { axisChannel, type Frame, logAxis } from "./axis.js";
import type { ChartLayer, ChartSpec } from "./chart-spec.js";
import { labelLayers } from "./direct-labels.js";
import { chartTitle } from "./panel-grid.js";
import { runLabel } from "./run-label.js";
import { dashOf, seriesStyles } from "./series-style.js";
import { BACKGROUND, CHART_CONFIG, MUTED_INK } from "./theme.js";

export interface ConvergeChartOptions {
  readonly width?: number;
  readonly height?: number;
}

/** Error against steps, both logarithmic, one line per solver, each with a guide of its declared order through its finest error that counts. */
export function convergeChart(
  result: ConvergeResult,
  { width = 640, height = 420 }: ConvergeChartOptions = {},
): ChartSpec {
  const series = seriesStyles(
    result.rows
      .map((row) => ({ ...row, label: runLabel(row), drawn: row.points.filter(({ error }) => error > 0) }))
      .filter(({ drawn }) => drawn.length > 0),
  );
  const all = series.flatMap(({ drawn }) => drawn);
  const frame: Frame = {
    width,
    height,
    x: logAxis(
      all.map(({ steps }) => steps),
      "steps",
    ),
    y: logAxis(
      all.map(({ error }) => error),
      "error at tMin [units of x]",
    ),
  };
  const encoding = { x: axisChannel("steps", frame.x), y: axisChannel("error", frame.y) };
  const guides = series.flatMap((one) => guide(one));
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: CHART_CONFIG,
    padding: 8,
    width,
    height,
    title: chartTitle({ title: convergeHeadline(result), subtitle: subtitle(result) }, width + 130),
    layer: [
      {
        name: "guides",
        data: { values: guides },
        mark: { type: "rule", color: MUTED_INK, strokeWidth: 0.75, strokeDash: [2, 2] },
        encoding: { ...encoding, x2: { field: "steps2" }, y2: { field: "error2" } },
      },
      ...series.flatMap(({ colour, shape, stochastic, drawn, verdict }, i): ChartLayer[] => [
        {
          name: `line ${i}`,
          data: { values: [...drawn] },
          mark: { type: "line", color: colour, strokeWidth: 1.75, strokeDash: dashOf(stochastic) },
          encoding,
        },
        {
          name: `points ${i}`,
          data: { values: [...drawn] },
          mark: {
            type: "point",
            shape,
            size: 48,
            filled: verdict === "certified",
            color: colour,
            ...(verdict === "certified" ? {} : { fill: BACKGROUND, stroke: colour, strokeWidth: 1.25 }),
            opacity: 1,
          },
          encoding,
        },
      ]),
      ...labelLayers(
        series.map(({ label, expected, colour, drawn }) => {
          const end = drawn.at(-1)!;
          return { label: `${label} (${expected})`, colour, x: end.steps, y: end.error };
        }),
        frame,
      ),
    ],
  };
}

/** The answer of a `converge` run in one sentence. */
export function convergeHeadline({ rows }: ConvergeResult): string {
  const measured = rows.filter(({ verdict }) => verdict !== "not measured");
  const certified = measured.filter(({ verdict }) => verdict === "certified");
  const missed = measured.filter(({ verdict }) => verdict === "missed");
  const count = `${certified.length} of ${measured.length} solvers ${certified.length === 1 ? "has" : "have"} a certified order`;
  return missed.length === 0 ? count : `${count}; ${missed.map(runLabel).join(", ")} missed the declared one`;
}

function subtitle({ sde, target, grid }: ConvergeResult): string {
  return `${sde.name}, ${target.name} in ${target.dimension}-D, ${grid} grid; in brackets and dotted: the declared order; filled: certified; dashed: stochastic`;
}

interface Guided {
  readonly drawn: ConvergeResult["rows"][number]["points"];
  readonly ratios: ConvergeResult["rows"][number]["ratios"];
  readonly expected: number;
}

/** A line of the declared order that ends in the finest error that counts. */
function guide({ drawn, ratios, expected }: Guided) {
  const last = ratios.findLast(({ counts }) => counts);
  const [first, end] = [drawn[0], drawn.find(({ steps }) => steps === last?.to)];
  if (first === undefined || end === undefined) return [];
  const from = end.error * (end.steps / first.steps) ** expected;
  return [{ steps: first.steps, error: from, steps2: end.steps, error2: end.error }];
}
