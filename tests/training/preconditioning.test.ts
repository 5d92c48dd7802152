import { describe, expect, it } from "vitest";
import { conversion } from "../../solvers/conversion.js";
import { UsageError } from "../../solvers/errors.js";
import { edm, rectifiedFlow, subVp, ve, vp } from "../../src/sdes/index.js";
import { preconditioning, predictionMap } from "../../src/training/preconditioning.js";

const SDES = [vp(), subVp(), ve(), edm(), rectifiedFlow()];
const SCALE = 0.7;

function timesOf({ tMin, tMax }: { tMin: number; tMax: number }): number[] {
  return [0, 0.03, 0.2, 0.5, 0.8, 1].map((share) => tMin + share * (tMax - tMin));
}

describe("edm preconditioning", () => {
  it("gives inputs and targets of variance 1 for data of standard deviation σ_d (Karras et al. 2022, appendix B.6)", () => {
    for (const sde of SDES) {
      const { at } = preconditioning({ name: "edm", sde, predicts: "data", dataStandardDeviation: SCALE });
      for (const t of timesOf(sde)) {
        const [alpha, sigma] = [sde.alpha(t), sde.sigma(t)];
        const { skip, out, in: scale } = at(t);
        const variance = alpha * alpha * SCALE * SCALE + sigma * sigma;
        expect(scale * scale * variance).toBeCloseTo(1, 13);
        // F* = (x₀ − skip (α x₀ + σ ε)) / out.
        const [fromData, fromNoise] = [(1 - skip * alpha) / out, (skip * sigma) / out];
        expect(fromData * fromData * SCALE * SCALE + fromNoise * fromNoise).toBeCloseTo(1, 9);
      }
    }
  });

  it("is table 1 of Karras et al. in y = x/α and r = σ/α", () => {
    for (const sde of SDES) {
      const { at } = preconditioning({ name: "edm", sde, predicts: "data", dataStandardDeviation: SCALE });
      for (const t of timesOf(sde)) {
        const alpha = sde.alpha(t);
        const r = sde.sigma(t) / alpha;
        const sum = r * r + SCALE * SCALE;
        const { skip, out, in: scale } = at(t);
        expect(skip * alpha).toBeCloseTo((SCALE * SCALE) / sum, 12);
        expect(out).toBeCloseTo((r * SCALE) / Math.sqrt(sum), 12);
        expect(scale * alpha).toBeCloseTo(1 / Math.sqrt(sum), 12);
      }
    }
  });
});

describe("vp and ve preconditioning", () => {
  it("make F the noise and its opposite", () => {
    for (const sde of SDES) {
      for (const [name, sign] of [
        ["vp", 1],
        ["ve", -1],
      ] as const) {
        const scheme = preconditioning({ name, sde, predicts: "data", dataStandardDeviation: SCALE });
        for (const t of timesOf(sde)) {
          const { skip, out } = predictionMap(scheme, "noise", sde, t);
          expect(out).toBeCloseTo(sign, 12);
          // x/σ cancels: what is left is rounding of 1/σ.
          expect(Math.abs(skip)).toBeLessThanOrEqual(4 * 2 ** -52 * (1 / sde.sigma(t)));
        }
      }
    }
  });

  it("scale the input as their table says", () => {
    for (const sde of SDES) {
      for (const t of timesOf(sde)) {
        const alpha = sde.alpha(t);
        const r = sde.sigma(t) / alpha;
        const at = (name: "vp" | "ve") =>
          preconditioning({ name, sde, predicts: "data", dataStandardDeviation: SCALE }).at(t);
        expect(at("vp").in * alpha).toBeCloseTo(1 / Math.sqrt(r * r + 1), 13);
        expect(at("ve").in * alpha).toBeCloseTo(1, 13);
      }
    }
  });
});

describe("every preconditioning", () => {
  it("maps its prediction to any other by the conversion of predictions", () => {
    const [x, f] = [0.83, -0.41];
    for (const sde of SDES) {
      for (const predicts of ["score", "noise", "data", "velocity"] as const) {
        const scheme = preconditioning({ name: "none", sde, predicts, dataStandardDeviation: 1 });
        for (const wanted of ["score", "noise", "data", "velocity"] as const) {
          for (const t of timesOf(sde)) {
            const map = predictionMap(scheme, wanted, sde, t);
            const direct = conversion(predicts, wanted, sde, t);
            expect(map.skip * x + map.out * f).toBe(direct.state * x + direct.prediction * f);
          }
        }
      }
    }
  });

  it("tells the network −1 at tMin and 1 at tMax or the reverse, linearly in c_noise", () => {
    for (const sde of SDES) {
      for (const [name, level, noise] of [
        ["none", "auto", (t: number) => t],
        ["none", "log-snr", (t: number) => sde.logSnr(t)],
        ["vp", "auto", (t: number) => t],
        ["ve", "auto", (t: number) => sde.logSnr(t)],
        ["edm", "auto", (t: number) => sde.logSnr(t)],
      ] as const) {
        const { at } = preconditioning({ name, level, sde, predicts: "data", dataStandardDeviation: 1 });
        const [first, last] = [noise(sde.tMin), noise(sde.tMax)];
        for (const t of timesOf(sde)) {
          expect(at(t).level).toBeCloseTo((2 * (noise(t) - first)) / (last - first) - 1, 10);
        }
      }
    }
  });

  it("refuses what it does not know", () => {
    const good = { name: "edm", sde: vp(), predicts: "data", dataStandardDeviation: 1 } as const;
    expect(() => preconditioning({ ...good, dataStandardDeviation: 0 })).toThrow(UsageError);
    expect(() => preconditioning({ ...good, predicts: "noise" })).toThrow(/preconditioning 'none'/);
    expect(() => preconditioning({ ...good, name: JSON.parse('"edn"') })).toThrow(/Did you mean 'edm'/);
  });
});
