import { describe, expect, it } from "vitest";
import { fillNormal } from "../../solvers/noise/normal.js";
import { kolmogorovSmirnov } from "../../src/metrics/kolmogorov-smirnov.js";
import { wasserstein2 } from "../../src/metrics/wasserstein.js";
import { zScoreOfMean } from "../../src/metrics/z-score.js";
import { sample } from "../../src/sampling/sample.js";
import { type Sde, ve, vp } from "../../src/sdes/index.js";
import { gaussian, mixture, type PerturbedLaw, type Target, toy } from "../../src/targets/index.js";
import { exactLaw } from "../../src/verification/exact-law.js";

const trimodal = mixture({ weights: [0.3, 0.5, 0.2], means: [-2, 0.5, 2], standardDeviations: [0.3, 0.4, 0.25] });
const COUNT = 20_000;

function isQuantileSource(
  law: PerturbedLaw,
): law is PerturbedLaw & Required<Pick<PerturbedLaw, "cdf" | "survival" | "quantile">> {
  return law.cdf !== undefined && law.survival !== undefined && law.quantile !== undefined;
}

/** Exact samples of p_tMax. */
function startOf(target: Target, sde: Sde): Float64Array {
  const data = target.sample({ count: COUNT, seed: 101 }).data;
  const noise = new Float64Array(data.length);
  fillNormal({ seed: 102, stream: "probe" }, 0, noise);
  return data.map((x, i) => sde.alpha(sde.tMax) * x + sde.sigma(sde.tMax) * noise[i]!);
}

describe("draws of x0 from its exact posterior", () => {
  for (const sde of [vp(), ve()]) {
    const start = startOf(trimodal, sde);
    const end = trimodal.perturbed(sde.alpha(sde.tMin), sde.sigma(sde.tMin));
    it.each([
      ["ddpm", 1],
      ["ddpm", 3],
      ["ddpm", 10],
      ["ddim", 3],
      ["ddim:eta=0.5", 3],
    ])(`keep p_t: ${sde.name}, %s, %i steps`, async (solver, steps) => {
      const request = {
        sde,
        target: trimodal,
        posterior: "sample",
        solver,
        steps,
        samples: COUNT,
        initial: start,
        seed: 7,
      } as const;
      const { samples, evaluations } = await sample(request);
      expect(evaluations).toBe(steps);
      // Exact law: the p-value is uniform, and 1e-4 is passed by all but one seed in ten thousand.
      expect(kolmogorovSmirnov(samples.data, (x) => end.cdf!(x)).pValue).toBeGreaterThan(1e-4);
      const data = await sample({ ...request, denoise: true });
      expect(kolmogorovSmirnov(data.samples.data, (x) => trimodal.cdf!(x)).pValue).toBeGreaterThan(1e-4);
    });
  }

  it("reach the floor in 3 steps, where the mean is far off", async () => {
    const sde = vp();
    const data = trimodal.perturbed(1, 0);
    if (!isQuantileSource(data)) throw new Error("the law of one-dimensional mixtures has quantiles");
    const request = { sde, target: trimodal, solver: "ddpm", steps: 3, samples: COUNT, seed: 1 } as const;
    const drawn = await sample({ ...request, posterior: "sample" });
    const floor = [1, 2, 3, 4].map((seed) => wasserstein2(trimodal.sample({ count: COUNT, seed }).data, data));
    // Twice the largest of four exact sample sets: the truncation at tMin and the prior's distance from p_tMax are 1e-3 and less.
    expect(wasserstein2(drawn.samples.data, data)).toBeLessThan(2 * Math.max(...floor));
    // The mean loses most of the variance: 0.688 by the exact law, which its samples meet within the floor.
    const { w2 } = await exactLaw(request);
    expect(w2).toBeGreaterThan(10 * Math.max(...floor));
    const mean = await sample(request);
    expect(Math.abs(wasserstein2(mean.samples.data, data) - w2)).toBeLessThan(Math.max(...floor));
  });

  it("keep the moments in the plane", async () => {
    const sde = vp();
    for (const target of [
      toy("two-moons"),
      gaussian({
        mean: [1, 2],
        covariance: [
          [1, 0.6],
          [0.6, 0.5],
        ],
      }),
    ]) {
      const initial = startOf(target, sde);
      const { samples } = await sample({
        sde,
        target,
        posterior: "sample",
        solver: "ddpm",
        steps: 2,
        samples: COUNT,
        initial,
        denoise: true,
      });
      const column = (d: number) => Float64Array.from({ length: COUNT }, (_, i) => samples.get(i, d));
      const [x, y] = [column(0), column(1)];
      expect(Math.abs(zScoreOfMean(x, target.mean[0]!))).toBeLessThan(4);
      expect(Math.abs(zScoreOfMean(y, target.mean[1]!))).toBeLessThan(4);
      const products = x.map((value, i) => (value - target.mean[0]!) * (y[i]! - target.mean[1]!));
      expect(Math.abs(zScoreOfMean(products, target.covariance[1]!))).toBeLessThan(4);
    }
  });

  it("belong to the sample, not to the batch", async () => {
    const sde = vp();
    const request = { sde, target: trimodal, posterior: "sample", solver: "ddpm", steps: 4, seed: 3 } as const;
    const whole = (await sample({ ...request, samples: 20 })).samples.data;
    expect((await sample({ ...request, samples: 20, batchSize: 7 })).samples.data).toEqual(whole);
    expect((await sample({ ...request, samples: 5, firstSample: 12 })).samples.data).toEqual(whole.slice(12, 17));
    expect((await sample({ ...request, samples: 20, run: 1 })).samples.data).not.toEqual(whole);
    expect((await sample({ ...request, samples: 20, seed: 4 })).samples.data).not.toEqual(whole);
  });

  it("are refused where they make no sense", async () => {
    const sde = vp();
    const { posteriorSample: _, posteriorNumbers: __, ...blind } = trimodal;
    const request = { sde, target: trimodal, posterior: "sample", solver: "ddpm", steps: 4, samples: 1 } as const;
    await expect(sample({ ...request, solver: "rk45" })).rejects.toThrow(/makes the right-hand side of rk45 random/);
    await expect(sample({ ...request, target: blind })).rejects.toThrow(/has no exact samples of x0/);
    await expect(sample({ sde, posterior: "sample", solver: "ddpm", steps: 4 })).rejects.toThrow(/give it as `target`/);
    await expect(sample({ sde, solver: "ddpm", steps: 4 })).rejects.toThrow(/model: missing/);
  });
});
