import { numberOption } from "../../../solvers/options.js";
import { mixtureTarget } from "../mixture.js";
import type { PlanePoint } from "./curve.js";
import { defineToy } from "./definition.js";
import { DIGIT_STROKES } from "./digit-strokes.js";

/** Pixels of a side. */
const SIDE = 16;
const SLANTS = [-0.25, 0, 0.25];
const SHIFTS = [-1, 0, 1];
/** Size of the unit square of strokes, and half the width of a stroke, in pixels. */
const GLYPH = { width: 9.5, height: 11, halfStroke: 0.9 };

/**
 * Images of handwritten-like digits: each of 270 drawings (ten digits, three slants, nine shifts) with white noise on every
 * pixel. A mixture of Gaussians in 256 dimensions, so that score, density and the digit of an image are known exactly.
 */
export const DIGITS = defineToy(
  {
    name: "digits",
    dimension: SIDE * SIDE,
    summary: "16 × 16 images of ten digits, slanted and shifted, in [−1, 1]; a mode each",
    options: { standardDeviation: numberOption(0.05, "of the noise on a pixel", { min: 0.001, max: 10 }) },
  },
  (options) => {
    const drawings = DIGIT_STROKES.flatMap((strokes) =>
      SLANTS.flatMap((slant) => SHIFTS.flatMap((right) => SHIFTS.map((down) => draw(strokes, slant, right, down)))),
    );
    const count = drawings.length;
    const perDigit = count / DIGIT_STROKES.length;
    const means = new Float64Array(count * SIDE * SIDE);
    for (const [k, drawing] of drawings.entries()) means.set(drawing, k * SIDE * SIDE);
    const target = mixtureTarget({
      name: "digits",
      options,
      components: {
        dimension: SIDE * SIDE,
        count,
        isotropic: true,
        weights: new Float64Array(count).fill(1 / count),
        means,
        standardDeviations: new Float64Array(count).fill(options.standardDeviation),
      },
      groups: Int32Array.from({ length: count }, (_, k) => Math.floor(k / perDigit)),
    });
    return { ...target, shape: [SIDE, SIDE, 1] };
  },
);

/** Ink of each pixel in [−1, 1], rows from the top; edges fade over one pixel. */
function draw(strokes: readonly (readonly PlanePoint[])[], slant: number, right: number, down: number): Float64Array {
  const onPixels = ([u, v]: PlanePoint): PlanePoint => [
    SIDE / 2 + right + GLYPH.width * (u - 0.5) - slant * GLYPH.height * (v - 0.5),
    SIDE / 2 + down + GLYPH.height * (v - 0.5),
  ];
  const lines = strokes.map((stroke) => stroke.map(onPixels));
  return Float64Array.from({ length: SIDE * SIDE }, (_, i) => {
    const pixel: PlanePoint = [(i % SIDE) + 0.5, Math.floor(i / SIDE) + 0.5];
    let nearest = Number.POSITIVE_INFINITY;
    for (const line of lines) {
      for (let k = 1; k < line.length; k++) nearest = Math.min(nearest, distance(pixel, line[k - 1]!, line[k]!));
    }
    return 2 * Math.min(1, Math.max(0, GLYPH.halfStroke + 0.5 - nearest)) - 1;
  });
}

/** Distance of a point from a segment. */
function distance([x, y]: PlanePoint, [fromX, fromY]: PlanePoint, [toX, toY]: PlanePoint): number {
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const length = alongX * alongX + alongY * alongY;
  const share = Math.min(1, Math.max(0, ((x - fromX) * alongX + (y - fromY) * alongY) / length));
  const [dx, dy] = [x - fromX - share * alongX, y - fromY - share * alongY];
  return Math.sqrt(dx * dx + dy * dy);
}
