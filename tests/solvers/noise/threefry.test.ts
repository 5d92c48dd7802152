import { describe, expect, it } from "vitest";
import { threefry, threefryBlocks } from "../../../solvers/noise/threefry.js";

// Random123 1.14, tests/kat_vectors, threefry4x32 20: counter, key, result.
const KNOWN = [
  ["00000000 00000000 00000000 00000000", "00000000 00000000 00000000 00000000", "9c6ca96a e17eae66 fc10ecd4 5256a7d8"],
  ["ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff ffffffff ffffffff", "2a881696 57012287 f6c7446e a16a6732"],
  ["243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0 082efa98 ec4e6c89", "59cd1dbb b8879579 86b5d00c ac8b6d84"],
] as const;

const words = (text: string): Uint32Array => Uint32Array.from(text.split(" "), (word) => Number.parseInt(word, 16));

describe("threefry", () => {
  it.each(KNOWN)("known answer %s", (counter, key, result) => {
    expect(threefry(words(key), words(counter), new Uint32Array(4))).toEqual(words(result));
    const inPlace = words(counter);
    expect(threefry(words(key), inPlace, inPlace)).toEqual(words(result));
  });

  it("draws successive blocks with the carry between the first two words", () => {
    const key = words("a4093822 299f31d0 082efa98 ec4e6c89");
    const blocks = threefryBlocks(key, words("fffffffe 00000007 00000001 00000002"), 4, new Uint32Array(16));
    const counters = ["fffffffe 00000007", "ffffffff 00000007", "00000000 00000008", "00000001 00000008"];
    for (const [i, counter] of counters.entries())
      expect(blocks.slice(4 * i, 4 * i + 4)).toEqual(
        threefry(key, words(`${counter} 00000001 00000002`), new Uint32Array(4)),
      );
  });
});
