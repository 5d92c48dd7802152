import { describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { discrete, edm, linearBetas, rectifiedFlow, type Sde, ve, vp } from "../../src/sdes/index.js";
import { fillTimes, resolveTimeSampling, type TimeSampling } from "../../src/training/time-sampling.js";
import { normalCdf } from "../solvers/noise/statistics.js";

const SDES: readonly Sde[] = [
  vp(),
  ve(),
  edm(),
  rectifiedFlow(),
  discrete({ betas: linearBetas(40).map((b) => 25 * b) }),
];
const SAMPLINGS = ["uniform", "log-snr", "edm", "edm:mean=0.5,standardDeviation=0.6"];

/** ∫ density over [from, to] by Simpson's rule in λ, in which densities are smooth; kinks of β tables lie on nodes. */
function massBetween({ density }: TimeSampling, sde: Sde, from: number, to: number): number {
  const edges = [from, ...sde.breakpoints.filter((t) => t > from && t < to), to];
  let sum = 0;
  for (const [k, end] of edges.slice(1).entries()) {
    const [a, b] = [sde.logSnr(edges[k]!), sde.logSnr(end)];
    const pieces = edges.length > 2 ? 40 : 4000;
    for (let i = 0; i <= pieces; i++) {
      const inside = Math.min(
        Math.max(sde.timeAtLogSnr(a + ((b - a) * i) / pieces), edges[k]! * (1 + 1e-15)),
        end * (1 - 1e-15),
      );
      const rate = (0.5 * sde.diffusion(inside) ** 2) / sde.sigma(inside) ** 2;
      const weight = i === 0 || i === pieces ? 1 : i % 2 === 1 ? 4 : 2;
      sum += ((weight * (a - b)) / (3 * pieces)) * (density(inside) / rate);
    }
  }
  return sum;
}

describe("time sampling", () => {
  for (const sde of SDES) {
    for (const name of SAMPLINGS) {
      it(`${name} on ${sde.name}: uniforms are the distribution function of the density`, () => {
        const sampling = resolveTimeSampling(name, sde, () => 1);
        expect(massBetween(sampling, sde, sde.tMin, sde.tMax)).toBeCloseTo(1, 6);
        // The law may map uniforms upwards or downwards in t.
        const isRising = sampling.fromUniform(0.9) > sampling.fromUniform(0.1);
        for (const u of [0.001, 0.1, 0.35, 0.5, 0.77, 0.999]) {
          const t = sampling.fromUniform(u);
          const below = massBetween(sampling, sde, sde.tMin, t);
          expect(isRising ? below : 1 - below).toBeCloseTo(u, 6);
          expect(sampling.factor(t)).toBe(1);
        }
        expect(sampling.fromUniform(1)).toBeLessThanOrEqual(sde.tMax);
        expect(sampling.fromUniform(2 ** -53)).toBeGreaterThanOrEqual(sde.tMin);
      });
    }
  }

  it("importance follows the weight and leaves the expected loss as it is", () => {
    for (const sde of SDES) {
      const weight = (t: number) => (sde.diffusion(t) / sde.sigma(t)) ** 2;
      const sampling = resolveTimeSampling("importance", sde, weight);
      const span = sde.tMax - sde.tMin;
      let [least, most] = [Number.POSITIVE_INFINITY, 0];
      for (let i = 0; i < 2000; i++) {
        const t = sampling.fromUniform((i + 0.5) / 2000);
        expect(sampling.density(t) * sampling.factor(t) * span).toBeCloseTo(1, 12);
        const product = weight(t) * sampling.factor(t);
        [least, most] = [Math.min(least, product), Math.max(most, product)];
      }
      // 1024 cells, equal in λ over a range of less than 20: ln(weight) changes by at most its slope 4 times half a cell's width.
      const bound = sde.name === "discrete" ? 3 : 1.1;
      expect(most / least).toBeLessThan(bound);
      // Mass below the median is one half.
      const median = sampling.fromUniform(0.5);
      let mass = 0;
      for (let i = 0; i < 20000; i++) {
        const u = (i + 0.5) / 20000;
        if (sampling.fromUniform(u) <= median) mass += 1 / 20000;
      }
      expect(mass).toBeCloseTo(0.5, 3);
    }
  });

  it("edm is the log-normal of the paper, mean −1.2 and standard deviation 1.2 of ln σ, between the ends", () => {
    const sde = edm();
    const below = (sigma: number) => normalCdf((Math.log(sigma) + 1.2) / 1.2);
    const [least, most] = [below(sde.tMin), below(sde.tMax)];
    const sampling = resolveTimeSampling("edm", sde, () => 1);
    for (const sigma of [0.03, 0.3, 1, 4]) {
      // Uniforms count from the upper end.
      expect(sampling.fromUniform((most - below(sigma)) / (most - least)) / sigma).toBeCloseTo(1, 9);
    }
  });

  it("densities are the slopes of the uniforms, far out in a tail and in every cell of importance", () => {
    const sde = edm();
    // From 6.9 standard deviations on: a difference of distribution functions near 1 would be off by 1e-16/3e-12.
    const tail = resolveTimeSampling("edm:mean=-14.5", sde, () => 1);
    const importance = resolveTimeSampling("importance", sde, (t) => 1 / t);
    for (const [sampling, step, error] of [
      // Curvature of the law over a step; rounding of t over the step.
      [tail, 1e-6, 1e-6],
      [importance, 1e-8, 1e-6],
    ] as const) {
      for (let i = 0; i < 500; i++) {
        const u = (i + 0.37) / 500;
        const change = Math.abs(sampling.fromUniform(u + step) - sampling.fromUniform(u - step));
        expect(Math.abs((sampling.density(sampling.fromUniform(u)) * change) / (2 * step) - 1)).toBeLessThan(error);
      }
    }
  });

  it("importance of the likelihood is uniform in λ", () => {
    for (const sde of [vp(), ve(), edm(), rectifiedFlow()]) {
      // g²/σ² = −2 dλ/dt.
      const sampling = resolveTimeSampling("importance", sde, (t) => (sde.diffusion(t) / sde.sigma(t)) ** 2);
      const [first, span] = [sde.logSnr(sde.tMin), sde.logSnr(sde.tMin) - sde.logSnr(sde.tMax)];
      for (const u of [0.1, 0.3, 0.5, 0.7, 0.9]) {
        // The midpoint rule in a cell of span/1024 < 0.014: (4 · 0.014)²/24 relative, with ln(weight) of slope 4 at most in λ.
        expect(Math.abs((first - sde.logSnr(sampling.fromUniform(u))) / span - u)).toBeLessThan(1.4e-4);
      }
    }
  });

  it("stratifies: one uniform in each share", () => {
    const sampling = resolveTimeSampling("uniform", vp({ tMin: 1e-9, tMax: 1 }), () => 1);
    const uniforms = Float64Array.of(0.9, 0.2, 1, 2 ** -53);
    const times = new Float64Array(4);
    fillTimes(sampling, true, uniforms, times);
    for (const [i, t] of times.entries()) {
      expect(t * 4).toBeGreaterThanOrEqual(i);
      expect(t * 4).toBeLessThanOrEqual(i + 1 + 1e-8);
    }
    fillTimes(sampling, false, uniforms, times);
    for (const [i, t] of times.entries()) expect(t).toBeCloseTo(uniforms[i]!, 8);
  });

  it("refuses unknown names, options and laws without mass", () => {
    const resolve = (name: string) => () => resolveTimeSampling(name, vp(), () => 1);
    expect(resolve("unifrm")).toThrow(/Did you mean 'uniform'/);
    expect(resolve("edm:men=1")).toThrow(/Did you mean 'mean'/);
    expect(resolve("edm:standardDeviation=0")).toThrow(UsageError);
    expect(resolve("edm:mean=50,standardDeviation=0.1")).toThrow(/no mass|have mass/);
  });
});
