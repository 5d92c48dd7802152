import { expect, it } from "vitest";
import { scoreCoefficient } from "../../../solvers/exponential/exponential-euler-maruyama.js";
import { rectifiedFlow } from "../../../src/sdes/index.js";

// ∫_u^t (1 − u)/(1 − τ) · 2τ/(1 − τ) dτ = 2 (1 − u) [1/(1 − τ) + ln(1 − τ)]_u^t.
const exact = (t: number, u: number) => {
  const end = 1 / (1 - t) - 1 / (1 - u);
  return 2 * (1 - u) * (end + Math.log1p(-t) - Math.log1p(-u));
};

it.each([
  [0.5, 0.4, 1e-13],
  [0.999, 0.9, 1e-11],
  // 1 − τ holds seven digits there.
  [1 - 1e-9, 0.5, 1e-6],
  [1 - 1e-9, 1 - 1e-8, 1e-6],
  [1e-8, 1e-9, 1e-13],
])("the weight of the score over a step of rectified flow from %d to %d", (t, u, tolerance) => {
  const sde = rectifiedFlow({ tMin: 1e-9, tMax: 1 - 1e-9 });
  // Over steps near 0 the closed form cancels: ∫ 2τ dτ (1 + O(τ)).
  const wanted = t < 1e-6 ? (t - u) * (t + u) : exact(t, u);
  expect(Math.abs(scoreCoefficient(sde, t, u) / wanted - 1)).toBeLessThan(t < 1e-6 ? 1e-7 : tolerance);
});
