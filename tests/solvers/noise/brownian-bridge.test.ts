import { describe, expect, it } from "vitest";
import { bridgeSplit } from "../../../solvers/noise/brownian-bridge.js";

const LENGTHS = [
  [0.5, 0.5],
  [0.3, 0.9],
  [1e-9, 1],
  [2, 1e-6],
  [40, 39.999],
] as const;

/** W_left, H_left, W_right, H_right as rows of coefficients of (W, H, X₁, X₂). */
function rows(a: number, b: number): number[][] {
  const s = bridgeSplit(a, b);
  return [
    [s.w, s.h, s.x, 0],
    [0, s.left.h, -s.left.x1, s.left.x2],
    [s.rightW, -s.h, -s.x, 0],
    [0, s.right.h, -s.right.x1, -s.right.x2],
  ];
}

describe.each(LENGTHS)("split of an interval into %d and %d", (a, b) => {
  const h = a + b;
  const [wl, hl, wr, hr] = rows(a, b) as [number[], number[], number[], number[]];

  it("has the covariance diag(a, a/12, b, b/12)", () => {
    const variances = [h, h / 12, 1, 1];
    const expected = [a, a / 12, b, b / 12];
    const all = [wl, hl, wr, hr];
    for (const [i, left] of all.entries())
      for (const [j, right] of all.entries()) {
        const covariance = variances.reduce((sum, variance, k) => sum + left[k]! * right[k]! * variance, 0);
        const target = i === j ? expected[i]! : 0;
        expect(Math.abs(covariance - target), `${i} ${j}`).toBeLessThan(1e-12 * Math.sqrt(expected[i]! * expected[j]!));
      }
  });

  it("adds up: W_left + W_right = W and the area relation h H = a (H_l + W_l/2) + b W_l + b (H_r + W_r/2) − h W/2", () => {
    for (let k = 0; k < 4; k++) {
      expect(wl[k]! + wr[k]!).toBeCloseTo(k === 0 ? 1 : 0, 14);
      const sum = a * (hl[k]! + wl[k]! / 2) + b * wl[k]! + b * (hr[k]! + wr[k]! / 2) - (k === 0 ? h / 2 : 0);
      // Each term is at most h^(3/2) in size.
      expect(Math.abs(sum - (k === 1 ? h : 0))).toBeLessThan(4e-16 * Math.max(1, h) ** 1.5 * 4);
    }
  });
});

it("at the middle: W/2 ± (3/2) H ± Z and H/4 − Z/2 ± N/2 with Var Z = h/16, Var N = h/12", () => {
  const h = 0.7;
  const s = bridgeSplit(h / 2, h / 2);
  expect([s.w, s.rightW, s.h, s.left.h, s.right.h]).toEqual([0.5, 0.5, 1.5, 0.25, 0.25]);
  expect(s.x ** 2).toBeCloseTo(h / 16, 15);
  expect(s.left.x1).toBeCloseTo(s.x / 2, 15);
  expect(s.right.x1).toBeCloseTo(s.x / 2, 15);
  expect((2 * s.left.x2) ** 2).toBeCloseTo(h / 12, 15);
  expect(s.right.x2).toBe(s.left.x2);
});

it("at an end of the interval takes no noise", () => {
  const left = bridgeSplit(0, 2);
  expect([left.w, left.rightW, left.h, left.x, left.right.h]).toEqual([0, 1, 0, 0, 1]);
  expect([left.right.x1, left.right.x2]).toEqual([0, 0]);
  const right = bridgeSplit(2, 0);
  expect([right.w, right.left.h, right.left.x1, right.left.x2]).toEqual([1, 1, 0, 0]);
});
