import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { verify } from "../../src/experiments/verify.js";
import { exactScore } from "../../src/scores/index.js";
import { vp } from "../../src/sdes/index.js";
import { gaussian, toy } from "../../src/targets/index.js";
import { boundOf } from "../../src/verification/checks/certified-bound.js";
import { noiseWeight } from "../../src/verification/checks/elbo-ledger.js";
import { totalGap } from "../../src/verification/checks/reverse-conditional.js";
import { exactLaw } from "../../src/verification/exact-law.js";
import { learnedScore } from "../../src/verification/learned-score.js";

// Written by tests/fixtures/foundations.py with NumPy and SciPy.
const figures: {
  readonly conditional: { readonly steps: number[]; readonly nats: number[] };
  readonly ddim: { readonly steps: number[]; readonly measured: number[]; readonly bound: number[] };
  readonly elbo: { readonly fold: number };
} = JSON.parse(readFileSync(new URL("../fixtures/foundations.json", import.meta.url), "utf8"));
const sde = vp();
const target = toy("trimodal");

it("the KL of reverse conditionals to their best Gaussians, summed over the steps", () => {
  const { steps, nats } = figures.conditional;
  // 400 and 3001 nodes of the trapezoidal rule, on densities smoother than both.
  steps.forEach((count, k) => {
    expect(Math.abs(totalGap({ sde, target }, count) / nats[k]! - 1)).toBeLessThan(1e-5);
  });
});

it("the W2 error of DDIM, and the bound on it", async () => {
  const { steps, measured, bound } = figures.ddim;
  for (const [k, count] of steps.slice(0, 2).entries()) {
    const { w2 } = await exactLaw({ sde, target, solver: "ddim", steps: count, against: "tMin" });
    // 20001 quantiles leave out tails of 5e-5 of the mass, where the error is less than 1.
    expect(Math.abs(w2 / measured[k]! - 1)).toBeLessThan(5e-3);
    // The steepest slope on two lattices.
    expect(Math.abs((await boundOf({ sde, target }, count)) / bound[k]! - 1)).toBeLessThan(0.02);
  }
});

it("the weights that the simple loss leaves out vary about a hundredfold over a linear table of 1000 betas", () => {
  let product = 1;
  const weights = Array.from({ length: 1000 }, (_, k) => {
    const beta = 1e-4 + (0.02 - 1e-4) * (k / 999);
    product *= 1 - beta;
    return noiseWeight({ beta, alpha: 1 - beta, total: 1 - product, spread: beta });
  });
  const fold = Math.max(...weights) / Math.min(...weights);
  expect(Math.abs(fold / figures.elbo.fold - 1)).toBeLessThan(1e-10);
});

it("the bound of a learned score is that of the exact one and what the error of the denoiser adds", async () => {
  // One step from the exact law of N(0, 1) under a score 1.1 s: e = Lip e_T + c (σ²/α) δ + τ in closed form.
  const standard = gaussian({ mean: 0, standardDeviation: 1 });
  const believed = gaussian({ mean: 0, standardDeviation: Math.sqrt(0.9) });
  const model = exactScore(believed, sde);
  const learned = await learnedScore(model, sde, standard);
  const [plain, given] = [
    await boundOf({ sde, target: standard }, 1),
    await boundOf({ sde, target: standard, model, learned }, 1),
  ];
  const [a, s, b, q] = [sde.alpha(1), sde.sigma(1), sde.alpha(sde.tMin), sde.sigma(sde.tMin)];
  const v = 0.9 * a * a + s * s;
  const delta = Math.abs(1 - 1 / v);
  const factor = b - (q / s) * a;
  // N(0, 1) is the prior, so that e_T = 0 and the slopes do not enter.
  expect(Math.abs(given - plain - (factor * s * s * delta) / a)).toBeLessThan(1e-9);
});

it("one check says that DDPM's noise is σ_u σ̃, and one that the bound has a noise form", async () => {
  const { checks } = await verify({ sde, target, solvers: [], only: ["kernels", "elbo-ledger"] });
  const verdict = (name: string) => checks.find((check) => check.name === name)?.verdict;
  expect([verdict("noise ddpm"), verdict("noise ddim:eta=1"), verdict("elbo-noise-form")]).toEqual([
    "pass",
    "pass",
    "pass",
  ]);
});
