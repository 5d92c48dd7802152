import { describe, expect, it } from "vitest";
import { findGrid, findSolver } from "../../solvers/index.js";
import { ve, vp } from "../../src/sdes/index.js";
import { gaussian, mixture, toy } from "../../src/targets/index.js";
import type { Target } from "../../src/targets/types.js";
import { errorBudget, truncationError } from "../../src/verification/error-budget.js";
import { exactLaw } from "../../src/verification/exact-law.js";
import { distance, gaussianRun, marginal } from "../solvers/gaussian-run.js";

const sde = vp();
const one = gaussian({ mean: 0.7, standardDeviation: 0.5 });
const grid = (steps: number) => findGrid("uniform").create(sde, steps);
const budget = (target: Target, solver: string, steps: number) =>
  errorBudget({ sde, target, solver: findSolver(solver).create(), grid: grid(steps) });

describe("N(0.7, 0.5²) under VP", () => {
  // Reference figures in double precision, of numbers near 1.
  const close = (value: number, wanted: number) => expect(Math.abs(value - wanted)).toBeLessThan(1e-14);

  it("truncation W2(p_tMin, data)", async () => {
    close((await budget(one, "em", 10)).truncation, 9.098910153923605e-5);
  });

  it("prior error W2(N(0, 1), p_tMax)", () => {
    const end = marginal(sde, { mean: 0.7, deviation: 0.5 }, sde.tMax);
    close(distance({ mean: 0, deviation: 1 }, end), 4.600139053408528e-3);
  });

  it("the exact flow carries the prior error to the end, the reverse SDE forgets it", async () => {
    // RK4 at 1000 steps has an error of 1e-12, stochastic Heun at 2000 one of 6e-7 relative to what it transports.
    expect(Math.abs((await budget(one, "ode-rk4", 1000)).initialisation - 2.300486069426882e-3)).toBeLessThan(1e-11);
    const forgotten = (await budget(one, "stochastic-heun", 2000)).initialisation;
    expect(Math.abs(forgotten / 7.560659299361398e-6 - 1)).toBeLessThan(1e-4);
  });

  it("discretisation is the error from the exact start", async () => {
    const law = await exactLaw({
      sde,
      target: one,
      solver: "em",
      steps: 20,
      grid: "uniform",
      start: "exact",
      against: "tMin",
    });
    expect((await budget(one, "em", 20)).discretisation).toBe(law.w2);
    expect(Math.abs(law.w2 - 3.197e-2)).toBeLessThan(5e-6);
  });
});

// Midpoints of 120 000 levels u = ½ e^(−40 s²), s even on [0, 1], counted from both ends, of ∫ (Q_t − Q)² du.
it.each([
  ["laplace", 5.47514989377e-5],
  ["uniform", 6.54684863063e-4],
  ["trimodal", 1.62457902119e-4],
] as const)("truncation of %s, whose quantile function bends more than p_t's", async (name, figure) => {
  expect(Math.abs((await truncationError(toy(name), sde)) / figure - 1)).toBeLessThan(1e-9);
});

describe.each([one, toy("trimodal"), toy("uniform")])("$name", (target) => {
  it.each(["em", "ode-heun"])("%s: the three figures bound the total and each other", async (solver) => {
    const { initialisation, discretisation, truncation } = await budget(target, solver, 20);
    const total = (await exactLaw({ sde, target, solver, steps: 20, grid: "uniform" })).w2;
    const figures = [initialisation, discretisation, truncation, total];
    const sum = figures.reduce((a, b) => a + b, 0);
    // Any side of a triangle is at most the sum of the others; laws on the line are known to 1e-6.
    for (const side of figures) {
      expect(side).toBeGreaterThan(0);
      expect(side).toBeLessThanOrEqual(sum - side + 1e-6);
    }
  });
});

it.each(["em", "ode-heun", "stochastic-heun", "ddim"])(
  "%s: densities on the line give the budget of the Gaussian formulas",
  async (solver) => {
    const line = mixture({ weights: [1], means: [[0.7]], standardDeviations: [[0.5]] });
    const [a, b] = [await budget(line, solver, 12), await budget(one, solver, 12)];
    for (const key of ["initialisation", "discretisation", "truncation"] as const) {
      // Cells: relative (h/s)²/12.
      expect(Math.abs(a[key] / b[key] - 1)).toBeLessThan(5e-5);
    }
  },
);

it("in several dimensions squares add up along the eigenvectors", async () => {
  const plane = gaussian({
    mean: [0.7, -1],
    covariance: [
      [1.25, 0.75],
      [0.75, 1.25],
    ],
  });
  const grids = findGrid("uniform").create(ve(), 15);
  const both = await errorBudget({ sde: ve(), target: plane, solver: findSolver("em").create(), grid: grids });
  // Eigenvalues 2 and 0.5 along (1, 1)/√2 and (1, −1)/√2.
  const root = Math.SQRT1_2;
  const parts = [
    { mean: (0.7 - 1) * root, deviation: Math.sqrt(2) },
    { mean: (0.7 + 1) * root, deviation: Math.sqrt(0.5) },
  ];
  const squares = { initialisation: 0, discretisation: 0, truncation: 0 };
  for (const part of parts) {
    const run = (start: "prior" | "exact") => gaussianRun(ve(), part, "em", 15, { start });
    const [prior, exact, end] = [await run("prior"), await run("exact"), marginal(ve(), part, ve().tMin)];
    squares.initialisation += distance(prior, exact) ** 2;
    squares.discretisation += distance(exact, end) ** 2;
    squares.truncation += distance(end, part) ** 2;
  }
  for (const key of ["initialisation", "discretisation", "truncation"] as const) {
    expect(Math.abs(both[key] / Math.sqrt(squares[key]) - 1)).toBeLessThan(1e-9);
  }
});
