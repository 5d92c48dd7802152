import { describe, expect, it } from "vitest";
import { exactScore } from "../../../src/scores/exact-score.js";
import { edm, subVp, ve, vp } from "../../../src/sdes/index.js";
import { gaussian, mixture } from "../../../src/targets/index.js";
import { forwardClock } from "../../../src/verification/fokker-planck/clock.js";
import {
  cellAverages,
  densityKl,
  densityL1,
  densityMoments,
  fokkerPlanck,
  reverseFokkerPlanck,
} from "../../../src/verification/fokker-planck/index.js";
import { limitToPositive } from "../../../src/verification/fokker-planck/limit-to-positive.js";
import type { TimeStep } from "../../../src/verification/fokker-planck/time-step.js";
import { doubleWell, l1ToExact, lawOf, massDrift, threeModes } from "./cases.js";

describe("forward equation on its automatic grid", () => {
  for (const sde of [vp(), subVp(), ve(), edm()]) {
    it(`meets the exact law of ${sde.name} at every kept time`, async () => {
      const solution = await fokkerPlanck({ sde, initial: threeModes });
      expect(solution.status).toBe("success");
      expect(massDrift(solution)).toBeLessThan(1e-12);
      expect(solution.minimum).toBeGreaterThanOrEqual(0);
      expect(solution.lostMass).toBeLessThan(1e-12);
      expect(Math.max(...solution.wallMass)).toBeLessThan(1e-12);
      const largest = Math.max(
        ...[0, 0.02, 0.1, 0.3, 0.6, 1].map((share) => {
          const k = Math.round(share * (solution.times.length - 1));
          return l1ToExact(solution, k, threeModes, sde);
        }),
      );
      // Roughness 0.01; the error of the scheme is 0.02 of that in the worst case, plus that of the steps.
      // Sub-VP starts nearly without noise (g² ~ t²): |w| ≫ 1 there and the flux is upwind, of order 1.
      expect(largest).toBeLessThan((sde.name === "sub-vp" ? 0.2 : 0.05) * 0.01 + solution.timeError!);
      expect(solution.roughness[0]!).toBeLessThan(0.0101);
    });
  }

  it("takes a law given by its distribution functions, by a grid density, or by bare averages", async () => {
    const sde = vp();
    const common = { sde, from: 0, times: [0.2], steps: 100 } as const;
    const fine = { cells: 300, domain: [-7, 7] } as const;
    const direct = await fokkerPlanck({ ...common, ...fine, initial: lawOf(threeModes) });
    const { edges } = direct.grid;
    const values = cellAverages(direct.grid, lawOf(threeModes));
    const others = [
      await fokkerPlanck({ ...common, initial: { edges, values } }),
      await fokkerPlanck({ ...common, initial: values, domain: [-7, 7] }),
      await fokkerPlanck({ ...common, ...fine, initial: threeModes }),
    ];
    for (const other of others)
      expect(densityL1(direct.grid, direct.densities[1]!, other.densities[1]!)).toBeLessThan(1e-13);
    const { cdf } = lawOf(threeModes);
    const withoutSurvival = await fokkerPlanck({ ...common, initial: { cdf } });
    expect(l1ToExact(withoutSurvival, 1, threeModes, sde)).toBeLessThan(5e-4);
  });

  it("refines for a spiky law", async () => {
    const spiky = mixture({ weights: [0.9, 0.1], means: [0, 1], standardDeviations: [0.5, 0.004] });
    const solution = await fokkerPlanck({ sde: vp(), initial: spiky, from: 0, to: 0.05 });
    expect(solution.grid.widths[0]!).toBeLessThan(0.004);
    for (const k of [1, 40, solution.times.length - 1]) expect(l1ToExact(solution, k, spiky, vp())).toBeLessThan(1e-3);
  });

  it("finds domain and cells for a nonlinear drift", async () => {
    const initial = gaussian({ mean: [0.3], standardDeviation: 0.2 });
    const solution = await fokkerPlanck({ sde: doubleWell, initial });
    expect(solution.status).toBe("success");
    expect(Math.max(...solution.wallMass)).toBeLessThan(1e-9);
    expect(Math.max(...solution.roughness)).toBeLessThan(0.011);
    expect(massDrift(solution)).toBeLessThan(1e-12);
    // A domain wide enough and four times as many cells change nothing beyond the error of the coarser one.
    const fine = await fokkerPlanck({ sde: doubleWell, initial, cells: 2000, domain: [-4, 4], times: [2] });
    const coarse = densityMoments(solution.grid, solution.densities[solution.densities.length - 1]!);
    const reference = densityMoments(fine.grid, fine.densities[1]!);
    expect(Math.abs(coarse.mean - reference.mean)).toBeLessThan(1e-3);
    expect(Math.abs(coarse.variance - reference.variance)).toBeLessThan(1e-3);
  });

  it("ends in the stationary law exp(−U/D) of the double well", async () => {
    const initial = gaussian({ mean: [0.3], standardDeviation: 0.2 });
    const slow = { ...doubleWell, tMax: 200 };
    const { grid, densities } = await fokkerPlanck({
      sde: slow,
      initial,
      times: [200],
      cells: 400,
      domain: [-3.5, 3.5],
    });
    const d = 0.32;
    const wanted = grid.centres.map((x) => Math.exp((0.5 * x * x - 0.25 * x ** 4) / d));
    const total = wanted.reduce((sum, value, i) => sum + value * grid.widths[i]!, 0);
    // Drift at the faces against exact differences of U: order 2, h² |U⁗|/(24 D) · |x| ≈ 1e-3.
    expect(
      densityL1(
        grid,
        densities[1]!,
        wanted.map((value) => value / total),
      ),
    ).toBeLessThan(2e-4);
  });
});

