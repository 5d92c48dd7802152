import fc from "fast-check";
import { expect, it } from "vitest";
import { placeLabels } from "../../src/reports/place-labels.js";

it("leaves labels alone that are apart", () => {
  expect(placeLabels([10, 50, 90], [16, 16, 16], 0, 100)).toEqual([10, 50, 90]);
});

it("parts two equal labels by the same shift", () => {
  expect(placeLabels([50, 50], [16, 16], 0, 100)).toEqual([42, 58]);
});

it("keeps order, spacing and bounds for any labels that fit", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -50, max: 450, noNaN: true }), { minLength: 1, maxLength: 20 }), (wanted) => {
      const placed = placeLabels(
        wanted,
        wanted.map(() => 16),
        4,
        416,
      );
      const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
      for (const [rank, i] of order.entries()) {
        expect(placed[i]!).toBeGreaterThanOrEqual(4);
        expect(placed[i]!).toBeLessThanOrEqual(416 + 1e-9);
        if (rank > 0) expect(placed[i]! - placed[order[rank - 1]!]!).toBeGreaterThanOrEqual(16 - 1e-9);
      }
    }),
  );
});

it("shifts least: no common shift of a crowd brings it nearer", () => {
  const wanted = [100, 104, 105, 130];
  const placed = placeLabels(
    wanted,
    wanted.map(() => 16),
    0,
    400,
  );
  const cost = (shift: number) => placed.reduce((sum, at, i) => sum + (at + shift - wanted[i]!) ** 2, 0);
  expect(cost(0)).toBeLessThan(cost(0.5));
  expect(cost(0)).toBeLessThan(cost(-0.5));
});

it("gives taller labels more room", () => {
  expect(placeLabels([50, 50], [32, 16], 0, 100)).toEqual([38, 62]);
});
