import { describe, expect, it } from "vitest";
import { compareJson } from "../../src/reports/compare-json.js";
import { jsonText } from "../../src/reports/json-text.js";
import { compareFixture } from "./fixture.js";

describe("compareJson", () => {
  it("reads back as what was written", () => {
    expect(JSON.parse(compareJson(compareFixture()))).toEqual(JSON.parse(JSON.stringify(compareFixture())));
  });

  it("writes null for what is not finite", () => {
    const { runs, ...rest } = compareFixture();
    const odd = {
      ...runs[0]!,
      seconds: Number.NaN,
      metrics: { w2: { value: Infinity, standardError: -Infinity } },
      exact: null,
    };
    const read = JSON.parse(compareJson({ ...rest, runs: [odd] }));
    expect(read.runs[0].seconds).toBeNull();
    expect(read.runs[0].metrics.w2).toEqual({ value: null, standardError: null });
    expect(read.runs[0].exact).toBeNull();
  });

  it("has the same text whatever the order of keys", () => {
    const result = compareFixture();
    const reversed = { ...result, runs: result.runs.map((run) => Object.fromEntries(Object.entries(run).reverse())) };
    expect(compareJson(reversed as unknown as typeof result)).toBe(compareJson(result));
    expect(compareJson(result).startsWith('{\n  "schema": "score-sde/compare@1",\n  "stamp"')).toBe(true);
    expect(compareJson(result).endsWith("}\n")).toBe(true);
  });
});

it("jsonText writes typed arrays as lists and large integers as text", () => {
  expect(JSON.parse(jsonText({ a: Float64Array.of(1, Number.NaN), b: 2n ** 70n }))).toEqual({
    a: [1, null],
    b: String(2n ** 70n),
  });
});
