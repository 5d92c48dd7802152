import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cosine, cosineBetas, discrete, linearBetas, scaledLinearBetas } from "../../src/sdes/index.js";
import { StepRate } from "../../src/sdes/step-rate.js";

const { tables }: { tables: Record<string, Record<"first" | "middle" | "last" | "product", number>> } = JSON.parse(
  readFileSync(new URL("../fixtures/sdes/reference.json", import.meta.url), "utf8"),
);

describe("beta tables", () => {
  it.each([
    ["linear", linearBetas()],
    ["scaled-linear", scaledLinearBetas()],
    ["cosine", cosineBetas()],
  ] as const)("%s equals its definition to rounding", (name, betas) => {
    const truth = tables[name]!;
    expect(betas.length).toBe(1000);
    for (const [value, reference] of [
      [betas[0]!, truth.first!],
      [betas[500]!, truth.middle!],
      [betas[999]!, truth.last!],
    ] as const) {
      expect(Math.abs(value / reference - 1)).toBeLessThan(1e-14);
    }
    // ᾱ_N: its logarithm, 10 in size, sums 1000 terms that are each good to 1e-16 relative.
    expect(Math.abs(discrete({ betas }).alpha(1) ** 2 / truth.product! - 1)).toBeLessThan(1e-13);
  });

  it("of DDPM ends at ᾱ = 4.04e-5, as published code has it", () => {
    expect(discrete({ betas: "linear" }).alpha(1) ** 2).toBeCloseTo(4.0358e-5, 8);
  });

  it("of the cosine follow the continuous process up to the cap", () => {
    const [chain, path] = [discrete({ betas: "cosine" }), cosine()];
    for (const i of [1, 10, 500, 990]) {
      expect(Math.abs(chain.alpha(i / 1000) / path.alpha(i / 1000) - 1)).toBeLessThan(1e-12);
    }
    expect(cosineBetas()[999]).toBe(0.999);
  });
});

describe("discrete", () => {
  const betas = [0.1, 0.4, 0.02, 0.3];
  const sde = discrete({ betas });

  it("has α² = Π(1 − β) at the nodes and √ of neighbours' product between", () => {
    let product = 1;
    for (let i = 0; i < 4; i++) {
      const before = product;
      product *= 1 - betas[i]!;
      expect(Math.abs(sde.alpha((i + 1) / 4) ** 2 - product)).toBeLessThan(5e-16);
      expect(Math.abs(sde.alpha((i + 0.5) / 4) ** 2 - Math.sqrt(before * product))).toBeLessThan(5e-16);
    }
    expect(sde.alpha(0)).toBe(1);
    expect(sde.sigma(0)).toBe(0);
  });

  it("sums its rates to rounding", () => {
    const table = linearBetas();
    const rate = new StepRate(table);
    // Every term is a whole number of 2^-68, so that these sums are exact.
    const terms = Array.from(table, (beta) => BigInt(-Math.log1p(-beta) * 2 ** 68));
    let sum = 0n;
    for (const [i, term] of terms.entries()) {
      sum += term;
      // Roundings of the sum and of the result, and of terms where the package's log1p differs.
      expect(Math.abs(rate.integral((i + 1) / 1000) / (Number(sum) * 2 ** -68) - 1)).toBeLessThan(3 * 2 ** -53);
    }
  });

  it("gives back the chain: the transition from node to node has variance β", () => {
    const long = discrete({ betas: "linear" });
    const table = linearBetas();
    for (let i = 1; i < 1000; i++) {
      const { scale, variance } = long.transition(i / 1000, (i + 1) / 1000);
      // −expm1(log1p(−β)) = β up to the two roundings of t·N in the width, here 1e-16/1e-3.
      expect(Math.abs(variance / table[i]! - 1)).toBeLessThan(3e-13);
      expect(Math.abs(scale - Math.sqrt(1 - table[i]!))).toBeLessThan(1e-15);
    }
  });

  it("takes the rate of the step that ends at a node", () => {
    for (let i = 0; i < 4; i++) {
      expect(sde.diffusion((i + 1) / 4) ** 2).toBeCloseTo(-4 * Math.log(1 - betas[i]!), 13);
    }
    // 7/25 · 25 exceeds 7 in double precision, and the number after 1/7 times 7 is 1.
    for (const size of [7, 25, 29, 49]) {
      const beta = (i: number) => 0.01 + 0.001 * i;
      const rate = (i: number) => -size * Math.log(1 - beta(i));
      const odd = discrete({ betas: Array.from({ length: size }, (_, i) => beta(i)) });
      for (let i = 0; i < size; i++) {
        const node = (i + 1) / size;
        expect(odd.diffusion(node) ** 2).toBeCloseTo(rate(i), 12);
        if (i + 1 < size) expect(odd.diffusion(node * (1 + 2 ** -52)) ** 2).toBeCloseTo(rate(i + 1), 12);
      }
    }
  });

  it("lists the nodes inside its range as breakpoints", () => {
    expect(sde.breakpoints).toEqual([0.5, 0.75]);
    expect(sde.tMin).toBe(0.25);
    expect(discrete({ betas, tMin: 0.1, tMax: 0.6 }).breakpoints).toEqual([0.25, 0.5]);
  });

  it("inverts λ exactly at every node of the long table", () => {
    const long = discrete();
    for (let i = 1; i <= 1000; i++) {
      const t = i / 1000;
      expect(Math.abs(long.timeAtLogSnr(long.logSnr(t)) / t - 1)).toBeLessThan(1e-12);
    }
  });

  it("remembers a table by name, or in full", () => {
    expect(discrete().options).toEqual({ betas: "linear", count: 1000, tMin: 0.001, tMax: 1 });
    expect(sde.options).toEqual({ betas, tMin: 0.25, tMax: 1 });
    expect(discrete({ betas: "cosine", count: 10 }).tMin).toBe(0.1);
  });

  it("does not reach beyond its table", () => {
    expect(() => sde.alpha(1.01)).toThrow(/t must be in \[0, 1\].*but got 1\.01/);
    expect(() => sde.timeAtLogSnr(-5)).toThrow(/λ must be reached/);
    expect(sde.timeAtLogSnr(Number.POSITIVE_INFINITY)).toBe(0);
  });
});
