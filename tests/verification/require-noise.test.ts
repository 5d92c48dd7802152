import { describe, expect, it } from "vitest";
import { fokkerPlanckCheck } from "../../src/experiments/fokker-planck-check.js";
import { plantedFaults } from "../../src/experiments/planted-faults.js";
import { verify } from "../../src/experiments/verify.js";
import { createSde } from "../../src/sdes/index.js";
import { gaussian, toy } from "../../src/targets/index.js";
import { requireNoise } from "../../src/verification/require-noise.js";

const target = gaussian({ mean: 0, standardDeviation: 1 });
const custom = (drift: string, diffusion: string, tMin = 0.001) => createSde("custom", { drift, diffusion, tMin });

describe("a diffusion that vanishes while the drift acts", () => {
  it.each([
    ["at an instant inside", "-x", "sin(4*t)^2", 0.1, /g = \S+e-\d+ at t = 0\.7854/],
    ["at the start", "-x", "sin(3*t)^2", 0.001, /g = 0\.000009 at t = 0\.001/],
    ["at the end", "-x", "1-t", 0.001, /at t = 1,/],
    ["under a nonlinear drift", "x-x^3", "sin(4*t)^2", 0.1, /at t = 0\.7854/],
  ])("%s is refused with that time", async (_where, drift, diffusion, tMin, message) => {
    const sde = await custom(drift, diffusion, tMin);
    expect(() => requireNoise(sde, target)).toThrow(message);
    await expect(fokkerPlanckCheck({ sde, target })).rejects.toThrow(/sde: g must not vanish.* - leave that time out/);
  });

  it("says how far the drift carries the data meanwhile", async () => {
    // ½g² = ½ sin⁴(4t) < 1e-4 |f| for 4|t − π/4| < asin(2e-4^¼): twice that quarter, for a drift of one deviation per unit of time.
    const share = (2 * Math.asin(2e-4 ** 0.25)) / 4;
    const text = `moves data by ${share.toPrecision(2)} of`;
    const sde = await custom("-x", "1", 0.1);
    expect(() => requireNoise({ ...sde, diffusion: (t) => Math.sin(4 * t) ** 2 }, target)).toThrow(text);
  });

  it("is refused by verify and by the planting of faults", async () => {
    const sde = await custom("-x", "1-t");
    await expect(verify({ sde, target })).rejects.toThrow(/at t = 1,/);
    await expect(plantedFaults({ sde, target })).rejects.toThrow(/at t = 1,/);
  });

  it("everywhere is refused by the SDE itself, or by the check", async () => {
    await expect(custom("-x", "0")).rejects.toThrow(/must not vanish on the whole range/);
    const sde = await custom("x-x^3", "0");
    await expect(fokkerPlanckCheck({ sde, target })).rejects.toThrow(/sde: g must not vanish .* g = 0 at/);
  });
});

it.each([
  ...["vp", "ve", "edm", "sub-vp", "cosine", "rectified-flow", "discrete"].map((name) => [name, {}] as const),
  ["sub-vp", { tMin: 1e-5 }] as const,
  ["rectified-flow", { tMin: 1e-6 }] as const,
  ["custom", { drift: "-x", diffusion: "sqrt(t)" }] as const,
])("small noise where little happens is let through: %s %o", async (name, options) => {
  const sde = await createSde(name, options);
  for (const data of [toy("spiky"), toy("two-moons")]) expect(() => requireNoise(sde, data)).not.toThrow();
});
