import type { ConvergeResult, ConvergeRow } from "../experiments/converge-result.js";
import { formatEstimate, formatSignificant } from "./number-format.js";
import { runLabel } from "./run-label.js";
import { seriesStyles } from "./series-style.js";
import { formatTable, type Table, type TableCell, type TableFormat, type TableRow } from "./table.js";
import { tableMarkdown } from "./table-markdown.js";
import { wrapWords } from "./wrap-words.js";

/** Every error and every order of a `converge` run, the declared order beside each. */
export function convergeTable(result: ConvergeResult): Table {
  const styles = seriesStyles(result.rows.map((row) => ({ label: runLabel(row), solver: row.solver })));
  const hasNotes = result.rows.some(({ ratios }) => ratios.some(({ note }) => note !== ""));
  const rows = result.rows.flatMap((row, i) => {
    const { colour, shape } = styles[i]!;
    return pointRows(row, hasNotes).map(
      (cells): TableRow => ({ cells, swatch: { colour, shape, isDashed: row.stochastic } }),
    );
  });
  return {
    columns: [
      { title: "solver", align: "left" },
      { title: "error of", align: "left", leaves: 2 },
      { title: "steps", align: "decimal" },
      { title: "error", align: "decimal" },
      { title: "order", align: "decimal" },
      { title: "expected", align: "decimal" },
      ...(hasNotes ? [{ title: "note", align: "left" as const, leaves: 1 }] : []),
    ],
    rows,
    caption:
      "order: ln(e₁/e₂)/ln(N₂/N₁) of a row and the one above it. All runs start from the exact law at tMax and are held against tMin.",
  };
}

/** The table and, under it, what is certified of each solver, as text for a terminal. */
export function convergeText(result: ConvergeResult, format: TableFormat = {}): string {
  return `${formatTable(convergeTable(result), format)}\n${statements(result)
    .flatMap((line) => wrapWords(line, format.width ?? Number.POSITIVE_INFINITY, { indent: 2 }))
    .map((line) => `${line}\n`)
    .join("")}`;
}

/** The same in Markdown. */
export function convergeMarkdown(result: ConvergeResult): string {
  const lines = statements(result).map((line) => `- ${line.replace(/[\\`*_[<>]/g, "\\$&")}\n`);
  return `${tableMarkdown(convergeTable(result))}\n${lines.join("")}`;
}

/** One sentence per solver: its certificate, or why it has none. */
export function statements({ rows }: ConvergeResult): string[] {
  return rows.map((row) => `${runLabel(row)}: ${row.statement}`);
}

function pointRows(row: ConvergeRow, hasNotes: boolean): TableCell[][] {
  const { points, ratios, kind, distance, expected } = row;
  return points.map(({ steps, error, standardError }, i) => {
    const ratio = ratios[i - 1];
    const order = ratio?.order ?? null;
    const text =
      order === null || ratio?.standardError === null || ratio === undefined
        ? order?.toFixed(2)
        : formatEstimate({ value: order, standardError: ratio.standardError });
    const isOff = order !== null && ratio?.counts === true && Math.abs(order - expected) > row.band;
    return [
      { text: runLabel(row) },
      { text: `${kind}, ${distance}` },
      { text: String(steps) },
      { text: standardError === null ? formatSignificant(error, 3) : formatEstimate({ value: error, standardError }) },
      { text: text ?? "–", ...(ratio?.counts === false ? { tone: "quiet" } : isOff ? { tone: "bad" } : {}) },
      { text: i === 0 ? "" : String(expected) },
      ...(hasNotes ? [{ text: ratio?.note ?? "", tone: "quiet" as const }] : []),
    ];
  });
}
