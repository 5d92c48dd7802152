import { fillUniform } from "../../solvers/noise/normal.js";

/** Names an order of rows. */
export interface RowOrderName {
  readonly seed: number;
  readonly slot: number;
  /** Epoch. */
  readonly step: number;
}

const ROUNDS = 8;

/**
 * A random order of 0 … count − 1 that needs no memory: the row at a place in [0, count).
 *
 * A Feistel network on the pairs of h-bit numbers, 4^h ≥ count, applied again until it lands below `count` (Luby & Rackoff 1988;
 * Black & Rogaway 2002, cycle walking): at most four rounds on average.
 */
export function rowOrder(count: number, { seed, slot, step }: RowOrderName): (place: number) => number {
  let half = 1;
  while (4 ** half < count) half++;
  const side = 2 ** half;
  const uniforms = new Float64Array(ROUNDS);
  fillUniform({ seed, stream: "training", step, slot }, 0, uniforms);
  const keys = Uint32Array.from(uniforms, (u) => u * 2 ** 32 - 1);
  const mask = side - 1;
  const permute = (place: number): number => {
    // Shifts see 32 bits only.
    let left = half < 16 ? place >>> half : Math.floor(place / side);
    let right = half < 16 ? place & mask : place % side;
    for (let round = 0; round < ROUNDS; round++) {
      const mixed = left ^ (mix(right, keys[round]!) & mask);
      left = right;
      right = mixed;
    }
    return left * side + right;
  };
  return (place) => {
    let row = permute(place);
    while (row >= count) row = permute(row);
    return row;
  };
}

/** Finaliser of MurmurHash3 on number and key: every bit of the result depends on every bit of both. */
function mix(value: number, key: number): number {
  let h = (value + key) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
