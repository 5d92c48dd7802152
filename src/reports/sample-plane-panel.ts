import type { SamplePanel, TruthPanel } from "../experiments/compare-result.js";
import { type AxisChannel, axisChannel, linearAxis } from "./axis.js";
import type { ChartLayer, ChartPanel } from "./chart-spec.js";
import { contourLines } from "./contour-lines.js";
import { massLevels } from "./mass-levels.js";
import { samplerTitle } from "./panel-grid.js";
import type { PanelPlace } from "./sample-line-panel.js";
import type { SolverStyle } from "./solver-style.js";
import { AXIS_COLOUR } from "./theme.js";

type TruthLattice = Extract<TruthPanel, { dimension: 2 }>;

const MOST_POINTS = 2000;
/** Dots of all panels together, so that the chart stays under 200 kB. */
const MOST_DOTS = 7000;
/** A path paints its dots once: dots in several paths darken where they lie on each other. */
const LAYERS = 6;

/** Dots over the contours of the exact density, on equal scales in x and y. */
export function planePanel(
  truth: TruthLattice,
  panel: SamplePanel & SolverStyle,
  panels: number,
  { index, width, isFirst, isLowest }: PanelPlace,
  note: string | undefined,
): ChartPanel {
  const [left, right, low, high] = [truth.x[0]!, truth.x.at(-1)!, truth.y[0]!, truth.y.at(-1)!];
  const x = axisChannel("x", linearAxis([], "x₁", { fixed: [left, right], mostTicks: 6 }), {
    title: isLowest,
    grid: false,
  });
  const y = axisChannel("y", linearAxis([], "x₂", { fixed: [low, high], mostTicks: 6 }), {
    title: isFirst,
    labels: isFirst,
    grid: false,
  });
  const height = Math.round((width * (high - low)) / (right - left));
  const { points, colour } = panel;
  const dots = dotLayers({ points, colour, frame: [left, right, low, high], panels, index, x, y });
  return {
    width,
    height,
    layer: [
      ...truthContours(truth, index, { x, y }),
      ...dots,
      // A panel alone has the title of the chart.
      ...(panels === 1 && note === undefined ? [] : samplerTitle(index, panel, width, note)),
    ],
  };
}

/** Contours that hold 50 and 95 per cent of the mass of a density on an evenly spaced lattice. */
export function truthContours(
  { x, y, density }: Pick<TruthLattice, "x" | "y" | "density">,
  index: number,
  channels: { readonly x: AxisChannel; readonly y: AxisChannel },
): ChartLayer[] {
  return massLevels(density, [0.5, 0.95]).map(
    (level, i): ChartLayer => ({
      name: `contour ${i} of ${index}`,
      data: { values: brokenPath(contourLines(x, y, density, level)) },
      mark: { type: "line", color: AXIS_COLOUR, strokeWidth: 1, clip: true },
      encoding: { ...channels, order: { field: "i", type: "quantitative" } },
    }),
  );
}

/** A cloud of points and the plot it is drawn in; `panels` share the chart. */
export interface DotCloud {
  /** Row-major pairs. */
  readonly points: Float64Array;
  readonly colour: string;
  /** Left, right, low, high: points outside are left out. */
  readonly frame: readonly number[];
  readonly panels: number;
  readonly index: number;
  readonly x: AxisChannel;
  readonly y: AxisChannel;
}

/** The first points as dots that darken where they lie on each other. */
export function dotLayers({ points, colour, frame, panels, index, x, y }: DotCloud): ChartLayer[] {
  const count = Math.min(points.length / 2, MOST_POINTS, Math.floor(MOST_DOTS / panels));
  const opacity = Math.max(0.25, Math.min(0.8, 400 / count));
  return Array.from(
    { length: LAYERS },
    (_, layer): ChartLayer => ({
      name: `dots ${layer} of ${index}`,
      data: { values: dotPath(points, count, layer, frame) },
      mark: { type: "line", color: colour, strokeWidth: 2.2, strokeCap: "round", strokeOpacity: opacity, clip: true },
      encoding: { x, y, order: { field: "i", type: "quantitative" } },
    }),
  );
}

interface PathPoint {
  readonly i: number;
  readonly x: number | null;
  readonly y: number | null;
}

/** Lines as one path with gaps between them. */
function brokenPath(lines: readonly (readonly (readonly [number, number])[])[]): PathPoint[] {
  return lines
    .flatMap((line) => [...line.map(([x, y]) => ({ x, y })), { x: null, y: null }])
    .map((point, i) => ({ i, ...point }));
}

/** Every `LAYERS`-th sample as a line of no length, which a round cap turns into a dot: 15 bytes each. */
function dotPath(points: Float64Array, count: number, layer: number, frame: readonly number[]): PathPoint[] {
  const [left = 0, right = 0, low = 0, high = 0] = frame;
  const lines: [number, number][][] = [];
  for (let row = layer; row < count; row += LAYERS) {
    const x = points[2 * row]!;
    const y = points[2 * row + 1]!;
    if (x >= left && x <= right && y >= low && y <= high) lines.push([[x, y]]);
  }
  return brokenPath(lines);
}
