import { type Axis, axisChannel, axisPosition, linearAxis, logAxis } from "./axis.js";
import type { ChartLayer, ChartSpec } from "./chart-spec.js";
import { blueRed, COLOUR_STEPS, viridis } from "./colour-maps.js";
import { contourLines } from "./contour-lines.js";
import { type ChartHeading, chartTitle } from "./panel-grid.js";
import { encodePng, pngAddress, type Rgba } from "./png-image.js";
import { type Lattice, rasterise } from "./raster.js";
import { CHART_CONFIG } from "./theme.js";

/** A heat map: what is drawn, on which colours, with which axes. */
export interface HeatMapOptions extends ChartHeading, Lattice {
  readonly xTitle: string;
  readonly yTitle: string;
  /** Name of the values with their unit. */
  readonly valueTitle: string;
  /** `linear` from the least value, `log` for tails (viridis); `diverging` about zero for residuals (blue to red). */
  readonly colours?: "linear" | "log" | "diverging";
  /** Colours of `log` span this many decades below the greatest value. */
  readonly decades?: number;
  /** Lines of equal value laid on top, as of the exact density. */
  readonly contours?: Lattice & { readonly levels: readonly number[] };
  readonly width?: number;
  readonly height?: number;
}

const BAR_WIDTH = 14;
// Not the page's ink and paper: lines on a picture keep their colour in dark mode.
const DARK_LINE = "#111111";
const LIGHT_LINE = "#fefefe";

/** A lattice of values as colours with a colour bar; grey marks values that are not a number. */
export function heatMapChart(options: HeatMapOptions): ChartSpec {
  const { xTitle, yTitle, valueTitle, colours = "linear", decades = 6, contours, width = 560, height = 320 } = options;
  const x = linearAxis(options.x, xTitle, { fixed: ends(options.x), mostTicks: 8 });
  const y = linearAxis(options.y, yTitle, { fixed: ends(options.y), mostTicks: 8 });
  const value = valueAxis(options.values.flat(), colours, decades, valueTitle);
  const shadeOf = (v: number) => (Number.isNaN(v) ? v : value.type === "log" && v <= 0 ? 0 : axisPosition(v, value));
  const palette: Rgba[] = [...(colours === "diverging" ? blueRed() : viridis()), [128, 128, 128, 255]];
  const picture = encodePng(rasterise(options, { x, y }, width, height, COLOUR_STEPS, shadeOf), width, height, palette);
  const ramp = Uint8Array.from({ length: COLOUR_STEPS }, (_, i) => COLOUR_STEPS - 1 - i);
  const lines =
    contours === undefined ? [] : contourLayers(contours, x, y, colours === "diverging" ? DARK_LINE : LIGHT_LINE);
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: { ...CHART_CONFIG, concat: { spacing: 14 } },
    padding: 8,
    title: chartTitle(options, width + 80),
    hconcat: [
      {
        width,
        height,
        layer: [imageLayer("picture", pngAddress(picture), width, height), cornerLayer("axes", x, y, "left"), ...lines],
      },
      {
        width: BAR_WIDTH,
        height,
        layer: [
          imageLayer("colour bar", pngAddress(encodePng(ramp, 1, COLOUR_STEPS, palette)), BAR_WIDTH, height),
          cornerLayer("bar axis", null, value, "right"),
        ],
      },
    ],
  };
}

function ends(nodes: readonly number[]): readonly [number, number] {
  const [a, b] = [nodes[0]!, nodes.at(-1)!];
  return a < b ? [a, b] : [b, a];
}

function valueAxis(values: readonly number[], colours: string, decades: number, title: string): Axis {
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least && value > -Infinity) least = value;
    if (value > greatest && value < Infinity) greatest = value;
  }
  if (!(greatest >= least)) [least, greatest] = [0, 1];
  if (colours === "log" && greatest > 0) {
    const domain = [greatest * 10 ** -decades, greatest] as const;
    return { ...logAxis(domain, title, decades + 2), domain };
  }
  const bound = Math.max(Math.abs(least), Math.abs(greatest)) || 1;
  const fixed =
    colours === "diverging" ? ([-bound, bound] as const) : ([least, greatest > least ? greatest : least + 1] as const);
  return linearAxis([], title, { fixed });
}

/** A picture that fills a plot. */
export function imageLayer(name: string, url: string, width: number, height: number): ChartLayer {
  return {
    name,
    data: { values: [{}] },
    mark: { type: "image", url, width, height, aspect: false, align: "left", baseline: "top" },
    encoding: { x: { value: 0 }, y: { value: 0 } },
  };
}

/** Two unseen points at the corners, which carry the axes; `titleY`, `labelsY` and `titleX` say what is written at them. */
export function cornerLayer(
  name: string,
  x: Axis | null,
  y: Axis,
  side: "left" | "right",
  { titleY = true, labelsY = true, titleX = true } = {},
): ChartLayer {
  const yChannel = axisChannel("y", y, { title: titleY, labels: labelsY, grid: false });
  const xChannel = x === null ? undefined : axisChannel("x", x, { title: titleX, grid: false });
  return {
    name,
    data: { values: [0, 1].map((k) => ({ x: x?.domain[k], y: y.domain[k] })) },
    mark: { type: "point", opacity: 0 },
    encoding: {
      ...(xChannel === undefined ? {} : { x: xChannel }),
      y: { ...yChannel, axis: { ...yChannel.axis, orient: side } },
    },
  };
}

function contourLayers(
  contours: Lattice & { levels: readonly number[] },
  x: Axis,
  y: Axis,
  colour: string,
): ChartLayer[] {
  return contours.levels.map((level, k) => {
    const lines = contourLines(contours.x, contours.y, contours.values, level);
    const points = lines.flatMap((line) => [...line.map(([px, py]) => ({ px, py })), { px: null, py: null }]);
    return {
      name: `contour ${k}`,
      data: { values: points.map((point, i) => ({ i, ...point })) },
      mark: { type: "line", color: colour, strokeWidth: 1, opacity: 0.85, clip: true },
      encoding: {
        x: axisChannel("px", x, { grid: false }),
        y: axisChannel("py", y, { grid: false }),
        order: { field: "i", type: "quantitative" },
      },
    };
  });
}
