import type { VerifyResult } from "../experiments/verify-result.js";
import type { Curves, Ledger } from "../verification/checks/verifications.js";
import { lineChart } from "./line-chart.js";
import { formatSignificant } from "./number-format.js";
import { prose, type Report, type ReportChart } from "./report.js";
import { reportTitle } from "./report-title.js";
import type { Table } from "./table.js";
import { verdictHeadline } from "./verdict-headline.js";
import { statementTable, verdictTable } from "./verdict-table.js";

/** The report of `verify`: verdicts, the statements they belong to, curves and ledgers. */
export function verifyReport(result: VerifyResult): Report {
  const { checks, ledgers, curves, stamp } = result;
  return {
    title: reportTitle("verify", result),
    answer: `${verdictHeadline(checks)}.`,
    stamp,
    sections: [
      {
        heading: "Verdicts",
        blocks: [
          prose(
            "Every line is an identity that holds when SDE, law, score and solvers belong together. Bounds are derived from the error of the measurement itself, as the last column says. The number of a statement refers to the list at the end.",
          ),
          { kind: "table", table: verdictTable(checks) },
        ],
      },
      ...(curves.length === 0 ? [] : [{ heading: "Along the process", blocks: curves.map(curveChart) }]),
      ...ledgers.map((ledger) => ({
        heading: ledger.title,
        blocks: [{ kind: "table" as const, table: ledgerTable(ledger) }],
      })),
      { heading: "Statements", blocks: [{ kind: "table", table: statementTable(checks) }] },
    ],
  };
}

function curveChart({ name, title, xTitle, yTitle, yScale = "linear", lines }: Curves): ReportChart {
  return {
    kind: "chart",
    name,
    description: `${title}: ${lines.map(({ label }) => label).join(", ")}.`,
    spec: lineChart({ title, xTitle, yTitle, yScale, lines }),
  };
}

function ledgerTable({ columns, rows, note }: Ledger): Table {
  const isCount = (k: number) => rows.every((row) => Number.isInteger(row[k]));
  return {
    columns: columns.map((title, k) => ({
      title,
      align: typeof rows[0]?.[k] === "string" ? "left" : "decimal",
    })),
    rows: rows.map((row) => ({
      cells: row.map((cell, k) => ({
        text: typeof cell === "string" ? cell : isCount(k) ? String(cell) : formatSignificant(cell, 4),
      })),
    })),
    caption: note,
  };
}
