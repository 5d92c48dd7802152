import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as elementary from "../../../solvers/math/elementary.js";

type Name = keyof typeof elementary;
const values: Record<Name, string[]> = JSON.parse(
  readFileSync(new URL("../../fixtures/elementary/values.json", import.meta.url), "utf8"),
);

/** Largest error in ulp that each docstring states. */
const BOUNDS: Record<Name, number> = {
  exp: 1.1,
  expm1: 1.5,
  log: 1,
  log1p: 1,
  sin: 1,
  cos: 1,
  tan: 1.5,
  sinOfTurns: 2,
  atan: 1,
  sinh: 2,
  cosh: 2,
  tanh: 2,
  pow: 0.6,
};

const functions: Readonly<Record<Name, (...x: number[]) => number>> = { ...elementary };
const call = (name: Name, x: number[]): number => functions[name](...x);

describe("errors against 60 digits", () => {
  for (const name of Object.keys(BOUNDS) as Name[])
    it(`${name} within ${BOUNDS[name]} ulp`, () => {
      let worst = 0;
      for (const row of values[name]) {
        const words = row.split(" ");
        const residual = Number(words.pop()) / 256;
        const expected = double(words.pop()!);
        const got = call(name, words.map(double));
        // got − expected is exact: the two are neighbours or nearly so.
        worst = Math.max(worst, Math.abs((got - expected) / ulp(expected) - residual));
        if (Number.isNaN(got)) worst = Number.NaN;
      }
      // 1/512 ulp is the rounding of the fixture's residuals.
      expect(worst).toBeLessThanOrEqual(BOUNDS[name] + 1 / 512);
    });
});

describe("special values", () => {
  const specials = [
    0,
    -0,
    1,
    -1,
    Infinity,
    -Infinity,
    NaN,
    5e-324,
    -5e-324,
    2 ** -1022,
    1e-300,
    -1e-300,
    1e-20,
    -1e-20,
  ];
  const large = [710, -710, 745, -745, 746, -746, 1e3, -1e3, 1e300, -1e300, Number.MAX_VALUE, -Number.MAX_VALUE];
  for (const name of Object.keys(BOUNDS) as Name[]) {
    if (name === "pow" || name === "sinOfTurns") continue;
    it(`${name} as Math.${name}`, () => {
      for (const x of [...specials, ...large]) {
        const got = call(name, [x]);
        const reference = Math[name](x);
        const regular = Number.isFinite(reference) && reference !== 0 && Math.abs(reference) >= 2 ** -1022;
        // Math's own last digits vary between engines: equality is asked only where the value is exact.
        if (regular) expect(Math.abs(got / reference - 1), `${x}`).toBeLessThanOrEqual(4 * 2 ** -52);
        else expect(got, `${x}`).toBe(reference);
      }
    });
  }

  it("pow as Math.pow", () => {
    const bases = [
      ...specials,
      0.5,
      -0.5,
      2,
      -2,
      3,
      -3,
      1 + 2 ** -52,
      1 - 2 ** -53,
      Number.MAX_VALUE,
      -Number.MAX_VALUE,
    ];
    const exponents = [...bases, 2 ** 52 + 1, 2 ** 53, 2 ** 53 + 2, -(2 ** 52) - 1, 1e300, -1e300, 1 / 3, 1074, -1074];
    for (const x of bases)
      for (const y of exponents) {
        const got = elementary.pow(x, y);
        const reference = x ** y;
        const regular = Number.isFinite(reference) && Math.abs(reference) >= 2 ** -1022;
        if (regular) expect(Math.abs(got / reference - 1), `${x} ${y}`).toBeLessThanOrEqual(4 * 2 ** -52);
        else if (reference !== 0 && Number.isFinite(reference))
          expect(Math.abs(got - reference), `${x} ${y}`).toBeLessThanOrEqual(2 ** -1074);
        else expect(got, `${x} ${y}`).toBe(reference);
      }
  });

  it("pow is exact where the result is a double", () => {
    for (let base = 1; base <= 40; base++) {
      let power = 1;
      for (let exponent = 0; power < 2 ** 53; exponent++, power *= Math.max(base, 2))
        if (base > 1) expect(elementary.pow(base, exponent)).toBe(power);
    }
    for (let n = -1074; n < 1024; n++) expect(elementary.pow(2, n)).toBe(2 ** n);
  });

  it("exp reaches the limits of the range", () => {
    expect(elementary.exp(709.782712893384)).toBeLessThan(Infinity);
    expect(elementary.exp(709.7827128933841)).toBe(Infinity);
    expect(elementary.exp(-745.1332191019411)).toBe(5e-324);
    expect(elementary.exp(-745.1332191019412)).toBe(0);
    expect(elementary.sinh(710.4758600739439)).toBeLessThan(Infinity);
    expect(elementary.cosh(710.475860073944)).toBe(Infinity);
  });
});

describe("identities", () => {
  it("sines of turns: quarters exactly, odd", () => {
    expect(elementary.sinOfTurns(0.25)).toBe(1);
    expect(elementary.sinOfTurns(-0.25)).toBe(-1);
    expect(elementary.sinOfTurns(0)).toBe(0);
  });

  it("sine and cosine are odd and even, bit for bit", () => {
    for (let i = 1; i < 2000; i++) {
      const x = i * 1.37 * (i % 7 === 0 ? 1e9 : 1);
      expect(elementary.sin(-x)).toBe(-elementary.sin(x));
      expect(elementary.cos(-x)).toBe(elementary.cos(x));
      expect(elementary.tan(-x)).toBe(-elementary.tan(x));
    }
  });
});

it("gives the same bits on every engine", () => {
  // FNV-1a over the bits of 20 000 values per function; arguments by exact arithmetic.
  const words = new Uint32Array(2);
  const one = new Float64Array(words.buffer);
  let hash = 0x811c9dc5;
  for (const name of (Object.keys(BOUNDS) as Name[]).sort())
    for (let i = 0; i < 20000; i++) {
      const u = ((i * 40503) % 65536) / 65536;
      const x = name === "sinOfTurns" ? (u - 0.5) / 2 : i % 2 ? 8 * u - (name.startsWith("log") ? 0 : 4) : 700 * u;
      one[0] = name === "pow" ? elementary.pow(x < 0 ? -x : x, 3 * u - 1.5) : call(name, [x]);
      hash = Math.imul(hash ^ words[0]!, 0x01000193);
      hash = Math.imul(hash ^ words[1]!, 0x01000193);
    }
  expect(hash >>> 0).toBe(1454897969);
});

function double(hexadecimal: string): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${hexadecimal}`));
  return view.getFloat64(0);
}

/** Distance from |x| to the next larger double. */
function ulp(x: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  view.setBigUint64(0, view.getBigUint64(0) + 1n);
  return view.getFloat64(0) - Math.abs(x);
}
