import type { ChartLayer, ChartPanel, ChartSpec } from "./chart-spec.js";
import { wrapText } from "./text-width.js";
import { CHART_CONFIG, INK, LABEL_SIZE, MUTED_INK, TITLE_SIZE } from "./theme.js";

const PANEL_TITLE_SIZE = 13;
const LINE_HEIGHT = 16;

/** Heading of a chart: the sentence that answers its question, and how to read it. */
export interface ChartHeading {
  readonly title: string;
  readonly subtitle?: string;
}

/** Heading of a chart, broken to lines that fit `width` pixels. */
export function chartTitle({ title, subtitle }: ChartHeading, width: number) {
  return {
    text: wrapText(title, width, TITLE_SIZE, true),
    ...(subtitle === undefined ? {} : { subtitle: wrapText(subtitle, width, LABEL_SIZE) }),
  };
}

/**
 * Title of one panel of several, as text above its plot: a name, and notes beneath in lighter ink, both broken to the
 * panel's width. `index` is the panel's place in its chart.
 */
export function panelTitle(index: number, name: string, width: number, notes: readonly string[] = []): ChartLayer[] {
  const lines = [
    ...wrapText(name, width, PANEL_TITLE_SIZE, true).map((text) => ({ text, isName: true })),
    ...(notes.length === 0
      ? []
      : wrapText(notes.join(", "), width, LABEL_SIZE).map((text) => ({ text, isName: false }))),
  ];
  return lines.map(
    ({ text, isName }, k): ChartLayer => ({
      name: `title ${k} of ${index}`,
      data: { values: [{}] },
      mark: {
        type: "text",
        text,
        align: "left",
        baseline: "bottom",
        fontSize: isName ? PANEL_TITLE_SIZE : LABEL_SIZE,
        fontWeight: isName ? "bold" : "normal",
        color: isName ? INK : MUTED_INK,
      },
      encoding: { x: { value: 0 }, y: { value: -8 - LINE_HEIGHT * (lines.length - 1 - k) } },
    }),
  );
}

/** Title of a panel that shows one solver at one cost. */
export function samplerTitle(
  index: number,
  panel: { readonly label: string; readonly evaluations: number },
  width: number,
  note: string | undefined,
): ChartLayer[] {
  const cost = `${Math.round(panel.evaluations)} evaluations`;
  return panelTitle(index, panel.label, width, note === undefined ? [cost] : [cost, note]);
}

/** Panels of equal size in rows, at most `columns` to a row, under one heading. */
export function panelGrid(
  heading: ChartHeading,
  panels: readonly ChartPanel[],
  columns: number,
  width: number,
): ChartSpec {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: { ...CHART_CONFIG, concat: { spacing: 18 } },
    padding: 8,
    title: chartTitle(heading, width),
    columns,
    concat: [...panels],
  };
}

/** Columns that leave no row nearly empty: 7 panels come as 4 and 3, 5 as 3 and 2. */
export function balancedColumns(panels: number, most: number): number {
  const rows = Math.ceil(panels / most);
  return rows === 0 ? 1 : Math.ceil(panels / rows);
}
