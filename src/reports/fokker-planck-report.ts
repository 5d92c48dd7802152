import { numberText } from "../../solvers/number-text.js";
import type { DensitySlice, FokkerPlanckOutcome, FokkerPlanckPictures } from "../experiments/fokker-planck-result.js";
import { evolutionChart } from "./evolution-chart.js";
import { heatMapChart } from "./heat-map-chart.js";
import { type Line, lineChart } from "./line-chart.js";
import { planeDensityChart, planeGeneratedChart, planeResidualChart } from "./plane-density-chart.js";
import { prose, type Report, type ReportChart } from "./report.js";
import { reportTitle } from "./report-title.js";
import { OKABE_ITO } from "./solver-style.js";
import { AXIS_COLOUR } from "./theme.js";
import { verdictHeadline } from "./verdict-headline.js";
import { controlTable, statementTable, verdictTable } from "./verdict-table.js";

const SOLID = [1, 0];

/** The report of `fokker-planck`: verdicts, planted mistakes, density through time, slices, residual map. */
export function fokkerPlanckReport({ result, pictures }: FokkerPlanckOutcome): Report {
  const { checks, controls, stamp } = result;
  return {
    title: reportTitle("fokker-planck", result),
    answer: `${verdictHeadline(checks, controls)}.`,
    stamp,
    sections: [
      {
        heading: "Verdicts",
        blocks: [
          prose(
            "Every line is an identity that holds when SDE, score, equation and samplers belong together. Bounds are derived from the error of the measurement itself, as the last column says. The number of a statement refers to the list at the end.",
          ),
          { kind: "table", table: verdictTable(checks) },
        ],
      },
      ...(controls.length === 0
        ? []
        : [
            {
              heading: "Planted mistakes",
              blocks: [
                prose("The same checks, run on purpose with something wrong: a check that cannot fail shows nothing."),
                { kind: "table" as const, table: controlTable(controls) },
              ],
            },
          ]),
      {
        heading: "Density through time",
        blocks: [
          ...(pictures.evolution === null ? [] : [evolutionChart(pictures.evolution)]),
          ...(pictures.plane === null ? [] : [planeDensityChart(pictures.plane.densities)]),
          ...pictures.slices.map((slice, k) =>
            sliceChart(slice, `density-${k + 1}`, `Density at t = ${numberText(slice.t, 3)}`),
          ),
        ],
      },
      ...(pictures.generated === null
        ? []
        : [
            {
              heading: "What the learned score generates",
              blocks: [
                sliceChart(
                  pictures.generated,
                  "generated-density",
                  `Density of the reverse equation at t = ${numberText(pictures.generated.t, 3)}`,
                ),
              ],
            },
          ]),
      ...(pictures.plane === null
        ? []
        : [
            {
              heading: "What the reverse SDE generates",
              blocks: [planeGeneratedChart(pictures.plane.generated)],
            },
          ]),
      ...residualBlocks(pictures),
      { heading: "Statements", blocks: [{ kind: "table", table: statementTable(checks) }] },
    ],
  };
}

function sliceChart(slice: DensitySlice, name: string, title: string): ReportChart {
  const { x, volumes, exact, samples } = slice;
  const lines: Line[] = [
    ...(samples === null
      ? []
      : [{ label: "samples", ...histogram(samples, x[0]!, x[x.length - 1]!), colour: AXIS_COLOUR, dash: SOLID }]),
    { label: "finite volumes", x, y: volumes, colour: OKABE_ITO.blue, dash: SOLID },
    ...(exact === null ? [] : [{ label: "exact", x, y: exact, colour: OKABE_ITO.vermilion, dash: [7, 5] }]),
  ];
  return {
    kind: "chart",
    name,
    description: `${title}: ${lines.map(({ label }) => label).join(", ")}.`,
    spec: lineChart({ title, xTitle: "x", yTitle: "density", lines, height: 220 }),
  };
}

/** Outline of a histogram of about twice the cube root of the number of samples. */
function histogram(samples: Float64Array, low: number, high: number): { x: number[]; y: number[] } {
  const bins = Math.max(10, Math.round(2 * Math.cbrt(samples.length)));
  const width = (high - low) / bins;
  const counts = new Float64Array(bins);
  for (const value of samples) {
    const bin = Math.floor((value - low) / width);
    if (bin >= 0 && bin < bins) counts[bin] = counts[bin]! + 1;
  }
  const x: number[] = [];
  const y: number[] = [];
  counts.forEach((count, k) => {
    x.push(low + k * width, low + (k + 0.999) * width);
    y.push(count / (samples.length * width), count / (samples.length * width));
  });
  return { x, y };
}

function residualBlocks({ residual, plane }: FokkerPlanckPictures): Report["sections"] {
  const charts = [
    ...(residual === null ? [] : [residualChart(residual)]),
    ...(plane === null ? [] : [planeResidualChart(plane.residual)]),
  ];
  return charts.length === 0 ? [] : [{ heading: "Residual of the score equation", blocks: charts }];
}

function residualChart({ times, residual }: NonNullable<FokkerPlanckPictures["residual"]>): ReportChart {
  const columns = residual[0]!.length;
  const places = Array.from({ length: columns }, (_, i) => i / (columns - 1));
  return {
    kind: "chart",
    name: "score-residual",
    description:
      "Residual of the score equation over place and time, relative to the largest time derivative of the score.",
    spec: heatMapChart({
      title: "Residual of the score equation over max |∂s/∂t|",
      xTitle: "time, equal steps of log-SNR from data to noise",
      yTitle: "place between the quantiles 1e-4 and 1 − 1e-4",
      valueTitle: "relative residual",
      colours: "diverging",
      x: times.map((_, k) => k / (times.length - 1)),
      y: places,
      values: places.map((_, i) => residual.map((row) => row[i]!)),
    }),
  };
}
