import { describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { cosine, cosineBetas, discrete, edm, linearBetas, rectifiedFlow, subVp, ve, vp } from "../../src/sdes/index.js";

const BAD = [Number.NaN, Number.POSITIVE_INFINITY, -1, 0];

describe("SDEs refuse", () => {
  it.each(BAD)("%d as β, σ or tMax, by name", (bad) => {
    const shown = String(bad);
    for (const [make, key] of [
      [() => vp({ betaMin: bad }), "vp: betaMin"],
      [() => vp({ betaMax: bad }), "vp: betaMax"],
      [() => vp({ tMin: bad }), "vp: tMin"],
      [() => vp({ tMax: bad }), "vp: tMax"],
      [() => subVp({ betaMin: bad }), "sub-vp: betaMin"],
      [() => subVp({ tMin: bad }), "sub-vp: tMin"],
      [() => ve({ sigmaMin: bad }), "ve: sigmaMin"],
      [() => ve({ sigmaMax: bad }), "ve: sigmaMax"],
      [() => edm({ sigmaMin: bad }), "edm: sigmaMin"],
      [() => edm({ sigmaMax: bad }), "edm: sigmaMax"],
      [() => cosine({ tMin: bad }), "cosine: tMin"],
      [() => rectifiedFlow({ tMax: bad }), "rectified-flow: tMax"],
      [() => discrete({ tMin: bad }), "discrete: tMin"],
    ] as const) {
      expect(make).toThrow(UsageError);
      expect(make).toThrow(`${key} must be a finite number above 0, but got ${shown} - `);
    }
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY, -0.1])("%d where zero is allowed", (bad) => {
    expect(() => ve({ tMin: bad })).toThrow(`ve: tMin must be a finite number, 0 or above, but got ${bad}`);
    expect(() => cosine({ offset: bad })).toThrow(`cosine: offset must be a finite number, 0 or above, but got ${bad}`);
    expect(ve({ tMin: 0 }).tMin).toBe(0);
  });

  it("ranges in the wrong order", () => {
    expect(() => vp({ betaMin: 5, betaMax: 2 })).toThrow(/betaMin must be at most betaMax, but got betaMin = 5 and/);
    expect(() => ve({ sigmaMin: 50, sigmaMax: 50 })).toThrow(/ve: sigmaMin must be below sigmaMax/);
    expect(() => edm({ sigmaMin: 100 })).toThrow(/edm: sigmaMin must be below sigmaMax.*100.*80/);
    for (const make of [vp, subVp, ve, cosine, rectifiedFlow, discrete]) {
      expect(() => make({ tMin: 0.5, tMax: 0.5 })).toThrow(
        /tMin must be below tMax, but got tMin = 0\.5 and tMax = 0\.5/,
      );
    }
  });

  it("ends beyond the vanishing of the signal or of the table", () => {
    expect(() => cosine({ tMax: 1 })).toThrow(/cosine: tMax must be below 1, where the signal vanishes, but got 1/);
    expect(() => rectifiedFlow({ tMax: 1.5 })).toThrow(/rectified-flow: tMax must be below 1/);
    expect(() => discrete({ tMax: 1.5 })).toThrow(/discrete: tMax must be at most 1.*but got 1\.5/);
  });

  it("tables that are empty, misnamed or have a β outside (0, 1)", () => {
    expect(() => discrete({ betas: [] })).toThrow(/at least one number, but got an empty table/);
    for (const bad of [0, 1, -0.1, 1.5, Number.NaN]) {
      expect(() => discrete({ betas: [0.1, bad] })).toThrow(`every beta must lie in (0, 1), but got ${bad} at index 1`);
    }
    expect(() => discrete({ betas: [0.1, 0.2], count: 3 })).toThrow(
      /count must be the length of betas \(2\), but got 3/,
    );
    for (const count of [1, 0, -5, 2.5, Number.NaN, 1e9]) {
      expect(() => discrete({ betas: "linear", count })).toThrow(
        `count must be an integer from 2 to 1000000, but got ${count}`,
      );
      expect(() => linearBetas(count)).toThrow(UsageError);
      expect(() => cosineBetas(count)).toThrow(UsageError);
    }
  });
});
