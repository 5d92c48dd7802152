import type { Estimate } from "../experiments/compare-result.js";
import { axisChannel, axisValue, type Frame } from "./axis.js";
import type { ChartLayer } from "./chart-spec.js";
import { BAND_COLOUR, LABEL_SIZE, MUTED_INK } from "./theme.js";

/** The band that sampling cannot see into: up to two standard errors above the distance between exact samples. */
export function floorLayers(floor: Estimate, samples: number | undefined, { height, x, y }: Frame): ChartLayer[] {
  const band = { from: x.domain[0], to: x.domain[1], low: y.domain[0], high: floor.value + 2 * floor.standardError };
  const label = { x: axisValue(0.012, x), y: axisValue(5 / height, y) };
  const text = `floor: distance between two exact samples${samples === undefined ? "" : ` of ${samples}`}`;
  return [
    {
      name: "floor",
      data: { values: [band] },
      mark: { type: "rect", color: BAND_COLOUR, opacity: 0.6 },
      encoding: { x: axisChannel("from", x), x2: { field: "to" }, y: axisChannel("low", y), y2: { field: "high" } },
    },
    {
      name: "floor label",
      data: { values: [label] },
      mark: { type: "text", align: "left", baseline: "bottom", fontSize: LABEL_SIZE, color: MUTED_INK, text },
      encoding: { x: axisChannel("x", x), y: axisChannel("y", y) },
    },
  ];
}
