import { describe, expect, it } from "vitest";
import { toy } from "../../src/targets/index.js";

const digits = toy("digits");
const N = 256;

describe("digits", () => {
  it("are images of 16 × 16 pixels in [−1, 1] with the noise asked for", () => {
    expect(digits.shape).toEqual([16, 16, 1]);
    const count = 400;
    const { data } = digits.sample({ count, seed: 1 });
    // The four corners are background in every drawing: −1 and noise of 0.05.
    const corners = [0, 15, 240, 255].flatMap((pixel) => Array.from({ length: count }, (_, i) => data[i * N + pixel]!));
    const mean = corners.reduce((sum, x) => sum + x, 0) / corners.length;
    const variance = corners.reduce((sum, x) => sum + (x + 1) ** 2, 0) / corners.length;
    expect(Math.abs(mean + 1)).toBeLessThan((4 * 0.05) / Math.sqrt(corners.length));
    // Variance of a mean of n squares of N(0, s²): 2 s⁴/n.
    expect(Math.abs(variance - 0.0025)).toBeLessThan(4 * 0.0025 * Math.sqrt(2 / corners.length));
    const brightest = digits.sample({ count: 50, seed: 2 }).data;
    // Full ink is 1; of 12 800 normals none is above 4.8 standard deviations but one in a hundred times.
    for (const x of brightest) expect(Math.abs(x)).toBeLessThan(1 + 4.8 * 0.05);
  });

  it("have ten modes of equal weight that are told apart with certainty", () => {
    const { weights, responsibilities } = digits.modes!;
    expect([...weights]).toEqual(Array.from({ length: 10 }, () => expect.closeTo(0.1, 12)));
    const count = 200;
    const table = new Float64Array(count * 10);
    responsibilities(digits.sample({ count, seed: 3 }).data, count, table);
    const sure = Array.from({ length: count }, (_, i) => Math.max(...table.subarray(10 * i, 10 * i + 10)));
    // Drawings of different digits are 3 and more apart, 60 standard deviations of the noise.
    expect(Math.min(...sure)).toBeGreaterThan(1 - 1e-9);
  });

  it("have the score of their mixture: towards the drawing when there is little noise", () => {
    const clean = toy("digits", { standardDeviation: 0.001 });
    const { data } = clean.sample({ count: 20, seed: 4 });
    const score = new Float64Array(data.length);
    const x = data.map((value, i) => 0.9 * value + 0.1 * Math.sin(12.9898 * i));
    clean.perturbed(0.9, 0.1).score(x, 20, score);
    // One drawing m has all the weight: the score is (0.9 m − x)/(0.1² + 0.9² · 0.001²). The datum is within 4.8e-3 of m, and
    // the variance within 8.1e-5 of 0.1² in proportion, on a score of at most 10.
    for (const [i, value] of score.entries()) {
      expect(Math.abs(value + (x[i]! - 0.9 * data[i]!) / 0.01)).toBeLessThan((0.9 * 4.8e-3) / 0.01 + 10 * 8.1e-5);
    }
  });
});
