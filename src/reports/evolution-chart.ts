import type { DensityEvolution } from "../experiments/fokker-planck-result.js";
import { heatMapChart } from "./heat-map-chart.js";
import type { ReportChart } from "./report.js";

/** The density that the equation's solution has through time, with lines of equal exact density where it is known. */
export function evolutionChart(
  { share, shareTitle, y, yTitle, volumes, exact }: DensityEvolution,
  { name = "density-evolution", title = "Solved density through time" } = {},
): ReportChart {
  // Columns of the picture are times.
  const turned = (rows: readonly (readonly number[])[]) => y.map((_, i) => rows.map((row) => row[i]!));
  const peak = volumes.flat().reduce((most, value) => Math.max(most, value), 0);
  const lattice = { x: share, y, values: turned(volumes) };
  return {
    kind: "chart",
    name,
    description: `${title}, by finite volumes${exact === null ? "" : ", with contours of the exact density"}.`,
    spec: heatMapChart({
      ...lattice,
      title,
      ...(exact === null ? {} : { subtitle: "Colours: finite volumes. Lines: exact density." }),
      xTitle: shareTitle,
      yTitle,
      valueTitle: "density",
      ...(exact === null
        ? {}
        : {
            contours: { x: share, y, values: turned(exact), levels: [0.1, 0.3, 0.6, 0.9].map((part) => part * peak) },
          }),
    }),
  };
}
