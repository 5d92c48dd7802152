import { describe, expect, it } from "vitest";
import { UsageError } from "../../../solvers/errors.js";
import { exactScore } from "../../../src/scores/exact-score.js";
import { ve, vp } from "../../../src/sdes/index.js";
import { gaussian, mixture } from "../../../src/targets/index.js";
import { fokkerPlanck, reverseFokkerPlanck } from "../../../src/verification/fokker-planck/index.js";
import { diffusionSde, doubleWell, threeModes } from "./cases.js";

const sde = vp();
const standard = gaussian({ mean: [0], standardDeviation: 1 });

/** The message of the UsageError a run ends in. */
async function refusal(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error("not refused");
}

describe("refusals", () => {
  it("says how much a domain loses and which would do", async () => {
    const message = await refusal(fokkerPlanck({ sde, initial: threeModes, cells: 200, domain: [-3, 3] }));
    let most = 0;
    for (let t = sde.tMin; t < 1; t += 1e-3) {
      const law = threeModes.perturbed(sde.alpha(t), sde.sigma(t));
      most = Math.max(most, law.cdf!(-3) + law.survival!(3));
    }
    // The loss is looked for at 33 times.
    expect(Math.abs(Number(/loses ([\d.e-]+)/.exec(message)![1]) / most - 1)).toBeLessThan(0.05);
    const [low, high] = /- \[(-?[\d.]+), (-?[\d.]+)\] would do/.exec(message)!.slice(1).map(Number);
    const wider = await fokkerPlanck({ sde, initial: threeModes, cells: 200, domain: [low!, high!], times: [1] });
    expect(wider.status).toBe("success");
  });

  it("counts the cells that a narrow law needs", async () => {
    const narrow = gaussian({ mean: [0], standardDeviation: 0.01 });
    const message = await refusal(fokkerPlanck({ sde, initial: narrow, from: 0, cells: 100, domain: [-8, 8] }));
    const cells = Number(/(\d+) equal cells/.exec(message!)![1]);
    // Ten to the standard deviation.
    expect(cells).toBeGreaterThan(15000);
    expect(cells).toBeLessThan(17000);
  });

  it("refuses atoms, points at which no mesh can look", async () => {
    const atom = { cdf: (x: number) => (x < 0 ? 0 : 1), survival: (x: number) => (x < 0 ? 1 : 0) };
    await expect(fokkerPlanck({ sde, initial: atom, domain: [-8, 8] })).rejects.toThrow(/domain|later time/);
  });

  it("refuses an SDE without noise, and η = 0, and points to transport", async () => {
    await expect(fokkerPlanck({ sde: diffusionSde((x) => -x, 0), initial: standard })).rejects.toThrow(
      /exactTransport/,
    );
    const score = exactScore(threeModes, sde);
    await expect(reverseFokkerPlanck({ sde, score, eta: 0 })).rejects.toThrow(/exactTransport/);
    await expect(reverseFokkerPlanck({ sde, score, eta: 1.2 })).rejects.toThrow(/eta: must be in \(0, 1\]/);
    await expect(reverseFokkerPlanck({ sde, score, scheme: "exponential" })).rejects.toThrow(/tr-bdf2/);
    await expect(reverseFokkerPlanck({ sde, score, from: 0.1, to: 0.5 })).rejects.toThrow(/forward in time/);
    const plane = exactScore(gaussian({ mean: [0, 0], standardDeviation: 1 }), sde);
    await expect(reverseFokkerPlanck({ sde, score: plane })).rejects.toThrow(/dimension 1/);
  });

  it("refuses dimensions above one and times, options and laws that make no sense", async () => {
    const plane = mixture({ weights: [1], means: [[0, 0]], standardDeviations: [1] });
    await expect(fokkerPlanck({ sde, initial: plane })).rejects.toThrow(/fokkerPlanck2d/);
    await expect(fokkerPlanck({ sde, initial: gaussian({ mean: [0, 0, 0], standardDeviation: 1 }) })).rejects.toThrow(
      /dimension 1/,
    );
    const bad = (options: object, message: RegExp) =>
      expect(fokkerPlanck({ sde, initial: threeModes, ...options })).rejects.toThrow(message);
    await bad({ from: 1, to: 0.1 }, /reverseFokkerPlanck/);
    await bad({ scheme: "tr-bdf" }, /Did you mean 'tr-bdf2'/);
    await bad({ cells: 2.5 }, /cells: must be an integer/);
    await bad({ steps: 0 }, /steps: must be an integer/);
    await bad({ domain: [1, -1] }, /domain: needs finite low < high/);
    await bad({ tolerance: -1 }, /tolerance: must be above 0/);
    await bad({ times: [0.5, 0.2] }, /times: must increase/);
    await bad({ times: [0.5, 2] }, /at most 1/);
    await bad({ edges: Float64Array.of(0, 1, 1, 2, 3) }, /edges: must be finite and increase/);
    await bad({ edges: Float64Array.of(-8, -4, 0, 4, 8), cells: 4 }, /one or the other/);
    await bad({ initial: new Float64Array(50) }, /no domain/);
    await bad(
      { initial: { edges: Float64Array.of(0, 1, 2, 3, 4), values: Float64Array.of(1, 1, 1, 1) } },
      /mass must be 1/,
    );
    await bad({ initial: { edges: Float64Array.of(0, 1, 2, 3, 4), values: Float64Array.of(1, 1, -1, 0) } }, /≥ 0/);
    await expect(fokkerPlanck({ sde: { ...ve(), diffusion: () => Number.NaN }, initial: threeModes })).rejects.toThrow(
      /finite/,
    );
    const exponential = await fokkerPlanck({
      sde: doubleWell,
      initial: standard,
      clock: "tau",
      scheme: "exponential",
      cells: 100,
      domain: [-8, 8],
      times: [1e-3],
    });
    expect(exponential).toMatchObject({ status: "success", timeError: 0 });
    // Rounding of the exponential's sum.
    expect(Math.abs(exponential.mass[1]! - exponential.mass[0]!)).toBeLessThan(1e-12);
    const restless = { ...doubleWell, diffusion: (t: number) => 0.8 + t };
    await expect(fokkerPlanck({ sde: restless, initial: standard, scheme: "exponential" })).rejects.toThrow(
      /drift\/g²/,
    );
  });
});

