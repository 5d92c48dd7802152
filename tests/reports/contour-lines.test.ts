import { expect, it } from "vitest";
import { contourLines } from "../../src/reports/contour-lines.js";
import { massLevels } from "../../src/reports/mass-levels.js";

const axis = Array.from({ length: 101 }, (_, i) => -2 + 0.04 * i);

it("follows a circle in one closed line", () => {
  const values = axis.map((y) => axis.map((x) => x * x + y * y));
  const lines = contourLines(axis, axis, values, 1);
  expect(lines.length).toBe(1);
  expect(lines[0]![0]).toEqual(lines[0]!.at(-1));
  // Along an edge of length h the chord of a convex quadratic errs by at most h²/8 · second derivative, over the slope 2r.
  const bound = (0.04 ** 2 / 8) * 2;
  for (const [x, y] of lines[0]!) expect(Math.abs(x * x + y * y - 1)).toBeLessThanOrEqual(bound);
  const length = lines[0]!
    .slice(1)
    .reduce((sum, [x, y], i) => sum + Math.hypot(x - lines[0]![i]![0], y - lines[0]![i]![1]), 0);
  expect(length).toBeCloseTo(2 * Math.PI, 2);
});

it("ends open lines at the rim", () => {
  const lines = contourLines(
    axis,
    axis,
    axis.map(() => axis),
    0.1,
  );
  expect(lines.length).toBe(1);
  expect([lines[0]![0]![1], lines[0]!.at(-1)![1]].sort((a, b) => a - b)).toEqual([axis[0], axis.at(-1)]);
});

it("separates a saddle's branches", () => {
  const values = axis.map((y) => axis.map((x) => x * y));
  expect(contourLines(axis, axis, values, 0.3).length).toBe(2);
  const cell = [
    [1, 0],
    [0, 1],
  ];
  for (const level of [0.3, 0.7]) {
    const lines = contourLines([0, 1], [0, 1], cell, level);
    // Above the mean 0.5 the high corners are cut off, below it the low ones.
    expect(lines.length).toBe(2);
    const isCutAtHigh = lines.every(([from, to]) => Math.abs(from![0] + to![0] - from![1] - to![1]) < 1e-12);
    expect(isCutAtHigh).toBe(level > 0.5);
  }
});

it("massLevels bound regions of the given mass", () => {
  const density = axis.map((y) => axis.map((x) => Math.exp(-0.5 * (x * x + y * y) * 9)));
  // A 2-D Gaussian holds the share p above exp(−r²/2) with p = 1 − exp(−r²/2): the level is 1 − p of the peak.
  const [half, most] = massLevels(density, [0.5, 0.95]);
  expect(half! / 1).toBeCloseTo(0.5, 1);
  expect(most! / 1).toBeCloseTo(0.05, 1);
});
