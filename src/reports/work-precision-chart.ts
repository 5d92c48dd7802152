import type { CompareResult } from "../experiments/compare-result.js";
import { axisChannel, type Frame, logAxis } from "./axis.js";
import type { ChartLayer, ChartSpec } from "./chart-spec.js";
import { labelLayers } from "./direct-labels.js";
import { floorLayers } from "./floor-layers.js";
import { headline } from "./headline.js";
import { type MainMetrics, mainMetrics } from "./main-metric.js";
import { metricUnit, typesetMetric } from "./metric-title.js";
import { chartTitle } from "./panel-grid.js";
import { type RunSeries, runSeries, type WorkPoint } from "./run-series.js";
import { dashOf, seriesStyles } from "./series-style.js";
import { guideLayers, slopeGuides } from "./slope-guides.js";
import type { SolverStyle } from "./solver-style.js";
import { BACKGROUND, CHART_CONFIG } from "./theme.js";

type Series = RunSeries & SolverStyle;

/** Room for the floor's name at the bottom of the plot. */
const FLOOR_LABEL_HEIGHT = 22;

/** Size of the plot in pixels, labels and titles not counted. */
export interface WorkPrecisionOptions {
  readonly width?: number;
  readonly height?: number;
}

/** Error against evaluations, both logarithmic, one line per solver: solid marks are exact, hollow ones sampled. */
export function workPrecisionChart(
  result: CompareResult,
  { width = 640, height = 420 }: WorkPrecisionOptions = {},
): ChartSpec {
  const metrics = mainMetrics(result);
  const series: Series[] = seriesStyles(runSeries(result, metrics));
  const drawn = series.flatMap(({ points }) => points);
  const sampled = drawn.flatMap((point) => (point.sampled === null ? [] : [point.sampled]));
  const floor = sampled.length > 0 ? metrics.floor : null;
  const errors = [...drawn.map(({ exact }) => exact ?? 0), ...sampled.map(({ value }) => value)];
  const extremes = [
    ...sampled.map(({ value, standardError }) => value + 2 * standardError),
    ...(floor === null ? [] : [0.6 * floor.value]),
  ];
  const frame: Frame = {
    width,
    height,
    x: logAxis(
      drawn.map(({ evaluations }) => evaluations),
      "score evaluations per sample",
    ),
    y: logAxis(
      [...errors, ...extremes],
      `${typesetMetric(metrics.name)} to the data law [${metricUnit(metrics.name)}]`,
    ),
  };
  const points = drawn.flatMap(({ evaluations, exact, sampled: estimate }) =>
    [exact ?? 0, estimate?.value ?? 0].flatMap((error) => (error > 0 ? [[evaluations, error] as const] : [])),
  );
  const ends = series.flatMap(({ label, colour, points: own }) => {
    const line = linePoints(own);
    const marks = own.flatMap((point) =>
      point.sampled === null ? [] : [{ evaluations: point.evaluations, error: point.sampled.value }],
    );
    const end = line.at(-1) ?? marks.at(-1);
    return end === undefined ? [] : [{ label, colour, x: end.evaluations, y: end.error }];
  });
  const samples = result.runs.find(({ status }) => status === "success")?.samples;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: CHART_CONFIG,
    padding: 8,
    width,
    height,
    title: chartTitle({ title: headline(result), subtitle: subtitle(result, metrics, series) }, width + 130),
    layer: [
      ...(floor === null ? [] : floorLayers(floor, samples, frame)),
      ...guideLayers(slopeGuides(frame, points, floor === null ? 0 : FLOOR_LABEL_HEIGHT), frame),
      ...series.flatMap((one, i) => seriesLayers(i, one, frame)),
      ...labelLayers(ends, frame),
    ],
  };
}

function subtitle(result: CompareResult, metrics: MainMetrics, series: readonly Series[]): string {
  const run = result.runs.find(({ status }) => status === "success");
  const hasExact = series.some(({ points }) => points.some(({ exact }) => exact !== null));
  const hasSampled = series.some(({ points }) => points.some(({ sampled }) => sampled !== null));
  const parts = [`${result.sde.name}, ${result.target.name} in ${result.target.dimension}-D`];
  if (hasExact) parts.push(`solid: exact ${typesetMetric(metrics.name)}`);
  if (hasSampled && run !== undefined) {
    const repeats = run.repeats === 1 ? "" : `${run.repeats} × `;
    parts.push(`hollow: ${repeats}${run.samples} samples, bars two standard errors`);
  }
  if (series.some(({ stochastic }) => stochastic)) parts.push("dashed: stochastic");
  const zero = series.filter(({ points }) => points.some(({ exact }) => exact === 0)).map(({ label }) => label);
  if (zero.length > 0) parts.push(`exact 0, below any axis: ${zero.join(", ")}`);
  return parts.join("; ");
}

/** What the line joins: exact errors, sampled ones where none is known; a logarithmic axis has no place for zero. */
function linePoints(points: readonly WorkPoint[]): { evaluations: number; error: number }[] {
  return points.flatMap(({ evaluations, exact, sampled }) => {
    const error = exact ?? sampled!.value;
    return error > 0 ? [{ evaluations, error }] : [];
  });
}

function seriesLayers(index: number, { colour, shape, stochastic, points }: Series, { x, y }: Frame): ChartLayer[] {
  const line = linePoints(points);
  const exact = points.flatMap((point) =>
    point.exact === null || point.exact === 0 ? [] : [{ evaluations: point.evaluations, error: point.exact }],
  );
  const sampled = points.flatMap(({ evaluations, sampled: estimate }) =>
    estimate === null
      ? []
      : [
          {
            evaluations,
            error: estimate.value,
            low: Math.max(estimate.value - 2 * estimate.standardError, y.domain[0]),
            high: estimate.value + 2 * estimate.standardError,
          },
        ],
  );
  const encoding = { x: axisChannel("evaluations", x), y: axisChannel("error", y) };
  return [
    {
      name: `line ${index}`,
      data: { values: line },
      mark: { type: "line", color: colour, strokeWidth: 1.75, strokeDash: dashOf(stochastic) },
      encoding,
    },
    {
      name: `error bars ${index}`,
      data: { values: sampled.filter(({ low, high }) => high > low) },
      mark: { type: "rule", color: colour, strokeWidth: 1.25 },
      encoding: { x: encoding.x, y: axisChannel("low", y), y2: { field: "high" } },
    },
    {
      name: `sampled ${index}`,
      data: { values: sampled },
      mark: {
        type: "point",
        shape,
        size: 44,
        filled: false,
        fill: BACKGROUND,
        stroke: colour,
        strokeWidth: 1.25,
        opacity: 1,
      },
      encoding,
    },
    {
      name: `exact ${index}`,
      data: { values: exact },
      mark: { type: "point", shape, size: 52, filled: true, color: colour, opacity: 1 },
      encoding,
    },
  ];
}
