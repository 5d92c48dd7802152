import { describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { compare } from "../../src/experiments/compare.js";
import { planCells } from "../../src/experiments/compare-plan.js";
import { estimate, wasserstein2 } from "../../src/metrics/index.js";
import { sample } from "../../src/sampling/sample.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { ve, vp } from "../../src/sdes/index.js";
import { gaussian, toy } from "../../src/targets/index.js";
import { exactLaw } from "../../src/verification/exact-law.js";

const sde = vp();
const target = toy("bimodal");

describe("the rows of a comparison", () => {
  it("at equal cost have as many whole steps as the evaluations pay for, each number once", () => {
    const rows = (evaluations: number[]) =>
      planCells({ sde, target, solvers: ["em", "ode-heun", "ode-rk4"], evaluations }).map(
        ({ solver, steps, grid }) => `${solver.name} ${steps} ${grid!.times.length - 1}`,
      );
    expect(rows([10, 25])).toEqual("em 10 10,em 25 25,ode-heun 5 5,ode-heun 12 12,ode-rk4 2 2,ode-rk4 6 6".split(","));
    expect(rows([4, 5])).toEqual(["em 4 4", "em 5 5", "ode-heun 2 2", "ode-rk4 1 1"]);
    expect(() => rows([3])).toThrow(UsageError);
  });

  it("of adaptive solvers have each tolerance, relative and absolute, unless the spec has its own", () => {
    const rows = (solver: string) =>
      planCells({ sde, target, solvers: [solver], tolerances: [1e-2, 1e-4] }).map(
        ({ solver: { options }, tolerance }) => [tolerance, options.rtol, options.atol] as const,
      );
    expect(rows("rk45")).toEqual([
      [1e-2, 1e-2, 1e-2],
      [1e-4, 1e-4, 1e-4],
    ]);
    expect(rows("rk45:rtol=1e-3")).toEqual([[1e-3, 1e-3, 1e-3]]);
    expect(rows("rk45:atol=1e-6")).toEqual([
      [1e-2, 1e-2, 1e-6],
      [1e-4, 1e-4, 1e-6],
    ]);
  });

  it("are estimates over repeats with samples of their own, and exact errors beside them", async () => {
    const common = { solver: "em", steps: 8, samples: 64, seed: 5 } as const;
    const { result } = await compare({ sde, target, solvers: ["em"], steps: [8], samples: 64, repeats: 3, seed: 5 });
    const [row] = result.runs;
    const distances: number[] = [];
    for (const run of [0, 1, 2]) {
      const { samples } = await sample({ ...common, sde, model: exactScore(target, sde), run });
      distances.push(wasserstein2(samples.data, target));
    }
    expect(row!.metrics.w2).toEqual(estimate(distances));
    expect(row!.metrics.w2!.standardError).toBeGreaterThan(0);
    expect(row).toMatchObject({ evaluations: 8, accepted: null, rtol: null, repeats: 3, status: "success" });
    const { w1, w2, kl, tv } = await exactLaw({ sde, target, solver: "em", steps: 8, start: "prior", against: "data" });
    expect(row!.exact).toEqual({ w1, w2, kl, tv });
    const { initialisation, discretisation, truncation } = row!.budget!;
    // The triangle inequality, both ways round for the largest share.
    const shares = [initialisation!, discretisation!, truncation!];
    expect(w2).toBeLessThanOrEqual(shares.reduce((sum, share) => sum + share, 0));
    expect(discretisation!).toBeLessThanOrEqual(w2 + initialisation! + truncation!);
  });

  it("of adaptive solvers count steps, and have no divergences, since their maps jump", async () => {
    const { result } = await compare({ sde, target, solvers: ["rk45"], tolerances: [1e-3], samples: 64, repeats: 2 });
    const { steps, rtol, atol, accepted, rejected, evaluations, exact } = result.runs[0]!;
    expect({ steps, rtol, atol }).toEqual({ steps: null, rtol: 1e-3, atol: 1e-3 });
    // Two evaluations choose the first step; every step but an accepted one's first stage is six more.
    expect(evaluations).toBeCloseTo(2 + 6 * (accepted! + rejected!), 10);
    expect(exact).toMatchObject({ kl: null, tv: null });
    expect(exact!.w2).toBeGreaterThan(0);
    // Nor where the flow stands still and the map happens not to jump.
    const still = gaussian({ mean: 0, standardDeviation: 1 });
    const { runs } = (await compare({ sde, target: still, solvers: ["rk45"], tolerances: [1e-3], samples: 64 })).result;
    expect(runs[0]!.exact).toMatchObject({ kl: null, tv: null });
  });

  it("of deterministic solvers have the error of paths from the prior's own draws", async () => {
    const wide = ve();
    const solvers = ["rk45", "em"];
    const config = { sde: wide, target, solvers, steps: [4], tolerances: [1e-9], samples: 32, repeats: 1 } as const;
    const { result } = await compare({ ...config, exact: false });
    const [flow, stochastic] = result.runs;
    // rk45 at 1e-9 over states of size 50 and a map that contracts them to size 1.
    expect(flow!.metrics.path!.value).toBeLessThan(1e-6);
    expect(stochastic!.metrics.path).toBeUndefined();
  });

  it("take the time of the quickest repeat", async () => {
    const told: number[] = [];
    // Every duration is longer than the one before.
    const now = () => {
      told.push(told.length ** 2);
      return told.at(-1)!;
    };
    const config = { sde, target, solvers: ["em"], steps: [4], samples: 8, repeats: 3, exact: false } as const;
    const { result } = await compare(config, { now });
    // Before the last reading, that of the whole, come three pairs.
    const [before, after] = told.slice(-7);
    expect(result.runs[0]!.seconds).toBe((after! - before!) / 1000);
  });
});
