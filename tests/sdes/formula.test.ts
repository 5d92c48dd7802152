import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadFormulaParser } from "../../src/sdes/formula-parser.js";

const parser = await loadFormulaParser("test", { a: 1.5 });
const parse = (text: string) => parser.parse("f", text, ["t", "x"]);

/** Formula, its value and its derivative written by hand. */
const CASES: readonly (readonly [string, (t: number) => number, (t: number) => number])[] = [
  ["3", () => 3, () => 0],
  ["-t^2", (t) => -t * t, (t) => -2 * t],
  ["2 t^3 - t/4 + 1", (t) => 2 * t ** 3 - t / 4 + 1, (t) => 6 * t ** 2 - 0.25],
  ["(1+t)^a", (t) => (1 + t) ** 1.5, (t) => 1.5 * Math.sqrt(1 + t)],
  ["t^4", (t) => t ** 4, (t) => 4 * t ** 3],
  ["t^(-1)", (t) => 1 / t, (t) => -1 / (t * t)],
  ["pow(t, 7)", (t) => t ** 7, (t) => 7 * t ** 6],
  ["t^0.5", Math.sqrt, (t) => 0.5 / Math.sqrt(t)],
  ["2^t", (t) => 2 ** t, (t) => Math.LN2 * 2 ** t],
  ["t^t", (t) => t ** t, (t) => t ** t * (Math.log(t) + 1)],
  ["e^(-2 t)", (t) => Math.exp(-2 * t), (t) => -2 * Math.exp(-2 * t)],
  ["exp(-t)^3", (t) => Math.exp(-3 * t), (t) => -3 * Math.exp(-3 * t)],
  ["1 - exp(-t)", (t) => -Math.expm1(-t), (t) => Math.exp(-t)],
  ["exp(t) - 1", Math.expm1, Math.exp],
  ["-exp(t) + 1", (t) => -Math.expm1(t), (t) => -Math.exp(t)],
  ["expm1(2 t)", (t) => Math.expm1(2 * t), (t) => 2 * Math.exp(2 * t)],
  ["log1p(t^2)", (t) => Math.log1p(t * t), (t) => (2 * t) / (1 + t * t)],
  ["ln(expm1(t))", (t) => Math.log(Math.expm1(t)), (t) => 1 / -Math.expm1(-t)],
  ["log(1 + t)", Math.log1p, (t) => 1 / (1 + t)],
  ["log(t + 1)", Math.log1p, (t) => 1 / (1 + t)],
  ["log(1 - t/9)", (t) => Math.log1p(-t / 9), (t) => -1 / (9 - t)],
  [
    "sin(pi*t)*cos(t)",
    (t) => Math.sin(Math.PI * t) * Math.cos(t),
    (t) => Math.PI * Math.cos(Math.PI * t) * Math.cos(t) - Math.sin(Math.PI * t) * Math.sin(t),
  ],
  ["tan(t/3)", (t) => Math.tan(t / 3), (t) => 1 / (3 * Math.cos(t / 3) ** 2)],
  ["sinh(t)/cosh(t)", Math.tanh, (t) => 1 / Math.cosh(t) ** 2],
  ["tanh(2 t)", (t) => Math.tanh(2 * t), (t) => 2 / Math.cosh(2 * t) ** 2],
  ["atan(t)", Math.atan, (t) => 1 / (1 + t * t)],
  ["abs(t-9)", (t) => 9 - t, () => -1],
  ["sqrt(1+t^2)", (t) => Math.sqrt(1 + t * t), (t) => t / Math.sqrt(1 + t * t)],
  ["+t - -t", (t) => 2 * t, () => 2],
  [
    "sec(t/3) + sech(t)",
    (t) => 1 / Math.cos(t / 3) + 1 / Math.cosh(t),
    (t) => Math.tan(t / 3) / Math.cos(t / 3) / 3 - Math.tanh(t) / Math.cosh(t),
  ],
];

describe("formulas", () => {
  it.each(CASES)("%s has its value and its derivative", (text, value, slope) => {
    const formula = parse(text);
    const derivative = formula.timeDerivative();
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 4, noNaN: true }), (t) => {
        // A handful of operations of 2 ulp each, on terms of the size of the value or 1 or t^7.
        const size = 1e-14 * (1 + Math.abs(value(t)) + Math.abs(slope(t)));
        expect(Math.abs(formula.evaluate(t, 0) - value(t))).toBeLessThan(size);
        expect(Math.abs(derivative(t, 0) - slope(t))).toBeLessThan(4 * size);
      }),
      { numRuns: 50, seed: 5 },
    );
  });

  it("keep their digits near t = 0 where 1 − e^−t and ln(1 + t) cancel", () => {
    for (const t of [1e-12, 1e-8, 1e-4]) {
      expect(Math.abs(parse("1 - exp(-3 t)").evaluate(t, 0) / -Math.expm1(-3 * t) - 1)).toBeLessThan(1e-15);
      expect(Math.abs(parse("1 - exp(-t)^3").evaluate(t, 0) / -Math.expm1(-3 * t) - 1)).toBeLessThan(1e-15);
      expect(Math.abs(parse("(1) - (e^(-3 t))").evaluate(t, 0) / -Math.expm1(-3 * t) - 1)).toBeLessThan(1e-15);
      expect(Math.abs(parse("ln(1 + t)").evaluate(t, 0) / Math.log1p(t) - 1)).toBeLessThan(1e-15);
    }
  });

  it("know x, constants, π and e", () => {
    expect(parse("a*x + pi - e").evaluate(0, 2)).toBe(3 + Math.PI - Math.E);
  });

  it("square negative numbers", () => {
    expect(parse("(t-1)^2 + (t-1)^3 + (t-1)^(1+1)").evaluate(0, 0)).toBe(1);
  });
});
