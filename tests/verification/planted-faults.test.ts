import { beforeAll, describe, expect, it } from "vitest";
import { type PlantedFaultsResult, plantedFaults } from "../../src/experiments/planted-faults.js";
import { verify } from "../../src/experiments/verify.js";
import { exactScore } from "../../src/scores/index.js";
import { createSde, vp } from "../../src/sdes/index.js";
import { gaussian, toy } from "../../src/targets/index.js";
import type { Setting } from "../../src/verification/checks/setting.js";
import type { FaultGroup } from "../../src/verification/planted-faults/fault-group.js";
import { FAULT_GROUPS } from "../../src/verification/planted-faults/plant-faults.js";
import { solverFaults } from "../../src/verification/planted-faults/solver-faults.js";

const sde = vp();
const target = toy("trimodal");

/** Every fault, and the check that it must break by what the mathematics says. */
const BREAKS = {
  SDE: {
    "drift-sign": "drift",
    "drift-strength": "drift",
    "diffusion-for-g": "diffusion",
    "g-size": "diffusion",
    "sigma-size": "transition",
    "alpha-growth": "drift",
    "lambda-base": "transition",
    "inverse-lambda": "time-at-log-snr",
    "transition-variance": "transition",
    "prior-width": "prior",
  },
  score: {
    "score-size": "stein",
    "score-offset": "score-mean",
    "score-clipped": "fisher",
    "score-late": "fisher",
    "other-data": "fisher",
    "noise-for-score": "stein",
  },
  solver: {
    "halved-drift": "limit em",
    "score-sign": "limit em",
    "noise-by-step": "limit em",
    "noise-doubled": "limit em",
    "ddpm-noise": "kernel your ddpm",
    "ddpm-variance": "kernel your ddpm",
  },
  "finite volumes": {
    "diffusion-not-halved": "finite-volumes",
    "no-drift": "finite-volumes",
    "cell-shift": "finite-volumes",
    "mass-leak": "mass",
    "negative-density": "positivity",
    "broken-off": "finite-volumes",
  },
};

const setting = {
  ...{ sde, target, model: exactScore(target, sde), isGiven: false, learned: null, modelTolerance: undefined },
  ...{ solvers: [], samples: 500, seed: 0 },
};

/** Names of the checks of a group that fail. */
async function failuresOf({ verifications }: Pick<FaultGroup, "verifications">, given: Setting): Promise<string[]> {
  const results = await Promise.all(verifications.map(async ({ run }) => (await run(given)).checks));
  return results
    .flat()
    .filter(({ verdict }) => verdict === "fail")
    .map(({ name }) => name);
}

describe.each(FAULT_GROUPS)("faults planted in: $place", (group) => {
  const { place, faults, sound } = group;

  it("none", async () => {
    expect(await failuresOf(group, sound(setting))).toEqual([]);
  });

  it("are those that are listed here", () => {
    expect(faults.map(({ name }) => name)).toEqual(Object.keys(BREAKS[place]));
  });

  it.each(Object.entries(BREAKS[place]))("%s breaks %s", async (name, check) => {
    const fault = faults.find((one) => one.name === name)!;
    const failed = await failuresOf(group, fault.plant(sound(setting)));
    expect(failed.join()).toContain(check);
  });
});

it("faults of solvers are seen where noise is weak: the error of the steps is extrapolated away", async () => {
  const weak = await createSde("custom", { drift: "-x", diffusion: "0.05" });
  const sound = solverFaults.sound({ ...setting, sde: weak });
  expect(await failuresOf(solverFaults, sound)).toEqual([]);
  for (const { name, plant } of solverFaults.faults) {
    expect(`${name}: ${await failuresOf(solverFaults, plant(sound))}`).toMatch(/: limit /);
  }
});

