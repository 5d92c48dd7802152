import { axisChannel, type Frame, linearAxis, logAxis } from "./axis.js";
import type { ChartLayer, ChartSpec } from "./chart-spec.js";
import { labelLayers } from "./direct-labels.js";
import { type ChartHeading, chartTitle } from "./panel-grid.js";
import { OKABE_ITO } from "./solver-style.js";
import { CHART_CONFIG } from "./theme.js";
import { thinLine } from "./thin-line.js";

/** One line of a line chart: `y[i]` at `x[i]`, with a band between `lower` and `upper` where given. */
export interface Line {
  readonly label: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly lower?: ArrayLike<number>;
  readonly upper?: ArrayLike<number>;
  /** By default the palette's next colour. */
  readonly colour?: string;
  /** By default solid for the first line and other patterns for the next, so that they differ in grey too. */
  readonly dash?: readonly number[];
}

/** A chart of lines over one variable. */
export interface LineChartOptions extends ChartHeading {
  readonly xTitle: string;
  readonly yTitle: string;
  readonly lines: readonly Line[];
  readonly xScale?: "linear" | "log";
  readonly yScale?: "linear" | "log";
  /** Marks on the points, for lines of few values. */
  readonly points?: boolean;
  readonly width?: number;
  readonly height?: number;
}

const COLOURS = [
  OKABE_ITO.blue,
  OKABE_ITO.vermilion,
  OKABE_ITO.green,
  OKABE_ITO.purple,
  OKABE_ITO.orange,
  OKABE_ITO.black,
];
const DASHES = [
  [1, 0],
  [7, 3],
  [2, 2],
  [8, 3, 2, 3],
  [12, 3],
  [4, 2],
];
const MOST_POINTS = 6000;
const MANY_POINTS = 500;

/** Lines with their names at the ends; values that are not finite, or not positive on a log axis, are gaps. */
export function lineChart(options: LineChartOptions): ChartSpec {
  const {
    lines,
    xTitle,
    yTitle,
    xScale = "linear",
    yScale = "linear",
    points = false,
    width = 640,
    height = 320,
  } = options;
  const most = Math.floor(MOST_POINTS / Math.max(1, lines.length));
  const isDrawn = (value: number | undefined, scale: string) =>
    Number.isFinite(value) && (scale === "linear" || value! > 0);
  const drawn = lines.map((line, k) => ({
    label: line.label,
    colour: line.colour ?? COLOURS[k % COLOURS.length]!,
    dash: [...(line.dash ?? DASHES[k % DASHES.length]!)],
    line,
    points: thinLine(
      Array.from(line.x, (x, i) => ({ x, y: line.y[i]! })).filter(
        ({ x, y }) => isDrawn(x, xScale) && isDrawn(y, yScale),
      ),
      most,
    ),
  }));
  const all = drawn.flatMap((line) => line.points);
  const bounds = lines.flatMap(({ lower = [], upper = [] }) => [...Array.from(lower), ...Array.from(upper)]);
  const axisOf = (scale: string) => (scale === "log" ? logAxis : linearAxis);
  const frame: Frame = {
    width,
    height,
    x: axisOf(xScale)(
      all.map(({ x }) => x),
      xTitle,
    ),
    y: axisOf(yScale)([...all.map(({ y }) => y), ...bounds], yTitle),
  };
  const ends = drawn.flatMap(({ label, colour, dash, points: own }) =>
    own.length === 0 ? [] : [{ label, colour, dash, ...own.reduce((end, one) => (one.x >= end.x ? one : end)) }],
  );
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: CHART_CONFIG,
    padding: 8,
    width,
    height,
    title: chartTitle(options, width + 100),
    layer: [
      ...drawn.flatMap(({ line, colour }, k) => bandLayers(k, line, colour, frame, most)),
      ...drawn.map(
        ({ colour, dash, points: own }, k): ChartLayer => ({
          name: `line ${k}`,
          data: { values: [...own] },
          mark: {
            type: "line",
            color: colour,
            strokeWidth: own.length > MANY_POINTS ? 1 : 1.75,
            strokeDash: dash,
            ...(points ? { point: { filled: true, size: 44, color: colour } } : {}),
          },
          encoding: {
            x: axisChannel("x", frame.x),
            y: axisChannel("y", frame.y),
            order: { field: "x", type: "quantitative" },
          },
        }),
      ),
      ...(ends.length > 1 ? labelLayers(ends, frame) : []),
    ],
  };
}

function bandLayers(
  index: number,
  { x, lower, upper }: Line,
  colour: string,
  frame: Frame,
  most: number,
): ChartLayer[] {
  if (lower === undefined || upper === undefined) return [];
  const stride = Math.max(1, Math.ceil(x.length / most));
  const values = Array.from(x, (value, i) => ({ x: value, lower: lower[i]!, upper: upper[i]! })).filter(
    (band, i) => i % stride === 0 && Number.isFinite(band.lower) && Number.isFinite(band.upper),
  );
  return [
    {
      name: `band ${index}`,
      data: { values: values.map((band) => ({ ...band, lower: Math.max(band.lower, frame.y.domain[0]) })) },
      mark: { type: "area", color: colour, opacity: 0.15 },
      encoding: { x: axisChannel("x", frame.x), y: axisChannel("lower", frame.y), y2: { field: "upper" } },
    },
  ];
}
