import type { SamplePanel, TruthPanel } from "../experiments/compare-result.js";
import type { ChartSpec } from "./chart-spec.js";
import { balancedColumns, type ChartHeading, panelGrid } from "./panel-grid.js";
import { linePanel } from "./sample-line-panel.js";
import { planePanel } from "./sample-plane-panel.js";
import { seriesStyles } from "./series-style.js";

/** Heading of the chart and a figure for each panel. */
export interface SamplesChartOptions extends Partial<ChartHeading> {
  /** Stands under the panel's name, as `W₂ 0.0123`. */
  readonly note?: (panel: SamplePanel) => string | undefined;
}

/** Pixels of a panel that has no others beside it. */
const LONE_WIDTH = 560;

/** What samplers give, each against the exact data density; for targets of one or two dimensions. */
export function samplesChart(
  truth: TruthPanel,
  samples: readonly SamplePanel[],
  {
    title = "What the samplers give, against the exact density",
    subtitle,
    note = () => undefined,
  }: SamplesChartOptions = {},
): ChartSpec {
  const styled = seriesStyles(samples.filter((panel) => panel.dimension === truth.dimension));
  const columns = balancedColumns(styled.length, 4);
  const perRow = Math.max(columns, 3);
  const width = styled.length === 1 ? LONE_WIDTH : Math.min(220, Math.floor((790 - 18 * (perRow - 1)) / perRow));
  const isFirst = (i: number) => i % columns === 0;
  const isLowest = (i: number) => i + columns >= styled.length;
  const panels = styled.map((panel, i) => {
    const place = { index: i, width, isFirst: isFirst(i), isLowest: isLowest(i) };
    return truth.dimension === 1
      ? linePanel(truth, panel, styled, place, note(panel))
      : planePanel(truth, panel, styled.length, place, note(panel));
  });
  const how =
    truth.dimension === 1
      ? samples.some(({ law }) => law === undefined)
        ? "grey: exact density of the data; line: exact law of the sampler's output, or a histogram where none is known"
        : "grey: exact density of the data; line: exact law of the sampler's output"
      : "contours: regions that hold 50% and 95% of the exact density; dots: samples";
  return panelGrid({ title, subtitle: subtitle ?? how }, panels, columns, 790);
}
