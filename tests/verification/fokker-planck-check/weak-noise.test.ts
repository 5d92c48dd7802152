import { describe, expect, it } from "vitest";
import { createSde, discrete, rectifiedFlow, ve, vp } from "../../../src/sdes/index.js";
import { toy } from "../../../src/targets/index.js";
import {
  checkSubject,
  controlsFor,
  finiteVolumes,
  forwardLaw,
  generatedDensity,
  runControl,
  transportCheck,
} from "../../../src/verification/fokker-planck-check/index.js";

const drawn = { samples: 500, seed: 1 };
const failed = (checks: readonly { name: string; verdict: string }[]) =>
  checks.filter(({ verdict }) => verdict !== "pass").map(({ name }) => name);

describe("where g is small but not zero", () => {
  const weak = createSde("custom", { drift: "-x", diffusion: "sin(3*t)^2+0.05" });

  it("every check of the equation holds", async () => {
    const subject = checkSubject({ sde: await weak, target: toy("trimodal"), ...drawn });
    const checks = [...(await finiteVolumes(subject)).checks, forwardLaw(subject)];
    for (const eta of [1, 0.5]) checks.push(await generatedDensity(subject, eta));
    expect(failed(checks)).toEqual([]);
  });

  it("a wrong sign in the reverse SDE is caught, however small g²s is beside f", async () => {
    const sde = await createSde("custom", { drift: "-x", diffusion: "0.05" });
    const subject = checkSubject({ sde, target: toy("trimodal"), ...drawn });
    const sign = controlsFor(subject.target).find(({ name }) => name === "reverse-sign")!;
    expect((await runControl(subject, sign)).by!.name).toMatch(/^reverse-/);
  });
});

describe("the forward law", () => {
  const sdes = { vp: vp(), ve: ve(), "rectified flow": rectifiedFlow(), discrete: discrete({ betas: "cosine" }) };

  it.each(Object.entries(sdes))("under %s is extrapolated at order 2, and tells g from g (1 + 1e-4)", (_name, sde) => {
    const subject = checkSubject({ sde, target: toy("trimodal"), ...drawn });
    const right = forwardLaw(subject);
    // What the extrapolation of order 2 changes is three times its error.
    expect(right.tolerance! / right.figure!).toBeGreaterThan(2.5);
    expect(right.tolerance! / right.figure!).toBeLessThan(3.5);
    const diffusion = (t: number) => 1.0001 * sde.diffusion(t);
    expect(forwardLaw({ ...subject, equation: { ...sde, diffusion } }).verdict).toBe("fail");
  });
});

describe("transport", () => {
  it("holds for percentiles at the edge of a gap between modes", async () => {
    const subject = checkSubject({ sde: ve(), target: toy("spiky"), ...drawn });
    expect((await transportCheck(subject)).verdict).toBe("pass");
  });
});
