import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { quantileLaw } from "../../../src/metrics/index.js";
import { sample } from "../../../src/sampling/sample.js";
import { exactScore } from "../../../src/scores/exact-score.js";
import { edm, ve, vp } from "../../../src/sdes/index.js";
import { gaussian, mixture, toy } from "../../../src/targets/index.js";
import { exactLaw } from "../../../src/verification/exact-law.js";
import { cellDistances } from "../../../src/verification/laws/cell-law.js";
import { mapLaw } from "../../../src/verification/laws/map-law.js";
import { asStart } from "../../../src/verification/laws/output-law.js";
import { gaussianRun } from "../../solvers/gaussian-run.js";

interface Figure {
  readonly solver: string;
  readonly steps: number;
  readonly w1: number;
  readonly w2: number;
}
const figures: readonly Figure[] = JSON.parse(
  readFileSync(new URL("../../fixtures/ode-w2.json", import.meta.url), "utf8"),
);

const sde = vp();
const target = toy("trimodal");
const fromExact = { sde, target, grid: "uniform", start: "exact", against: "tMin" } as const;

it.each(figures)("$solver on $steps steps: dense quadrature of the fixture", async ({ solver, steps, w1, w2 }) => {
  const law = await exactLaw({ ...fromExact, solver, steps });
  // 2049 nodes on 17 units of x: (h/s)²/6 = 1e-5 relative, and 1e-6 where images jump.
  expect(Math.abs(law.w1! - w1)).toBeLessThan(2e-5 * w1 + 1e-6);
  expect(Math.abs(law.w2 - w2)).toBeLessThan(2e-5 * w2 + 1e-6);
  expect(law.folds).toBe(false);
});

// Every length, the noise levels among them, times c: the same law in another unit, and so the same nodes and figures.
it.each([1e-6, 1e6])("figures scale with the unit of x: %d", async (c) => {
  const figuresIn = async (unit: number) => {
    const scaled = mixture({
      weights: [0.4, 0.6],
      means: [[-1.5 * unit], [unit]],
      standardDeviations: [0.3 * unit, 0.4 * unit],
    });
    const sigmas = edm({ sigmaMin: 0.002 * unit, sigmaMax: 80 * unit });
    const { w1, w2, kl, tv } = await exactLaw({ sde: sigmas, target: scaled, solver: "ddim", steps: 20 });
    return [w1! / unit, w2 / unit, kl!, tv!];
  };
  const ones = await figuresIn(1);
  // Rounding alone: cells of mass 1e-4 whose ends carry 1e-16, summed.
  for (const [i, figure] of (await figuresIn(c)).entries()) expect(Math.abs(figure / ones[i]! - 1)).toBeLessThan(1e-10);
});

