import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { everySde } from "./every-sde.js";
import { integral } from "./tanh-sinh.js";

const EPSILON = 2 ** -52;

describe.each(await everySde())("%s", (_, sde) => {
  const { tMin, tMax } = sde;
  const inside = fc.double({ min: tMin, max: tMax, noNaN: true });
  /** Times spread evenly in ln t, from tMin to tMax. */
  const times = Array.from({ length: 9 }, (__, i) => Math.min(tMax, tMin * (tMax / tMin) ** (i / 8)));
  // Absolute accuracy of λ: a few ulp of exponents up to ln(1e5).
  const lambdaError = 1e-14;

  it("has the α that integrating f gives", () => {
    for (let i = 1; i < times.length; i++) {
      const [s, t] = [times[i - 1]!, times[i]!];
      const truth = Math.exp(integral((u) => sde.driftCoefficient(u), s, t, sde.breakpoints, 4));
      // tanh-sinh and exp of at most a few units: 1e-13.
      expect(Math.abs(sde.alpha(t) / sde.alpha(s) / truth - 1)).toBeLessThan(2e-13);
    }
  });

  it("has the σ that integrating g² with f gives", () => {
    for (let i = 1; i < times.length; i++) {
      const [s, t] = [times[i - 1]!, times[i]!];
      const carried = (u: number) => (sde.diffusion(u) * (sde.alpha(t) / sde.alpha(u))) ** 2;
      const truth = (sde.sigma(s) * (sde.alpha(t) / sde.alpha(s))) ** 2 + integral(carried, s, t, sde.breakpoints, 4);
      expect(Math.abs(sde.sigma(t) ** 2 / truth - 1)).toBeLessThan(5e-13);
    }
  });

  it("has f = d ln α/dt and g² = dσ²/dt − 2fσ²", () => {
    for (const t of times.slice(1, -1)) {
      const h = 1e-3 * t;
      if (sde.breakpoints.some((node) => Math.abs(node - t) < 3 * h)) continue;
      // Five-point formula: truncation (h/t)^4 = 1e-12 times a modest fifth derivative, rounding 1e-13 t/h.
      const slope = (f: (t: number) => number) =>
        (f(t - 2 * h) - 8 * f(t - h) + 8 * f(t + h) - f(t + 2 * h)) / (12 * h);
      const f = sde.driftCoefficient(t);
      const square = sde.diffusion(t) ** 2;
      const growth = slope((u) => sde.sigma(u) ** 2);
      expect(Math.abs(slope((u) => Math.log(sde.alpha(u))) - f)).toBeLessThan(2e-9 * (Math.abs(f) + 1 / t));
      expect(Math.abs(growth - 2 * f * sde.sigma(t) ** 2 - square)).toBeLessThan(
        2e-9 * (square + sde.sigma(t) ** 2 / t),
      );
    }
  });

  it("has λ = ln(α/σ), strictly decreasing", () => {
    for (let i = 0; i < times.length; i++) {
      const t = times[i]!;
      const truth = Math.log(sde.alpha(t)) - Math.log(sde.sigma(t));
      expect(Math.abs(sde.logSnr(t) - truth)).toBeLessThan(10 * EPSILON * Math.max(1, Math.abs(truth)) + 1e-15);
      if (i > 0) expect(sde.logSnr(t)).toBeLessThan(sde.logSnr(times[i - 1]!));
    }
  });

  it("inverts λ to 1e-12, where λ itself determines t that well", () => {
    const check = (t: number) => {
      const lambda = sde.logSnr(t);
      const slope = sde.diffusion(t) ** 2 / (2 * sde.sigma(t) ** 2);
      const conditioning = (lambdaError * Math.max(1, Math.abs(lambda))) / (slope * t);
      expect(Math.abs(sde.timeAtLogSnr(lambda) - t)).toBeLessThanOrEqual(t * Math.max(1e-12, conditioning));
    };
    for (const t of times) check(t);
    fc.assert(fc.property(inside, check), { numRuns: 200, seed: 2 });
  });

  it("has transitions that carry (α, σ) from one time to the next", () => {
    const check = (a: number, b: number) => {
      const [s, t] = a < b ? [a, b] : [b, a];
      const { scale, variance } = sde.transition(s, t);
      expect(Math.abs((scale * sde.alpha(s)) / sde.alpha(t) - 1)).toBeLessThan(1e-13);
      const total = scale * scale * sde.sigma(s) ** 2 + variance;
      expect(Math.abs(total / sde.sigma(t) ** 2 - 1)).toBeLessThan(3e-13);
    };
    fc.assert(fc.property(inside, inside, check), { numRuns: 50, seed: 3 });
    expect(sde.transition(tMin, tMin)).toEqual({ scale: 1, variance: 0 });
  });

  it("has transitions that compose (Chapman–Kolmogorov)", () => {
    fc.assert(
      fc.property(inside, inside, inside, (a, b, c) => {
        const [s, t, u] = [a, b, c].sort((x, y) => x - y) as [number, number, number];
        const [first, second, whole] = [sde.transition(s, t), sde.transition(t, u), sde.transition(s, u)];
        expect(Math.abs(first.scale * second.scale - whole.scale)).toBeLessThanOrEqual(3e-14 * whole.scale);
        const variance = second.scale ** 2 * first.variance + second.variance;
        expect(Math.abs(variance - whole.variance)).toBeLessThanOrEqual(1e-13 * whole.variance);
      }),
      { numRuns: 50, seed: 4 },
    );
  });

  it("has transitions of close times equal to g² dt", () => {
    for (const t of times.slice(0, -1)) {
      const u = t * (1 + 2 ** -36);
      if (sde.breakpoints.some((node) => node >= t && node < u)) continue;
      const { variance } = sde.transition(t, u);
      // Relative terms of order (u − t)/t = 1.5e-11 remain, times d ln g²/d ln t and f t.
      const middle = t + (u - t) / 2;
      expect(Math.abs(variance / (sde.diffusion(middle) ** 2 * (u - t)) - 1)).toBeLessThan(1e-9);
    }
  });

  it("multiplies x by f, into a given array as well", () => {
    const x = Float64Array.of(-1.5, 0, 2);
    const t = 0.5 * (tMin + tMax);
    const truth = x.map((value) => value * sde.driftCoefficient(t));
    expect(sde.drift(x, t)).toEqual(truth);
    const out = new Float64Array(3);
    expect(sde.drift(x, t, out)).toBe(out);
    expect(out).toEqual(truth);
    expect(() => sde.drift(x, t, new Float64Array(2))).toThrow(/out must be as long as x \(3\), but got 2/);
  });

  it("says truly whether α² + σ² = 1", () => {
    const worst = Math.max(...times.map((t) => Math.abs(sde.alpha(t) ** 2 + sde.sigma(t) ** 2 - 1)));
    if (sde.variancePreserving) expect(worst).toBeLessThan(1e-12);
    else expect(worst).toBeGreaterThan(1e-6);
  });

  it("refuses times and λ out of reach, and reversed transitions", () => {
    expect(() => sde.alpha(Number.NaN)).toThrow(/t must be in .*but got NaN/);
    expect(() => sde.sigma(Number.POSITIVE_INFINITY)).toThrow(/but got Infinity - sampling uses \[tMin, tMax\]/);
    expect(() => sde.timeAtLogSnr(Number.NaN)).toThrow(/λ must be reached for some t/);
    expect(() => sde.transition(tMax, tMin)).toThrow(/needs from ≤ to/);
  });
});
