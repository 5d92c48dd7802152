import { axisChannel, linearAxis } from "./axis.js";
import type { ChartLayer, ChartPanel, ChartSpec } from "./chart-spec.js";
import { balancedColumns, type ChartHeading, panelGrid, panelTitle } from "./panel-grid.js";
import { dotLayers } from "./sample-plane-panel.js";
import { OKABE_ITO } from "./solver-style.js";
import { AXIS_COLOUR } from "./theme.js";

/** A vector field on points of the plane, and points to draw behind it. */
export interface FieldPanel {
  readonly label: string;
  readonly note?: string;
  /** Row-major pairs: where the arrows start. */
  readonly at: Float64Array;
  /** Row-major pairs: the field there. */
  readonly field: Float64Array;
  /** Row-major pairs drawn behind the arrows. */
  readonly points?: Float64Array;
}

/** Panels of arrows on one scale. */
export interface FieldChartOptions extends ChartHeading {
  readonly panels: readonly FieldPanel[];
  /** Both axes show [−extent, extent]. */
  readonly extent: number;
  /** Length of the longest arrows in the unit of the axes; default extent/8. */
  readonly longest?: number;
}

const WIDTH = 790;

/** Arrows of a field, strong ones cut down: length |v|/(|v| + median |v|) of the longest. */
export function fieldChart({ panels, extent, longest = extent / 8, ...heading }: FieldChartOptions): ChartSpec {
  const columns = balancedColumns(panels.length, 3);
  const width = Math.min(300, Math.floor((WIDTH - 18 * (columns - 1)) / columns));
  const axisOf = (name: string) => linearAxis([], name, { fixed: [-extent, extent], mostTicks: 6 });
  const charts = panels.map(({ label, note, at, field, points }, index): ChartPanel => {
    const isFirst = index % columns === 0;
    const x = axisChannel("x", axisOf("x₁"), { grid: false });
    const y = axisChannel("y", axisOf("x₂"), { title: isFirst, labels: isFirst, grid: false });
    const frame = [-extent, extent, -extent, extent];
    const cloud =
      points === undefined ? [] : dotLayers({ points, colour: AXIS_COLOUR, frame, panels: panels.length, index, x, y });
    const layer: ChartLayer = {
      name: `arrows ${index}`,
      data: { values: arrowPath(at, field, longest) },
      mark: { type: "line", color: OKABE_ITO.blue, strokeWidth: 1.1, strokeCap: "round", clip: true },
      encoding: { x, y, order: { field: "i", type: "quantitative" } },
    };
    return {
      width,
      height: width,
      layer: [...cloud, layer, ...panelTitle(index, label, width, note === undefined ? [] : [note])],
    };
  });
  return panelGrid(heading, charts, columns, WIDTH);
}

/** All arrows as one path with gaps: the shaft, and two barbs a third of its length. */
function arrowPath(at: Float64Array, field: Float64Array, longest: number) {
  const sizes = Float64Array.from({ length: at.length / 2 }, (_, i) => Math.hypot(field[2 * i]!, field[2 * i + 1]!));
  const median = sizes.slice().sort()[sizes.length >> 1] ?? 1;
  const lines = Array.from(sizes, (size, i): (readonly [number | null, number | null])[] => {
    const [x, y] = [at[2 * i]!, at[2 * i + 1]!];
    const scale = longest / (size + (median || 1));
    const [dx, dy] = [scale * field[2 * i]!, scale * field[2 * i + 1]!];
    const tip = [x + dx, y + dy] as const;
    const barb = (side: number) =>
      [tip[0] - 0.32 * dx - side * 0.18 * dy, tip[1] - 0.32 * dy + side * 0.18 * dx] as const;
    return [[x, y], tip, barb(1), [null, null], tip, barb(-1), [null, null]];
  });
  return lines.flat().map(([x, y], i) => ({ i, x, y }));
}
