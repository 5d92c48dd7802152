import { describe, expect, it } from "vitest";
import { findGrid, type Schedule } from "../../solvers/index.js";
import { NoiseSlot } from "../../solvers/noise/slots.js";
import { cosine, edm, rectifiedFlow, subVp, ve, vp } from "../../src/sdes/index.js";
import { batchRun, noiseOf, normalScore } from "./batch-run.js";
import { distance, gaussianRun, marginal } from "./gaussian-run.js";

const EPSILON = 2 ** -52;
const standard = { mean: 0, deviation: 1 };
const data = { mean: 0.7, deviation: 0.5 };
const linear = [vp(), subVp(), ve(), edm(), cosine(), rectifiedFlow()];

describe("N(0, 1) under a variance-preserving SDE", () => {
  for (const sde of [vp(), cosine()]) {
    // One rounding of a few ulp a step.
    const rounding = (steps: number) => 8 * steps * EPSILON;

    it.each(["ode-euler", "ode-heun", "ode-rk4", "em:eta=0"])(`${sde.name}: %s has drift 0`, async (spec) => {
      const { mean, deviation } = await gaussianRun(sde, standard, spec, 50);
      expect(mean).toBe(0);
      expect(Math.abs(deviation - 1)).toBeLessThan(rounding(50));
      const start = Float64Array.of(-3, -0.2, 0, 1, 4);
      const end = await batchRun(sde, normalScore(sde, 0, 1), spec, 50, start);
      for (const [i, x] of end.entries()) expect(Math.abs(x - start[i]!)).toBeLessThan(4 * rounding(50));
    });

    it.each([7, 100])(`${sde.name}: ancestral preserves it on %i steps`, async (steps) => {
      const { mean, deviation } = await gaussianRun(sde, standard, "ancestral", steps);
      expect(mean).toBe(0);
      expect(Math.abs(deviation - 1)).toBeLessThan(rounding(steps));
    });

    it(`${sde.name}: em does not`, async () => {
      expect(Math.abs((await gaussianRun(sde, standard, "em", 50)).deviation - 1)).toBeGreaterThan(1e-3);
    });
  }

  it("ancestral:compat=song preserves it", async () => {
    const { deviation } = await gaussianRun(vp(), standard, "ancestral:compat=song", 40);
    expect(Math.abs(deviation - 1)).toBeLessThan(8 * 40 * EPSILON);
  });
});

describe("every noise level keeps the marginals in the limit", () => {
  // Order 1: eight times the steps, an eighth of the error (within a tenth once h is small).
  it.each([0, 0.5, 1, 1.5])("em:eta=%d", async (eta) => {
    const sde = vp();
    const truth = marginal(sde, data, sde.tMin);
    const error = async (steps: number) => distance(await gaussianRun(sde, data, `em:eta=${eta}`, steps), truth);
    const [coarse, fine] = [await error(200), await error(1600)];
    expect(Math.abs(coarse / fine / 8 - 1)).toBeLessThan(0.1);
    expect(fine).toBeLessThan(1e-3);
  });
});

