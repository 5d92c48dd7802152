import type { ChartSpec } from "./chart-spec.js";

/** Text and the lines that carry it; the page maps these exact values onto its dark palette. */
export const INK = "#1a1a1a";
export const MUTED_INK = "#595959";
export const AXIS_COLOUR = "#8a8a8a";
export const GRID_COLOUR = "#e6e6e6";
export const BAND_COLOUR = "#dcdcdc";
export const BACKGROUND = "#ffffff";

/** Families of equal letter widths: a chart keeps its layout from machine to machine. */
export const FONT_STACK = "Arial, Arimo, Liberation Sans, Helvetica, sans-serif";

export const TITLE_SIZE = 15;
export const LABEL_SIZE = 12;

/** The look that all charts share. */
export const CHART_CONFIG: NonNullable<ChartSpec["config"]> = {
  background: BACKGROUND,
  font: FONT_STACK,
  aria: false,
  view: { stroke: null },
  axis: {
    labelFontSize: LABEL_SIZE,
    labelColor: MUTED_INK,
    titleFontSize: 13,
    titleFontWeight: "normal",
    titleColor: INK,
    titlePadding: 8,
    domainColor: AXIS_COLOUR,
    tickColor: AXIS_COLOUR,
    gridColor: GRID_COLOUR,
    gridWidth: 0.75,
  },
  title: {
    anchor: "start",
    frame: "bounds",
    fontSize: TITLE_SIZE,
    fontWeight: "bold",
    color: INK,
    lineHeight: 19,
    subtitleFontSize: LABEL_SIZE,
    subtitleColor: MUTED_INK,
    subtitleLineHeight: 16,
    subtitlePadding: 5,
    offset: 12,
  },
};
