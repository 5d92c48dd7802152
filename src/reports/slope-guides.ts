import { axisChannel, axisPosition, axisValue, type Frame } from "./axis.js";
import type { ChartLayer } from "./chart-spec.js";
import { MUTED_INK } from "./theme.js";

const LENGTH = 110;
const LABEL_ROOM = 52;
const MARGIN = 16;

/** A line of slope −order in log–log, from a common point. */
export interface SlopeGuide {
  readonly order: number;
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
}

/**
 * Guide lines of slopes 1 and 2 in the emptier of two corners: few evaluations with a small error, or many with a
 * large one. `points` are drawn values, [evaluations, error]; `base` pixels at the bottom stay free.
 */
export function slopeGuides(frame: Frame, points: readonly (readonly [number, number])[], base = 0): SlopeGuide[] {
  const { width, height, x, y } = frame;
  const slope = (Math.log(x.domain[1] / x.domain[0]) / width) * (height / Math.log(y.domain[1] / y.domain[0]));
  const length = Math.min(LENGTH, (0.4 * height) / (2 * slope));
  const fall = 2 * slope * length;
  const corners = [
    { left: MARGIN, bottom: base + MARGIN },
    { left: width - MARGIN - length - LABEL_ROOM, bottom: height - MARGIN - fall },
  ];
  const crowd = corners.map(
    ({ left, bottom }) =>
      points.filter(([px, py]) => {
        const across = axisPosition(px, x) * width - left;
        const above = axisPosition(py, y) * height - bottom;
        return across > -MARGIN && across < length + LABEL_ROOM && above > -MARGIN && above < fall + MARGIN;
      }).length,
  );
  const corner = crowd[1]! < crowd[0]! ? corners[1]! : corners[0]!;
  return [1, 2].map((order) => ({
    order,
    x: axisValue(corner.left / width, x),
    y: axisValue((corner.bottom + fall) / height, y),
    x2: axisValue((corner.left + length) / width, x),
    y2: axisValue((corner.bottom + fall - order * slope * length) / height, y),
  }));
}

/** Draws slope guides as thin lines with their names at the ends. */
export function guideLayers(guides: readonly SlopeGuide[], { x, y }: Frame): ChartLayer[] {
  const values = guides.map((guide) => ({ ...guide, text: `slope ${guide.order}` }));
  return [
    {
      name: "guides",
      data: { values },
      mark: { type: "rule", color: MUTED_INK, strokeWidth: 0.75 },
      encoding: { x: axisChannel("x", x), y: axisChannel("y", y), x2: { field: "x2" }, y2: { field: "y2" } },
    },
    {
      name: "guide labels",
      data: { values },
      mark: { type: "text", align: "left", baseline: "middle", dx: 5, fontSize: 11, color: MUTED_INK },
      encoding: { x: axisChannel("x2", x), y: axisChannel("y2", y), text: { field: "text" } },
    },
  ];
}
