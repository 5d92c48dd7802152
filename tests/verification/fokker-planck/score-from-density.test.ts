import { describe, expect, it } from "vitest";
import { fillNormal } from "../../../solvers/noise/normal.js";
import { vp } from "../../../src/sdes/index.js";
import { gaussian } from "../../../src/targets/index.js";
import { cubicSpline, evaluateSpline } from "../../../src/verification/fokker-planck/cubic-spline.js";
import { fokkerPlanck, scoreFpeResidual, scoreFromDensity } from "../../../src/verification/fokker-planck/index.js";
import { doubleWell, threeModes } from "./cases.js";

describe("score from a density", () => {
  const sde = vp();

  it("meets the exact score and log-density of a mixture, to order 2 in the cell width", async () => {
    const errors: number[] = [];
    for (const resolution of [0.02, 0.005]) {
      const oracle = scoreFromDensity(await fokkerPlanck({ sde, initial: threeModes, resolution, tolerance: 1e-8 }));
      let largest = 0;
      for (const t of [0.0123, 0.0701, 0.31, 0.77]) {
        const law = threeModes.perturbed(sde.alpha(t), sde.sigma(t));
        const x = Float64Array.from({ length: 61 }, (_, i) => -3 + i / 10);
        const [wanted, logs] = [new Float64Array(61), new Float64Array(61)];
        law.score(x, 61, wanted);
        law.logDensity(x, 61, logs);
        x.forEach((point, i) => {
          // Errors in the mean square over p_t, the one that moves samples.
          largest = Math.max(largest, Math.abs(oracle.score(point, t) - wanted[i]!) * Math.exp(0.5 * logs[i]!));
          expect(Math.abs(oracle.logDensity(point, t) - logs[i]!)).toBeLessThan(0.15);
        });
      }
      errors.push(largest);
    }
    expect(errors[1]!).toBeLessThan(0.03);
    expect(errors[0]! / errors[1]!).toBeGreaterThan(3);
  });

  it("is exact for a stationary Gaussian, far beyond the cells it trusts", async () => {
    const solution = await fokkerPlanck({
      sde,
      initial: gaussian({ mean: [0], standardDeviation: 1 }),
      cells: 300,
      domain: [-9, 9],
    });
    const oracle = scoreFromDensity(solution);
    // Cell averages against point values: (log p)′ is off by h² x/12 relative at the start, none at rest; h = 0.06.
    for (const x of [-12, -5, -0.3, 0, 2, 8, 20])
      expect(Math.abs(oracle.score(x, 0.8) + x)).toBeLessThan(4e-4 * Math.max(1, Math.abs(x)));
    expect(oracle.as).toBeTypeOf("function");
    expect(() => oracle.score(0, 1.1)).toThrow(/known on \[0.001, 1\]/);
  });

  it("is a consistent family of scores: its score-FPE residual is small", async () => {
    const initial = gaussian({ mean: [0.3], standardDeviation: 0.3 });
    const oracle = scoreFromDensity(
      await fokkerPlanck({ sde: doubleWell, initial, resolution: 0.0025, tolerance: 1e-8 }),
    );
    const x = [-1, -0.5, 0, 0.3, 0.7, 1.2];
    const map = await scoreFpeResidual({
      sde: doubleWell,
      score: oracle,
      x,
      times: [0.2, 0.5, 1],
      spaceStep: 0.03,
      timeStep: 0.005,
    });
    for (let k = 0; k < 3; k++) expect(map.largestResidual[k]!).toBeLessThan(5e-3 * map.largestTimeDerivative[k]!);
    // The same residual with the drift's sign turned is of the size of the terms.
    const turned = {
      ...doubleWell,
      drift: (y: Float64Array, t: number, out?: Float64Array) => doubleWell.drift(y, t, out).map((a) => -a),
    };
    const wrong = await scoreFpeResidual({
      sde: turned,
      score: oracle,
      x,
      times: [0.5],
      spaceStep: 0.03,
      timeStep: 0.005,
    });
    expect(wrong.largestResidual[0]!).toBeGreaterThan(1);
  });

  it("drives the reverse SDE of the double well back to its start", async () => {
    const initial = gaussian({ mean: [0.3], standardDeviation: 0.2 });
    const forward = await fokkerPlanck({ sde: doubleWell, initial });
    const oracle = scoreFromDensity(forward);
    const count = 2000;
    const steps = 300;
    // Start: N(0.3, 0.2²) carried forward by Euler–Maruyama, then back, with independent noise.
    const x = new Float64Array(count);
    const z = new Float64Array(count);
    const drift = new Float64Array(count);
    const s = new Float64Array(count);
    fillNormal({ seed: 7, stream: "target" }, 0, z);
    for (let i = 0; i < count; i++) x[i] = 0.3 + 0.2 * z[i]!;
    const h = 2 / steps;
    for (let k = 0; k < steps; k++) {
      fillNormal({ seed: 7, stream: "sampler", step: k }, 0, z);
      doubleWell.drift(x, k * h, drift);
      for (let i = 0; i < count; i++) x[i] = x[i]! + h * drift[i]! + 0.8 * Math.sqrt(h) * z[i]!;
    }
    const times = new Float64Array(count);
    // Quadratic grid: the score is steep near t = 0.
    const at = (k: number) => 2 * (1 - k / steps) ** 2;
    for (let k = 0; k < steps; k++) {
      const step = at(k) - at(k + 1);
      times.fill(at(k));
      void oracle.evaluate({ x, times, count }, s);
      doubleWell.drift(x, at(k), drift);
      fillNormal({ seed: 7, stream: "sampler", run: 1, step: k }, 0, z);
      for (let i = 0; i < count; i++) x[i] = x[i]! + step * (0.64 * s[i]! - drift[i]!) + 0.8 * Math.sqrt(step) * z[i]!;
    }
    const mean = x.reduce((a, b) => a + b, 0) / count;
    const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / count;
    // Standard errors 0.2/√n and 0.04 √(2/n), four of them; plus an Euler–Maruyama bias of relative size 1e-2 at this grid.
    expect(Math.abs(mean - 0.3)).toBeLessThan((4 * 0.2) / Math.sqrt(count) + 0.003);
    expect(Math.abs(variance - 0.04)).toBeLessThan(4 * 0.04 * Math.sqrt(2 / count) + 0.0008);
  });

  it("refuses what it cannot read", () => {
    const grid = {
      edges: new Float64Array(0),
      centres: Float64Array.of(0, 1, 2, 3),
      widths: new Float64Array(4).fill(1),
      faces: new Float64Array(3),
      distances: new Float64Array(3),
    };
    const flat = new Float64Array(4).fill(0.25);
    expect(() => scoreFromDensity({ grid, times: Float64Array.of(0), densities: [flat] })).toThrow(/two kept times/);
    const spike = Float64Array.of(0, 1, 0, 0);
    expect(() => scoreFromDensity({ grid, times: Float64Array.of(0, 1), densities: [spike, flat] })).toThrow(
      /four cells/,
    );
  });
});

