import type { Rgba } from "./png-image.js";

/** Evenly spaced colours of viridis, perceptually uniform and readable in grey (van der Walt and Smith 2015). */
const VIRIDIS = [
  [68, 1, 84],
  [71, 13, 96],
  [72, 25, 107],
  [72, 35, 115],
  [71, 45, 123],
  [69, 55, 129],
  [66, 64, 134],
  [63, 74, 137],
  [59, 82, 139],
  [55, 90, 140],
  [52, 99, 141],
  [48, 107, 142],
  [44, 114, 142],
  [41, 122, 142],
  [39, 130, 142],
  [35, 137, 142],
  [33, 145, 141],
  [31, 152, 139],
  [31, 159, 136],
  [33, 167, 133],
  [40, 174, 128],
  [50, 181, 123],
  [62, 188, 116],
  [77, 194, 108],
  [93, 201, 99],
  [111, 206, 88],
  [130, 211, 76],
  [150, 216, 64],
  [171, 220, 50],
  [192, 224, 37],
  [213, 226, 27],
  [234, 229, 27],
  [253, 231, 37],
] as const;

/** ColorBrewer's RdBu, reversed: blue below zero, red above, near white at zero. */
const BLUE_RED = [
  [5, 48, 97],
  [33, 102, 172],
  [67, 147, 195],
  [146, 197, 222],
  [209, 229, 240],
  [247, 247, 247],
  [253, 219, 199],
  [244, 165, 130],
  [214, 96, 77],
  [178, 24, 43],
  [103, 0, 31],
] as const;

/** Number of steps of a colour map; an odd number gives a diverging one a colour for zero itself. */
export const COLOUR_STEPS = 255;

/** Viridis as `COLOUR_STEPS` opaque colours. */
export function viridis(): Rgba[] {
  return steps(VIRIDIS);
}

/** Blue through white to red as `COLOUR_STEPS` opaque colours, the middle one for zero. */
export function blueRed(): Rgba[] {
  return steps(BLUE_RED);
}

function steps(knots: readonly (readonly [number, number, number])[]): Rgba[] {
  return Array.from({ length: COLOUR_STEPS }, (_, i) => {
    const position = (i / (COLOUR_STEPS - 1)) * (knots.length - 1);
    const k = Math.min(Math.floor(position), knots.length - 2);
    const [from, to] = [knots[k]!, knots[k + 1]!];
    const mix = (channel: 0 | 1 | 2) => Math.round(from[channel] + (position - k) * (to[channel] - from[channel]));
    return [mix(0), mix(1), mix(2), 255];
  });
}
