import ndarray from "ndarray";
import { describe, expect, it } from "vitest";
import { findSolver, UsageError } from "../../solvers/index.js";
import { sample } from "../../src/sampling/sample.js";
import type { SampleOptions } from "../../src/sampling/types.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { rectifiedFlow, subVp, ve, vp } from "../../src/sdes/index.js";
import { toy } from "../../src/targets/index.js";

const sde = vp();
let calls = 0;
const exact = exactScore(toy("bimodal"), sde);
const model: SampleOptions["model"] = {
  predicts: "score",
  dimension: 1,
  evaluate(batch, out) {
    calls++;
    return exact.evaluate(batch, out);
  },
};
const base: SampleOptions = { sde, model, solver: "em", steps: 5, samples: 4 };

/** Refuses before any work, with a message that contains every part. */
async function refused(options: Partial<SampleOptions>, ...parts: string[]): Promise<void> {
  calls = 0;
  const error: unknown = await sample({ ...base, ...options }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UsageError);
  for (const part of parts) expect((error as Error).message).toContain(part);
  expect(calls).toBe(0);
}

const bad = [0, -3, 1.5, Number.NaN, Number.POSITIVE_INFINITY];

describe("numbers", () => {
  it.each(bad)("samples %d", (samples) =>
    refused({ samples }, "samples: must be a whole number", `but got ${samples}`),
  );
  it("more samples than a run holds", () =>
    refused(
      { samples: 2 ** 25 + 1 },
      "samples: must be a whole number in [1, 33554432]",
      "draw parts of a run by firstSample",
    ));
  it.each(bad)("steps %d", (steps) =>
    refused({ steps }, "steps: must be a whole number in [1, 10000000]", `but got ${steps}`),
  );
  it.each(bad)("batchSize %d", (batchSize) => refused({ batchSize }, "batchSize: must be a whole number"));
  it.each(bad.slice(1))("seed %d", (seed) => refused({ seed }, "seed: must be", `but got ${seed}`));
  it.each(bad.slice(1))("run %d", (run) => refused({ run }, "run: must be"));
  it.each(bad.slice(1))("firstSample %d", (firstSample) => refused({ firstSample }, "firstSample: must be"));
  it("run 2³² and seed 2⁵³", async () => {
    await refused({ run: 2 ** 32 }, "run: must be");
    await refused({ seed: 2 ** 53 }, "seed: must be");
  });
});

describe("times", () => {
  const without = (times: number[]) => {
    const { steps: _, ...rest } = base;
    return sample({ ...rest, times }).catch((reason: unknown) => reason);
  };

  it("that do not decrease, leave the range, or are too few", async () => {
    for (const [times, part] of [
      [[0.2, 0.5], "decrease strictly"],
      [[1, 0.5, 0.5], "decrease strictly"],
      [[1, Number.NaN, 0.1], "times[1] = NaN"],
      [[2, 1], "times[0] = 2"],
      [[1, 1e-5], "[0.001, 1] of vp"],
      [[1], "at least two"],
      [[], "at least two"],
    ] as const) {
      const error = await without([...times]);
      expect(error).toBeInstanceOf(UsageError);
      expect((error as Error).message).toContain(part);
    }
  });

  it("together with other steps, or neither", async () => {
    await refused({ times: [1, 0.5, 0.1], steps: 7 }, "steps: 7 contradicts the 3 times");
    const { steps: _, ...rest } = base;
    await expect(sample(rest)).rejects.toThrow("steps: missing");
  });
});