it("densities a cell too far are seen where noise is weak: every time is held to the errors made until then", async () => {
  const weak = await createSde("custom", { drift: "-x", diffusion: "0.05" });
  const group = FAULT_GROUPS.find(({ place }) => place === "finite volumes")!;
  const given = { ...setting, sde: weak, target: gaussian({ mean: 0, standardDeviation: 1 }) };
  expect(await failuresOf(group, given)).toEqual([]);
  const shift = group.faults.find(({ name }) => name === "cell-shift")!;
  expect((await failuresOf(group, shift.plant(given))).join()).toContain("finite-volumes t=");
});

describe("plantedFaults", () => {
  let result: PlantedFaultsResult;
  const progress: string[] = [];
  beforeAll(async () => {
    result = await plantedFaults({ sde, target, samples: 500 }, { onProgress: (what) => progress.push(what) });
  });

  it("catches every fault, and shows by which check, figure and bound", () => {
    expect(result).toMatchObject({ schema: "score-sde/planted-faults@1", passed: true, failing: [] });
    expect(result.faults).toHaveLength(28);
    for (const { by, place, name, caught } of result.faults) {
      expect(`${place} ${name} ${caught}`).toBe(`${place} ${name} true`);
      expect(by!.verdict).toBe("fail");
      expect(by!.sense === "at-most" ? by!.figure! <= by!.tolerance! : by!.figure! >= by!.tolerance!).toBe(false);
    }
    expect(progress).toHaveLength(28 + FAULT_GROUPS.length + 1);
  });

  it("leaves out what would change nothing: faults of a drift that is zero", async () => {
    const { faults, passed } = await plantedFaults({ sde: await createSde("ve"), target, samples: 500 });
    expect(passed).toBe(true);
    const left = new Set(faults.map(({ name }) => name));
    expect(["drift-sign", "drift-strength", "no-drift"].filter((name) => left.has(name))).toEqual([]);
    expect(faults).toHaveLength(25);
  });

  it("counts what fails without a fault where a fault changes its figure by more than its bound", async () => {
    // Cut off long before its data are forgotten, this process does not end at its prior.
    const { faults, failing, passed } = await plantedFaults({ sde: vp({ tMax: 0.2 }), target, samples: 500 });
    expect(passed).toBe(false);
    expect(failing.map(({ name }) => name)).toEqual(["prior"]);
    expect(faults.filter(({ caught }) => !caught)).toEqual([]);
    const by = new Map(faults.map((fault) => [fault.name, fault.by]));
    expect(by.get("prior-width")!.name).toBe("prior");
    expect(Math.abs(by.get("prior-width")!.figure! - failing[0]!.figure!)).toBeGreaterThan(failing[0]!.tolerance!);
    expect(by.get("drift-sign")!.name).toBe("drift");
  });

  it("refuses the plane and drifts nonlinear in x", async () => {
    await expect(plantedFaults({ sde, target: toy("two-moons") })).rejects.toThrow(/choose a 1-D target/);
    const well = await createSde("custom", { drift: "x-x^3", diffusion: "1" });
    await expect(plantedFaults({ sde: well, target })).rejects.toThrow(/fokker-planck/);
  });
});

it("verify takes the solver of the forward equation that it is given", async () => {
  const fault = FAULT_GROUPS.flatMap(({ faults }) => faults).find(({ name }) => name === "cell-shift")!;
  const { solve } = fault.plant(setting);
  const { checks, passed } = await verify({ sde, target, only: ["finite-volumes"], ...(solve && { solve }) });
  expect(passed).toBe(false);
  expect(checks[0]).toMatchObject({ statement: 7, verdict: "fail" });
});

it("the score is right in any prediction", async () => {
  for (const prediction of ["score", "noise", "data", "velocity"] as const) {
    const model = exactScore(target, sde).as(prediction);
    const only = ["score-identities", "tweedie"];
    const { checks } = await verify({ sde, target, model, modelTolerance: 0, only });
    expect(checks.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
  }
});
