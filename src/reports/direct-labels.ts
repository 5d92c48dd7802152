import { axisChannel, axisPosition, axisValue, type Frame } from "./axis.js";
import type { ChartLayer } from "./chart-spec.js";
import { placeLabels } from "./place-labels.js";
import { INK, LABEL_SIZE } from "./theme.js";

const SPACING = 16;
const GAP = 22;

/** The last point of a line, with the name to write beside it. */
export interface LineEnd {
  readonly label: string;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
}

/** Names of lines to the right of the plot, moved apart where they would meet, each tied to the end of its line. */
export function labelLayers(ends: readonly LineEnd[], { width, height, x, y }: Frame): ChartLayer[] {
  const wanted = ends.map((end) => (1 - axisPosition(end.y, y)) * height);
  const placed = placeLabels(wanted, SPACING, 4, height - 4);
  const values = ends.map((end, i) => ({
    ...end,
    labelX: axisValue((width + GAP) / width, x),
    labelY: axisValue(1 - placed[i]! / height, y),
  }));
  return [
    {
      name: "leaders",
      data: { values },
      mark: { type: "rule", strokeWidth: 1, strokeDash: [1, 2] },
      encoding: {
        x: axisChannel("x", x),
        y: axisChannel("y", y),
        x2: { field: "labelX" },
        y2: { field: "labelY" },
        stroke: { field: "colour", type: "nominal", scale: null },
      },
    },
    {
      name: "labels",
      data: { values },
      mark: { type: "text", align: "left", baseline: "middle", dx: 4, fontSize: LABEL_SIZE, color: INK },
      encoding: { x: axisChannel("labelX", x), y: axisChannel("labelY", y), text: { field: "label" } },
    },
  ];
}