describe("names", () => {
  it("unknown solvers, with the nearest", () =>
    refused({ solver: "dpm2m" }, "unknown name 'dpm2m'", "Did you mean 'dpm++2m'?"));
  it("unknown options", async () => {
    await refused({ solver: "em:etta=1" }, "em: unknown option 'etta'", "Did you mean 'eta'?");
    await refused({ solver: "ode-heun:eta=1" }, "ode-heun: unknown option 'eta'");
    await refused({ solver: "exponential-em:eta=1" }, "It has no options");
  });
  it("options out of range", async () => {
    await refused({ solver: "em:eta=-1" }, "em: eta: must be a finite number ≥ 0, but got -1");
    await refused({ solver: "pc:snr=0" }, "pc: snr: must be a finite number > 0");
    await refused({ solver: "pc:corrector=lagevin" }, "Did you mean 'langevin'?");
    await refused({ solver: "rk45:rtol=NaN" }, "rk45: rtol: must be a finite number > 0, but got 'NaN'");
  });
  it("options of other solvers", async () => {
    await refused({ variable: "rho" }, "em: has no option 'variable'");
    await refused({ solver: "ddim", rtol: 1e-3 }, "ddim: has no option 'rtol'");
  });
  it("unknown grids and noises", async () => {
    await refused({ grid: "karas" }, "Did you mean 'karras'?");
    await refused({ grid: "karras:rho=-1" }, "grid karras: rho: must be");
    await refused({ noise: "paths" as "path" }, "noise: must be 'counter', 'path' or a function");
  });
  it("what is no solver", async () => {
    // As callers without types may pass it.
    const untyped = (solver: unknown) => refused({ solver: solver as "em" }, "solver: must be a");
    await untyped(findSolver("em"));
    await untyped(null);
    await untyped({});
    await refused(
      { solver: findSolver("em") as unknown as "em" },
      "the factory of 'em' - pass what its create() returns",
    );
  });
  it("broken specs", () => refused({ solver: "em:eta" }, "'eta' in 'em:eta' is not of the form option=value"));
});

describe("start states", () => {
  it("of the wrong shape", async () => {
    await refused({ initial: new Float64Array(3) }, "initial: must hold a row for each of 4 samples, but got 3");
    await refused({ initial: new Float64Array(5) }, "but got 5");
    await refused({ initial: ndarray(new Float64Array(8), [4, 2]) }, "initial: the shape must be [count, 1]");
    await refused({ initial: [[1, 2], [3]] }, "initial: rows must have equal lengths");
  });
  it("that are not finite", () =>
    refused({ initial: Float64Array.of(0, 1, Number.NaN, 2) }, "initial: must be finite, but number 2 is NaN"));
});

describe("solvers where they make no sense", () => {
  it("ddim with more noise than there is, naming the largest eta that works", async () => {
    await refused(
      { solver: "ddim:eta=1.5", grid: "log-snr" },
      "ddim: eta·√(1 − e^(−2h)) must not exceed 1",
      "use eta ≤",
    );
    const message = await sample({ ...base, solver: "ddim:eta=1.5", grid: "log-snr" }).catch(
      (error: Error) => error.message,
    );
    const most = Number(/use eta ≤ ([\d.]+)/.exec(String(message))![1]);
    // The number is rounded to four digits: a little less works.
    expect((await sample({ ...base, solver: `ddim:eta=${most - 1e-3}`, grid: "log-snr" })).status).toBe("success");
    await refused({ solver: `ddim:eta=${most + 1e-3}`, grid: "log-snr" }, "must not exceed 1");
  });

  it.each(["reverse-diffusion", "ancestral"])(
    "%s with compat=song on too few steps, naming the least that works",
    async (name) => {
      const solver = `${name}:compat=song`;
      const error: unknown = await sample({ ...base, solver }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(UsageError);
      const least = Number(/use at least (\d+) steps/.exec((error as Error).message)![1]);
      // b = h β(1) = 20 · 0.999/N < 1 from N = 20 on.
      expect(least).toBe(20);
      expect((await sample({ ...base, solver, steps: least })).status).toBe("success");
      await refused({ solver, steps: least - 1 }, `use at least ${least} steps`);
      await refused({ solver, grid: "log-snr", steps: 5 }, "use at least");
    },
  );

  it("compat=song on explicit times, and on SDEs that score_sde does not discretise", async () => {
    const { steps: _, ...rest } = base;
    const solver = "reverse-diffusion:compat=song";
    await expect(sample({ ...rest, solver, times: [1, 0.5, 0.1] })).rejects.toThrow("refine the times");
    for (const other of [subVp(), rectifiedFlow()])
      await refused({ sde: other, solver, steps: 2000 }, "leave compat out");
    const exploding = ve();
    const run = await sample({ ...base, sde: exploding, model: exactScore(toy("bimodal"), exploding), solver });
    expect(run.status).toBe("success");
  });
});
