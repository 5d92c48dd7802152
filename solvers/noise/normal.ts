import { cos, log, sin } from "../math/elementary.js";
import { threefry } from "./threefry.js";

/** What a random number is for; streams never share a number. */
export type Stream = "sampler" | "target" | "floor" | "directions" | "training" | "path" | "probe" | "split";

const STREAM_TAGS: Readonly<Record<Stream, number>> = {
  sampler: 1,
  target: 2,
  floor: 3,
  directions: 4,
  training: 5,
  path: 6,
  probe: 7,
  split: 8,
};

/** Names an infinite array of random numbers; each element is a function of this name and its index alone. */
export interface NoiseName {
  /** Integer in [0, 2^53). */
  readonly seed: number;
  readonly stream: Stream;
  /** Repeat of an experiment, in [0, 2^32). */
  readonly run?: number;
  /** In [0, 2^32). */
  readonly step?: number;
  /** Separates uses inside one step, in [0, 2^32). */
  readonly slot?: number;
}

/**
 * Fills `out` with elements firstElement … firstElement + length − 1 of the standard normal array called `name`.
 *
 * Any split of an index range into calls gives the same bits. Box–Muller on 53-bit uniforms of Threefry4x32-20 blocks, two
 * elements a block.
 *
 * @param firstElement flat index (sample · dimension + coordinate), in [0, 2^53)
 */
export function fillNormal(name: NoiseName, firstElement: number, out: Float64Array, length = out.length): void {
  fillPairs(name, firstElement, out, length, (u, v, pair) => {
    const radius = Math.sqrt(-2 * log(u));
    pair[0] = radius * cos(2 * Math.PI * v);
    pair[1] = radius * sin(2 * Math.PI * v);
  });
}

/** As `fillNormal`, with uniform numbers in (0, 1]. */
export function fillUniform(name: NoiseName, firstElement: number, out: Float64Array, length = out.length): void {
  fillPairs(name, firstElement, out, length, (u, v, pair) => {
    pair[0] = u;
    pair[1] = v;
  });
}

function fillPairs(
  { seed, stream, run = 0, step = 0, slot = 0 }: NoiseName,
  firstElement: number,
  out: Float64Array,
  length: number,
  transform: (u: number, v: number, pair: Float64Array) => void,
): void {
  const key = new Uint32Array([seed % 4294967296, Math.floor(seed / 4294967296), run, STREAM_TAGS[stream]]);
  const counter = new Uint32Array([0, 0, step, slot]);
  const block = new Uint32Array(4);
  const pair = new Float64Array(2);
  for (let index = 0; index < length; ) {
    const element = firstElement + index;
    const blockIndex = Math.floor(element / 2);
    counter[0] = blockIndex % 4294967296;
    counter[1] = Math.floor(blockIndex / 4294967296);
    threefry(key, counter, block);
    transform(unit(block[0]!, block[1]!), unit(block[2]!, block[3]!), pair);
    if (element % 2 === 0) {
      out[index++] = pair[0]!;
      if (index < length) out[index++] = pair[1]!;
    } else out[index++] = pair[1]!;
  }
}

/** 53 random bits as a number in (0, 1]. */
function unit(high: number, low: number): number {
  return ((high >>> 6) * 134217728 + (low >>> 5) + 1) * 2 ** -53;
}
