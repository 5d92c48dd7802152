import { describe, expect, it } from "vitest";
import { findGrid, findSolver } from "../../solvers/index.js";
import { compare } from "../../src/experiments/compare.js";
import { gaussianW2 } from "../../src/metrics/index.js";
import { compareText } from "../../src/reports/compare-table.js";
import { exactScore } from "../../src/scores/index.js";
import { vp } from "../../src/sdes/index.js";
import { gaussian, toy } from "../../src/targets/index.js";
import { errorBudget } from "../../src/verification/error-budget.js";
import { exactLaw } from "../../src/verification/exact-law.js";

const sde = vp();
const grid = (steps: number) => findGrid("uniform").create(sde, steps);
const em = findSolver("em").create();
const KEYS = ["initialisation", "discretisation", "truncation", "score"] as const;

/** Moments of Euler–Maruyama in two dimensions with the score of N(m, [[a, b], [b, c]]), by 2 × 2 matrices. */
function eulerMaruyama(
  start: { mean: number[]; covariance: number[] },
  { mean: m, covariance: [a = 0, b = 0, , c = 0] }: { mean: number[]; covariance: number[] },
  steps: number,
) {
  let [x, y] = [start.mean[0]!, start.mean[1]!];
  let [p, q, r] = [start.covariance[0]!, start.covariance[1]!, start.covariance[3]!];
  const { times } = grid(steps);
  for (let k = 0; k < steps; k++) {
    const t = times[k]!;
    const h = t - times[k + 1]!;
    const [alpha, sigma, beta] = [sde.alpha(t), sde.sigma(t), sde.diffusion(t) ** 2];
    const [va, vb, vc] = [alpha ** 2 * a + sigma ** 2, alpha ** 2 * b, alpha ** 2 * c + sigma ** 2];
    const determinant = va * vc - vb * vb;
    // x′ = x + h(½βx + βs), s = −V⁻¹(x − αm).
    const [ka, kb, kc] = [
      (-h * beta * vc) / determinant,
      (h * beta * vb) / determinant,
      (-h * beta * va) / determinant,
    ];
    const [A, B, C] = [1 + 0.5 * h * beta + ka, kb, 1 + 0.5 * h * beta + kc];
    const [mx, my] = [alpha * m[0]!, alpha * m[1]!];
    [x, y] = [A * x + B * y - ka * mx - kb * my, B * x + C * y - kb * mx - kc * my];
    const [ap, aq, bp, bq] = [A * p + B * q, A * q + B * r, B * p + C * q, B * q + C * r];
    [p, q, r] = [ap * A + aq * B + h * beta, ap * B + aq * C, bp * B + bq * C + h * beta];
  }
  return { mean: Float64Array.of(x, y), covariance: Float64Array.of(p, q, q, r) };
}

