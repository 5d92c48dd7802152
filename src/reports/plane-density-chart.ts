import type { PlaneDensity, PlaneMap } from "../experiments/fokker-planck-result.js";
import { axisChannel, linearAxis } from "./axis.js";
import type { ChartPanel } from "./chart-spec.js";
import { COLOUR_STEPS, viridis } from "./colour-maps.js";
import { cornerLayer, imageLayer } from "./heat-map-chart.js";
import { formatSignificant } from "./number-format.js";
import { panelGrid, panelTitle } from "./panel-grid.js";
import { encodePng, pngAddress, type Rgba } from "./png-image.js";
import { rasterise } from "./raster.js";
import type { ReportChart } from "./report.js";
import { dotLayers, truthContours } from "./sample-plane-panel.js";
import { OKABE_ITO } from "./solver-style.js";

const WIDTH = 790;
const COLUMNS = 3;
const PANEL = 230;
/** Samples drawn in a panel, so that a chart of three stays under 200 kB. */
const MOST_DOTS = 800;
const GREY: Rgba = [128, 128, 128, 255];

/** Exact density, finite volumes and samples beside one another, a row for each time. */
export function planeDensityChart(densities: readonly PlaneDensity[]): ReportChart {
  const panels = densities.flatMap(({ exact, volumes, samples }, row) => {
    const time = `t = ${formatSignificant(exact.t, 3)}`;
    const peak = greatest(exact);
    const place = (column: number, label: string, note: string): PanelPlace => ({
      ...{ index: COLUMNS * row + column, label, notes: [note] },
      ...{ isFirst: column === 0, isLowest: row === densities.length - 1 },
    });
    return [
      mapPanel(exact, peak, place(0, `exact, ${time}`, `peak ${formatSignificant(peak, 3)}`)),
      ...(volumes === null
        ? []
        : [mapPanel(volumes, peak, place(1, "finite volumes", `peak ${formatSignificant(greatest(volumes), 3)}`))]),
      samplesPanel(exact, samples, place(2, "samples", dotsNote(samples, "forward"))),
    ];
  });
  const title = "Density through time: exact, solved by finite volumes, sampled";
  return {
    kind: "chart",
    name: "density-plane",
    description: `${title}, at ${densities.length} times.`,
    spec: panelGrid(
      {
        title,
        subtitle:
          "Colours: from zero (dark) to the peak of the exact density (bright), one scale per time. Lines: half and 95% of its mass.",
      },
      panels,
      COLUMNS,
      WIDTH,
    ),
  };
}

/** Samples of the reverse SDE at the end of its run beside the exact density. */
export function planeGeneratedChart({ exact, samples }: PlaneDensity): ReportChart {
  const peak = greatest(exact);
  const place = (index: number, label: string, note: string): PanelPlace => ({
    ...{ index, label, notes: [note], isFirst: index === 0, isLowest: true },
  });
  const title = `Density and samples of the reverse SDE at t = ${formatSignificant(exact.t, 3)}`;
  return {
    kind: "chart",
    name: "generated-plane",
    description: `${title}.`,
    spec: panelGrid(
      { title, subtitle: "Lines: half and 95% of the mass of the exact density." },
      [
        mapPanel(exact, peak, place(0, "exact", `peak ${formatSignificant(peak, 3)}`)),
        samplesPanel(exact, samples, place(1, "samples", dotsNote(samples, "reverse"))),
      ],
      COLUMNS,
      WIDTH,
    ),
  };
}

/** The length of a residual over the plane at several times. */
export function planeResidualChart(maps: readonly PlaneMap[]): ReportChart {
  const title = "Residual of the score equation over max |∂s/∂t|";
  const panels = maps.map((map, index) => {
    const peak = greatest(map);
    const notes = [`from zero to ${formatSignificant(peak, 3)}`];
    const label = `t = ${formatSignificant(map.t, 3)}`;
    return mapPanel(map, peak, { index, label, notes, isFirst: index === 0, isLowest: true, ownFrame: true });
  });
  return {
    kind: "chart",
    name: "score-residual",
    description: `${title}, its length over the plane at ${maps.length} times.`,
    spec: panelGrid(
      {
        title,
        subtitle: "Colours: from zero (dark) to the value named above each panel (bright); grey: next to no mass.",
      },
      panels,
      COLUMNS,
      WIDTH,
    ),
  };
}

function dotsNote({ length }: Float64Array, way: string): string {
  const count = length / 2;
  return `${count > MOST_DOTS ? `the first ${MOST_DOTS} of ${count}` : count} of the ${way} SDE`;
}

/** Where a panel stands and what is written above it. */
interface PanelPlace {
  readonly index: number;
  readonly label: string;
  readonly notes: readonly string[];
  /** Whether the axes upwards and along are titled. */
  readonly isFirst: boolean;
  readonly isLowest: boolean;
  /** True where the first panel's axis upwards is not this one's. */
  readonly ownFrame?: boolean;
}

function mapPanel(
  map: PlaneMap,
  peak: number,
  { index, label, notes, isFirst, isLowest, ownFrame = false }: PanelPlace,
): ChartPanel {
  const { x, y } = axesOf(map);
  const height = heightOf(map);
  const shade = (value: number) => (peak > 0 ? value / peak : 0);
  const pixels = rasterise(map, { x, y }, PANEL, height, COLOUR_STEPS, shade);
  const picture = pngAddress(encodePng(pixels, PANEL, height, [...viridis(), GREY]));
  return {
    width: PANEL,
    height,
    layer: [
      imageLayer(`picture ${index}`, picture, PANEL, height),
      cornerLayer(`axes ${index}`, x, y, "left", { titleY: isFirst, labelsY: isFirst || ownFrame, titleX: isLowest }),
      ...panelTitle(index, label, PANEL, notes),
    ],
  };
}

function samplesPanel(
  exact: PlaneMap,
  samples: Float64Array,
  { index, label, notes, isFirst, isLowest }: PanelPlace,
): ChartPanel {
  const axes = axesOf(exact);
  const x = axisChannel("x", axes.x, { title: isLowest, grid: false });
  const y = axisChannel("y", axes.y, { title: isFirst, labels: isFirst, grid: false });
  const frame = [...axes.x.domain, ...axes.y.domain];
  return {
    width: PANEL,
    height: heightOf(exact),
    layer: [
      ...truthContours({ x: exact.x, y: exact.y, density: exact.values }, index, { x, y }),
      ...dotLayers({
        points: samples.subarray(0, 2 * MOST_DOTS),
        colour: OKABE_ITO.blue,
        frame,
        panels: 1,
        index,
        x,
        y,
      }),
      ...panelTitle(index, label, PANEL, notes),
    ],
  };
}

function axesOf({ x, y }: PlaneMap) {
  const axis = (nodes: readonly number[], name: string) =>
    linearAxis([], name, { fixed: [nodes[0]!, nodes.at(-1)!], mostTicks: 6 });
  return { x: axis(x, "x₁"), y: axis(y, "x₂") };
}

/** Equal scales along and upwards, within reason. */
function heightOf({ x, y }: PlaneMap): number {
  const ratio = (y.at(-1)! - y[0]!) / (x.at(-1)! - x[0]!);
  return Math.round(PANEL * Math.max(0.4, Math.min(1.6, ratio)));
}

/** The greatest value that is a number. */
function greatest({ values }: PlaneMap): number {
  return values.flat().reduce((most, value) => (value > most ? value : most), 0);
}
