import { describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { createSde, SDES, vp } from "../../src/sdes/index.js";

/** The message with which an SDE is refused, at once or later. */
async function refusal(name: string, options: Record<string, unknown> = {}): Promise<string> {
  try {
    await createSde(name, options);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return error instanceof Error ? error.message : "";
  }
  throw new Error(`${name} was not refused`);
}

describe("createSde", () => {
  it("makes every SDE by name and alias, and again from its own options", async () => {
    for (const { name, aliases } of SDES) {
      const options = name === "custom" ? { alpha: "1", sigma: "t" } : {};
      for (const alias of [name, ...aliases]) {
        const sde = await createSde(alias, options);
        expect(sde.name).toBe(name);
        const again = await createSde(sde.name, sde.options);
        expect(again.options).toEqual(sde.options);
        expect([again.tMin, again.tMax, again.sigma(0.4)]).toEqual([sde.tMin, sde.tMax, sde.sigma(0.4)]);
      }
    }
    expect(SDES.map((entry) => entry.name)).toEqual([
      "vp",
      "sub-vp",
      "ve",
      "edm",
      "cosine",
      "rectified-flow",
      "discrete",
      "custom",
    ]);
    expect((await createSde("flow")).name).toBe("rectified-flow");
  });

  it("lists the defaults that it uses", async () => {
    for (const entry of SDES) {
      if (entry.name === "custom" || entry.name === "discrete") continue;
      expect((await createSde(entry.name)).options).toEqual(entry.options);
    }
  });

  it("passes options on", async () => {
    const sde = await createSde("vp", { betaMax: 10 });
    expect(sde.alpha(0.7)).toBe(vp({ betaMax: 10 }).alpha(0.7));
    expect((await createSde("discrete", { betas: [0.1, 0.2], tMin: 0.2 })).alpha(1)).toBeCloseTo(Math.sqrt(0.72), 15);
    expect((await createSde("discrete", { betas: "cosine", count: 10 })).tMin).toBe(0.1);
    const formula = { drift: "-k*x", diffusion: 1, constants: { k: 0.5 }, tMax: 2 };
    expect((await createSde("custom", formula)).alpha(2)).toBeCloseTo(Math.exp(-1), 14);
  });

  it("refuses unknown names and options with the way out", async () => {
    expect(await refusal("vpp")).toMatch(/got 'vpp'\. Did you mean 'vp'\?/);
    expect(await refusal("ornstein-uhlenbeck")).toMatch(/Choose one of: vp, sub-vp, ve, edm, cosine/);
    expect(await refusal("vp", { betamax: 10 })).toMatch(/vp: .*'betamax'\. Did you mean 'betaMax'\?/);
    expect(await refusal("edm", { rho: 7 })).toMatch(/Choose one of: sigmaMin, sigmaMax/);
    expect(await refusal("constructor")).toMatch(/Choose one of/);
    expect(await refusal("vp", { toString: 1 })).toMatch(/'toString'/);
  });

  it("refuses values of the wrong kind", async () => {
    expect(await refusal("vp", { betaMax: "ten" })).toMatch(/betaMax must be a number, but got 'ten'/);
    expect(await refusal("discrete", { betas: "linaer" })).toMatch(/Did you mean 'linear'/);
    expect(await refusal("discrete", { betas: ["a"] })).toMatch(/betas must be an array of numbers or a table's name/);
    expect(await refusal("discrete", { betas: 0.1 })).toMatch(/betas must be an array/);
    expect(await refusal("custom", {})).toMatch(/alpha and sigma, or drift and diffusion, but got none/);
    expect(await refusal("custom", { alpha: "1", diffusion: "1" })).toMatch(/but got alpha, diffusion/);
    expect(await refusal("custom", { alpha: true, sigma: "t" })).toMatch(/alpha must be a formula.*but got true/);
    expect(await refusal("custom", { alpha: "1", sigma: "t", tMax: "1" })).toMatch(
      /tMax must be a number, but got '1'/,
    );
    expect(await refusal("custom", { alpha: "1", sigma: "t", constants: 3 })).toMatch(
      /constants must be numbers by name, but got 3/,
    );
  });
});
