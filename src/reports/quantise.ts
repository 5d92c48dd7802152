import type { Rgba } from "./png-image.js";

/** A picture as indices into a palette. */
export interface IndexedPicture {
  readonly pixels: Uint8Array;
  readonly palette: readonly Rgba[];
}

const COLOURS = 256;
/** This many places go to the commonest colours, the others to those farthest from any chosen one. */
const COMMON = 128;
/** Work grows with the number of kinds of colour: near ones are gathered until there are no more than these. */
const MOST_BUCKETS = 6000;

interface Bucket {
  count: number;
  red: number;
  green: number;
  blue: number;
  index: number;
}

/** An opaque picture (four bytes a pixel) in at most 256 colours, exact where it has no more; null if any pixel is see-through. */
export function quantise(rgba: Uint8Array): IndexedPicture | null {
  let shift = 0;
  let buckets = bucketed(rgba, shift);
  while (buckets !== null && buckets.size > MOST_BUCKETS) buckets = bucketed(rgba, ++shift);
  if (buckets === null) return null;
  const all = [...buckets.values()].sort((a, b) => b.count - a.count);
  const chosen = all.length <= COLOURS ? all : spread(all);
  for (const [index, bucket] of chosen.entries()) bucket.index = index;
  for (const bucket of all) if (bucket.index < 0) bucket.index = nearest(bucket, chosen);
  const pixels = new Uint8Array(rgba.length / 4);
  for (let i = 0; i < pixels.length; i++) pixels[i] = buckets.get(keyAt(rgba, 4 * i, shift))!.index;
  return { pixels, palette: chosen.map(({ red, green, blue }) => [red, green, blue, 255]) };
}

/** Pixels gathered by colour, the lowest `shift` bits of each channel left out, each with its mean colour. */
function bucketed(rgba: Uint8Array, shift: number): Map<number, Bucket> | null {
  const buckets = new Map<number, Bucket>();
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at + 3] !== 255) return null;
    const key = keyAt(rgba, at, shift);
    const bucket = buckets.get(key) ?? { count: 0, red: 0, green: 0, blue: 0, index: -1 };
    if (bucket.count === 0) buckets.set(key, bucket);
    bucket.count++;
    bucket.red += rgba[at]!;
    bucket.green += rgba[at + 1]!;
    bucket.blue += rgba[at + 2]!;
  }
  for (const bucket of buckets.values()) {
    bucket.red = Math.round(bucket.red / bucket.count);
    bucket.green = Math.round(bucket.green / bucket.count);
    bucket.blue = Math.round(bucket.blue / bucket.count);
  }
  return buckets;
}

function keyAt(rgba: Uint8Array, at: number, shift: number): number {
  return ((rgba[at]! >> shift) << 16) | ((rgba[at + 1]! >> shift) << 8) | (rgba[at + 2]! >> shift);
}

function spread(all: readonly Bucket[]): Bucket[] {
  const chosen = all.slice(0, COMMON);
  const distances = all.map((bucket) => Math.min(...chosen.map((other) => distance(bucket, other))));
  while (chosen.length < COLOURS) {
    const next = all[distances.indexOf(Math.max(...distances))]!;
    chosen.push(next);
    for (const [i, bucket] of all.entries()) distances[i] = Math.min(distances[i]!, distance(bucket, next));
  }
  return chosen;
}

function nearest(bucket: Bucket, chosen: readonly Bucket[]): number {
  let best = 0;
  for (let i = 1; i < chosen.length; i++) {
    if (distance(bucket, chosen[i]!) < distance(bucket, chosen[best]!)) best = i;
  }
  return best;
}

function distance(a: Bucket, b: Bucket): number {
  return (a.red - b.red) ** 2 + (a.green - b.green) ** 2 + (a.blue - b.blue) ** 2;
}
