import { describe, expect, it } from "vitest";
import { cosine, edm, rectifiedFlow, subVp, ve, vp } from "../../src/sdes/index.js";
import { gaussian } from "../../src/targets/index.js";

describe("terminal facts", () => {
  it("vp ends at α = e^(−10.05/2), and its prior is N(0, 1)", () => {
    expect(vp().alpha(1)).toBeCloseTo(Math.exp(-5.025), 16);
    expect(vp().sigma(1)).toBeCloseTo(Math.sqrt(1 - Math.exp(-10.05)), 15);
    expect(vp().priorStandardDeviation).toBe(1);
  });

  it("sub-vp has σ = σ_vp², less noise at every t", () => {
    for (const t of [1e-3, 0.1, 0.5, 1]) {
      expect(Math.abs(subVp().sigma(t) / vp().sigma(t) ** 2 - 1)).toBeLessThan(1e-15);
      expect(subVp().alpha(t)).toBe(vp().alpha(t));
    }
    expect(subVp().priorStandardDeviation).toBe(1);
  });

  it("ve starts at sigmaMin and ends at sigmaMax, its prior", () => {
    expect(ve().sigma(0)).toBe(0.01);
    expect(ve().sigma(1)).toBeCloseTo(50, 12);
    expect(ve().priorStandardDeviation).toBe(ve().sigma(1));
    expect(ve({ tMax: 0.5 }).priorStandardDeviation).toBeCloseTo(Math.sqrt(0.5), 14);
  });

  it("edm has σ = t and the prior sigmaMax", () => {
    expect(edm().sigma(3)).toBe(3);
    expect([edm().tMin, edm().tMax, edm().priorStandardDeviation]).toEqual([0.002, 80, 80]);
  });

  it("cosine keeps a little signal at tMax and none at 1", () => {
    expect(cosine().alpha(0.9946)).toBeCloseTo(
      Math.cos((1.0026 / 1.008) * (Math.PI / 2)) / Math.cos((0.008 / 1.008) * (Math.PI / 2)),
      14,
    );
    expect(cosine().alpha(1 - 2 ** -53)).toBeLessThan(2e-16);
    expect(cosine().priorStandardDeviation).toBe(1);
  });

  it("rectified flow is the straight path, its prior σ(tMax)", () => {
    expect(rectifiedFlow().alpha(0.25)).toBe(0.75);
    expect(rectifiedFlow().sigma(0.25)).toBe(0.25);
    expect(rectifiedFlow().priorStandardDeviation).toBe(0.999);
  });

  it.each([vp(), subVp(), cosine(), rectifiedFlow()])("$name starts at the data: α(0) = 1, σ(0) = 0", (sde) => {
    expect(sde.alpha(0)).toBe(1);
    expect(sde.sigma(0)).toBe(0);
    expect(sde.logSnr(0)).toBe(Number.POSITIVE_INFINITY);
    expect(sde.timeAtLogSnr(Number.POSITIVE_INFINITY)).toBe(0);
    expect(sde.transition(0, 0.5).variance).toBeCloseTo(sde.sigma(0.5) ** 2, 15);
  });

  it.each([vp(), subVp(), ve(), edm(), cosine(), rectifiedFlow()])(
    "$name: its prior is a Gaussian to sample from",
    (sde) => {
      expect(sde.prior).toEqual({ mean: 0, standardDeviation: sde.priorStandardDeviation });
      expect(gaussian(sde.prior).covariance[0]).toBe(sde.priorStandardDeviation ** 2);
    },
  );

  it("inverts λ far outside the usual range", () => {
    for (const sde of [vp(), subVp()]) {
      for (const lambda of [-300, -40, 0, 40, 300]) {
        const t = sde.timeAtLogSnr(lambda);
        expect(Math.abs(sde.logSnr(t) - lambda)).toBeLessThan(1e-12 * Math.max(1, Math.abs(lambda)));
      }
    }
  });

  it.each([vp, subVp, cosine, rectifiedFlow])("inverts λ to 1e-12 of t down to t = 1e-8 (%o)", (make) => {
    const sde = make({ tMin: 1e-8 });
    for (const t of [1e-8, 3e-7, 1e-5, 1e-3, 0.1]) {
      expect(Math.abs(sde.timeAtLogSnr(sde.logSnr(t)) / t - 1)).toBeLessThan(1e-12);
    }
  });

  it("reaches beyond tMax where the formula allows it", () => {
    expect(edm().sigma(100)).toBe(100);
    expect(vp().sigma(1.1)).toBeGreaterThan(vp().sigma(1));
    expect(() => rectifiedFlow().alpha(1)).toThrow(/rectified-flow: t must be in \[0, 1\).*but got 1 /);
    expect(() => cosine().sigma(-0.1)).toThrow(/cosine: t must be in \[0, 1\).*but got -0\.1/);
    expect(() => edm().sigma(-1)).toThrow(/edm: t must be in/);
  });
});
