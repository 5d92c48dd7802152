import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../solvers/errors.js";
import { checkSeed, fillNormal, fillUniform, type NoiseName, type Stream } from "../../../solvers/noise/normal.js";
import { NoiseSlot } from "../../../solvers/noise/slots.js";
import { kolmogorov, normalCdf, normalMomentZ } from "./statistics.js";

interface Case {
  name: NoiseName;
  first: number;
  uniforms: number[];
  normals: number[];
}
const cases: Case[] = JSON.parse(readFileSync(new URL("../../fixtures/noise/normals.json", import.meta.url), "utf8"));

/** A first name in every stream. */
const STREAMS: Readonly<Record<Stream, NoiseName>> = {
  sampler: { seed: 1, stream: "sampler" },
  target: { seed: 1, stream: "target" },
  floor: { seed: 1, stream: "floor" },
  directions: { seed: 1, stream: "directions" },
  training: { seed: 1, stream: "training" },
  path: { seed: 1, stream: "path" },
  probe: { seed: 1, stream: "probe" },
  split: { seed: 1, stream: "split" },
};
const NAME: NoiseName = { seed: 20240229, stream: "sampler", run: 1, step: 2, slot: 3 };
const normals = (name: NoiseName, first: number, count: number): Float64Array => {
  const out = new Float64Array(count);
  fillNormal(name, first, out);
  return out;
};

describe("values", () => {
  it.each(cases)("of name $name from element $first equal an independent implementation", (known) => {
    const uniform = new Float64Array(8);
    fillUniform(known.name, known.first, uniform);
    expect([...uniform]).toEqual(known.uniforms);
    const got = normals(known.name, known.first, 8);
    // radius to 1.5 ulp (half the logarithm's error and two roundings), sine to 2 ulp, one product: 4 ulp ≤ 4 · 2^-52 relative.
    for (const [i, value] of known.normals.entries()) expect(Math.abs(got[i]! / value - 1)).toBeLessThan(4 * 2 ** -52);
  });

  it("golden bits of the first 10 000 normals", () => {
    const bits = new Uint32Array(normals(NAME, 0, 10000).buffer);
    let hash = 0x811c9dc5;
    for (const word of bits) hash = Math.imul(hash ^ word, 0x01000193);
    expect(hash >>> 0).toBe(2698209273);
  });
});

describe("a number depends on its name and index alone", () => {
  // Around 0, beyond 2^32 elements, at the carry of the block index (2^33 elements), and near 2^53.
  for (const first of [0, 1, 2 ** 32 + 5, 2 ** 33 - 700, 2 ** 53 - 2001])
    it(`split into calls of any length from element ${first}`, () => {
      for (const fill of [fillNormal, fillUniform]) {
        const whole = new Float64Array(2000);
        fill(NAME, first, whole);
        const parts = new Float64Array(2000);
        for (let start = 0, length = 1; start < 2000; start += length, length = (length * 5 + 2) % 701)
          fill(NAME, first + start, parts.subarray(start, Math.min(2000, start + length)));
        expect(parts).toEqual(whole);
        for (const i of [0, 1, 2, 511, 512, 513, 1024, 1999]) {
          const one = new Float64Array(3);
          fill(NAME, first + i, one, 1);
          expect([...one]).toEqual([whole[i], 0, 0]);
        }
      }
    });

  it("leaves the rest of `out` alone", () => {
    const out = new Float64Array(10).fill(7);
    fillNormal(NAME, 3, out, 5);
    expect([...out.subarray(5)]).toEqual([7, 7, 7, 7, 7]);
    expect(out.subarray(0, 5)).toEqual(normals(NAME, 3, 5));
  });

  it("missing parts of a name are 0", () => {
    expect(normals({ seed: 5, stream: "floor" }, 0, 9)).toEqual(
      normals({ seed: 5, stream: "floor", run: 0, step: 0, slot: 0 }, 0, 9),
    );
  });
});

describe("law of 1e6 normals, |z| < 4", () => {
  const count = 1_000_000;
  const x = normals({ seed: 1, stream: "sampler" }, 0, count);

  it("moments 1 to 6 and 8", () => {
    for (const order of [1, 2, 3, 4, 5, 6, 8]) expect(Math.abs(normalMomentZ(x, order)), `${order}`).toBeLessThan(4);
  });

  it("tails beyond 2, 3 and 4 standard deviations, either side", () => {
    for (const bound of [2, 3, 4]) {
      const p = 1 - normalCdf(bound);
      for (const sign of [1, -1]) {
        let hits = 0;
        for (const value of x) if (sign * value > bound) hits++;
        expect(Math.abs(hits - count * p) / Math.sqrt(count * p * (1 - p)), `${sign * bound}`).toBeLessThan(4);
      }
    }
  });

  it("Kolmogorov–Smirnov, normal and uniform", () => {
    // P(√n D > 2.23) = 2 exp(−2 · 2.23²) = 1e-4.
    expect(kolmogorov(x, normalCdf)).toBeLessThan(2.23);
    const u = new Float64Array(count);
    fillUniform({ seed: 1, stream: "sampler" }, 0, u);
    expect(kolmogorov(u, (value) => value)).toBeLessThan(2.23);
    expect(Math.min(...u.subarray(0, 1000))).toBeGreaterThan(0);
  });

  it("no two streams share their numbers", () => {
    const firsts = Object.values(STREAMS).map((name) => normals(name, 0, 1)[0]);
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it("no two slots of a step share their numbers, however many corrector steps", () => {
    const { CORRECTOR, ...others } = NoiseSlot;
    expect(new Set(Object.values(others)).size).toBe(Object.keys(others).length);
    for (const slot of Object.values(others)) expect(slot).toBeLessThan(CORRECTOR);
  });

  it("neighbours, streams, runs, steps, slots and seeds are uncorrelated, and so are their squares", () => {
    const other = (change: Partial<NoiseName>): Float64Array =>
      normals({ seed: 1, stream: "sampler", ...change }, 0, count);
    const pairs: Record<string, Float64Array> = {
      "lag 1": x.subarray(1),
      "lag 2": x.subarray(2),
      "lag 512": x.subarray(512),
      stream: other({ stream: "target" }),
      run: other({ run: 1 }),
      step: other({ step: 1 }),
      slot: other({ slot: 1 }),
      seed: other({ seed: 2 }),
      "upper half of the seed": other({ seed: 1 + 2 ** 32 }),
    };
    for (const [label, y] of Object.entries(pairs)) {
      let product = 0;
      let squares = 0;
      for (let i = 0; i < y.length; i++) {
        product += x[i]! * y[i]!;
        squares += (x[i]! ** 2 - 1) * (y[i]! ** 2 - 1);
      }
      // E[(x²−1)²(y²−1)²] = 4.
      expect(Math.abs(product) / Math.sqrt(y.length), label).toBeLessThan(4);
      expect(Math.abs(squares) / Math.sqrt(4 * y.length), label).toBeLessThan(4);
    }
  });
});

it("checkSeed accepts integers in [0, 2^53) alone", () => {
  for (const seed of [0, 1, 2 ** 53 - 1]) expect(() => checkSeed(seed)).not.toThrow();
  for (const seed of [-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => checkSeed(seed)).toThrow(UsageError);
    expect(() => checkSeed(seed)).toThrow(`seed: must be an integer in [0, 2^53), but got ${seed}`);
  }
});
