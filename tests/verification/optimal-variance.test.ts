import { describe, expect, it } from "vitest";
import { denoisingLoss } from "../../src/sampling/denoising-loss.js";
import { sample } from "../../src/sampling/sample.js";
import { exactScore } from "../../src/scores/index.js";
import { edm, vp } from "../../src/sdes/index.js";
import { gaussian, mixture, toy } from "../../src/targets/index.js";
import { denoisingError } from "../../src/verification/denoising-error.js";
import { exactLaw } from "../../src/verification/exact-law.js";
import { lineRule, varianceOf } from "../../src/verification/line-rule.js";

const solver = "ddpm:variance=optimal";

describe.each([vp(), edm()])("on Gaussian data under $name", (sde) => {
  const target = gaussian({ mean: 0.7, standardDeviation: 0.5 });
  // Var(x₀ | x_t) in closed form.
  const mmse = (t: number) => {
    const [alpha, sigma] = [sde.alpha(t), sde.sigma(t)];
    return (0.25 * sigma * sigma) / (0.25 * alpha * alpha + sigma * sigma);
  };

  it.each([
    solver,
    "ancestral:variance=optimal",
    "ddim:variance=optimal",
    "ddim:eta=0.5,variance=optimal",
    "ddim:eta=1,variance=optimal",
  ])("%s is exact from the exact start, at any number of steps", async (solver) => {
    for (const steps of [1, 3, 10]) {
      const { w2 } = await exactLaw({ sde, target, solver, steps, start: "exact", against: "tMin" });
      // Rounding of variances, of which the deviation is a root.
      expect(w2).toBeLessThan(1e-12);
    }
  });

  it("quadrature on the line gives the closed form", async () => {
    const line = mixture({ weights: [1], means: [[0.7]], standardDeviations: [[0.5]] });
    const [closed, numeric] = [denoisingError(target, sde), denoisingError(line, sde)];
    for (const t of [0.1, 0.5, 1]) {
      expect(Math.abs((await closed(t)) / mmse(t) - 1)).toBeLessThan(1e-14);
      expect(Math.abs((await numeric(t)) / mmse(t) - 1)).toBeLessThan(1e-9);
    }
  });
});

describe("on a mixture, law space, 20 steps", () => {
  const sde = vp();
  const target = toy("trimodal");
  const lawOf = (solver: string) => exactLaw({ sde, target, steps: 20, start: "exact", against: "tMin", solver });
  const kl = async (solver: string) => (await lawOf(solver)).kl!;

  it("is nearer in KL than both of DDPM's variances, as ancestral step and with half of the noise too", async () => {
    const plain = Math.min(await kl("ddpm:variance=posterior"), await kl("ddpm:variance=transition"));
    for (const solver of [
      "ddpm:variance=optimal",
      "ancestral:variance=optimal",
      "ddim:eta=1,variance=optimal",
      "ddim:eta=0.7,variance=optimal",
    ]) {
      expect(await kl(solver)).toBeLessThan(plain);
    }
  });

  it("keeps the variance of p_tMin where DDIM's own loses some of it", async () => {
    const rule = lineRule(target.perturbed(sde.alpha(sde.tMin), sde.sigma(sde.tMin)));
    const spread = varianceOf(rule);
    const error = async (solver: string) => Math.abs((await lawOf(solver)).variance! / spread - 1);
    for (const eta of [0.3, 0.7, 1]) {
      expect(await error(`ddim:eta=${eta},variance=optimal`)).toBeLessThan(0.5 * (await error(`ddim:eta=${eta}`)));
    }
  });

  it("ancestral, DDPM and DDIM with eta = 1 are one step", async () => {
    const names = ["ddpm:variance=optimal", "ancestral:variance=optimal", "ddim:eta=1,variance=optimal"];
    const draw = async (solver: string) => (await sample({ sde, target, solver, steps: 5, samples: 64 })).samples.data;
    const [first, ...others] = await Promise.all(names.map(draw));
    // The same numbers by other roundings, magnified by 1/r over five steps.
    for (const other of others) expect(Math.max(...other.map((x, i) => Math.abs(x - first![i]!)))).toBeLessThan(1e-10);
  });
});

describe("for a score that is not the exact one", () => {
  const sde = vp();
  const target = toy("trimodal");
  const model = exactScore(toy("bimodal"), sde);

  it("is the denoising loss: quadrature against the mean over samples", async () => {
    const [exact, sampled] = [denoisingError(target, sde, model), denoisingLoss(model, sde, target)];
    for (const t of [0.05, 0.3, 0.8]) {
      const [a, b] = [await exact(t), await sampled(t)];
      // Losses of unit scale have a fourth moment below 40: four standard errors of 8192 draws.
      expect(Math.abs(b / a - 1)).toBeLessThan(4 * Math.sqrt(40 / 8192));
      expect(a).toBeGreaterThan(await denoisingError(target, sde)(t));
    }
  });
});

it("samples in the plane have the right variance after three steps, from the data alone", async () => {
  const sde = vp();
  const target = gaussian({ mean: [0, 0], standardDeviation: 0.5 });
  const count = 20_000;
  const { samples } = await sample({ sde, target, solver, steps: 3, samples: count });
  const variance = samples.data.reduce((sum, value) => sum + value * value, 0) / (2 * count);
  const v = 0.25 * sde.alpha(sde.tMin) ** 2 + sde.sigma(sde.tMin) ** 2;
  // The noise of the estimated loss, and four standard errors of 40000 squares.
  expect(Math.abs(variance / v - 1)).toBeLessThan(0.01 + 4 * Math.sqrt(2 / (2 * count)));
  const { samples: plain } = await sample({ sde, target, solver: "ddpm", steps: 3, samples: count });
  expect(plain.data.reduce((sum, value) => sum + value * value, 0) / (2 * count)).toBeLessThan(0.8 * v);
});

it("says what it needs", async () => {
  const sde = vp();
  const model = exactScore(toy("two-moons"), sde);
  await expect(sample({ sde, model, solver, steps: 2, samples: 2 })).rejects.toThrow(/give the data as target/);
  expect(() => denoisingError(toy("two-moons"), sde)).toThrow(/give denoisingError\(t\) yourself/);
});
