import { describe, expect, it } from "vitest";
import { couplingIntegrals } from "../../../src/verification/laws/coupling-integrals.js";

/** The uniform law on [0, 1] by a few nodes that no jump below meets. */
const below = Float64Array.from([0, 0.11, 0.36, 0.62, 0.87, 1]);
const uniform = { values: below, below, above: below.map((p) => 1 - p) };

function truthOf(q: (p: number) => number) {
  return {
    cdf: () => Number.NaN,
    survival: () => Number.NaN,
    quantile: (p: number, { upper = false } = {}) => q(upper ? 1 - p : p),
  };
}

describe("W1 and W2² of the uniform law, whatever lies between its nodes", () => {
  it.each([
    // ∫_0^c p dp + ∫_c^1 (1 − p) dp, and the same of squares.
    ["two atoms, 0 and 1", (p: number) => (p < 0.3 ? 0 : 1), (0.3 ** 2 + 0.7 ** 2) / 2, (0.3 ** 3 + 0.7 ** 3) / 3],
    [
      "two atoms in the upper half",
      (p: number) => (p < 0.7 ? 0 : 1),
      (0.7 ** 2 + 0.3 ** 2) / 2,
      (0.7 ** 3 + 0.3 ** 3) / 3,
    ],
  ])("%s", (_, q, w1, w2) => {
    const found = couplingIntegrals(uniform, truthOf(q));
    // The cell across the jump is halved until its mass is at most 4e-8 W2², and it bends by half the jump; the others are straight.
    expect(Math.abs(found.w1 / w1 - 1)).toBeLessThan(4e-8);
    expect(Math.abs(found.w2 / w2 - 1)).toBeLessThan(4e-8);
  });

  it("the law itself is at distance 0, without end of halving", () => {
    expect(
      couplingIntegrals(
        uniform,
        truthOf((p) => p),
      ).w2,
    ).toBeLessThan(1e-30);
  });
});