describe("solvers that are one solver", () => {
  const start = Float64Array.of(-2, -0.3, 0.4, 1.7);
  // Linear maps of a few units over 12 steps, rounded differently.
  const same = (a: Float64Array, b: Float64Array) => {
    const largest = a.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
    for (const [i, x] of a.entries()) expect(Math.abs(x - b[i]!)).toBeLessThan(2e-12 * largest);
  };
  const both = async (sde: Schedule, one: string, other: string, grid = "log-snr") => {
    const model = normalScore(sde, 0.7, 0.25);
    const scaled = start.map((x) => x * sde.priorStandardDeviation);
    return [await batchRun(sde, model, one, 12, scaled, grid), await batchRun(sde, model, other, 12, scaled, grid)];
  };

  for (const sde of linear) {
    it.each([
      ["ddim:eta=1", "ddpm"],
      ["deis:order=1", "ddim"],
      ["lms:order=1", "ddim"],
      ["dpm++3m:order=1", "ddim"],
      ["dpm++2m-sde:eta=0", "dpm++2m"],
      ["dpm++2s:variant=ancestral", "dpm++2s"],
      ["sa-solver:predictor=1,corrector=0", "ddpm"],
      ["sa-solver:eta=0,predictor=1,corrector=0", "ddim"],
      ["sa-solver:eta=0,predictor=3,corrector=0", "dpm++3m"],
      ["sa-solver:corrector=0", "dpm++2m-sde:variant=heun"],
      ["sa-solver:sMin=1e9", "sa-solver:eta=0"],
      ["sa-solver:sMax=1e-9", "sa-solver:eta=0"],
      ["ode-euler:variable=rho", "ddim"],
      ["edm-heun", "ode-heun:variable=rho"],
      ["edm-heun:churn=3,sMin=1e6", "edm-heun"],
      ["em:eta=0", "ode-euler"],
      ["pc:predictor=em,corrector=none", "em"],
      ["pc:predictor=ancestral,corrector=none", "ancestral"],
      ["pc:predictor=ddpm,correctorSteps=0", "ddpm"],
      ["pc:predictor=reverse-diffusion,corrector=none,order=corrector-first", "reverse-diffusion"],
      ["pc:predictor=exponential-em,corrector=none", "exponential-em"],
      ["pc:predictor=stochastic-heun,corrector=none", "stochastic-heun"],
      ["pc:predictor=ddim,corrector=none", "ddim"],
    ])(`${sde.name}: %s is %s`, async (one, other) => {
      const [a, b] = await both(sde, one, other);
      same(a!, b!);
    });
  }

  it.each([ve(), edm()])(
    "$name: where α is constant, exponential-em is reverse-diffusion and ancestral is ddpm",
    async (sde) => {
      const [a, b] = await both(sde, "exponential-em", "reverse-diffusion");
      same(a!, b!);
      const [c, d] = await both(sde, "ancestral", "ddpm");
      same(c!, d!);
    },
  );

  it("on one step to σ → 0 every data-predicting solver returns the posterior mean", async () => {
    const sde = rectifiedFlow({ tMin: 1e-9 });
    const model = normalScore(sde, 0.7, 0.25);
    const x = Float64Array.of(1.3);
    const posterior =
      (0.7 * sde.sigma(sde.tMax) ** 2 + sde.alpha(sde.tMax) * 0.25 * 1.3) /
      (sde.alpha(sde.tMax) ** 2 * 0.25 + sde.sigma(sde.tMax) ** 2);
    for (const spec of ["ddim", "ddpm", "dpm++2m"]) {
      const [end] = await batchRun(sde, model, spec, 1, x);
      // x_u = D + O(σ_u).
      expect(Math.abs(end! - posterior)).toBeLessThan(5e-9);
    }
  });
});

