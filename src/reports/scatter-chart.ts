import { axisChannel, linearAxis } from "./axis.js";
import type { ChartPanel, ChartSpec } from "./chart-spec.js";
import { balancedColumns, type ChartHeading, panelGrid, panelTitle } from "./panel-grid.js";
import { dotLayers } from "./sample-plane-panel.js";
import { OKABE_ITO } from "./solver-style.js";

/** Points in the plane under a name. */
export interface ScatterPanel {
  readonly label: string;
  readonly note?: string;
  /** Row-major pairs. */
  readonly points: Float64Array;
  readonly colour?: string;
}

/** Panels of points on one scale, at most `columns` to a row. */
export interface ScatterChartOptions extends ChartHeading {
  readonly panels: readonly ScatterPanel[];
  readonly columns?: number;
  /** Both axes show [−extent, extent]; default: what holds 99 % of all points. */
  readonly extent?: number;
}

const WIDTH = 790;

/** Clouds of points side by side, on equal scales in x and y. */
export function scatterChart({ panels, columns: most = 4, extent, ...heading }: ScatterChartOptions): ChartSpec {
  const columns = balancedColumns(panels.length, most);
  const width = Math.min(250, Math.floor((WIDTH - 18 * (columns - 1)) / columns));
  const reach = extent ?? holding(panels);
  const axisOf = (name: string) => linearAxis([], name, { fixed: [-reach, reach], mostTicks: 6 });
  const charts = panels.map(({ label, note, points, colour = OKABE_ITO.blue }, i): ChartPanel => {
    const isFirst = i % columns === 0;
    const isLowest = i + columns >= panels.length;
    const x = axisChannel("x", axisOf("x₁"), { title: isLowest, labels: isLowest, grid: false });
    const y = axisChannel("y", axisOf("x₂"), { title: isFirst, labels: isFirst, grid: false });
    return {
      width,
      height: width,
      layer: [
        ...dotLayers({ points, colour, frame: [-reach, reach, -reach, reach], panels: panels.length, index: i, x, y }),
        ...panelTitle(i, label, width, note === undefined ? [] : [note]),
      ],
    };
  });
  return panelGrid(heading, charts, columns, WIDTH);
}

function holding(panels: readonly ScatterPanel[]): number {
  const sizes = Float64Array.from(panels.flatMap(({ points }) => Array.from(points, Math.abs))).sort();
  return sizes[Math.floor(0.99 * (sizes.length - 1))] ?? 1;
}
