import { describe, expect, it } from "vitest";
import { axisPosition, axisValue, linearAxis, logAxis } from "../../src/reports/axis.js";

describe("logAxis", () => {
  it("labels costs at 10, 20, 50, 100, 200", () => {
    expect(logAxis([10, 200], "evaluations").ticks).toEqual([10, 20, 50, 100, 200]);
  });

  it("has three ticks or more, however near each other the values are", () => {
    expect(logAxis([0.236, 0.345], "").ticks).toEqual([0.2, 0.25, 0.3, 0.4]);
    for (let start = 1; start < 10; start *= 1.05) {
      for (const ratio of [1, 1.5, 3, 6, 20]) {
        const { ticks } = logAxis([start, ratio * start], "");
        expect(ticks.length).toBeGreaterThanOrEqual(3);
        expect(ticks.length).toBeLessThanOrEqual(9);
      }
    }
  });

  it("keeps every value and tick inside, for any decades", () => {
    for (const [low, high] of [
      [1e-9, 1e3],
      [0.004, 0.6],
      [3, 3],
      [1e-5, 2e-5],
    ] as const) {
      const { domain, ticks } = logAxis([low, high], "");
      expect(domain[0]).toBeLessThan(low);
      expect(domain[1]).toBeGreaterThan(high);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(9);
      for (const tick of ticks) expect(tick >= domain[0] && tick <= domain[1]).toBe(true);
    }
  });

  it("leaves out what a logarithm cannot show", () => {
    expect(logAxis([0, -1, Number.NaN, 1, 10], "").domain[0]).toBeGreaterThan(0.5);
  });

  it("has ticks that are the decimals themselves", () => {
    expect(logAxis([1e-6, 1e-4], "").ticks.map(String)).toContain("0.00002");
  });
});

describe("linearAxis", () => {
  it("has round ticks inside the ends", () => {
    expect(linearAxis([], "", { fixed: [0, 0.7] }).ticks).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
    expect(linearAxis([], "", { fixed: [-4.5, 4.5], mostTicks: 6 }).ticks).toEqual([-4, -2, 0, 2, 4]);
  });

  it("shows a constant", () => {
    const { domain } = linearAxis([0.3, 0.3], "");
    expect(domain[0]).toBeLessThan(0.3);
    expect(domain[1]).toBeGreaterThan(0.3);
  });
});

it("axisValue inverts axisPosition", () => {
  for (const axis of [logAxis([0.01, 50], ""), linearAxis([-2, 5], "")]) {
    for (const position of [-0.2, 0, 0.3, 1, 1.1]) {
      expect(axisPosition(axisValue(position, axis), axis)).toBeCloseTo(position, 12);
    }
  }
});
