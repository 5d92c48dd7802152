import { describe, expect, it } from "vitest";
import { verify } from "../../src/experiments/verify.js";
import { subVp } from "../../src/sdes/index.js";
import { gaussian, toy } from "../../src/targets/index.js";
import { entropy, expectation, lineRule, varianceOf } from "../../src/verification/line-rule.js";

describe("expectations about a corner far sharper than the law is wide", () => {
  // Laplace data with noise s: E x² = 2 + s².
  it.each([1e-1, 1e-3, 1e-5])("under Laplace data with noise %d", (noise) => {
    const rule = lineRule(toy("laplace").perturbed(1, noise));
    expect(Math.abs(expectation(rule, () => 1) - 1)).toBeLessThan(1e-13);
    expect(Math.abs(varianceOf(rule) / (2 + noise * noise) - 1)).toBeLessThan(1e-12);
    const square = expectation(rule, (_, i) => rule.score[i]! * rule.score[i]!);
    const slope = expectation(rule, (_, i) => rule.scoreSlope[i]!);
    expect(Math.abs(1 + slope / square)).toBeLessThan(1e-9);
    // ½ noise² E s² gained from H = 1 + ln 2 (de Bruijn; E s² = 1 − O(noise)).
    const gained = entropy(rule) - 1 - Math.LN2;
    expect(gained).toBeGreaterThan(0.5 * noise * noise * (1 - 2 * noise) * 0.9 - 1e-14);
    expect(gained).toBeLessThan(0.5 * noise * noise + 1e-14);
    expect(rule.x.every((x, i) => i === 0 || x > rule.x[i - 1]!)).toBe(true);
  });

  it("are even nodes where those resolve the law", () => {
    const { x } = lineRule(gaussian({ mean: 0.3, standardDeviation: 2 }).perturbed(1, 0.1));
    const spacing = x[1]! - x[0]!;
    expect(x.every((value, i) => Math.abs(value - x[0]! - i * spacing) < 1e-10)).toBe(true);
  });

  it("hold for sub-VP's first times, whose noise is 1e-4", async () => {
    const only = ["score-identities", "gaussianity"];
    const { checks } = await verify({ sde: subVp(), target: toy("laplace"), only });
    expect(checks.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
  });
});
