import { describe, expect, it } from "vitest";
import { densityDistances } from "../../src/metrics/density-distances.js";
import { gaussianKl, gaussianW2, gaussianW2Diagonal, xMinusLog1p } from "../../src/metrics/gaussian-distances.js";
import { gaussianTotalVariation, gaussianW1 } from "../../src/metrics/gaussian-line-distances.js";
import { fixture } from "./fixture.js";
import { mixtureDensity } from "./laws.js";

const f = (...values: number[]) => Float64Array.from(values);

describe("Gaussian distances", () => {
  it.each(fixture.gaussians)("W2 and KL equal mpmath's matrix roots, %#", ({ m0, c0, m1, c1, w2, kl }) => {
    const [M0, C0, M1, C1] = [f(...m0), f(...c0), f(...m1), f(...c1)];
    // Entries are O(1) and known to 1e-16; the third pair is 1e-9 apart, so that absolute 1e-14 is 5 digits of it.
    expect(Math.abs(gaussianW2(M0, C0, M1, C1) - w2)).toBeLessThan(1e-14 + 1e-13 * w2);
    expect(gaussianW2(M1, C1, M0, C0)).toBeCloseTo(w2, 13);
    // A KL of order e² from entries e = 1e-9 known to 1e-16/1e-9: relative 1e-6.
    expect(Math.abs(gaussianKl(M0, C0, M1, C1) / kl - 1)).toBeLessThan(kl < 1e-10 ? 1e-5 : 1e-12);
  });

  it("agree on commuting covariances with the diagonal form, singular ones included", () => {
    const [m0, m1] = [f(0.3, 1, -2), f(0, 1.5, 1)];
    const [v0, v1] = [f(1, 0.25, 0), f(4, 0.25, 9)];
    const full = (v: Float64Array) => f(v[0]!, 0, 0, 0, v[1]!, 0, 0, 0, v[2]!);
    // 0.09 + 0.25 + 9 for the means, 1 + 0 + 9 for the standard deviations.
    expect(gaussianW2Diagonal(m0, v0, m1, v1)).toBeCloseTo(Math.sqrt(19.34), 14);
    expect(gaussianW2(m0, full(v0), m1, full(v1))).toBeCloseTo(Math.sqrt(19.34), 13);
  });

  it("keep the digits of close variances", () => {
    // √(1 + 2⁻⁴⁰) − 1 = 2⁻⁴¹ to relative 2⁻⁴².
    const zero = f(0);
    expect(gaussianW2Diagonal(zero, f(1), zero, f(1 + 2 ** -40)) / 2 ** -41).toBeCloseTo(1, 11);
    // KL = e²/4 for variance ratio 1 + e.
    expect(gaussianKl(zero, f(1 + 2 ** -30), zero, f(1)) / 2 ** -62).toBeCloseTo(1, 8);
  });

  it("x − ln(1 + x) equals its series and its definition on both sides of the switch", () => {
    for (const x of [-0.9, -0.3, 0.26, 5]) expect(xMinusLog1p(x) / (x - Math.log1p(x))).toBeCloseTo(1, 13);
    for (const x of [-0.25, -0.1, 0.1, 0.25]) {
      let series = 0;
      for (let k = 40; k >= 2; k--) series += ((k % 2 === 0 ? 1 : -1) * x ** k) / k;
      expect(xMinusLog1p(x) / series).toBeCloseTo(1, 14);
    }
    expect(xMinusLog1p(-1)).toBe(Number.POSITIVE_INFINITY);
  });

  it.each(fixture.lineGaussians)(
    "on the line N(%d, %d²) against N(%d, %d²): TV, KL, W1, W2 of mpmath",
    (m0, s0, m1, s1, tv, kl, w1, w2) => {
      expect(Math.abs(gaussianTotalVariation(m0, s0, m1, s1) - tv)).toBeLessThan(1e-15);
      expect(gaussianTotalVariation(m1, s1, m0, s0)).toBeCloseTo(tv, 14);
      expect(gaussianW1(m0, s0, m1, s1) / w1).toBeCloseTo(1, 11);
      expect(gaussianW2Diagonal(f(m0), f(s0 * s0), f(m1), f(s1 * s1)) / w2).toBeCloseTo(1, 11);
      expect(gaussianKl(f(m0), f(s0 * s0), f(m1), f(s1 * s1)) / kl).toBeCloseTo(1, 7);
    },
  );

  it("refuse matrices that are no covariance", () => {
    const m = f(0, 0);
    expect(() => gaussianW2(m, f(1, 2, 2, 1), m, f(1, 0, 0, 1))).toThrow(/covariance0: must be positive semidefinite/);
    expect(() => gaussianKl(m, f(1, 0, 0, 1), m, f(1, 0, 0, 0))).toThrow(/covariance1: must be positive definite/);
    expect(() => gaussianW2(m, f(1, 0, 0), m, f(1, 0, 0, 1))).toThrow(/dimension² = 4/);
    expect(() => gaussianW2(f(0), f(Number.NaN), f(0), f(1))).toThrow(/finite/);
    expect(() => gaussianW2Diagonal(f(0), f(-1), f(0), f(1))).toThrow(/variances/);
    expect(() => gaussianTotalVariation(0, 0, 1, 1)).toThrow(/standardDeviation/);
  });
});

