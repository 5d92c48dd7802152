import type { MarginalsPanel } from "../experiments/compare-result.js";
import type { ChartSpec } from "./chart-spec.js";
import { type HeatMapOptions, heatMapChart } from "./heat-map-chart.js";

/** How a density through time is drawn. */
export interface DensityChartOptions
  extends Pick<HeatMapOptions, "title" | "subtitle" | "decades" | "width" | "height"> {
  /** `log` shows tails. */
  readonly colours?: "linear" | "log";
  /** Another density whose lines of equal value are laid on top, as the exact one. */
  readonly against?: MarginalsPanel;
}

/** A one-dimensional density through time as a heat map: time to the right, x upwards. */
export function densityChart(density: MarginalsPanel, { against, ...options }: DensityChartOptions): ChartSpec {
  const greatest = density.density.flat().reduce((most, value) => Math.max(most, value), 0);
  const levels = [0.5, 0.1, 0.01].map((share) => share * greatest);
  return heatMapChart({
    ...lattice(density),
    xTitle: "t",
    yTitle: "x",
    valueTitle: "density [1/unit of x]",
    ...(against === undefined ? {} : { contours: { ...lattice(against), levels } }),
    ...options,
  });
}

function lattice({ times, x, density }: MarginalsPanel) {
  return { x: times, y: x, values: x.map((_, row) => density.map((slice) => slice[row]!)) };
}
