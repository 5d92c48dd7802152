import { describe, expect, it } from "vitest";
import { caughtText, verdictHeadline } from "../../../src/reports/verdict-headline.js";
import { exactScore } from "../../../src/scores/index.js";
import { createSde, vp } from "../../../src/sdes/index.js";
import { gaussian, toy } from "../../../src/targets/index.js";
import { missedControls } from "../../../src/verification/control.js";
import { checkSubject, controlsFor, runControl } from "../../../src/verification/fokker-planck-check/index.js";
import { modelFrom } from "../../../src/verification/model-from.js";
import { sameScore } from "../../../src/verification/same-score.js";
import { sameSde } from "../../../src/verification/same-sde.js";

const planted = async (subject: Parameters<typeof runControl>[0], name: string) =>
  runControl(subject, controlsFor(subject.target).find((control) => control.name === name)!);

describe("a planted mistake that changes nothing", () => {
  it("is a score read too late where the law does not change", async () => {
    const at = (standardDeviation: number) =>
      checkSubject({ sde: vp(), target: gaussian({ standardDeviation }), samples: 500, seed: 1 });
    const idle = await planted(at(1), "time-shifted-score");
    expect(idle).toMatchObject({ caught: false, changes: false, by: null });
    expect(missedControls([idle])).toEqual([]);
    expect(await planted(at(1.001), "time-shifted-score")).toMatchObject({ caught: true, changes: true });
  });

  it("is g² left out where g is 1", async () => {
    const sde = await createSde("custom", { drift: "-x", diffusion: "1" });
    const subject = checkSubject({ sde, target: toy("bimodal"), samples: 500, seed: 1 });
    expect(await planted(subject, "missing-g")).toMatchObject({ caught: false, changes: false });
  });

  it("is told from one that is missed", () => {
    const control = (name: string, changes: boolean) => ({ name, mistake: "m", caught: false, changes, by: null });
    const caught = { ...control("c", true), caught: true };
    expect(verdictHeadline([], [caught, control("a", false)])).toBe(
      "All 0 checks hold; all 1 planted mistakes were caught (a changes nothing on this problem)",
    );
    expect(verdictHeadline([], [caught, control("a", false), control("b", true)])).toMatch(
      /planted mistakes missed: b$/,
    );
    expect(caughtText([caught], "faults")).toBe("1 faults were caught");
  });
});

describe("equal to rounding", () => {
  it("are scores and SDEs that differ by a few ulp, not by 1e-12", async () => {
    const [sde, target] = [vp(), toy("trimodal")];
    const score = exactScore(target, sde);
    const scaled = (factor: number) => modelFrom(score, sde, { value: (s) => factor * s });
    expect(await sameScore(score, scaled(1 + 2 ** -52), { sde, target })).toBe(true);
    expect(await sameScore(score, scaled(1 + 1e-12), { sde, target })).toBe(false);
    const faster = (factor: number) => ({ ...sde, diffusion: (t: number) => factor * sde.diffusion(t) });
    expect(sameSde(sde, faster(1 + 2 ** -52))).toBe(true);
    expect(sameSde(sde, faster(1 + 1e-12))).toBe(false);
    expect(sameSde(sde, { ...sde, priorStandardDeviation: 1.1 })).toBe(false);
    expect(sameSde(sde, { ...sde, timeAtLogSnr: (lambda) => sde.timeAtLogSnr(lambda) + 1e-9 })).toBe(false);
  });
});