describe("distances of densities on a grid", () => {
  const grid = (dx: number) => Float64Array.from({ length: Math.round(18 / dx) + 1 }, (_, i) => -9 + i * dx);
  const gaussian = (x: Float64Array, m: number, s: number) => x.map((v) => mixtureDensity(v, [1], [m], [s]));

  it.each(fixture.lineGaussians.filter(([m0, s0, m1, s1]) => s0 <= 1.1 && s1 <= 1.1 && m0 + m1 < 4))(
    "N(%d, %d²) against N(%d, %d²) at dx = 0.01",
    (m0, s0, m1, s1, tv, kl, w1, w2) => {
      const x = grid(0.01);
      const found = densityDistances(x, gaussian(x, m0, s0), gaussian(x, m1, s1));
      // Fourth order: (dx/s)⁴ with the narrowest law s gives (0.01/0.2)⁴/100 = 6e-8, (0.01/0.5)⁴/100 = 2e-9.
      const bound = (0.01 / Math.min(s0, s1)) ** 4 / 100 + 1e-12;
      expect(Math.abs(found.tv - tv)).toBeLessThan(bound);
      expect(Math.abs(found.w1 - w1)).toBeLessThan(bound);
      expect(Math.abs(found.w2 - w2)).toBeLessThan(10 * bound);
      // Where q underflows to 0, at 38 of its standard deviations, p must be negligible for a finite divergence.
      if (s1 === 0.2) expect(found.kl).toBe(Number.POSITIVE_INFINITY);
      else expect(Math.abs(found.kl / kl - 1)).toBeLessThan(1e-6);
    },
  );

  it("errors fall by 16 when the spacing is halved", () => {
    const [m0, s0, m1, s1, tv, kl, w1, w2] = fixture.lineGaussians[0]!;
    const errors = [0.4, 0.2, 0.1].map((dx) => {
      const x = grid(dx);
      const found = densityDistances(x, gaussian(x, m0, s0), gaussian(x, m1, s1));
      return [found.tv - tv, found.w1 - w1, found.w2 - w2].map(Math.abs);
    });
    expect(kl).toBeGreaterThan(0);
    for (let k = 0; k < 3; k++) {
      // Order 4 or better, over two halvings: 256 with room for the places of the zeros between nodes.
      expect(errors[0]![k]! / errors[2]![k]!).toBeGreaterThan(100);
      expect(errors[2]![k]!).toBeLessThan(1e-4);
    }
  });

  it("moves mass over a gap between modes exactly", () => {
    const x = grid(0.01);
    const weighted = (w: number) => x.map((v) => mixtureDensity(v, [w, 1 - w], [-2, 2], [0.3, 0.4]));
    const found = densityDistances(x, weighted(0.3), weighted(0.35));
    const { tv, kl, w1, w2 } = fixture.gap;
    expect(Math.abs(found.tv - tv)).toBeLessThan(1e-8);
    expect(Math.abs(found.w1 - w1)).toBeLessThan(1e-8);
    expect(Math.abs(found.kl / kl - 1)).toBeLessThan(1e-6);
    expect(Math.abs(found.w2 / w2 - 1)).toBeLessThan(1e-6);
  });

  it("of a shift by δ are W1 = W2 = |δ|, of a law to itself 0", () => {
    const x = grid(0.01);
    const p = gaussian(x, 0, 0.5);
    const shifted = densityDistances(x, p, gaussian(x, 1e-4, 0.5));
    expect(Math.abs(shifted.w1 - 1e-4)).toBeLessThan(1e-11);
    expect(Math.abs(shifted.w2 - 1e-4)).toBeLessThan(1e-8);
    // KL = δ²/2s².
    expect(shifted.kl / 2e-8).toBeCloseTo(1, 6);
    expect(densityDistances(x, p, p)).toEqual({ tv: 0, kl: 0, w1: 0, w2: 0 });
    const scaled = densityDistances(
      x,
      p.map((v) => 3 * v),
      p,
    );
    expect(scaled.tv).toBeLessThan(1e-14);
  });

  it("is infinite in KL where q vanishes alone, and refuses what is no density on a uniform grid", () => {
    const x = grid(0.1);
    const p = gaussian(x, 0, 1);
    const cut = p.map((v, i) => (x[i]! > 0 ? 0 : v));
    expect(densityDistances(x, p, cut).kl).toBe(Number.POSITIVE_INFINITY);
    expect(densityDistances(x, cut, p).kl).toBeCloseTo(Math.log(2), 1);
    expect(() =>
      densityDistances(
        x,
        p.map((v) => -v),
        p,
      ),
    ).toThrow(/p: must be a density/);
    expect(() => densityDistances(x, p, new Float64Array(x.length))).toThrow(/q: must have mass/);
    expect(() => densityDistances(x, p.slice(1), p)).toThrow(/p: must hold/);
    expect(() =>
      densityDistances(
        x.map((v) => v * Math.abs(v)),
        p,
        p,
      ),
    ).toThrow(/uniformly/);
    expect(() => densityDistances(x.slice(0, 4), p, p)).toThrow(/at least 8 nodes/);
  });
});
