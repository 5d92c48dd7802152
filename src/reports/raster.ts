import { type Axis, axisValue } from "./axis.js";

/** A lattice of values: `values[row][column]` belongs to `y[row]`, `x[column]`, each in ascending or descending order. */
export interface Lattice {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly values: readonly (readonly number[])[];
}

/**
 * Pixels of a picture of a lattice, top row first: `shadeOf` maps values to shades between 0 and 1, which are
 * interpolated linearly between nodes and counted in `shades` steps; a shade that is NaN gives index `shades`.
 */
export function rasterise(
  { x, y, values }: Lattice,
  frame: { readonly x: Axis; readonly y: Axis },
  width: number,
  height: number,
  shades: number,
  shadeOf: (value: number) => number,
): Uint8Array {
  const shaded = values.map((row) => row.map(shadeOf));
  const columns = Array.from({ length: width }, (_, i) => bracket(x, axisValue((i + 0.5) / width, frame.x)));
  const pixels = new Uint8Array(width * height);
  for (let j = 0; j < height; j++) {
    const vertical = bracket(y, axisValue(1 - (j + 0.5) / height, frame.y));
    const below = shaded[vertical.index]!;
    const above = shaded[vertical.index + 1] ?? below;
    for (let i = 0; i < width; i++) {
      const { index, share } = columns[i]!;
      const next = Math.min(index + 1, x.length - 1);
      const low = mix(below[index]!, below[next]!, share);
      const high = mix(above[index]!, above[next]!, share);
      const shade = mix(low, high, vertical.share);
      pixels[j * width + i] = Number.isNaN(shade) ? shades : Math.round(Math.max(0, Math.min(1, shade)) * (shades - 1));
    }
  }
  return pixels;
}

function mix(a: number, b: number, share: number): number {
  return share === 0 ? a : share === 1 ? b : a + share * (b - a);
}

/** The node before `value` in a monotone sequence and the share of the way to the next; the ends hold beyond them. */
function bracket(nodes: readonly number[], value: number): { index: number; share: number } {
  const sign = nodes[0]! <= nodes.at(-1)! ? 1 : -1;
  let low = 0;
  let high = nodes.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sign * nodes[middle]! <= sign * value) low = middle;
    else high = middle;
  }
  const share = low === high ? 0 : (value - nodes[low]!) / (nodes[high]! - nodes[low]!);
  return { index: low, share: Math.max(0, Math.min(1, share)) };
}