/** Song's and Ho's update rules, straight from the papers, on known noise. */
describe("update rules recomputed in a loop", () => {
  const count = 5;
  const start = Float64Array.of(-2.1, -0.4, 0.2, 0.9, 1.8);
  const steps = 30;

  interface Level {
    readonly t: number;
    readonly u: number;
    readonly s: number;
    readonly x: number;
    readonly z: number;
    readonly c: number;
  }

  async function compare(sde: Schedule, spec: string, rule: (level: Level) => number, grid = "uniform") {
    const { times } = findGrid(grid).create(sde, steps);
    const x = start.map((value) => value * sde.priorStandardDeviation);
    const end = await batchRun(sde, normalScore(sde, 0.7, 0.25), spec, steps, x, grid);
    for (let n = 0; n < steps; n++) {
      const [t, u] = [times[n]!, times[n + 1]!];
      const z = noiseOf(n, NoiseSlot.PREDICTOR, count);
      const c = noiseOf(n, NoiseSlot.CHURN, count);
      for (let i = 0; i < count; i++) {
        const s = -(x[i]! - sde.alpha(t) * 0.7) / (sde.alpha(t) ** 2 * 0.25 + sde.sigma(t) ** 2);
        x[i] = rule({ t, u, s, x: x[i]!, z: z[i]!, c: c[i]! });
      }
    }
    const largest = x.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    // Differences α_t²σ_u² − … of the plain formulas cancel up to four digits at low noise.
    for (const [i, value] of end.entries()) expect(Math.abs(value - x[i]!)).toBeLessThan(1e-10 * largest);
  }

  const variance = vp();
  const beta = (t: number) => 0.1 + 19.9 * t;
  const exploding = ve();
  const sigma = (t: number) => 0.01 * 5000 ** t;
  const rate = 2 * Math.log(5000);

  it("em on vp and ve", async () => {
    await compare(variance, "em", ({ t, u, s, x, z }) => {
      const h = t - u;
      return x - (-0.5 * beta(t) * x - beta(t) * s) * h + Math.sqrt(beta(t) * h) * z;
    });
    await compare(exploding, "em", ({ t, u, s, x, z }) => {
      const square = rate * sigma(t) ** 2 * (t - u);
      return x + square * s + Math.sqrt(square) * z;
    });
  });

  it("em:eta=0.5 on vp", () =>
    compare(variance, "em:eta=0.5", ({ t, u, s, x, z }) => {
      const b = beta(t) * (t - u);
      return x + 0.5 * b * x + 0.5 * 1.25 * b * s + 0.5 * Math.sqrt(b) * z;
    }));

  it("reverse-diffusion with score_sde's discretisation on vp", () =>
    compare(variance, "reverse-diffusion:compat=song", ({ t, u, s, x, z }) => {
      const b = beta(t) * (t - u);
      return (2 - Math.sqrt(1 - b)) * x + b * s + Math.sqrt(b) * z;
    }));

  it("reverse-diffusion on ve", () =>
    compare(exploding, "reverse-diffusion", ({ t, u, s, x, z }) => {
      const square = sigma(t) ** 2 - sigma(u) ** 2;
      return x + square * s + Math.sqrt(square) * z;
    }));

  it("reverse-diffusion with the exact forward step on sub-vp", () => {
    const sde = subVp();
    return compare(sde, "reverse-diffusion", ({ t, u, s, x, z }) => {
      const r = sde.alpha(t) / sde.alpha(u);
      const square = sde.sigma(t) ** 2 - r * r * sde.sigma(u) ** 2;
      return (2 - r) * x + square * s + Math.sqrt(square) * z;
    });
  });

  it("ancestral with score_sde's discretisation on vp", () =>
    compare(variance, "ancestral:compat=song", ({ t, u, s, x, z }) => {
      const b = beta(t) * (t - u);
      return (x + b * s) / Math.sqrt(1 - b) + Math.sqrt(b) * z;
    }));

  it("ancestral on ve", () =>
    compare(exploding, "ancestral", ({ t, u, s, x, z }) => {
      const square = sigma(t) ** 2 - sigma(u) ** 2;
      return x + square * s + Math.sqrt((sigma(u) ** 2 * square) / sigma(t) ** 2) * z;
    }));

  it("stochastic-heun on vp", () =>
    compare(variance, "stochastic-heun", ({ t, u, s, x, z }) => {
      const h = t - u;
      const k1 = h * (0.5 * beta(t) * x + beta(t) * s) + Math.sqrt(h * beta(t)) * z;
      const a = variance.alpha(u);
      const s2 = -(x + k1 - a * 0.7) / (a * a * 0.25 + 1 - a * a);
      const k2 = h * (0.5 * beta(u) * (x + k1) + beta(u) * s2) + Math.sqrt(h * beta(u)) * z;
      return x + 0.5 * (k1 + k2);
    }));

  it("exponential-em on vp: the integral of β in closed form", () =>
    compare(variance, "exponential-em", ({ t, u, s, x, z }) => {
      const half = 0.5 * (0.1 * (t - u) + 9.95 * (t * t - u * u));
      return Math.exp(half) * x + 2 * (Math.exp(half) - 1) * s + Math.sqrt(Math.exp(2 * half) - 1) * z;
    }));

  it.each([subVp(), rectifiedFlow({ tMax: 0.9 })])(
    "exponential-em on $name: coefficients by Simpson's rule",
    async (sde) => {
      const { times } = findGrid("uniform").create(sde, 4);
      const x = Float64Array.of(1.1);
      const model = normalScore(sde, 0.7, 0.25);
      const end = await batchRun(sde, model, "exponential-em", 4, x);
      for (let n = 0; n < 4; n++) {
        const [t, u] = [times[n]!, times[n + 1]!];
        const gain = (time: number) => (sde.alpha(u) / sde.alpha(time)) * sde.diffusion(time) ** 2;
        const noise = (time: number) => (sde.alpha(u) / sde.alpha(time)) ** 2 * sde.diffusion(time) ** 2;
        const s = -(x[0]! - sde.alpha(t) * 0.7) / (sde.alpha(t) ** 2 * 0.25 + sde.sigma(t) ** 2);
        const z = noiseOf(n, NoiseSlot.PREDICTOR, 1)[0]!;
        x[0] = (sde.alpha(u) / sde.alpha(t)) * x[0]! + simpson(gain, u, t) * s + Math.sqrt(simpson(noise, u, t)) * z;
      }
      // Simpson's rule on 2000 intervals a step; the steepest rate, 1/α³ near α = 0.1, has (h/α)⁴ below 1e-11.
      expect(Math.abs(end[0]! / x[0]! - 1)).toBeLessThan(1e-9);
    },
  );

  it("ddpm is Bayes' rule for x_u given x_t and the denoised mean", async () => {
    for (const sde of linear) {
      await compare(
        sde,
        "ddpm",
        ({ t, u, s, x, z }) => {
          const D = (x + sde.sigma(t) ** 2 * s) / sde.alpha(t);
          // Prior x_u | x₀ ~ N(α_u D, σ_u²), likelihood x_t | x_u ~ N(r x_u, V): precisions add.
          const r = sde.alpha(t) / sde.alpha(u);
          const V = sde.sigma(t) ** 2 - r * r * sde.sigma(u) ** 2;
          const precision = 1 / sde.sigma(u) ** 2 + (r * r) / V;
          const mean = ((sde.alpha(u) * D) / sde.sigma(u) ** 2 + (r * x) / V) / precision;
          return mean + z / Math.sqrt(precision);
        },
        "log-snr",
      );
    }
  });

  it("ddpm:variance=transition has the forward step's variance", () =>
    compare(variance, "ddpm:variance=transition", ({ t, u, s, x, z }) => {
      const [at, au] = [variance.alpha(t) ** 2, variance.alpha(u) ** 2];
      const b = 1 - at / au;
      const D = (x + (1 - at) * s) / Math.sqrt(at);
      // Ho et al. (2020) eq. 7 with fixed-large variance.
      const mean = ((Math.sqrt(au) * b) / (1 - at)) * D + ((Math.sqrt(1 - b) * (1 - au)) / (1 - at)) * x;
      return mean + Math.sqrt(b) * z;
    }));

  it("ddim:eta=0.6 is eq. 12 of Song, Meng & Ermon", () =>
    compare(variance, "ddim:eta=0.6", ({ t, u, s, x, z }) => {
      const [at, au] = [variance.alpha(t) ** 2, variance.alpha(u) ** 2];
      const noise = 0.6 * Math.sqrt(((1 - au) / (1 - at)) * (1 - at / au));
      const e = -Math.sqrt(1 - at) * s;
      const D = (x - Math.sqrt(1 - at) * e) / Math.sqrt(at);
      return Math.sqrt(au) * D + Math.sqrt(1 - au - noise ** 2) * e + noise * z;
    }));

  it.each([
    ["between two levels", 20, ",sMin=0.05,sMax=20"],
    ["up to the largest level there is", edm().tMax, ",sMin=0.05"],
  ])("edm-heun is algorithm 2 of Karras et al. with churn %s", (_where, sMax, options) => {
    const sde = edm();
    const denoise = (y: number, level: number) => (0.25 * y + level ** 2 * 0.7) / (0.25 + level ** 2);
    return compare(
      sde,
      `edm-heun:churn=15${options},sNoise=1.007`,
      ({ t, u, x, c }) => {
        const gamma = t >= 0.05 && t <= sMax ? Math.min(15 / steps, Math.SQRT2 - 1) : 0;
        const hat = Math.min(t + gamma * t, sde.tMax);
        const y = x + Math.sqrt(hat ** 2 - t ** 2) * 1.007 * c;
        const d = (y - denoise(y, hat)) / hat;
        const next = y + (u - hat) * d;
        const d2 = (next - denoise(next, u)) / u;
        return y + (u - hat) * 0.5 * (d + d2);
      },
      "karras",
    );
  });

  it("dpm++2m is algorithm 2 of Lu et al.", () => {
    const history = new Map<number, { D: number; lambda: number }>();
    let row = 0;
    return compare(
      variance,
      "dpm++2m",
      ({ t, u, s, x }) => {
        const i = row++ % count;
        const previous = history.get(i);
        const lambda = (time: number) => Math.log(variance.alpha(time) / variance.sigma(time));
        const D = (x + variance.sigma(t) ** 2 * s) / variance.alpha(t);
        const h = lambda(u) - lambda(t);
        let extrapolated = D;
        if (previous !== undefined) {
          const r = (lambda(t) - previous.lambda) / h;
          extrapolated = (1 + 1 / (2 * r)) * D - (1 / (2 * r)) * previous.D;
        }
        history.set(i, { D, lambda: lambda(t) });
        return (variance.sigma(u) / variance.sigma(t)) * x - variance.alpha(u) * (Math.exp(-h) - 1) * extrapolated;
      },
      "uniform",
    );
  });
});

