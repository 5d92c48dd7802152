import { OKABE_ITO } from "./solver-style.js";
import { AXIS_COLOUR, BACKGROUND, BAND_COLOUR, GRID_COLOUR, INK, MUTED_INK } from "./theme.js";

const DARK = {
  paper: "#16181c",
  ink: "#e8e8e8",
  muted: "#a6a6a6",
  rule: "#3a3d42",
  axis: "#8a8a8a",
  grid: "#2b2e33",
  band: "#43464c",
  panel: "#1f2227",
  best: "#5fd08a",
  bad: "#ff8a7a",
};

/** Charts are drawn for a light page; on a dark one these colours of theirs change places. */
const CHART_COLOURS: readonly (readonly ["fill" | "stroke", string, string])[] = [
  ["fill", BACKGROUND, DARK.paper],
  ["fill", INK, DARK.ink],
  ["stroke", INK, DARK.ink],
  ["fill", MUTED_INK, DARK.muted],
  ["stroke", MUTED_INK, DARK.muted],
  ["stroke", AXIS_COLOUR, DARK.axis],
  ["stroke", GRID_COLOUR, DARK.grid],
  ["fill", BAND_COLOUR, DARK.band],
  ["fill", OKABE_ITO.black, DARK.ink],
  ["stroke", OKABE_ITO.black, DARK.ink],
];

const CHART_RULES = CHART_COLOURS.map(
  ([property, from, to]) =>
    `    figure svg [${property}="${from}"], .swatch [${property}="${from}"] { ${property}: ${to}; }`,
).join("\n");

/** The page's style sheet: light, dark by the reader's preference, and for paper. */
export const REPORT_CSS = `
  :root {
    color-scheme: light dark;
    --paper: ${BACKGROUND}; --ink: ${INK}; --muted: ${MUTED_INK}; --rule: #d4d4d4; --panel: #f5f5f5;
    --best: #00724f; --bad: #b3261e;
  }
  * { box-sizing: border-box; }
  body {
    margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 66rem; background: var(--paper); color: var(--ink);
    font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif;
  }
  h1, .answer, p { overflow-wrap: anywhere; }
  h1 { font-size: 1.05rem; font-weight: 600; color: var(--muted); margin: 0 0 .5rem; }
  .answer { font-size: 1.6rem; line-height: 1.25; font-weight: 650; margin: 0 0 1.5rem; text-wrap: balance; }
  h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--rule); }
  p { margin: .5rem 0 1rem; max-width: 44rem; }
  figure { margin: 1rem 0 1.5rem; }
  figure svg { display: block; margin-left: -8px; max-width: 100%; height: auto; overflow: visible; }
  .table { overflow-x: auto; }
  table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
  th { text-align: left; font-weight: 600; border-bottom: 1.5px solid var(--ink); white-space: nowrap; }
  th, td { padding: .2rem 1.1rem .2rem 0; }
  td { border-bottom: 1px solid var(--rule); white-space: nowrap; }
  td { vertical-align: baseline; }
  .words { white-space: normal; min-width: 8rem; }
  .sentence { min-width: 12rem; }
  .decimal { text-align: right; white-space: pre; }
  .best { color: var(--best); font-weight: 650; }
  .bad { color: var(--bad); font-weight: 650; }
  .quiet, .caption { color: var(--muted); }
  .caption { font-size: .875rem; margin-top: .6rem; }
  .swatch { width: 30px; height: 12px; vertical-align: -1px; margin-right: .45rem; }
  pre { background: var(--panel); padding: .75rem 1rem; border-radius: 6px; overflow-x: auto; font-size: .85rem; line-height: 1.45;
    font-family: ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; font-size: .875rem; margin: 1rem 0; }
  dt { color: var(--muted); }
  dd { margin: 0; overflow-wrap: anywhere; }
  summary { cursor: pointer; font-size: .875rem; color: var(--muted); }
  @media screen and (prefers-color-scheme: dark) {
    :root {
      --paper: ${DARK.paper}; --ink: ${DARK.ink}; --muted: ${DARK.muted}; --rule: ${DARK.rule}; --panel: ${DARK.panel};
      --best: ${DARK.best}; --bad: ${DARK.bad};
    }
${CHART_RULES}
  }
  @media screen and (max-width: 40rem) {
    figure { overflow-x: auto; }
    figure svg { margin-left: 0; min-width: 36rem; }
    .sentence { min-width: 20rem; }
  }
  @media print {
    @page { margin: 15mm; }
    body { font-size: 10.5pt; padding: 0; max-width: none; }
    .answer { font-size: 16pt; }
    h2 { break-after: avoid; }
    figure, tr, pre { break-inside: avoid; }
    .table { overflow: visible; }
    thead { display: table-header-group; }
    table { font-size: 8.5pt; }
  }
`;