describe("a score of other Gaussian data in the plane", () => {
  const data = { mean: [0.7, -0.3], covariance: [1.25, 0.75, 0.75, 1.25] };
  const learned = { mean: [0.6, -0.2], covariance: [1.3, 0.5, 0.5, 0.9] };
  const law = ({ mean, covariance: [a = 0, b = 0, c = 0, d = 0] }: typeof data) =>
    gaussian({
      mean,
      covariance: [
        [a, b],
        [c, d],
      ],
    });
  const target = law(data);
  const model = exactScore(law(learned), sde);

  it("gives the budget of the matrix recursion", async () => {
    const budget = await errorBudget({ sde, target, model, solver: em, grid: grid(20) });
    const alpha = sde.alpha(1);
    const end = {
      mean: data.mean.map((value) => alpha * value),
      covariance: data.covariance.map((value, i) => alpha ** 2 * value + (i % 3 === 0 ? sde.sigma(1) ** 2 : 0)),
    };
    const prior = { mean: [0, 0], covariance: [1, 0, 0, 1] };
    const [fromPrior, fromEnd, exact] = [
      eulerMaruyama(prior, learned, 20),
      eulerMaruyama(end, learned, 20),
      eulerMaruyama(end, data, 20),
    ];
    const distance = (a: typeof exact, b: typeof exact) => gaussianW2(a.mean, a.covariance, b.mean, b.covariance);
    expect(Math.abs(budget.initialisation - distance(fromPrior, fromEnd))).toBeLessThan(1e-12);
    expect(Math.abs(budget.score! - distance(fromEnd, exact))).toBeLessThan(1e-12);
    expect(budget.score).toBeGreaterThan(0.1);
    const total = await exactLaw({ sde, target, model, solver: em, steps: 20, grid: "uniform" });
    expect(
      Math.abs(total.w2 - gaussianW2(fromPrior.mean, fromPrior.covariance, target.mean, target.covariance)),
    ).toBeLessThan(1e-12);
    const sum = KEYS.reduce((all, key) => all + budget[key]!, 0);
    expect(total.w2).toBeLessThan(sum);
  });

  it("has nothing to add when it is the exact one, for one-step and multistep solvers with noise at several places", async () => {
    for (const name of ["em", "stochastic-heun", "ddim", "dpm++2m", "ode-heun", "ddpm"]) {
      const solver = findSolver(name).create();
      const given = await errorBudget({ sde, target, model: exactScore(target, sde), solver, grid: grid(12) });
      const known = await errorBudget({ sde, target, solver, grid: grid(12) });
      // Sums of 24 noises against the closed recursion; W2 is a root.
      expect(given.score, name).toBeLessThan(1e-12);
      expect(Math.abs(given.initialisation - known.initialisation), name).toBeLessThan(1e-12);
      expect(given.discretisation).toBe(known.discretisation);
      expect(known.score).toBeNull();
    }
  });

  it("is refused when it is not affine", async () => {
    const solver = findSolver("em").create();
    const crooked = exactScore(toy("two-moons"), sde);
    await expect(errorBudget({ sde, target, model: crooked, solver, grid: grid(5) })).rejects.toThrow(/affine in x/);
  });
});

describe("on the line", () => {
  it.each([
    ["em", 1],
    ["ode-euler", 0],
  ] as const)("%s: densities give the budget of the Gaussian recursion", async (name, eta) => {
    const target = gaussian({ mean: 0.7, standardDeviation: 0.5 });
    const model = exactScore(gaussian({ mean: 0.6, standardDeviation: 0.6 }), sde);
    const run = (mean: number, variance: number, m: number, v: number) => {
      const { times } = grid(20);
      for (let k = 0; k < 20; k++) {
        const [t, h] = [times[k]!, times[k]! - times[k + 1]!];
        const [alpha, sigma, beta] = [sde.alpha(t), sde.sigma(t), sde.diffusion(t) ** 2];
        const total = alpha ** 2 * v + sigma ** 2;
        const share = 0.5 * (1 + eta * eta);
        const factor = 1 + h * beta * (0.5 - share / total);
        mean = factor * mean + (share * h * beta * alpha * m) / total;
        variance = factor ** 2 * variance + eta * eta * h * beta;
      }
      return { mean, deviation: Math.sqrt(variance) };
    };
    const [alpha, sigma] = [sde.alpha(1), sde.sigma(1)];
    const end = [0.7 * alpha, 0.25 * alpha ** 2 + sigma ** 2] as const;
    const [prior, learned, exact] = [run(0, 1, 0.6, 0.36), run(...end, 0.6, 0.36), run(...end, 0.7, 0.25)];
    const w2 = (a: typeof prior, b: typeof prior) => Math.hypot(a.mean - b.mean, a.deviation - b.deviation);
    const budget = await errorBudget({ sde, target, model, solver: findSolver(name).create(), grid: grid(20) });
    // Cells: relative (h/s)²/12.
    expect(Math.abs(budget.score! / w2(learned, exact) - 1)).toBeLessThan(5e-5);
    expect(Math.abs(budget.initialisation / w2(prior, learned) - 1)).toBeLessThan(5e-5);
  });

  it("compare shows where the next effort pays", async () => {
    const target = toy("bimodal");
    const model = exactScore(gaussian({ mean: 0.1, standardDeviation: 1.2 }), sde);
    const { result } = await compare({
      sde,
      target,
      model,
      solvers: ["em", "ode-heun"],
      steps: [20],
      samples: 100,
      repeats: 2,
    });
    for (const { budget, exact } of result.runs) {
      expect(budget!.score).toBeGreaterThan(0.1);
      expect(exact!.w2!).toBeLessThan(KEYS.reduce((all, key) => all + budget![key]!, 0) + 1e-6);
    }
    const text = compareText(result, { width: 200 });
    expect(text).toContain("score W2");
    expect(text).toContain("where the next effort pays");
  });
});
