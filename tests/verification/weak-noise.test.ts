import { describe, expect, it } from "vitest";
import { fokkerPlanckCheck } from "../../src/experiments/fokker-planck-check.js";
import { verify } from "../../src/experiments/verify.js";
import { createSde } from "../../src/sdes/index.js";
import { gaussian, toy } from "../../src/targets/index.js";
import { checkSubject, controlsFor, runControl } from "../../src/verification/fokker-planck-check/index.js";

const target = gaussian({ mean: 0, standardDeviation: 1 });
const custom = (diffusion: string, drift = "-x") => createSde("custom", { drift, diffusion, tMin: 0.1 });

describe("an SDE whose noise is weak, or vanishes at an instant, while the drift acts", () => {
  it.each([
    ["weak throughout", "0.02"],
    ["none at an instant inside", "sin(4*t)^2"],
    ["none at the end", "1-t"],
    ["next to none for half of the time", "0.01+t^8"],
  ])("is verified like any other: %s", async (_where, diffusion) => {
    const { checks } = await verify({ sde: await custom(diffusion), target, samples: 200 });
    // Stopped long before its data are forgotten, such a process does not end at its prior.
    expect(checks.filter(({ verdict, name }) => verdict === "fail" && name !== "prior")).toEqual([]);
    const names = checks.filter(({ verdict }) => verdict === "pass").map(({ name }) => name);
    for (const name of ["elbo", "reverse-conditional", "flow-stretch", "limit em", "finite-volumes t=1"]) {
      expect(names).toContain(name);
    }
  });

  it("passes the Fokker–Planck check, and its flow's mistakes are noticed", async () => {
    const sde = await custom("0.02");
    const { result } = await fokkerPlanckCheck({ sde, target, samples: 200, controls: false });
    expect(result.checks.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
    const subject = checkSubject({ sde, target, samples: 200, seed: 0 });
    const flow = ["dropped-half", "flow-sign", "missing-g", "noise-dropped"];
    for (const control of controlsFor(target).filter(({ name }) => flow.includes(name))) {
      expect(await runControl(subject, control)).toMatchObject({ caught: true, by: { name: "transport" } });
    }
  });

  it("without any noise is refused", async () => {
    await expect(custom("0")).rejects.toThrow(/must not vanish on the whole range/);
    const sde = await custom("0", "x-x^3");
    await expect(fokkerPlanckCheck({ sde, target })).rejects.toThrow(/g must not vanish on the whole .* - /);
  });
});

describe("an identity that holds with equality is not failed by rounding", () => {
  it.each(["discrete", "rectified-flow", "cosine"])("of Gaussian data under %s", async (name) => {
    const sde = await createSde(name);
    const only = ["certified-bound", "transport-cost", "flow-lipschitz"];
    const { checks } = await verify({ sde, target, only });
    expect(checks.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
  });
});

it("the noise of a step too small for any rule is skipped, not failed", async () => {
  const sde = await custom("1e-6");
  const { checks } = await verify({ sde, target: toy("bimodal"), only: ["reverse-conditional"] });
  expect(checks[0]).toMatchObject({ name: "reverse-conditional", verdict: "skip" });
  expect(checks[0]!.reason).toMatch(/200000 nodes do not resolve the noise/);
});