describe("orders", () => {
  it("is of order 2 in the cell width, on uniform and graded meshes", async () => {
    for (const [sde, mesh, first] of [
      [vp(), "uniform", 100],
      [ve({ sigmaMax: 5 }), "graded", 80],
    ] as const) {
      const errors: number[] = [];
      for (const cells of [first, 2 * first, 4 * first]) {
        const solution = await fokkerPlanck({
          sde,
          initial: threeModes,
          times: [0.3],
          cells,
          mesh,
          scheme: "exponential",
        });
        errors.push(l1ToExact(solution, 1, threeModes, sde));
      }
      expect(errors[1]! / errors[2]!).toBeGreaterThan(3.8);
      expect(errors[1]! / errors[2]!).toBeLessThan(4.2);
      expect(errors[0]! / errors[1]!).toBeGreaterThan(3.5);
    }
  });

  it("is of order 1, 2, 2 in the step, in t as in τ", async () => {
    for (const clock of ["t", "tau"] as const) {
      const common = {
        sde: vp(),
        initial: threeModes,
        from: 0.01,
        to: 0.3,
        times: [0.3],
        cells: 200,
        domain: [-7, 7],
      } as const;
      const exact = await fokkerPlanck({ ...common, scheme: "exponential" });
      for (const [scheme, order] of [
        ["implicit-euler", 1],
        ["crank-nicolson", 2],
        ["tr-bdf2", 2],
      ] as const) {
        const errors: number[] = [];
        for (const steps of [50, 100, 200]) {
          const solution = await fokkerPlanck({ ...common, scheme, steps, clock });
          errors.push(densityL1(solution.grid, solution.densities[1]!, exact.densities[1]!));
        }
        // Three grids: log₂ of the ratio within 0.05 of the order.
        expect(Math.abs(Math.log2(errors[1]! / errors[2]!) - order)).toBeLessThan(0.05);
        expect(Math.abs(Math.log2(errors[0]! / errors[1]!) - order)).toBeLessThan(0.1);
      }
    }
  });

  it("keeps the error of adaptive steps below its own bound, for every scheme", async () => {
    const common = { sde: vp(), initial: threeModes, times: [0.05, 1], cells: 200, domain: [-7.5, 7.5] } as const;
    const exact = await fokkerPlanck({ ...common, scheme: "exponential" });
    for (const scheme of ["tr-bdf2", "crank-nicolson", "implicit-euler"] as const) {
      const errors: number[] = [];
      for (const tolerance of [1e-5, 1e-6]) {
        const solution = await fokkerPlanck({ ...common, scheme, tolerance });
        const error = Math.max(
          ...[1, 2].map((k) => densityL1(solution.grid, solution.densities[k]!, exact.densities[k]!)),
        );
        expect(error).toBeLessThan(1.5 * solution.timeError!);
        expect(solution.timeError!).toBeLessThan(tolerance * (solution.steps + 1));
        expect(Array.from(solution.times)).toEqual([1e-3, 0.05, 1]);
        errors.push(error);
      }
      expect(errors[1]!).toBeLessThan(0.5 * errors[0]!);
    }
  });
});

