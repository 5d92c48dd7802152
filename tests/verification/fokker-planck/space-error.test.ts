import { describe, expect, it } from "vitest";
import { exactScore } from "../../../src/scores/index.js";
import { createSde, subVp, vp } from "../../../src/sdes/index.js";
import { gaussian, toy } from "../../../src/targets/index.js";
import { cellAverages, densityL1 } from "../../../src/verification/fokker-planck/density-distances.js";
import type { Evolution } from "../../../src/verification/fokker-planck/evolve.js";
import { fokkerPlanck, reverseFokkerPlanck } from "../../../src/verification/fokker-planck/index.js";
import { targetLaw } from "../../../src/verification/fokker-planck/line-law.js";
import { type Mesh, uniformMesh } from "../../../src/verification/fokker-planck/mesh.js";
import { lineSpaceError } from "../../../src/verification/fokker-planck/space-error.js";

const OUTPUTS = Float64Array.of(0, 1, 2);
const STEP_ENDS = [0.5, 1, 2];

function evolution(masses: readonly Float64Array[]): Evolution {
  return {
    readings: Array.from(OUTPUTS),
    masses,
    status: "success",
    steps: STEP_ENDS.length,
    stepEnds: STEP_ENDS,
    rejected: 0,
    limited: 0,
    limiterError: 0,
    timeError: 0,
    timeErrors: [0, 0, 0],
    wallMass: [0, 0],
  };
}

/** The uniform law but for `shift` moved from the first cell to the last, at each output. */
const moved = (mesh: Mesh, shifts: readonly number[]) =>
  evolution(
    shifts.map((shift) => {
      const out = mesh.widths.slice();
      out[0] = out[0]! - shift;
      out[out.length - 1] = out[out.length - 1]! + shift;
      return out;
    }),
  );

describe("the error in space", () => {
  const mesh = uniformMesh(0, 1, 32);
  const seen: unknown[] = [];
  const estimateAt = (coarse: readonly number[], coarser: readonly number[]) =>
    lineSpaceError(
      async (on, _masses, how) => {
        seen.push(how.steps);
        return moved(on, on.widths.length > 12 ? coarse : coarser);
      },
      mesh,
      moved(mesh, [0, 0, 0]),
      OUTPUTS,
    );
  const estimate = async (coarse: readonly number[], coarser: readonly number[]) =>
    (await estimateAt(coarse, coarser))?.error ?? null;

  it("is the limit of the changes from mesh to mesh, at the order that they show", async () => {
    // Changes of twice the moved mass: 0.02 and 0.04, order 1: 0.02 + 0.01 + … from the first mesh to the second, 0.02 below it.
    expect(await estimate([0, 0, 0.01], [0, 0, 0.03])).toBeCloseTo(0.02, 14);
    // Order 2, and better orders are not believed: a third of the change.
    expect(await estimate([0, 0, 0.01], [0, 0, 0.05])).toBeCloseTo(0.02 / 3, 14);
    expect(await estimate([0, 0, 0.01], [0, 0, 0.4])).toBeCloseTo(0.02 / 3, 14);
    expect(await estimate([0, 0, 0], [0, 0, 0])).toBe(0);
  });

  it("has none where changes do not shrink, or a mesh cannot be merged twice", async () => {
    expect(await estimate([0, 0, 0.01], [0, 0, 0.015])).toBeNull();
    const small = uniformMesh(0, 1, 12);
    const still = (on: Mesh) => moved(on, [0, 0, 0]);
    expect(await lineSpaceError(async (on) => still(on), small, still(small), OUTPUTS)).toBeNull();
  });

  it("is not fooled by two meshes that agree by chance at one output", async () => {
    // Alone, the first output would show changes that grow fivefold.
    expect(await estimate([0, 0.001, 0.01], [0, 0.0012, 0.05])).toBeCloseTo(0.02 / 3, 14);
  });

  it("is known up to each output, never above that of the last", async () => {
    // Changes 0.004 and 0.016, then 0.02 and 0.06: contractions 1/4 and 1/3.
    const { errors, outputs } = (await estimateAt([0, 0.002, 0.01], [0, 0.01, 0.04]))!;
    expect(Array.from(outputs)).toEqual([0, 1, 2]);
    expect(errors[0]).toBe(0);
    expect(errors[1]).toBeCloseTo(0.004 / 3, 14);
    expect(errors[2]).toBeCloseTo(0.01, 14);
    // Where the first output's own changes do not shrink, the last one's error holds: the equation never expands L1.
    expect((await estimateAt([0, 0.001, 0.01], [0, 0.0012, 0.05]))!.errors[1]).toBeCloseTo(0.02 / 3, 14);
    // A later output's error is not below an earlier one's.
    expect((await estimateAt([0, 0.01, 0.001], [0, 0.05, 0.005]))!.errors[2]).toBeCloseTo(0.02 / 3, 14);
  });

  it("takes the largest change over where pairs of cells begin", async () => {
    // Pairs from the second cell leave a first cell of the fine width.
    const fromSecond = (on: Mesh) => on.widths[0]! < 0.04;
    const once = (on: Mesh) => on.widths.length > 12;
    const run = async (on: Mesh) => moved(on, [0, 0, once(on) ? (fromSecond(on) ? 0.01 : 0.001) : 0.031]);
    // Changes 0.02 and 0.06, from the mesh with 0.001: a contraction of 1/3. Pairs from the first cell alone: 0.002/3.
    expect((await lineSpaceError(run, mesh, moved(mesh, [0, 0, 0]), OUTPUTS))!.error).toBeCloseTo(0.01, 14);
  });

  it("holds no errors in time: every mesh takes the steps of the finest", () => {
    expect(seen.every((steps) => steps === STEP_ENDS)).toBe(true);
  });
});