describe("Langevin correctors", () => {
  const sde = vp();
  const model = normalScore(sde, 0, 1);
  const start = Float64Array.of(-2, -0.3, 0.4, 1.7);

  it("annealed: x + δ s + √(2δ) z with δ = 2 (snr σ)²", async () => {
    const end = await batchRun(sde, model, "pc:predictor=none,snr=0.3,correctorSteps=2", 3, start);
    const { times } = findGrid("uniform").create(sde, 3);
    const x = start.slice();
    for (let n = 0; n < 3; n++) {
      const delta = 2 * 0.3 ** 2 * (1 - Math.exp(-(0.1 * times[n + 1]! + 9.95 * times[n + 1]! ** 2)));
      for (let k = 0; k < 2; k++) {
        const z = noiseOf(n, NoiseSlot.CORRECTOR + k, 4);
        for (let i = 0; i < 4; i++) x[i] = x[i]! - delta * x[i]! + Math.sqrt(2 * delta) * z[i]!;
      }
    }
    for (const [i, value] of end.entries()) expect(Math.abs(value - x[i]!)).toBeLessThan(1e-13);
  });

  it.each(["batch", "sample"])("norm-based, %s norms: δ = 2 (snr ‖z‖/‖s‖)²", async (norm) => {
    // In one dimension norms are absolute values; ‖s‖ = |x| on N(0, 1).
    const spec = `pc:predictor=none,corrector=langevin,norm=${norm},snr=0.1,order=corrector-first`;
    const end = await batchRun(sde, model, spec, 2, start);
    const x = start.slice();
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
    for (let n = 0; n < 2; n++) {
      const z = noiseOf(n, NoiseSlot.CORRECTOR, 4);
      const delta = x.map((value, i) =>
        norm === "batch" ? 2 * (0.1 * (mean(z) / mean(x))) ** 2 : 2 * (0.1 * (z[i]! / value)) ** 2,
      );
      for (let i = 0; i < 4; i++) x[i] = x[i]! - delta[i]! * x[i]! + Math.sqrt(2 * delta[i]!) * z[i]!;
    }
    for (const [i, value] of end.entries()) expect(Math.abs(value - x[i]!)).toBeLessThan(1e-13);
  });

  it("its stationary variance on N(0, v) at frozen time is v/(1 − δ/(2v))", async () => {
    // pc on steps so short that t hardly moves: the law becomes that of unadjusted Langevin.
    const frozen = rectifiedFlow({ tMin: 0.5 - 1e-9, tMax: 0.5 });
    const { deviation } = await gaussianRun(frozen, standard, "pc:predictor=none,delta=0.4,correctorSteps=20", 10);
    const v = 0.5;
    const delta = 0.4 * 0.25;
    expect(Math.abs(deviation ** 2 - v / (1 - delta / (2 * v)))).toBeLessThan(1e-8);
  });
});

function simpson(f: (t: number) => number, from: number, to: number): number {
  const intervals = 2000;
  const h = (to - from) / intervals;
  let sum = f(from) + f(to);
  for (let i = 1; i < intervals; i++) sum += (i % 2 === 1 ? 4 : 2) * f(from + i * h);
  return (sum * h) / 3;
}
