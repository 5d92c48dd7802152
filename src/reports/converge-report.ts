import type { ConvergeResult } from "../experiments/converge-result.js";
import { convergeChart, convergeHeadline } from "./converge-chart.js";
import { convergeTable, statements } from "./converge-table.js";
import { prose, type Report } from "./report.js";
import { reportTitle } from "./report-title.js";

/** The report of `converge`: certificates, chart, every ratio. */
export function convergeReport(result: ConvergeResult): Report {
  const { rows } = result;
  const kinds = [...new Set(rows.flatMap(({ kind, against }) => (kind === null ? [] : [`${kind}: ${against}`])))];
  return {
    title: reportTitle("converge", result),
    answer: `${convergeHeadline(result)}.`,
    sections: [
      {
        heading: "Certificates",
        blocks: statements(result).map((text) => prose(text)),
      },
      {
        heading: "Error against steps",
        blocks: [
          prose(`What errors are held against. ${kinds.map((kind) => `${kind}.`).join(" ")}`),
          {
            kind: "chart",
            name: "convergence",
            spec: convergeChart(result),
            description: `Error against number of steps, both logarithmic. ${convergeHeadline(result)}.`,
          },
        ],
      },
      {
        heading: "Every ratio",
        blocks: [
          prose(
            "An order is certified when the last three ratios above the floor lie within 0.1 (a twentieth of orders above 2) and two standard errors of it, and the error keeps its direction. Ratios at the floor of rounding or quadrature are left out.",
          ),
          { kind: "table", table: convergeTable(result) },
        ],
      },
    ],
    stamp: result.stamp,
  };
}