describe("a cliff narrower than cells", () => {
  it("has a bound wherever in its cell it lies", async () => {
    const [sde, target] = [subVp(), toy("uniform")];
    const score = exactScore(target, sde);
    // Errors differ threefold between meshes like these. Pairs from the first cell alone find four tenths of the error at 136 and 164 cells, nothing at 152.
    for (const cells of [136, 152, 164]) {
      const times = [sde.tMin];
      const { grid, densities, ...run } = await reverseFokkerPlanck({
        ...{ sde, score, eta: 0.5, start: target, times, tolerance: 1e-5, cells, estimateSpaceError: true },
      });
      const error = densityL1(grid, densities[1]!, cellAverages(grid, targetLaw(target, sde, sde.tMin)));
      expect(error).toBeLessThan(run.spaceError! + run.timeError!);
    }
  });
});

describe("weak noise", () => {
  it("is met by halved cells and a bound of the order that is seen", async () => {
    const sde = await createSde("custom", { drift: "-x", diffusion: "sin(3*t)^2+0.05" });
    const target = toy("trimodal");
    const times = [0.1, 0.3, 1];
    const alone = await fokkerPlanck({ sde, initial: target, times });
    const solution = await fokkerPlanck({ sde, initial: target, times, estimateSpaceError: true });
    expect(solution.grid.widths.length).toBeGreaterThan(alone.grid.widths.length);
    expect(solution.spaceError).toBeLessThan(0.01);
    times.forEach((t, k) => {
      const error = densityL1(
        solution.grid,
        solution.densities[k + 1]!,
        cellAverages(solution.grid, targetLaw(target, sde, t)),
      );
      // Without the factor 2 of a check.
      expect(error).toBeLessThan(solution.spaceErrors![k + 1]! + solution.timeErrors![k + 1]!);
    });
    expect(solution.spaceErrors![3]).toBe(solution.spaceError);
    expect(solution.timeErrors![3]).toBe(solution.timeError);
  });

  it("keeps errors beside every step, too", async () => {
    const options = { sde: vp(), initial: toy("trimodal"), tolerance: 1e-4, estimateSpaceError: true } as const;
    const { times, timeErrors, spaceErrors, spaceError, timeError } = await fokkerPlanck(options);
    expect([timeErrors!.length, spaceErrors!.length]).toEqual([times.length, times.length]);
    expect([timeErrors![0], spaceErrors![0]]).toEqual([0, 0]);
    expect(timeErrors!.every((error, k) => k === 0 || error > timeErrors![k - 1]!)).toBe(true);
    expect(timeErrors![times.length - 1]).toBe(timeError);
    expect(spaceErrors!.subarray(1).every((error) => error === spaceError)).toBe(true);
  });

  it("leaves cells that were asked for as they are", async () => {
    const sde = await createSde("custom", { drift: "-x", diffusion: "0.05" });
    const options = { sde, initial: gaussian({ mean: 0 }), times: [1], cells: 200, estimateSpaceError: true } as const;
    const { grid, spaceError } = await fokkerPlanck(options);
    expect(grid.widths).toHaveLength(200);
    expect(spaceError).toBeGreaterThan(0.01);
  });
});
