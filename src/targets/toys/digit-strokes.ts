import { cos, sin } from "../../../solvers/math/elementary.js";
import type { PlanePoint } from "./curve.js";

/** Polylines of the ten digits in the unit square, x to the right and y down. */
export const DIGIT_STROKES: readonly (readonly (readonly PlanePoint[])[])[] = [
  [arc(0.5, 0.5, 0.3, 0.45, 0, 360)],
  [
    [
      [0.32, 0.25],
      [0.55, 0.05],
      [0.55, 0.95],
    ],
  ],
  [[...arc(0.5, 0.31, 0.28, 0.26, -170, 35), [0.2, 0.95], [0.82, 0.95]]],
  [arc(0.48, 0.28, 0.27, 0.23, -150, 90), arc(0.48, 0.73, 0.3, 0.22, -90, 150)],
  [
    [
      [0.65, 0.95],
      [0.65, 0.05],
      [0.18, 0.68],
      [0.85, 0.68],
    ],
  ],
  [[[0.78, 0.05], [0.3, 0.05], ...arc(0.47, 0.66, 0.31, 0.29, -130, 150)]],
  [arc(0.5, 0.68, 0.28, 0.27, 0, 360), arc(0.74, 0.68, 0.52, 0.62, 180, 262)],
  [
    [
      [0.2, 0.06],
      [0.8, 0.06],
      [0.42, 0.95],
    ],
  ],
  [arc(0.5, 0.28, 0.22, 0.22, 0, 360), arc(0.5, 0.72, 0.28, 0.23, 0, 360)],
  [arc(0.5, 0.32, 0.28, 0.27, 0, 360), arc(0.26, 0.32, 0.52, 0.62, 0, 82)],
];

/** An elliptic arc between two angles in degrees, clockwise on the screen, in chords of at most 15°. */
function arc(centreX: number, centreY: number, radiusX: number, radiusY: number, from: number, to: number) {
  const chords = Math.ceil((to - from) / 15);
  return Array.from({ length: chords + 1 }, (_, i): PlanePoint => {
    const angle = ((from + ((to - from) * i) / chords) * Math.PI) / 180;
    return [centreX + radiusX * cos(angle), centreY + radiusY * sin(angle)];
  });
}
