import { describe, expect, it } from "vitest";
import { coefficientTable } from "../../src/training/coefficient-table.js";

describe("the table of coefficients", () => {
  it("is true to 1e-7 of each value between its nodes, for functions with corners too", () => {
    for (const [value, range] of [
      [(t: number) => 1 / t, { from: 1e-5, to: 1, breakpoints: [] }],
      [(t: number) => Math.exp(-5 * t * t), { from: 0, to: 1, breakpoints: [] }],
      [(t: number) => Math.log(1 - t), { from: 0.1, to: 0.9995, breakpoints: [] }],
      [(t: number) => 1 + Math.abs(t - 0.3), { from: 0, to: 1, breakpoints: [0.3] }],
    ] as const) {
      const { rows, knots } = coefficientTable((t) => ({ values: [value(t)], scales: [0] }), range);
      expect(knots.length).toBeLessThan(2000);
      for (let i = 0; i <= 1000; i++) {
        const t = range.from + ((range.to - range.from) * i) / 1000;
        const [first = 0, scale = 0, a = 0, b = 0, c = 0, d = 0] = rows[knots.filter((knot) => knot <= t).length - 1]!;
        const s = (t - first) * scale;
        expect(Math.abs(a + s * (b + s * (c + s * d)) - value(t))).toBeLessThanOrEqual(
          1e-7 * Math.abs(value(t)) + 1e-9,
        );
      }
    }
  });
});

describe("a table of rough functions", () => {
  it("is refused", () => {
    const rough = (t: number) => ({ values: [1 + Math.sin(1e9 * t)], scales: [0] });
    expect(() => coefficientTable(rough, { from: 0, to: 1, breakpoints: [] })).toThrow(/must be smooth/);
  });
});
