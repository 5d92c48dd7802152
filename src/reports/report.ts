import type { Stamp } from "../experiments/compare-result.js";
import type { ChartSpec } from "./chart-spec.js";
import type { Table } from "./table.js";

/** A chart of a report; its name is that of its picture files. */
export interface ReportChart {
  readonly kind: "chart";
  readonly name: string;
  readonly spec: ChartSpec;
  /** What the chart shows, for readers who cannot see it. */
  readonly description: string;
}

/** One part of a section. Text is plain: markup in it is shown as it stands. */
export type ReportBlock =
  | { readonly kind: "prose"; readonly text: string }
  | ReportChart
  | { readonly kind: "table"; readonly table: Table };

/** A heading and what stands under it. */
export interface ReportSection {
  readonly heading: string;
  readonly blocks: readonly ReportBlock[];
}

/** A page that reads from top to bottom: answer, chart, table, detail, and the stamp that reproduces it. */
export interface Report {
  readonly title: string;
  /** The answer in one sentence. */
  readonly answer: string;
  readonly sections: readonly ReportSection[];
  readonly stamp: Stamp;
}

/** A paragraph. */
export function prose(text: string): ReportBlock {
  return { kind: "prose", text };
}

/** The charts of a report in reading order. */
export function reportCharts(report: Report): ReportChart[] {
  return report.sections.flatMap(({ blocks }) => blocks.filter((block) => block.kind === "chart"));
}