describe("estimate of the error in space", () => {
  it("is the error itself to a quarter, forward and reverse, whatever the number of cells", async () => {
    const sde = vp();
    for (const cells of [300, 301]) {
      const common = { sde, cells, domain: [-7.5, 7.5], estimateSpaceError: true } as const;
      const forward = await fokkerPlanck({ ...common, initial: threeModes, times: [0.1, 0.3, 1] });
      const error = Math.max(...[1, 2, 3].map((k) => l1ToExact(forward, k, threeModes, sde)));
      expect(Math.abs(forward.spaceError! / error - 1)).toBeLessThan(0.25);
      const score = exactScore(threeModes, sde);
      const reverse = await reverseFokkerPlanck({ ...common, score, start: threeModes });
      const last = reverse.times.length - 1;
      expect(Math.abs(reverse.spaceError! / l1ToExact(reverse, last, threeModes, sde) - 1)).toBeLessThan(0.25);
    }
    const { spaceError } = await fokkerPlanck({ sde, initial: threeModes, times: [0.1] });
    expect(spaceError).toBeNull();
  });
});

describe("rejection", () => {
  it("keeps every accepted step within the tolerance through a burst of noise", async () => {
    const burst = { ...doubleWell, diffusion: (t: number) => 0.3 + 8 * Math.exp(-(((t - 1) / 0.01) ** 2)) };
    const solution = await fokkerPlanck({
      sde: burst,
      initial: gaussian({ mean: [0], standardDeviation: 0.3 }),
      cells: 200,
      domain: [-6, 6],
      tolerance: 1e-6,
    });
    expect(solution.rejected).toBeGreaterThan(0);
    expect(solution.timeError!).toBeLessThan(1e-6 * solution.steps);
    expect(solution.status).toBe("success");
  });
});

describe("positivity", () => {
  it("holds where Crank–Nicolson alone would go negative, at no cost in mass", async () => {
    const narrow = gaussian({ mean: [0], standardDeviation: 0.05 });
    const common = { sde: vp(), initial: narrow, from: 0, cells: 400, domain: [-7, 7] } as const;
    const solution = await fokkerPlanck({ ...common, scheme: "crank-nicolson", steps: 8 });
    expect(solution.limited).toBeGreaterThan(0);
    expect(solution.limiterError).toBeGreaterThan(0);
    expect(solution.minimum).toBeGreaterThanOrEqual(0);
    expect(massDrift(solution)).toBeLessThan(1e-12);
  });

  it("mixes in no more implicit Euler than the worst cell needs", () => {
    const step: TimeStep = {
      order: 2,
      prepare: async () => {},
      apply: () => {},
      error: () => 0,
      applyPositive: (_masses, out) => out.set([0.2, 0.3, 0.5]),
    };
    const out = Float64Array.of(-0.1, 0.5, 0.6);
    const change = limitToPositive(step, new Float64Array(3), out, new Float64Array(3));
    // θ = 0.1/0.3.
    expect(out[0]).toBe(0);
    expect(out[1]).toBeCloseTo(0.5 - 0.2 / 3, 15);
    expect(out[2]).toBeCloseTo(0.6 - 0.1 / 3, 15);
    expect(change).toBeCloseTo(0.2, 15);
    const untouched = Float64Array.of(0, 0.4, 0.6);
    expect(limitToPositive(step, untouched, untouched, new Float64Array(3))).toBe(0);
  });
});

