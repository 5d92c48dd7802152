import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  findGrid,
  multistepSolver,
  NotMarkovError,
  oneStepSolver,
  type Solver,
  UsageError,
} from "../../../solvers/index.js";
import { kolmogorovSmirnov } from "../../../src/metrics/index.js";
import { sample } from "../../../src/sampling/sample.js";
import { exactScore } from "../../../src/scores/exact-score.js";
import { subVp, vp } from "../../../src/sdes/index.js";
import { mixture, toy } from "../../../src/targets/index.js";
import { exactLaw } from "../../../src/verification/exact-law.js";
import { lineLaw } from "../../../src/verification/laws/line-law.js";
import { startLaw } from "../../../src/verification/laws/output-law.js";
import { fixedSolver, gaussianRun } from "../gaussian-run.js";

interface Golden {
  readonly ck: readonly {
    readonly kind: "em" | "ancestral";
    readonly N: number;
    readonly mean: number;
    readonly var: number;
    readonly tv: number;
    readonly kl_peps_q: number;
    readonly w1: number;
    readonly w2: number;
  }[];
}
const golden: Golden = JSON.parse(readFileSync(new URL("../../fixtures/law-fp.json", import.meta.url), "utf8"));

const sde = vp();
const target = toy("trimodal");
const fromExact = { sde, target, grid: "uniform", start: "exact", against: "tMin" } as const;
const facts = {
  name: "test",
  summary: "a solver of this test",
  source: "2020",
  stochastic: true,
  order: 1,
  evaluationsPerStep: 1,
  options: {},
} as const;

it.each(golden.ck)("$kind on $N steps: Chapman–Kolmogorov quadrature of the fixture", async (row) => {
  const solver = row.kind === "em" ? "em" : "ancestral:compat=song";
  const law = await exactLaw({ ...fromExact, solver, steps: row.N });
  expect(Math.abs(law.mean[0]! - row.mean)).toBeLessThan(1e-9);
  expect(Math.abs(law.variance! - row.var)).toBeLessThan(1e-9);
  expect(Math.abs(law.mass - 1)).toBeLessThan(1e-8);
  // The fixture's grid of 0.01 integrates absolute values to about 1e-5.
  for (const key of ["tv", "w1", "w2"] as const) expect(Math.abs(law[key]! - row[key])).toBeLessThan(2e-5);
  expect(Math.abs(law.kl! - row.kl_peps_q)).toBeLessThan(2e-5);
});

it("stochastic Heun is of order 2 in total variation and W1 on the mixture", async () => {
  const laws = [];
  for (const steps of [20, 40, 80]) laws.push(await exactLaw({ ...fromExact, solver: "stochastic-heun", steps }));
  for (const key of ["tv", "w1"] as const) {
    const [a, b, c] = laws.map((law) => law[key]!);
    // Ratios 4 (1 + O(h)).
    expect(Math.abs(Math.log2(a! / b!) - 2)).toBeLessThan(0.1);
    expect(Math.abs(Math.log2(b! / c!) - 2)).toBeLessThan(0.1);
  }
});

it.each(["em", "reverse-diffusion", "ancestral", "ddpm", "exponential-em"])(
  "%s is of order 1 in law on the mixture",
  async (solver) => {
    const w2: number[] = [];
    for (const steps of [80, 160]) w2.push((await exactLaw({ ...fromExact, solver, steps })).w2);
    expect(Math.abs(Math.log2(w2[0]! / w2[1]!) - 1)).toBeLessThan(0.25);
  },
);