describe("maps whose law is known", () => {
  const law = gaussian({ mean: 0.3, standardDeviation: 1.2 }).perturbed(1, 0);
  const start = asStart(law);
  const of = (f: (x: number) => number) =>
    mapLaw(async (points) => ({ values: points.map(f), evaluations: points.map(() => 1) }), start);

  it("an affine map of a Gaussian", async () => {
    const image = await of((x) => 2 * x - 1);
    // Inside a cell the law is uniform: relative error (h/s)²/6 = 1.2e-5 of the second moment, 0 by symmetry of the mean.
    expect(Math.abs(image.mean + 0.4)).toBeLessThan(1e-6);
    expect(Math.abs(image.variance / 5.76 - 1)).toBeLessThan(1.5e-5);
    const truth = quantileLaw(gaussian({ mean: -0.4, standardDeviation: 2.4 }).perturbed(1, 0));
    const { w1, w2 } = cellDistances(image, truth);
    // The quantile coupling is exact at the nodes: quantiles of erfc accuracy.
    expect(w1).toBeLessThan(1e-12);
    expect(w2).toBeLessThan(1e-12);
  });

  it("a shift has W1 = W2 = its size", async () => {
    const { w1, w2 } = cellDistances(await of((x) => x + 0.01), quantileLaw(law));
    expect(Math.abs(w1 - 0.01)).toBeLessThan(1e-12);
    expect(Math.abs(w2 - 0.01)).toBeLessThan(1e-12);
  });

  it("a scale factor has W2 = |c − 1| √(μ² + s²) and KL in closed form", async () => {
    const { w2, kl, tv } = cellDistances(await of((x) => 0.9 * x), quantileLaw(law));
    // Linear interpolation of the gap between 2049 nodes of [−10, 10]: relative error h²/12 = 1e-5.
    expect(Math.abs(w2 / (0.1 * Math.sqrt(0.09 + 1.44)) - 1)).toBeLessThan(1e-5);
    // KL(N(μ, s²) ‖ N(cμ, c²s²)).
    const exact = Math.log(0.9) + (1.44 + 0.0009) / (2 * 0.81 * 1.44) - 0.5;
    expect(Math.abs(kl! / exact - 1)).toBeLessThan(1e-4);
    expect(kl!).toBeLessThanOrEqual(exact * (1 + 1e-9));
    expect(tv!).toBeGreaterThan(0);
  });

  it("x² folds; its distances are those of the sorted images", async () => {
    const image = await of((x) => x * x);
    expect(image.folds).toBe(true);
    // Moments of a noncentral chi-square: μ² + s², 2 s⁴ + 4 μ² s².
    expect(Math.abs(image.mean - 1.53)).toBeLessThan(1e-4);
    expect(Math.abs(image.variance / (2 * 1.2 ** 4 + 4 * 0.09 * 1.44) - 1)).toBeLessThan(1e-4);
    const cdf = (y: number) => (y <= 0 ? 0 : law.cdf!(Math.sqrt(y)) - law.cdf!(-Math.sqrt(y)));
    const quantile = (p: number) => {
      let [low, high] = [0, 200];
      for (let k = 0; k < 60; k++) {
        const middle = (low + high) / 2;
        if (cdf(middle) < p) low = middle;
        else high = middle;
      }
      return low;
    };
    const truth = {
      cdf,
      survival: (y: number) => 1 - cdf(y),
      quantile: (p: number, { upper = false } = {}) => quantile(upper ? 1 - p : p),
    };
    const { w1, kl, tv } = cellDistances(image, truth);
    // Sorted cells have the law to the width of a cell's image, 2 |x| h ≤ 0.02 in the bulk.
    expect(w1).toBeLessThan(0.02);
    expect([kl, tv]).toEqual([null, null]);
  });
});

it("an Euler step on VE folds a spiky law when h ln(σmax/σmin) > 1", async () => {
  // Near a spike x ↦ x (1 − ½ g² h/σ²) and ½ g² = ln(σmax/σmin) σ²: 8.5 h > 1 below nine steps.
  const law = (steps: number) =>
    exactLaw({ sde: ve(), target: toy("spiky"), solver: "ode-euler", steps, grid: "uniform" });
  const folded = await law(6);
  expect(folded.folds).toBe(true);
  expect([folded.density, folded.kl, folded.tv]).toEqual([[], null, null]);
  expect((await law(12)).folds).toBe(false);
});

it.each(["rk45", "rk23"])("%s: evaluations are those of an average sample, and samples have its W2", async (name) => {
  const solver = `${name}:rtol=1e-2,atol=1e-2`;
  const law = await exactLaw({ sde, target, solver });
  // Equally probable starts, one in the middle of each cell: a rule of its own, with no refinement.
  const count = 2 ** 15;
  const prior = gaussian({ mean: 0, standardDeviation: sde.priorStandardDeviation }).perturbed(1, 0);
  const initial = Float64Array.from({ length: count }, (_, i) => prior.quantile!((i + 0.5) / count));
  const run = await sample({ sde, model: exactScore(target, sde), solver, samples: count, initial });
  const costs = run.perSample.evaluations;
  const [least, most] = [Math.min(...costs), Math.max(...costs)];
  // Jumps of the count lie anywhere within a cell: about 100 of them, each off by half a cell at most.
  expect(most - least).toBeGreaterThan(10);
  expect(Math.abs(law.evaluations - run.evaluations)).toBeLessThan((0.5 * Math.sqrt(100) * (most - least)) / count);
  const data = target.perturbed(1, 0);
  const w2 = Math.sqrt(
    run.samples.data.sort().reduce((sum, y, i) => sum + (y - data.quantile!((i + 0.5) / count)) ** 2 / count, 0),
  );
  // W2² is off by 2 |gap| |jump| of half a cell at each jump, at random: gaps and jumps of 0.3 at most on average.
  expect(Math.abs(law.w2 ** 2 - w2 ** 2)).toBeLessThan((Math.sqrt(100) * 0.3 * 0.3) / count);
});