describe("entropy", () => {
  it("decays between two solutions, step by step, and as the closed form for Gaussians", async () => {
    const sde = vp();
    const laws = [gaussian({ mean: [-1], standardDeviation: 0.5 }), gaussian({ mean: [0.4], standardDeviation: 0.5 })];
    const common = {
      sde,
      cells: 600,
      domain: [-9, 9],
      from: 0.05,
      to: 0.6,
      scheme: "implicit-euler",
      steps: 80,
      massTolerance: 1e-8,
    } as const;
    const [p, q] = await Promise.all(laws.map((initial) => fokkerPlanck({ ...common, initial })));
    let before = Number.POSITIVE_INFINITY;
    p!.densities.forEach((density, k) => {
      const kl = densityKl(p!.grid, density, q!.densities[k]!);
      expect(kl).toBeLessThan(before);
      before = kl;
    });
    const times = [0.05, 0.2, 0.6];
    const [a, b] = await Promise.all(
      laws.map((initial) => fokkerPlanck({ ...common, initial, times, scheme: "tr-bdf2", steps: "adaptive" })),
    );
    times.forEach((t, k) => {
      const alpha = sde.alpha(t);
      const variance = alpha * alpha * 0.25 + sde.sigma(t) ** 2;
      const wanted = (alpha * 1.4) ** 2 / (2 * variance);
      // Order 2: (h/s)² with h = 0.03, s ≥ 0.5.
      expect(Math.abs(densityKl(a!.grid, a!.densities[k]!, b!.densities[k]!) / wanted - 1)).toBeLessThan(1e-3);
    });
  });

  it("decays towards the stationary law of the double well", async () => {
    const { grid, densities } = await fokkerPlanck({
      sde: { ...doubleWell, tMax: 6 },
      initial: gaussian({ mean: [0.5], standardDeviation: 0.3 }),
      cells: 300,
      domain: [-3.2, 3.2],
      massTolerance: 1e-7,
      steps: 100,
      scheme: "implicit-euler",
    });
    const rest = await fokkerPlanck({
      sde: { ...doubleWell, tMax: 1e4 },
      initial: { edges: grid.edges, values: densities[0]! },
      times: [1e4],
      steps: 40,
      scheme: "implicit-euler",
    });
    let before = Number.POSITIVE_INFINITY;
    for (const density of densities) {
      const kl = densityKl(grid, density, rest.densities[1]!);
      expect(kl).toBeLessThan(before);
      before = kl;
    }
  });
});

describe("clock", () => {
  it("reads ½∫β for VP and ½σ² for VE to rounding", () => {
    const b = (t: number) => 0.1 * t + 0.5 * 19.9 * t * t;
    const clock = forwardClock(vp(), 1e-3, 1, "auto");
    expect(clock.name).toBe("tau");
    for (const t of [1e-3 + 1e-9, 0.01, 0.2, 0.6, 1]) {
      const wanted = 0.5 * (b(t) - b(1e-3));
      // Cancellation of b(t) − b(from) in the expectation itself.
      expect(Math.abs(clock.reading(t) - wanted)).toBeLessThan(4e-15 * Math.max(wanted, 1e-3));
    }
    const exploding = ve();
    const sigmas = forwardClock(exploding, 1e-5, 1, "auto");
    expect(sigmas.name).toBe("tau");
    const wanted = 0.5 * (exploding.sigma(0.7) ** 2 - exploding.sigma(1e-5) ** 2);
    expect(Math.abs(sigmas.reading(0.7) / wanted - 1)).toBeLessThan(1e-12);
    expect(forwardClock(subVp(), 1e-3, 1, "auto").name).toBe("t");
  });

  it("integrates D for a nonlinear drift when asked to, with the same solution", async () => {
    const common = {
      sde: doubleWell,
      initial: gaussian({ mean: [0], standardDeviation: 0.3 }),
      times: [1],
      cells: 200,
      domain: [-3.5, 3.5],
    } as const;
    const exact = await fokkerPlanck({ ...common, scheme: "exponential" });
    const inT = await fokkerPlanck({ ...common, clock: "t" });
    expect(densityL1(exact.grid, exact.densities[1]!, inT.densities[1]!)).toBeLessThan(inT.timeError!);
  });
});
