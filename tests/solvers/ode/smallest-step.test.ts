import { expect, it } from "vitest";
import { isBelowSmallestStep, smallestStep, spacing } from "../../../solvers/ode/smallest-step.js";

it("spacing to the next double, both ways, as IEEE 754 has it", () => {
  expect(spacing(1, 1)).toBe(2 ** -52);
  expect(spacing(1, -1)).toBe(2 ** -53);
  expect(spacing(-1, -1)).toBe(2 ** -52);
  expect(spacing(-1, 1)).toBe(2 ** -53);
  expect(spacing(0.75, 1)).toBe(2 ** -53);
  expect(spacing(1000, -1)).toBe(2 ** -43);
  expect(spacing(0, 1)).toBe(5e-324);
  expect(spacing(0, -1)).toBe(5e-324);
  expect(spacing(2 ** -1022, -1)).toBe(5e-324);
  for (const t of [1e-3, 0.3, 17.1, 12345.678]) {
    expect(t + spacing(t, 1)).toBeGreaterThan(t);
    expect(t + 0.49 * spacing(t, 1)).toBe(t);
  }
});

it("the smallest step is 10 spacings, and the quick look agrees with it", () => {
  for (const t of [0, 1e-310, 1e-3, -0.7, 1, 4, 1e6]) {
    for (const direction of [1, -1]) {
      const least = smallestStep(t, direction);
      expect(least).toBe(10 * spacing(t, direction));
      expect(isBelowSmallestStep(least, t, direction)).toBe(false);
      expect(isBelowSmallestStep(2 * least, t, direction)).toBe(false);
      expect(isBelowSmallestStep(0.9 * least, t, direction)).toBe(true);
    }
  }
});
