import type { TopLevelSpec } from "vega-lite";

/** A Vega-Lite specification, colours and sizes included: `renderSvg` and `renderPng` draw it. */
export type ChartSpec = TopLevelSpec;

/** One layer of a layered view. */
export type ChartLayer = Extract<ChartSpec, { layer: unknown }>["layer"][number];

/** One panel of a chart made of several. */
export type ChartPanel = Extract<ChartSpec, { concat: unknown }>["concat"][number];
