import { describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { type CustomOptions, customSde, type Sde, subVp, ve, vp } from "../../src/sdes/index.js";

const VP_PATH = { alpha: "exp(-0.5*(0.1*t+9.95*t^2))", sigma: "sqrt(1-exp(-(0.1*t+9.95*t^2)))" };
const VP_EQUATION = { drift: "-0.5*(0.1+19.9*t)*x", diffusion: "sqrt(0.1+19.9*t)" };

/** Greatest relative difference of everything that two SDEs say, over times even in ln t (λ: absolute below 1). */
function difference(one: Sde, two: Sde, tMin: number): number {
  let worst = 0;
  const compare = (a: number, b: number, floor = 0) => {
    worst = Math.max(worst, a === b ? 0 : Math.abs(a - b) / Math.max(floor, Math.abs(b)));
  };
  for (let i = 0; i <= 200; i++) {
    const t = Math.min(1, tMin ** (1 - i / 200));
    compare(one.alpha(t), two.alpha(t));
    compare(one.sigma(t), two.sigma(t));
    compare(one.logSnr(t), two.logSnr(t), 1);
    compare(one.driftCoefficient(t), two.driftCoefficient(t));
    compare(one.diffusion(t), two.diffusion(t));
    compare(one.timeAtLogSnr(two.logSnr(t)), t);
    for (const u of [t + (1 - t) * 2 ** -40, t + (1 - t) / 3, 1]) {
      compare(one.transition(t, u).scale, two.transition(t, u).scale);
      compare(one.transition(t, u).variance, two.transition(t, u).variance);
    }
  }
  return worst;
}

describe("customSde equals the closed forms to 1e-12", () => {
  it.each<[string, CustomOptions, Sde]>([
    ["vp from α and σ", VP_PATH, vp()],
    ["vp from drift and diffusion", VP_EQUATION, vp()],
    ["vp down to t = 1e-8", { ...VP_PATH, tMin: 1e-8 }, vp({ tMin: 1e-8 })],
    ["vp down to t = 1e-8 by quadrature", { ...VP_EQUATION, tMin: 1e-8 }, vp({ tMin: 1e-8 })],
    ["sub-vp from α and σ", { ...VP_PATH, sigma: "1-exp(-(0.1*t+9.95*t^2))" }, subVp()],
    [
      "sub-vp from drift and diffusion",
      { ...VP_EQUATION, diffusion: "sqrt((0.1+19.9*t)*(1-exp(-2*(0.1*t+9.95*t^2))))" },
      subVp(),
    ],
    ["ve from α and σ", { alpha: "1", sigma: "a*(b/a)^t", constants: { a: 0.01, b: 50 } }, ve({ tMin: 1e-3 })],
  ])("%s", async (_, options, truth) => {
    const sde = await customSde(options);
    expect(difference(sde, truth, truth.tMin)).toBeLessThan(1e-12);
    expect(sde.variancePreserving).toBe(truth.variancePreserving);
  });

  it("the (f, g) form is defined from t = 0", async () => {
    const sde = await customSde(VP_EQUATION);
    expect(sde.alpha(0)).toBe(1);
    expect(sde.sigma(0)).toBe(0);
    for (const t of [1e-9, 1e-4, 9e-4]) expect(Math.abs(sde.sigma(t) / vp().sigma(t) - 1)).toBeLessThan(1e-13);
    expect(Math.abs(sde.transition(0, 0.7).variance / vp().transition(0, 0.7).variance - 1)).toBeLessThan(1e-13);
    expect(() => sde.alpha(1.001)).toThrow(/custom: t must be in \[0, 1\]/);
    const path = await customSde(VP_PATH);
    expect(() => path.alpha(9e-4)).toThrow(/custom: t must be in \[0\.001, 1\]/);
  });

  it("copes with a kink in the drift", async () => {
    const sde = await customSde({ drift: "-abs(t-0.3)*x", diffusion: "1" });
    // ∫_0^t |u − 0.3| du.
    const loss = (t: number) => 0.5 * (0.09 + Math.sign(t - 0.3) * (t - 0.3) ** 2);
    for (const t of [0.1, 0.2999, 0.3, 0.3001, 0.7, 1]) {
      expect(Math.abs(sde.alpha(t) / Math.exp(-loss(t)) - 1)).toBeLessThan(1e-13);
    }
  });
});

describe("the prior of customSde", () => {
  it("is 1 where α² + σ² = 1 at tMax, σ(tMax) elsewhere, and what the user says", async () => {
    expect((await customSde(VP_PATH)).priorStandardDeviation).toBe(1);
    expect((await customSde({ alpha: "1", sigma: "3*t" })).priorStandardDeviation).toBe(3);
    expect((await customSde({ alpha: "1", sigma: "3*t", priorStandardDeviation: 3.2 })).priorStandardDeviation).toBe(
      3.2,
    );
  });
});

describe("a drift that is not linear in x", () => {
  it("has drift and diffusion, and explains that there is no α", async () => {
    const sde = await customSde({ drift: "4*x - x^3", diffusion: "sqrt(2)", tMin: 0, tMax: 2 });
    expect(sde.linear).toBe(false);
    expect(sde.drift(Float64Array.of(-2, 0.5, 1), 0.3)).toEqual(Float64Array.of(0, 1.875, 3));
    expect(sde.diffusion(1)).toBe(Math.sqrt(2));
    expect(sde.priorStandardDeviation).toBeNaN();
    for (const ask of [
      () => sde.alpha(1),
      () => sde.sigma(1),
      () => sde.logSnr(1),
      () => sde.timeAtLogSnr(0),
      () => sde.driftCoefficient(1),
      () => sde.transition(0, 1),
    ]) {
      expect(ask).toThrow(UsageError);
      expect(ask).toThrow(/needs a drift of the form c\(t\)·x, but got '4\*x - x\^3'.*Fokker–Planck/);
    }
    expect(() => sde.diffusion(3)).toThrow(/t must be in \[0, 2\], but got 3/);
    expect(() => sde.drift(new Float64Array(2), 1, new Float64Array(1))).toThrow(/out must be as long/);
  });

  it.each(["x + 1", "x^2", "t", "sin(x)", "x*x", "1/x", "t - x", "x*(1+x)"])("'%s' is one", async (drift) => {
    expect((await customSde({ drift, diffusion: "1" })).linear).toBe(false);
  });

  it.each(["x", "-x", "x*t", "t*x", "x/(1+t)", "2 x - t*x", "-(x + sin(t)*x)", "0", "0*t", "(x)", "+x"])(
    "'%s' is none",
    async (drift) => {
      const sde = await customSde({ drift, diffusion: "1" });
      expect(sde.linear).toBe(true);
      expect(sde.drift(Float64Array.of(3), 0.5)[0]).toBeCloseTo(3 * sde.drift(Float64Array.of(1), 0.5)[0]!, 14);
    },
  );
});

describe("customSde refuses, naming the place,", () => {
  it.each<[string, CustomOptions, RegExp]>([
    [
      "a negative g²",
      { alpha: "1", sigma: "2-t" },
      /g² = 2σσ̇.*must not be negative.*but got g² = -3\.998 at t = 0\.001/,
    ],
    [
      "a negative g² that appears later",
      { alpha: "1", sigma: "0.5+t-t^2", tMax: 0.9 },
      /but got g² = -\S+ at t = 0\.500\d/,
    ],
    [
      "a bump in σ near a small tMin",
      { alpha: "1", sigma: "t + 2e-4*exp(-((t-1e-4)/3e-5)^2)", tMin: 1e-6 },
      /but got g² = -\S+ at t = 0\.0001\d/,
    ],
    ["a flat λ", { alpha: "1", sigma: "1" }, /λ = ln\(α\/σ\) must decrease .* but got λ = 0 at t = 0\.00\d+/],
    ["NaN", { alpha: "sqrt(0.5-t)", sigma: "t+1" }, /α must be finite.*but got it = NaN at t = 0\.50\d+/],
    ["infinity", { alpha: "1", sigma: "t/(1-t)" }, /σ must be finite.*but got it = Infinity at t = 1 /],
    ["a negative α", { alpha: "0.5-t", sigma: "1+t" }, /α must be positive.*but got α = -\S+ at t = 0\.50\d+/],
    ["a zero σ", { alpha: "1", sigma: "t", tMin: 0 }, /σ must be positive.*but got σ = 0 at t = 0 /],
    ["a negative diffusion", { drift: "-x", diffusion: "0.5-t" }, /diffusion must not be negative.*at t = 0\.50\d+/],
    ["a NaN diffusion", { drift: "-x", diffusion: "sqrt(0.5-t)" }, /diffusion must be finite.*NaN at t = 0\.50\d+/],
    ["a NaN drift", { drift: "-x*log(0.5-t)", diffusion: "1" }, /drift at x = 1 must be finite.*at t = 0\.50\d+/],
    ["no noise at all", { drift: "-x", diffusion: "0" }, /diffusion must not vanish on the whole range, but got 0/],
    ["a drift that cannot start at 0", { drift: "-x/t", diffusion: "1" }, /integrable from t = 0/],
    ["a drift that is nowhere finite", { drift: "x^3/0", diffusion: "1" }, /drift must be finite.*x = -1/],
    ["tMin = 0 with σ(0) = 0", { drift: "-x", diffusion: "1", tMin: 0 }, /tMin must be above 0/],
    ["a reversed range", { ...VP_PATH, tMin: 1, tMax: 0.5 }, /tMin must be below tMax.*tMin = 1 and tMax = 0\.5/],
    ["a negative tMin", { ...VP_PATH, tMin: -1 }, /tMin must be a finite number, 0 or above, but got -1/],
    ["an infinite tMax", { ...VP_PATH, tMax: Number.POSITIVE_INFINITY }, /tMax must be a finite number above 0/],
    ["a negative prior", { ...VP_PATH, priorStandardDeviation: -1 }, /priorStandardDeviation must be a finite number/],
    ["no formula", { alpha: "", sigma: "t" }, /alpha must be a formula such as/],
    ["bad constants", { ...VP_PATH, constants: { a: Number.NaN } }, /constants must be finite numbers.*a = NaN/],
    ["a constant named t", { ...VP_PATH, constants: { t: 1 } }, /names of their own, but got 't'/],
  ])("%s", async (_, options, message) => {
    await expect(customSde(options)).rejects.toThrow(UsageError);
    await expect(customSde(options)).rejects.toThrow(message);
  });
});

describe("customSde refuses formulas", () => {
  it.each([
    ["1+", /alpha must be a formula in t, but got '1\+' - /],
    ["exp(-t", /but got 'exp\(-t'/],
    ["exp(-x)", /unknown name 'x' - give it in constants/],
    ["beta*t", /unknown name 'beta'/],
    ["erf(t)", /the function 'erf'.*Did you mean 'exp'|the function 'erf'.*Functions: exp, expm1, log/],
    ["atan2(t, 1)", /the function 'atan2'.*'atan'/],
    ["log(t, 2)", /2 arguments of 'log' - it takes one/],
    ["t!", /the operator '!' - the operators are \+ - \* \/ \^/],
    ["t % 2", /the operator '%'/],
    ["t > 1 ? 1 : 2", /t > 1.* - write one formula/],
    ["a = 2", /but got 'a = 2'/],
    ["1; t", /write one formula/],
    ["[1, t]", /write one formula/],
    ["'text'", /write a number or a formula/],
    ["true", /write a number or a formula/],
    ["i*t", /unknown name 'i'/],
    ["5 cm", /unknown name 'cm'/],
    ["t(1-t)", /the function 't'.*multiply with \*/],
    ["constructor", /unknown name 'constructor'/],
    ["toString(t)", /the function 'toString'/],
  ])("such as '%s'", async (alpha, message) => {
    await expect(customSde({ alpha, sigma: "t" })).rejects.toThrow(UsageError);
    await expect(customSde({ alpha, sigma: "t" })).rejects.toThrow(message);
  });
});