describe("trouble on the way is a status", () => {
  it("mass at a wall, with what would do", async () => {
    const initial = gaussian({ mean: [0], standardDeviation: 0.1 });
    const solution = await fokkerPlanck({ sde: doubleWell, initial, cells: 100, domain: [-1, 1], times: [2] });
    expect(solution.status).toBe("mass-at-wall");
    expect(solution.message).toMatch(/try the domain \[-1\.5, 1\.5\]/);
    expect(Math.abs(solution.mass[1]! - 1)).toBeLessThan(1e-9);
  });

  it("a density that becomes narrower than the cells", async () => {
    const squeezing = diffusionSde((x) => -20 * x, 0.05);
    const common = {
      sde: squeezing,
      initial: gaussian({ mean: [0], standardDeviation: 0.5 }),
      to: 1,
      times: [1],
    } as const;
    const solution = await fokkerPlanck({ ...common, cells: 64, domain: [-4, 4] });
    expect(solution.status).toBe("unresolved");
    expect(solution.message).toMatch(/about \d+ cells/);
    const automatic = await fokkerPlanck(common);
    expect(automatic.status).toBe("success");
    expect(automatic.roughness[1]!).toBeLessThan(0.02);
  });

  it("too many steps, a score that is not finite, a stop from outside", async () => {
    const common = {
      sde,
      score: exactScore(threeModes, sde),
      start: threeModes,
      cells: 100,
      domain: [-7.5, 7.5],
    } as const;
    const few = await reverseFokkerPlanck({ ...common, maxSteps: 5 });
    expect([few.status, few.steps, few.densities.length]).toEqual(["max-steps", 5, 6]);
    const broken = await reverseFokkerPlanck({ ...common, score: (x, t) => (t < 0.5 ? Number.NaN : -x) });
    expect(broken.status).toBe("non-finite");
    expect(broken.times[broken.times.length - 1]!).toBeGreaterThan(0.5);
    expect(broken.densities.every((density) => density.every(Number.isFinite))).toBe(true);
    const controller = new AbortController();
    const stopped = await reverseFokkerPlanck({
      ...common,
      signal: controller.signal,
      onStep: ({ step }) => step === 3 && controller.abort(),
    });
    expect([stopped.status, stopped.steps]).toEqual(["aborted", 3]);
    expect(stopped.message).toMatch(/aborted after 3/);
  });
});
