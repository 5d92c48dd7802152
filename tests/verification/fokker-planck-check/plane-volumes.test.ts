import { describe, expect, it } from "vitest";
import { type Sde, ve, vp } from "../../../src/sdes/index.js";
import {
  fokkerPlanck2d,
  type PlaneOptions,
  type PlaneSolution,
} from "../../../src/verification/fokker-planck/index.js";
import {
  checkSubject,
  equationResidual,
  forwardLaw,
  planeVolumes,
} from "../../../src/verification/fokker-planck-check/index.js";
import { correlated, failed } from "./plane-subjects.js";

describe("faults planted in the solver in the plane", () => {
  const changed = (change: Partial<Sde>) => (options: PlaneOptions) =>
    fokkerPlanck2d({ ...options, sde: { ...options.sde, ...change } });
  const altered = (change: (solution: PlaneSolution) => Partial<PlaneSolution>) => async (options: PlaneOptions) => {
    const solution = await fokkerPlanck2d(options);
    return { ...solution, ...change(solution) };
  };
  const sde = vp();
  const faults: readonly [string, typeof fokkerPlanck2d, RegExp][] = [
    ["D = g² in place of ½g²", changed({ diffusion: (t) => Math.SQRT2 * sde.diffusion(t) }), /finite-volumes/],
    [
      "axes exchanged",
      altered(({ densities, x, y }) => ({
        densities: densities.map((p) =>
          p.map((_, k) => p[(k % y.widths.length) * x.widths.length + Math.floor(k / y.widths.length)] ?? 0),
        ),
      })),
      /finite-volumes/,
    ],
    ["mass leaks", altered(({ mass }) => ({ mass: mass.map((value, k) => value * (1 - 1e-9 * k)) })), /mass/],
    ["a density below zero", altered(() => ({ minimum: -1e-12 })), /positivity/],
    ["a run that broke off", altered(() => ({ status: "max-steps" })), /finite-volumes/],
  ];
  it.each(faults)("%s", async (_name, solvePlane, expected) => {
    const subject = checkSubject({ sde, target: correlated, samples: 100, seed: 0, solvePlane });
    expect(failed((await planeVolumes(subject)).checks).join()).toMatch(expected);
  });
});

describe("f and g that do not belong to α and σ", () => {
  it("are noticed by the equation and by the forward law", () => {
    const sde = ve();
    const subject = checkSubject({ sde, target: correlated, samples: 100, seed: 0 });
    const equation = { ...sde, diffusion: (t: number) => 1.001 * sde.diffusion(t) };
    expect(failed([equationResidual(subject), forwardLaw(subject)])).toEqual([]);
    expect(failed([equationResidual({ ...subject, equation }), forwardLaw({ ...subject, equation })])).toHaveLength(2);
  });
});
