import { expect, it } from "vitest";
import { numberText, valueText } from "../../solvers/number-text.js";

it.each([
  [0.001, "0.001"],
  [0.0001, "0.0001"],
  [0.00001, "1e-5"],
  [-0.0000123, "-1.23e-5"],
  [2 ** -1074, "5e-324"],
  [0, "0"],
  [1000000, "1000000"],
  [1e21, "1e21"],
  [Number.NaN, "NaN"],
  [Number.NEGATIVE_INFINITY, "-Infinity"],
] as const)("%f is written %s, with nothing lost", (value, text) => {
  expect(numberText(value)).toBe(text);
  expect(Number(text)).toBe(value);
});

it.each([
  [0.000100004, 3, "0.0001"],
  [0.0000999999, 3, "0.0001"],
  [0.00009994, 3, "9.99e-5"],
  [2.220446049250313e-14, 3, "2.22e-14"],
  [0.1, 4, "0.1"],
  [123456, 2, "120000"],
  [1234567, 2, "1.2e6"],
] as const)("%f to %i digits is written %s", (value, digits, text) => {
  expect(numberText(value, digits)).toBe(text);
});

it("shows words in quotes and any other value as JSON", () => {
  expect([valueText(1e-7), valueText("ten"), valueText([1, 2]), valueText(undefined)]).toEqual([
    "1e-7",
    "'ten'",
    "[1,2]",
    "undefined",
  ]);
});
