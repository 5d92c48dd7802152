import type { SamplePanel, TruthPanel } from "../experiments/compare-result.js";
import { type AxisChannel, axisChannel, linearAxis } from "./axis.js";
import type { ChartLayer, ChartPanel } from "./chart-spec.js";
import { samplerTitle } from "./panel-grid.js";
import type { SolverStyle } from "./solver-style.js";
import { AXIS_COLOUR, BAND_COLOUR } from "./theme.js";
import { thinLine } from "./thin-line.js";

type TruthCurve = Extract<TruthPanel, { dimension: 1 }>;

/** Where a panel stands among the others: those at the rim carry the axis titles. */
export interface PanelPlace {
  readonly index: number;
  readonly width: number;
  readonly isFirst: boolean;
  readonly isLowest: boolean;
}

const BINS = 50;
/** Two to a pixel of a panel among others, 220 wide. */
const MOST_POINTS = 440;

/** Exact density as a filled curve, the sampler's law as a line, or its histogram where no law is known. */
export function linePanel(
  truth: TruthCurve,
  panel: SamplePanel & SolverStyle,
  all: readonly SamplePanel[],
  { index, width, isFirst, isLowest }: PanelPlace,
  note: string | undefined,
): ChartPanel {
  const from = truth.x[0]!;
  const to = truth.x.at(-1)!;
  const top =
    1.05 *
    Math.max(
      ...truth.density,
      ...all.flatMap(({ law, points }) => law?.density ?? histogram(points, from, to).map(({ density }) => density)),
    );
  const x = axisChannel("x", linearAxis([], "x", { fixed: [from, to], mostTicks: 6 }), {
    title: isLowest,
    grid: false,
  });
  const y = axisChannel("density", linearAxis([], "density", { fixed: [0, top], mostTicks: 5 }), {
    title: isFirst,
    labels: isFirst,
  });
  return {
    width,
    height: Math.round(0.62 * width),
    layer: [
      {
        name: `truth ${index}`,
        data: { values: curve(truth.x, truth.density, from, to) },
        mark: { type: "area", color: BAND_COLOUR, line: { color: AXIS_COLOUR, strokeWidth: 0.75 } },
        encoding: { x, y },
      },
      samplerLayer(index, panel, from, to, x, y),
      ...(all.length === 1 && note === undefined ? [] : samplerTitle(index, panel, width, note)),
    ],
  };
}

function samplerLayer(
  index: number,
  panel: SamplePanel & SolverStyle,
  from: number,
  to: number,
  x: AxisChannel,
  y: AxisChannel,
): ChartLayer {
  const { law, points, colour } = panel;
  if (law !== undefined) {
    return {
      name: `law ${index}`,
      data: { values: curve(law.x, law.density, from, to) },
      mark: { type: "line", color: colour, strokeWidth: 1.75, clip: true },
      encoding: { x, y },
    };
  }
  return {
    name: `histogram ${index}`,
    data: { values: histogram(points, from, to) },
    mark: { type: "line", interpolate: "step-after", color: colour, strokeWidth: 1.25, clip: true },
    encoding: { x, y },
  };
}

/** The points of a density within [from, to], no more than can be seen. */
function curve(x: readonly number[], density: readonly number[], from: number, to: number) {
  const points = x
    .map((value, i) => ({ x: value, y: density[i]! }))
    .filter((point) => point.x >= from && point.x <= to);
  return thinLine(points, MOST_POINTS).map((point) => ({ x: point.x, density: point.y }));
}

/** Densities of equal bins over [from, to]; samples outside count in the total, as they should. */
function histogram(points: Float64Array, from: number, to: number): { x: number; density: number }[] {
  const width = (to - from) / BINS;
  const counts = new Float64Array(BINS);
  for (const point of points) {
    const bin = Math.floor((point - from) / width);
    if (bin >= 0 && bin < BINS) counts[bin]! += 1;
  }
  const bars = Array.from(counts, (hits, i) => ({ x: from + i * width, density: hits / (points.length * width) }));
  return [...bars, { x: to, density: bars.at(-1)!.density }];
}
