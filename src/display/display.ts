import type { NdArray } from "ndarray";
import { UsageError } from "../../solvers/errors.js";
import type { ChartSpec } from "../reports/chart-spec.js";
import { embedSvg } from "../reports/embed-svg.js";
import { type RecordValue, recordTable } from "../reports/record-table.js";
import { renderSvg } from "../reports/render-chart.js";
import { formatTable, type Table } from "../reports/table.js";
import { tableMarkdown } from "../reports/table-markdown.js";
import { arrayText } from "./array-text.js";
import { currentOutput, type Output } from "./output.js";

/** What `display` can show. */
export type Displayable =
  | ChartSpec
  | Table
  | NdArray<Float64Array>
  | readonly Readonly<Record<string, RecordValue>>[]
  | string;

/** Where `display` shows, and how wide text may be. */
export interface DisplayOptions {
  /** Default: the notebook cell that runs, or standard output. */
  readonly to?: Output;
  /** Characters per line of plain text. */
  readonly width?: number;
}

let charts = 0;

/**
 * Shows a chart, a table, records as a table, an array or Markdown: formatted in a tslab notebook, as plain text in a terminal.
 *
 * @throws UsageError for anything else
 */
export async function display(
  value: Displayable,
  { to = currentOutput(), width = 100 }: DisplayOptions = {},
): Promise<void> {
  if (typeof value === "string") return to.markdown(value);
  if (isRecords(value)) return display(recordTable(value), { to, width });
  if (isArray(value)) return to.text(arrayText(value, width));
  if (isTable(value)) return to.isRich ? to.markdown(tableMarkdown(value)) : to.text(formatTable(value, { width }));
  if (!isChart(value)) {
    throw new UsageError(
      "display: needs a chart, a table, records, an array or text, but got something else - use console.log",
    );
  }
  const heading = headingOf(value);
  if (!to.isRich) return to.text(`[chart] ${heading.join("\n        ")}\n`);
  charts += 1;
  to.picture(embedSvg(await renderSvg(value), `chart${charts}`, heading.join(" ")));
}

function isRecords(value: object): value is readonly Readonly<Record<string, RecordValue>>[] {
  return Array.isArray(value);
}

function isArray(value: object): value is NdArray<Float64Array> {
  return "shape" in value && "stride" in value && "get" in value;
}

function isTable(value: object): value is Table {
  return "columns" in value && "rows" in value && Array.isArray(value.rows);
}

function isChart(value: object): value is ChartSpec {
  return "$schema" in value && String(value.$schema).includes("vega-lite");
}

/** Title and subtitle, one string each. */
function headingOf(chart: ChartSpec): string[] {
  const { title } = chart;
  if (title === undefined || title === null) return ["no title"];
  if (typeof title === "string" || !("text" in title)) return [[title].flat().join(" ")];
  const subtitle = title.subtitle === undefined ? [] : [[title.subtitle].flat().join(" ")];
  return [[title.text].flat().join(" "), ...subtitle];
}
