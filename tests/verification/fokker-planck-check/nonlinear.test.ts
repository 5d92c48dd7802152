import { describe, expect, it } from "vitest";
import { fokkerPlanckCheck } from "../../../src/experiments/fokker-planck-check.js";
import { createSde } from "../../../src/sdes/index.js";
import { gaussian, toy } from "../../../src/targets/index.js";
import {
  nonlinearReverse,
  nonlinearScore,
  nonlinearSubject,
  nonlinearTransport,
} from "../../../src/verification/fokker-planck-check/index.js";

describe("drifts nonlinear in x", () => {
  it("hold up to the last time, a rounding error beyond, with a law that narrows on its way", async () => {
    const sde = await createSde("custom", { drift: "-4*x-x^3", diffusion: "0.5", tMax: 3 });
    const subject = await nonlinearSubject({ sde, target: gaussian({ mean: 0 }), samples: 500, seed: 0 });
    expect(sde.drift(Float64Array.of(1), 3 * (1 + 2 ** -52))).toEqual(Float64Array.of(-5));
    expect(() => sde.drift(Float64Array.of(1), 3 + 1e-12)).toThrow(/must be in \[0, 3\]/);
    const check = await nonlinearScore(subject);
    // Places where there is mass at each time: order 2 in the cell width leaves thousandths.
    expect(check.verdict).toBe("pass");
    expect(check.figure).toBeLessThan(0.01);
  });

  it("have scores that solve their equation about the gap between modes, and not once they are scaled", async () => {
    const sde = await createSde("custom", { drift: "tanh(x)", diffusion: "0.3" });
    const subject = await nonlinearSubject({ sde, target: toy("trimodal"), samples: 500, seed: 0 });
    expect((await nonlinearScore(subject)).verdict).toBe("pass");
    // 1.1 s leaves 0.1 · 1.1 of ∇(½g² |s|²), of which |∂s/∂t| is a part.
    expect((await nonlinearScore({ ...subject, flowFactor: 1.1 })).verdict).toBe("fail");
  });

  it("starts its flow with a step inside the range", async () => {
    const sde = await createSde("custom", { drift: "4*(x-x^3)*t", diffusion: "0.5+t" });
    const subject = await nonlinearSubject({ sde, target: toy("bimodal"), samples: 500, seed: 0 });
    for (const [flowFactor, verdict] of [
      [1, "pass"],
      [0, "fail"],
      [2, "fail"],
    ] as const) {
      expect((await nonlinearTransport({ ...subject, flowFactor })).verdict).toBe(verdict);
    }
  });

  it("are sampled in the limit of small steps: what few steps of Heun do wrong is extrapolated away", async () => {
    const sde = await createSde("custom", { drift: "-x^3", diffusion: "1", tMax: 1 });
    const subject = await nonlinearSubject({ sde, target: toy("trimodal"), samples: 20_000, seed: 0 });
    const few = { steps: [4] };
    const { claim, result } = await nonlinearReverse(subject, few);
    expect(claim).toMatch(/from 4 and 8 steps/);
    // |z| < 4. The finer run alone, 8 steps, has χ² = 398 with 104 degrees of freedom.
    expect(result.pValue).toBeGreaterThan(6e-5);
    // A score 10% too large is no matter of steps.
    const wrong = await nonlinearReverse({ ...subject, reverseFactor: 1.1 }, few);
    expect(wrong.result.pValue).toBeLessThan(6e-5);
  });

  it("hold, and every planted mistake is caught, where the drift hides what a wrong noise does", async () => {
    const sde = await createSde("custom", { drift: "-x^3", diffusion: "0.5" });
    const { result } = await fokkerPlanckCheck({ sde, target: toy("trimodal"), samples: 500 });
    expect(result.checks.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
    expect(result.controls.filter(({ caught }) => !caught)).toEqual([]);
  });
});
