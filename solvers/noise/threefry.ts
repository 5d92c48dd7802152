/** Words of one Threefry block or key. */
export type Words = Uint32Array;

const PARITY = 0x1bd11bda;
const ROTATIONS: readonly (readonly [number, number])[] = [
  [10, 26],
  [11, 21],
  [13, 27],
  [23, 5],
  [6, 20],
  [17, 11],
  [25, 10],
  [18, 20],
];

/**
 * Threefry4x32-20: 128 random bits as a pure function of a 128-bit key and a 128-bit counter.
 *
 * Source: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011; Random123 1.14.
 *
 * @param key 4 words
 * @param counter 4 words
 * @param out 4 words, overwritten (may be `counter`)
 */
export function threefry(key: Words, counter: Words, out: Words): Words {
  const k0 = key[0]!;
  const k1 = key[1]!;
  const k2 = key[2]!;
  const k3 = key[3]!;
  const schedule = [k0, k1, k2, k3, PARITY ^ k0 ^ k1 ^ k2 ^ k3];
  let x0 = (counter[0]! + k0) | 0;
  let x1 = (counter[1]! + k1) | 0;
  let x2 = (counter[2]! + k2) | 0;
  let x3 = (counter[3]! + k3) | 0;
  for (let round = 0; round < 20; round++) {
    const [a, b] = ROTATIONS[round % 8]!;
    if (round % 2 === 0) {
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << a) | (x1 >>> (32 - a))) ^ x0;
      x2 = (x2 + x3) | 0;
      x3 = ((x3 << b) | (x3 >>> (32 - b))) ^ x2;
    } else {
      x0 = (x0 + x3) | 0;
      x3 = ((x3 << a) | (x3 >>> (32 - a))) ^ x0;
      x2 = (x2 + x1) | 0;
      x1 = ((x1 << b) | (x1 >>> (32 - b))) ^ x2;
    }
    if (round % 4 === 3) {
      const group = (round + 1) / 4;
      x0 = (x0 + schedule[group % 5]!) | 0;
      x1 = (x1 + schedule[(group + 1) % 5]!) | 0;
      x2 = (x2 + schedule[(group + 2) % 5]!) | 0;
      x3 = (x3 + schedule[(group + 3) % 5]! + group) | 0;
    }
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
  return out;
}
