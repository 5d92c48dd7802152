import { describe, expect, it } from "vitest";
import { conversion, type Prediction, type Schedule } from "../../solvers/index.js";
import { everySde } from "../sdes/every-sde.js";

const predictions: readonly Prediction[] = ["score", "noise", "data", "velocity"];
const EPSILON = 2 ** -52;

/** What each prediction is for x = α x₀ + σ ε when x₀ and ε are known. */
function definition(schedule: Schedule, t: number, data: number, noise: number): Record<Prediction, number> {
  const [alpha, sigma] = [schedule.alpha(t), schedule.sigma(t)];
  if (schedule.variancePreserving) {
    return { data, noise, score: -noise / sigma, velocity: alpha * noise - sigma * data };
  }
  // d/dt (α x₀ + σ ε), with α' = f α and σσ' = ½ g² + f σ².
  const alphaRate = schedule.driftCoefficient(t) * alpha;
  const sigmaRate = (0.5 * schedule.diffusion(t) ** 2 + schedule.driftCoefficient(t) * sigma ** 2) / sigma;
  return { data, noise, score: -noise / sigma, velocity: alphaRate * data + sigmaRate * noise };
}

describe.each(await everySde())("%s", (_, sde) => {
  const times = [0.02, 0.3, 0.7, 0.95].map((share) => sde.tMin + share * (sde.tMax - sde.tMin));
  const points = [
    [1.3, -0.7],
    [0.2, 2.1],
    [-1.7, 0.4],
  ] as const;
  const pairs = predictions.flatMap((from) => predictions.map((to) => [from, to] as const));

  it.each(pairs)("%s to %s", (from, to) => {
    for (const t of times) {
      for (const [data, noise] of points) {
        const [signal, disturbance] = [sde.alpha(t) * data, sde.sigma(t) * noise];
        const wanted = definition(sde, t, data, noise);
        const map = conversion(from, to, sde, t);
        const size =
          Math.abs(map.state) * (Math.abs(signal) + Math.abs(disturbance)) + Math.abs(map.prediction * wanted[from]);
        // A dozen roundings of terms that may cancel. All go by way of ε, whose rounding D inherits times σ/α; f and g of custom SDEs
        // come from numerical derivatives (1e-13).
        const viaNoise =
          to === "data" || to === "velocity" ? (sde.sigma(t) / sde.alpha(t)) * (Math.abs(data) + Math.abs(noise)) : 0;
        const rounding = (64 * EPSILON + (sde.variancePreserving ? 0 : 1e-12)) * (size + viaNoise);
        const result = map.state * (signal + disturbance) + map.prediction * wanted[from];
        expect(Math.abs(result - wanted[to])).toBeLessThanOrEqual(rounding);
      }
    }
  });

  it("returns where it came from", () => {
    for (const t of times) {
      for (const [from, to] of pairs) {
        const there = conversion(from, to, sde, t);
        const back = conversion(to, from, sde, t);
        expect(Math.abs(there.prediction * back.prediction - 1)).toBeLessThan(1e-12);
        const state = back.state + back.prediction * there.state;
        expect(Math.abs(state)).toBeLessThan(1e-12 * (Math.abs(back.state) + 1));
      }
    }
  });
});

it("velocity on the rectified flow is ε − x₀", async () => {
  const sde = (await everySde()).find(([name]) => name === "rectified flow")![1];
  const map = conversion("noise", "velocity", sde, 0.25);
  // x = 0.75 x₀ + 0.25 ε: ε − x₀ = ε − (x − 0.25 ε)/0.75.
  expect(Math.abs(map.state + 1 / 0.75)).toBeLessThan(1e-14);
  expect(Math.abs(map.prediction - (1 + 0.25 / 0.75))).toBeLessThan(1e-14);
});
