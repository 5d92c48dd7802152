import { describe, expect, it } from "vitest";
import { fillNormal } from "../../solvers/noise/normal.js";
import { compareDistances, nearestDistances } from "../../src/training/memorisation.js";

describe("memorisation", () => {
  it("measures the distance to the nearest row", () => {
    const data = Float64Array.of(0, 0, 3, 4, -1, 1);
    expect([...nearestDistances(Float64Array.of(0, 1, 3, 3, 6, 8), data, 2)]).toEqual([1, 1, 5]);
  });

  it("is the statistic of Mann and Whitney, ties counted half", () => {
    // Of the nine pairs the generated one is nearer in (1, 2), (1, 4), (1, 4), (2, 4), (2, 4), and ties in (2, 2).
    const { closer, generated, heldOut, standardError } = compareDistances(
      Float64Array.of(5, 1, 2),
      Float64Array.of(4, 2, 4),
    );
    expect(closer).toBe(5.5 / 9);
    expect([generated, heldOut]).toEqual([2, 4]);
    expect(standardError).toBeCloseTo(Math.sqrt(7 / 108), 15);
  });

  it("finds copies, and clears samples of the law itself", () => {
    const normals = (step: number, count: number) => {
      const out = new Float64Array(2 * count);
      fillNormal({ seed: 4, stream: "probe", step }, 0, out);
      return out;
    };
    const training = normals(0, 2000);
    const heldOut = nearestDistances(normals(1, 500), training, 2);
    const fresh = compareDistances(nearestDistances(normals(2, 500), training, 2), heldOut);
    expect(Math.abs(fresh.closer - 0.5)).toBeLessThan(4 * fresh.standardError);
    const shaken = training.subarray(0, 1000).map((x, i) => x + 1e-3 * Math.sin(i));
    const copies = compareDistances(nearestDistances(shaken, training, 2), heldOut);
    expect(copies.closer - 0.5).toBeGreaterThan(10 * copies.standardError);
    expect(copies.generated).toBeLessThan(0.1 * copies.heldOut);
  });
});