describe("cubic spline", () => {
  it("meets parabolas exactly, inside and beyond, and smooth functions to order 4 with order 3 in the slope", () => {
    const nodes = Float64Array.of(-1, -0.4, 0.1, 0.9, 1.3, 2);
    const parabola = cubicSpline(
      nodes,
      nodes.map((x) => 2 - x - 0.7 * x * x),
    );
    for (const x of [-4, -1, -0.2, 0.5, 1.9, 2, 7]) {
      expect(Math.abs(evaluateSpline(parabola, x, 0) - (2 - x - 0.7 * x * x))).toBeLessThan(1e-13);
      expect(Math.abs(evaluateSpline(parabola, x, 1) - (-1 - 1.4 * x))).toBeLessThan(1e-13);
    }
    const errors = [20, 40, 80].map((n) => {
      const even = Float64Array.from({ length: n + 1 }, (_, i) => -3 + (6 * i) / n);
      const spline = cubicSpline(even, even.map(Math.sin));
      let [value, slope] = [0, 0];
      for (let x = -1; x <= 1; x += 0.0137) {
        value = Math.max(value, Math.abs(evaluateSpline(spline, x, 0) - Math.sin(x)));
        slope = Math.max(slope, Math.abs(evaluateSpline(spline, x, 1) - Math.cos(x)));
      }
      return [value, slope] as const;
    });
    expect(errors[1]![0] / errors[2]![0]).toBeGreaterThan(14);
    expect(errors[1]![1] / errors[2]![1]).toBeGreaterThan(7);
  });
});
