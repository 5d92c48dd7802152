import { expect, it } from "vitest";
import { decodeItems, itemSize } from "../../src/files/npy-items.js";

it("halves of every kind", () => {
  // IEEE 754-2019, §3.6: bits and numbers, least and greatest of each kind, and 1/3.
  const known: readonly [number, number][] = [
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 2 ** -24],
    [0x83ff, -1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e01, Number.NaN],
  ];
  const out = new Float64Array(known.length);
  const bits = Uint16Array.from(known, ([half]) => half);
  decodeItems("<f2", new Uint8Array(bits.buffer), known.length, out, 0);
  for (const [i, [, value]] of known.entries()) expect(Object.is(out[i], value), `${known[i]}`).toBe(true);
});

it("whole numbers of every width, least byte first, at an offset", () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 0xff);
  const read = (descr: string) => {
    const out = new Float64Array(2);
    decodeItems(descr, bytes, 1, out, 1);
    return out[1];
  };
  expect(["|u1", "<u2", "<u4"].map(read)).toEqual([1, 0x0201, 0x04030201]);
  expect([read("<i2"), read("<i4"), read("|i1")]).toEqual([0x0201, 0x04030201, 1]);
  // Two's complement of the top byte 0xff.
  expect(read("<i8")).toBe(Number(BigInt.asIntN(64, 0xff07060504030201n)));
  expect(read("<u8")).toBe(Number(0xff07060504030201n));
  expect([itemSize("<f2"), itemSize(">f4"), itemSize("<c8")]).toEqual([2, undefined, undefined]);
});
