import { describe, expect, it } from "vitest";
import { formatCount, formatEstimate, formatSeconds, formatSignificant } from "../../src/reports/number-format.js";

describe("formatSignificant", () => {
  it.each([
    [0.6400167, "0.6400"],
    [0.0046893, "0.004689"],
    [12.34567, "12.35"],
    [123456, "123456"],
    [1234567, "1.235e6"],
    [0.00001234, "1.234e-5"],
    [9.99996, "10.00"],
    [0, "0"],
    [-0.5, "-0.5000"],
  ])("%d is %s", (value, text) => {
    expect(formatSignificant(value)).toBe(text);
  });

  it("has a dash for what does not exist", () => {
    for (const value of [null, undefined, Number.NaN, Infinity]) expect(formatSignificant(value)).toBe("–");
  });
});

describe("formatEstimate", () => {
  it.each([
    [0.0123456, 0.00045, "0.01235 ± 0.00045"],
    [0.64, 0.0078, "0.6400 ± 0.0078"],
    [1.23456, 0.0999, "1.23 ± 0.10"],
    [12.34, 1.5, "12.3 ± 1.5"],
    [1234, 56, "1234 ± 56"],
    [123456, 4321, "123500 ± 4300"],
    [2.345e-6, 1.2e-7, "(2.35 ± 0.12)e-6"],
    [0.001, 0.5, "0.00 ± 0.50"],
  ])("%d with error %d is %s", (value, standardError, text) => {
    expect(formatEstimate({ value, standardError })).toBe(text);
  });

  it("shows four digits and no error where none is known", () => {
    expect(formatEstimate({ value: 0.123456, standardError: 0 })).toBe("0.1235");
    expect(formatEstimate({ value: 0.123456, standardError: Number.NaN })).toBe("0.1235");
    expect(formatEstimate({ value: Number.NaN, standardError: 0.1 })).toBe("–");
    expect(formatEstimate(null)).toBe("–");
  });
});

it("counts and durations", () => {
  expect([formatCount(20), formatCount(26.44), formatCount(null)]).toEqual(["20", "26.4", "–"]);
  expect([formatSeconds(0.00421), formatSeconds(12.34)]).toEqual(["4.21 ms", "12.3 s"]);
});
