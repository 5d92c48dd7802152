import { UsageError } from "../errors.js";
import { type Kernels, kernels } from "../kernels/kernels.js";
import { log, sinOfTurns } from "../math/elementary.js";
import { threefryBlocks } from "./threefry.js";

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
 * elements a block; no number exceeds 8.58 in size.
 *
 * @param firstElement flat index (sample · dimension + coordinate), in [0, 2^53 − length]
 */
export function fillNormal(name: NoiseName, firstElement: number, out: Float64Array, length = out.length): void {
  setKey(name);
  const kernel = length < FEW ? null : kernels();
  for (let index = 0; index < length; ) {
    const element = firstElement + index;
    if (kernel !== null) {
      index += kernelNormals(kernel, element, out, index, length);
      continue;
    }
    const blocks = drawBlocks(element, length - index);
    for (let pair = 0; pair < blocks; pair++) {
      const word = 4 * pair;
      const radius = Math.sqrt(-2 * log(unit(words[word]!, words[word + 1]!)));
      const v = unit(words[word + 2]!, words[word + 3]!);
      // cos 2πa = sin 2π(¼ − |a|) for |a| ≤ ½, exact in the argument; a is v, or v − ¼ for the sine, less the nearest integer.
      const shifted = v - 0.25;
      numbers[2 * pair] = radius * sinOfTurns(0.25 - Math.abs(v - (v + ROUND - ROUND)));
      numbers[2 * pair + 1] = radius * sinOfTurns(0.25 - Math.abs(shifted - (shifted + ROUND - ROUND)));
    }
    index += copyNumbers(element, blocks, out, index, length);
  }
}

/** As `fillNormal`, with uniform numbers in (0, 1], multiples of 2^-53. */
export function fillUniform(name: NoiseName, firstElement: number, out: Float64Array, length = out.length): void {
  setKey(name);
  for (let index = 0; index < length; ) {
    const element = firstElement + index;
    const blocks = drawBlocks(element, length - index);
    for (let number = 0; number < 2 * blocks; number++)
      numbers[number] = unit(words[2 * number]!, words[2 * number + 1]!);
    index += copyNumbers(element, blocks, out, index, length);
  }
}

/** Throws a `UsageError` unless `seed` is an integer in [0, 2^53). */
export function checkSeed(seed: number): void {
  if (!(Number.isSafeInteger(seed) && seed >= 0))
    throw new UsageError(`seed: must be an integer in [0, 2^53), but got ${seed} - for example seed: 1`);
}

/** Adding and subtracting it rounds to the nearest integer. */
const ROUND = 1.5 * 2 ** 52;
/** Blocks drawn at once: their words and numbers stay in the processor's first cache. */
const CHUNK = 256;
/** Below this, calling the kernel costs more than it saves. */
const FEW = 16;
const key = new Uint32Array(4);
const counter = new Uint32Array(4);
const words = new Uint32Array(4 * CHUNK);
const numbers = new Float64Array(2 * CHUNK);

function setKey({ seed, stream, run = 0, step = 0, slot = 0 }: NoiseName): void {
  key[0] = seed % 4294967296;
  key[1] = Math.floor(seed / 4294967296);
  key[2] = run;
  key[3] = STREAM_TAGS[stream];
  counter[2] = step;
  counter[3] = slot;
}

/** Sets the counter to the block of `element` and returns how many blocks to draw for `length` numbers, at most CHUNK. */
function setCounter(element: number, length: number): number {
  const block = Math.floor(element / 2);
  counter[0] = block % 4294967296;
  counter[1] = Math.floor(block / 4294967296);
  return Math.min(CHUNK, Math.ceil((element - 2 * block + length) / 2));
}

/** Writes the blocks of `element` and those that follow, at most CHUNK, to `words` and returns their number. */
function drawBlocks(element: number, length: number): number {
  const blocks = setCounter(element, length);
  threefryBlocks(key, counter, blocks, words);
  return blocks;
}

/** Writes normals from `element` on to out[index …] and returns how many. */
function kernelNormals(kernel: Kernels, element: number, out: Float64Array, index: number, length: number): number {
  const blocks = setCounter(element, length - index);
  const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = key;
  const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
  kernel.normals(Math.ceil(blocks / 4), c0, c1, c2, c3, k0, k1, k2, k3, 0);
  const skipped = element % 2;
  const count = Math.min(2 * blocks - skipped, length - index);
  out.set(kernel.numbers.subarray(skipped, skipped + count), index);
  return count;
}

/** Copies the numbers of the blocks from `element` on to out[index …] and returns how many. */
function copyNumbers(element: number, blocks: number, out: Float64Array, index: number, length: number): number {
  const skipped = element % 2;
  const count = Math.min(2 * blocks - skipped, length - index);
  for (let i = 0; i < count; i++) out[index + i] = numbers[skipped + i]!;
  return count;
}

/** 53 random bits as a number in (0, 1]. */
function unit(high: number, low: number): number {
  return ((high >>> 6) * 134217728 + (low >>> 5) + 1) * 2 ** -53;
}
