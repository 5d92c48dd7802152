import { axisChannel, axisPosition, axisValue, type Frame } from "./axis.js";
import type { ChartLayer } from "./chart-spec.js";
import { placeLabels } from "./place-labels.js";
import { wrapText } from "./text-width.js";
import { INK, LABEL_SIZE } from "./theme.js";

const LINE_HEIGHT = 14;
const SPACE_BETWEEN = 2;
const MOST_WIDTH = 130;
const GAP = 22;
const KEY = 20;

/** The last point of a line, with the name to write beside it. */
export interface LineEnd {
  readonly label: string;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
  /** Pattern of the line, where its name may take a piece of it along. */
  readonly dash?: readonly number[];
}

/**
 * Names of lines to the right of the plot, moved apart where they would meet, each tied to the end of its line. Where
 * lines end together, their names take a piece of their line along.
 */
export function labelLayers(ends: readonly LineEnd[], { width, height, x, y }: Frame): ChartLayer[] {
  const wanted = ends.map((end) => (1 - axisPosition(end.y, y)) * height);
  const texts = ends.map(({ label }) => wrapText(label, MOST_WIDTH, LABEL_SIZE));
  const heights = texts.map((lines) => LINE_HEIGHT * lines.length + SPACE_BETWEEN);
  const placed = placeLabels(wanted, heights, 4, height - 4);
  const at = (pixel: number) => axisValue(1 - pixel / height, y);
  const labelX = axisValue((width + GAP) / width, x);
  const leaders = ends.map((end, i) => ({ ...end, labelX, labelY: at(placed[i]!) }));
  const isMoved = placed.some((pixel, i) => Math.abs(pixel - wanted[i]!) > LINE_HEIGHT / 2);
  const keyed = isMoved ? leaders.filter(({ dash }) => dash !== undefined) : [];
  const lines = texts.flatMap((own, i) =>
    own.map((text, k) => ({ text, labelX, labelY: at(placed[i]! + LINE_HEIGHT * (k - (own.length - 1) / 2)) })),
  );
  return [
    {
      name: "leaders",
      data: { values: leaders },
      mark: { type: "rule", strokeWidth: 1, strokeDash: [1, 2] },
      encoding: {
        x: axisChannel("x", x),
        y: axisChannel("y", y),
        x2: { field: "labelX" },
        y2: { field: "labelY" },
        stroke: { field: "colour", type: "nominal", scale: null },
      },
    },
    ...keyed.map(
      ({ colour, dash, labelY }, i): ChartLayer => ({
        name: `key ${i}`,
        data: { values: [{ labelX, labelY, end: axisValue((width + GAP + KEY) / width, x) }] },
        mark: { type: "rule", color: colour, strokeWidth: 1.75, strokeDash: [...(dash ?? [])] },
        encoding: { x: axisChannel("labelX", x), y: axisChannel("labelY", y), x2: { field: "end" } },
      }),
    ),
    {
      name: "labels",
      data: { values: lines },
      mark: {
        type: "text",
        align: "left",
        baseline: "middle",
        dx: keyed.length === 0 ? 4 : KEY + 4,
        fontSize: LABEL_SIZE,
        color: INK,
      },
      encoding: { x: axisChannel("labelX", x), y: axisChannel("labelY", y), text: { field: "text" } },
    },
  ];
}
