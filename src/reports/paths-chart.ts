import type { MarginalsPanel, PathPanel } from "../experiments/compare-result.js";
import { axisChannel, linearAxis } from "./axis.js";
import type { ChartLayer, ChartPanel, ChartSpec } from "./chart-spec.js";
import { balancedColumns, type ChartHeading, panelGrid, panelTitle } from "./panel-grid.js";
import { encodePng, pngAddress, type Rgba } from "./png-image.js";
import { rasterise } from "./raster.js";
import { seriesStyles } from "./series-style.js";
import { thinLine } from "./thin-line.js";

const MOST_POINTS = 9000;
const SHADES = 64;

/** Heading of the chart, and the exact law through time to draw behind the paths. */
export interface PathsChartOptions extends Partial<ChartHeading> {
  readonly marginals?: MarginalsPanel;
}

/** A few sample paths of each solver, from noise on the left to data on the right. */
export function pathsChart(
  panels: readonly PathPanel[],
  { title, subtitle, marginals }: PathsChartOptions = {},
): ChartSpec {
  const styled = seriesStyles(panels);
  const columns = balancedColumns(styled.length, 3);
  const width = Math.floor((790 - 18 * (Math.max(columns, 2) - 1)) / Math.max(columns, 2));
  const height = Math.round(Math.min(220, 0.75 * width));
  const times = panels.flatMap((panel) => panel.times);
  const states = panels.flatMap((panel) => panel.states.flat()).filter((state) => Number.isFinite(state));
  const latest = Math.max(...times);
  const earliest = Math.min(...times);
  // Time runs backwards: the axis is of −t, labelled t.
  const timeAxis = linearAxis([], "t, from noise to data", { fixed: [-latest, -earliest], mostTicks: 6 });
  const stateAxis = linearAxis(states, "x");
  const most = Math.floor(
    MOST_POINTS /
      Math.max(
        1,
        panels.reduce((sum, panel) => sum + panel.states.length, 0),
      ),
  );
  const picture = marginals === undefined ? undefined : shade(marginals, timeAxis, stateAxis, width, height);
  const charts = styled.map((panel, i): ChartPanel => {
    const isFirst = i % columns === 0;
    const time = axisChannel("x", timeAxis, { title: i + columns >= styled.length, grid: false });
    const x = { ...time, axis: { ...time.axis, labelExpr: "replace(toString(-datum.value), '-', '−')" } };
    const y = axisChannel("y", stateAxis, { title: isFirst, labels: isFirst, grid: marginals === undefined });
    const lines = panel.states.map(
      (path, k): ChartLayer => ({
        name: `path ${k} of ${i}`,
        data: {
          values: [
            ...thinLine(
              path.map((state, j) => ({ x: -panel.times[j]!, y: state })),
              most,
            ),
          ],
        },
        mark: { type: "line", color: panel.colour, strokeWidth: 1, opacity: 0.85, clip: true },
        encoding: { x, y },
      }),
    );
    return {
      width,
      height,
      layer: [
        ...(picture === undefined ? [] : [pictureLayer(i, picture, width, height)]),
        ...lines,
        ...panelTitle(i, panel.label, width),
      ],
    };
  });
  const shading = marginals === undefined ? {} : { subtitle: "grey: exact density of the process at each time" };
  return panelGrid(
    { title: title ?? pathsHeadline(panels, marginals), ...(subtitle === undefined ? shading : { subtitle }) },
    charts,
    columns,
    790,
  );
}

/** The density through time in grey that lets the page show through, each time on its own scale. */
function shade(
  { times, x, density }: MarginalsPanel,
  timeAxis: Parameters<typeof rasterise>[1]["x"],
  stateAxis: Parameters<typeof rasterise>[1]["y"],
  width: number,
  height: number,
): string {
  const scaled = density.map((row) => row.map((value) => value / Math.max(...row)));
  const byState = x.map((_, j) => scaled.map((row) => row[j]!));
  const [from, to] = [Math.min(...x), Math.max(...x)];
  const lattice = { x: times.map((t) => -t), y: x, values: byState };
  const palette = Array.from({ length: SHADES }, (_, i): Rgba => [128, 128, 128, Math.round((130 * i) / (SHADES - 1))]);
  const pixels = rasterise(lattice, { x: timeAxis, y: stateAxis }, width, height, SHADES, (value) => value);
  for (let j = 0; j < height; j++) {
    const [low, high] = stateAxis.domain;
    const state = high - ((j + 0.5) / height) * (high - low);
    if (state < from || state > to) pixels.fill(0, j * width, (j + 1) * width);
  }
  return pngAddress(encodePng(pixels, width, height, palette));
}

function pictureLayer(index: number, url: string, width: number, height: number): ChartLayer {
  return {
    name: `exact law ${index}`,
    data: { values: [{}] },
    mark: { type: "image", url, width, height, aspect: false, align: "left", baseline: "top" },
    encoding: { x: { value: 0 }, y: { value: 0 } },
  };
}

/** How many of the paths end where the data live, when their density is known. */
function pathsHeadline(panels: readonly PathPanel[], marginals: MarginalsPanel | undefined): string {
  const ends = panels.flatMap(({ times, states }) => {
    const last = times.indexOf(Math.min(...times));
    return states.map((path) => path[last]!);
  });
  if (marginals === undefined) return `${ends.length} paths from noise to data`;
  const { x, times } = marginals;
  const density = marginals.density[times.indexOf(Math.min(...times))]!;
  const threshold = Math.max(...density) / 100;
  const isLikely = (end: number) => {
    const after = x.findIndex((node) => node >= end);
    return after > 0 && Math.max(density[after - 1]!, density[after]!) >= threshold;
  };
  const likely = ends.filter(isLikely).length;
  const count = likely === ends.length ? `All ${likely}` : `${likely} of ${ends.length}`;
  return `${count} paths end where the data are likely (density above a hundredth of its peak)`;
}