it("a solver on a grid costs every sample the same, to the last bit", async () => {
  expect((await exactLaw({ sde, target, solver: "ode-heun", steps: 7 })).evaluations).toBe(14);
});

it("a cost that jumps where the image hardly does is averaged over the start", async () => {
  const start = asStart(gaussian({ mean: 0, standardDeviation: 1 }).perturbed(1, 0));
  const law = await mapLaw(
    async (points) => ({ values: points.slice(), evaluations: points.map((x) => (x < 0.123456 ? 10 : 30)) }),
    start,
  );
  // The interval with the jump has mass 1e-6 at most.
  expect(Math.abs(law.evaluations - (10 + 20 * start.survival(0.123456)))).toBeLessThan(1e-5);
});

it("rk45 at tight tolerance reaches the exact law", async () => {
  const law = await exactLaw({ sde, target, solver: "rk45:rtol=1e-8,atol=1e-8", start: "exact", against: "tMin" });
  // Errors of a few tolerances per step over 30 steps, stretched in the valleys.
  expect(law.w1!).toBeLessThan(1e-6);
  expect(law.w2).toBeLessThan(1e-5);
});

it.each([
  ["ddim", 1],
  ["ode-heun", 2],
])("%s is of order %i in W1 on the mixture", async (solver, order) => {
  const w1 = async (steps: number) => (await exactLaw({ ...fromExact, solver, steps })).w1!;
  expect(Math.abs(Math.log2((await w1(80)) / (await w1(160))) - order)).toBeLessThan(0.1 * order);
});

describe("a mixture of one component agrees with the gaussian space", () => {
  const one = mixture({ weights: [1], means: [[0.7]], standardDeviations: [[0.5]] });
  for (const schedule of [vp(), ve()]) {
    it.each(["ode-euler", "ode-heun", "ode-rk4:variable=rho", "ddim", "dpm++2m", "edm-heun"])(
      `${schedule.name}: %s`,
      async (solver) => {
        const grid = "log-snr";
        const law = await exactLaw({
          sde: schedule,
          target: one,
          solver,
          steps: 10,
          grid,
          start: "exact",
          against: "tMin",
        });
        const truth = await exactLaw({
          sde: schedule,
          target: gaussian({ mean: 0.7, standardDeviation: 0.5 }),
          solver,
          steps: 10,
          grid,
          start: "exact",
          against: "tMin",
        });
        const end = await gaussianRun(schedule, { mean: 0.7, deviation: 0.5 }, solver, 10, { grid });
        expect(Math.abs(truth.mean[0]! - end.mean)).toBeLessThan(1e-12);
        // Cells of a linear map: mean by symmetry, variance and distances to the square of the cell width (h/s)²/12 = 1e-5.
        expect(Math.abs(law.mean[0]! - end.mean)).toBeLessThan(1e-8);
        expect(Math.abs(law.variance! / end.deviation ** 2 - 1)).toBeLessThan(2e-5);
        expect(Math.abs(law.w2 / truth.w2 - 1)).toBeLessThan(2e-5);
        expect(Math.abs(law.w1! / truth.w1! - 1)).toBeLessThan(2e-5);
      },
    );
  }
});

it("a law that is the truth but for rounding is no nearer than it", async () => {
  for (const solver of ["rk45", "rk23"]) {
    const { kl } = await exactLaw({ sde, target: gaussian({ mean: [0], covariance: [[1]] }), solver });
    expect(kl!).toBeGreaterThanOrEqual(0);
  }
});