describe("a mixture of one component has the law of the gaussian space", () => {
  const one = mixture({ weights: [1], means: [[0.7]], standardDeviations: [[0.5]] });
  it.each([
    "em",
    "em:eta=0.5",
    "ancestral",
    "ddpm",
    "stochastic-heun",
    "ddim:eta=0.5",
    "pc",
    "pc:predictor=ancestral,order=corrector-first,delta=0.1",
    "edm-heun:churn=2,sMax=5",
  ])("%s", async (solver) => {
    for (const model of solver === "em" ? [vp(), subVp()] : [vp()]) {
      const law = await exactLaw({ sde: model, target: one, solver, steps: 15, grid: "uniform", start: "prior" });
      const { mean, deviation } = await gaussianRun(model, { mean: 0.7, deviation: 0.5 }, solver, 15, {
        start: "prior",
      });
      expect(law.kind).toBe("density");
      expect(Math.abs(law.mean[0]! - mean)).toBeLessThan(1e-8);
      expect(Math.abs(law.variance! - deviation * deviation)).toBeLessThan(1e-8);
    }
  });
});

it("the empirical law of a batch run is the exact law (Kolmogorov–Smirnov)", async () => {
  for (const solver of ["em", "pc"]) {
    const samples = 4096;
    const run = await sample({
      sde,
      model: exactScore(target, sde),
      solver,
      steps: 15,
      samples,
      seed: 3,
      grid: "uniform",
    });
    const { grid, density } = await exactLaw({ sde, target, solver, steps: 15, grid: "uniform" });
    // Trapezoidal cdf of the exact density, linear between its places.
    const cumulative = [0];
    for (let i = 1; i < grid.length; i++) {
      cumulative.push(cumulative[i - 1]! + 0.5 * (density[i]! + density[i - 1]!) * (grid[i]! - grid[i - 1]!));
    }
    const cdf = (x: number) => {
      if (x <= grid[0]!) return 0;
      let [low, high] = [0, grid.length - 1];
      if (x >= grid[high]!) return 1;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (grid[middle]! <= x) low = middle;
        else high = middle;
      }
      const share = (x - grid[low]!) / (grid[high]! - grid[low]!);
      return cumulative[low]! + share * (cumulative[high]! - cumulative[low]!);
    };
    // |z| < 4 has probability 6e-5.
    expect(kolmogorovSmirnov(run.samples.data, cdf).pValue).toBeGreaterThan(6e-5);
  }
});

describe("what has no exact law is refused by name", () => {
  const steps = 6;

  it("norm-based Langevin", async () => {
    const run = exactLaw({ sde, target, solver: "pc:corrector=langevin", steps });
    await expect(run).rejects.toThrow(UsageError);
    await expect(exactLaw({ sde, target, solver: "pc:corrector=langevin", steps })).rejects.toThrow(
      "pc: corrector=langevin takes its step from the norms of sampled states, which the law space does not have",
    );
  });

  const refuse = async (solver: Solver, kind: typeof UsageError, message: string) => {
    const run = () => exactLaw({ sde, target, solver, steps });
    await expect(run()).rejects.toThrow(kind);
    await expect(run()).rejects.toThrow(message);
  };

  it("a noisy multistep solver is not Markov in its state", () =>
    refuse(
      multistepSolver({
        ...facts,
        history: () => 1,
        step: () => async (context, x, step, past) => {
          const data = await context.denoise(x, step.t);
          const slope = past[0]?.state ?? data;
          return {
            x: context.space.combine([0.5, 0.6, -0.1, 0.1], [x, data, slope, context.normal(step)]),
            remembered: data,
          };
        },
      }).create(),
      NotMarkovError,
      "its law is not Markov in the state alone",
    ));

  it("two noises inside one model call", () =>
    refuse(
      oneStepSolver({
        ...facts,
        step: () => async (context, x, step) => {
          const moved = context.space.combine([1, 0.1, 0.1], [x, context.normal(step), context.normal(step, 5)]);
          return context.space.combine([1, 0.01], [moved, await context.score(moved, step.t)]);
        },
      }).create(),
      UsageError,
      "a model call on a state with two noises",
    ));

  it("a solver without noise belongs to the map law", async () => {
    const solver = fixedSolver("ddim");
    const run = lineLaw({
      schedule: sde,
      model: exactScore(target, sde),
      solver,
      grid: findGrid("uniform").create(sde, steps),
      start: startLaw(target, sde, "exact"),
    });
    await expect(run).rejects.toThrow("exact law: ddim takes no random step - use mapLaw");
  });
});
