import { describe, expect, it } from "vitest";
import { ve, vp } from "../../../src/sdes/index.js";
import type { Sde } from "../../../src/sdes/types.js";
import { gaussian, mixture } from "../../../src/targets/index.js";
import type { Target } from "../../../src/targets/types.js";
import { fokkerPlanck, fokkerPlanck2d, type PlaneSolution } from "../../../src/verification/fokker-planck/index.js";
import { planeCellMasses } from "../../../src/verification/fokker-planck/plane-law.js";
import { doubleWell, massDrift } from "./cases.js";

const target = mixture({
  weights: [0.4, 0.6],
  means: [
    [-1, 0],
    [1, 0.5],
  ],
  standardDeviations: [0.3, 0.4],
});

function l1({ x, y, densities, times }: PlaneSolution, k: number, of: Target, sde: Sde): number {
  const exact = planeCellMasses(of.perturbed(sde.alpha(times[k]!), sde.sigma(times[k]!)), x, y, 4);
  const ny = y.widths.length;
  return exact.reduce((sum, mass, c) => {
    const area = x.widths[Math.floor(c / ny)]! * y.widths[c % ny]!;
    return sum + Math.abs(densities[k]![c]! * area - mass);
  }, 0);
}

describe("product grids", () => {
  it("meet the exact law of VP and VE, with order 2 in the cell width", async () => {
    for (const sde of [vp(), ve({ sigmaMax: 3 })]) {
      const errors: number[] = [];
      for (const cells of [
        [50, 40],
        [100, 80],
      ] as const) {
        const solution = await fokkerPlanck2d({ sde, initial: target, from: 0.05, times: [0.3], cells, steps: 100 });
        expect(solution.status).toBe("success");
        expect(massDrift(solution)).toBeLessThan(1e-12);
        expect(solution.minimum).toBeGreaterThanOrEqual(0);
        errors.push(l1(solution, 1, target, sde));
      }
      expect(errors[1]!).toBeLessThan(4e-3);
      expect(errors[0]! / errors[1]!).toBeGreaterThan(3.6);
    }
  });

  it("are products of lines for product laws", async () => {
    const sde = vp();
    const line = (mean: number) => gaussian({ mean: [mean], standardDeviation: 0.5 });
    const domain = [-7, 7] as const;
    const common = { sde, times: [0.2], steps: 30, from: 0.01 } as const;
    const plane = await fokkerPlanck2d({
      ...common,
      initial: gaussian({ mean: [0.5, -0.3], standardDeviation: 0.5 }),
      cells: [90, 80],
      domain: [domain, domain],
    });
    const x = await fokkerPlanck({ ...common, initial: line(0.5), cells: 90, domain });
    const y = await fokkerPlanck({ ...common, initial: line(-0.3), cells: 80, domain });
    let largest = 0;
    for (let i = 0; i < 90; i++) {
      for (let j = 0; j < 80; j++) {
        const wanted = x.densities[1]![i]! * y.densities[1]![j]!;
        largest = Math.max(largest, Math.abs(plane.densities[1]![i * 80 + j]! - wanted));
      }
    }
    // Quadrature of the start, 4 points in a cell a third of a standard deviation wide: 1e-9.
    expect(largest).toBeLessThan(1e-8);
  });

  it("choose domain, cells and steps by themselves", async () => {
    const sde = vp();
    const solution = await fokkerPlanck2d({ sde, initial: target, times: [0.1], resolution: 0.1 });
    expect(solution.status).toBe("success");
    expect(solution.lostMass).toBeLessThan(1e-6);
    expect(l1(solution, 1, target, sde)).toBeLessThan(5e-3);
    expect(solution.timeError!).toBeGreaterThan(0);
  });

  it("refuse other dimensions, nonlinear drifts, the exponential scheme and small domains", async () => {
    const sde = vp();
    await expect(fokkerPlanck2d({ sde, initial: gaussian({ mean: [0], standardDeviation: 1 }) })).rejects.toThrow(
      /use fokkerPlanck/,
    );
    await expect(fokkerPlanck2d({ sde, initial: gaussian({ mean: [0, 0, 0], standardDeviation: 1 }) })).rejects.toThrow(
      /dimension 2/,
    );
    await expect(fokkerPlanck2d({ sde: doubleWell, initial: target })).rejects.toThrow(/linear/);
    await expect(fokkerPlanck2d({ sde, initial: target, scheme: "exponential" })).rejects.toThrow(/tr-bdf2/);
    await expect(
      fokkerPlanck2d({
        sde,
        initial: target,
        cells: [60, 60],
        domain: [
          [-1, 1],
          [-2, 2],
        ],
      }),
    ).rejects.toThrow(/domain: must lose at most/);
  });
});
