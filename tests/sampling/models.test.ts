import { describe, expect, it } from "vitest";
import { solvers, UsageError } from "../../solvers/index.js";
import type { Model } from "../../solvers/types.js";
import { ModelError } from "../../src/sampling/guard-model.js";
import { sample } from "../../src/sampling/sample.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { defineModel } from "../../src/scores/model.js";
import { ve, vp } from "../../src/sdes/index.js";
import { toy } from "../../src/targets/index.js";

const sde = vp();
const exact = exactScore(toy("trimodal"), sde);
const base = { sde, samples: 12, seed: 2, batchSize: 5 } as const;
const stepsFor = (solver: string) => (solver.startsWith("rk") ? {} : { steps: 9 });

/** The exact score, changed by `change` after it was written to `out`. */
const altered = (change: (batch: Parameters<Model["evaluate"]>[0], out: Float64Array) => void): Model => ({
  predicts: "score",
  dimension: 1,
  evaluate(batch, out) {
    exact.evaluate(batch, out);
    change(batch, out);
  },
});

describe("a model that throws", () => {
  it.each(["em", "ode-heun", "dpm++2m", "rk45"])("%s: ModelError names t and keeps the cause", async (solver) => {
    const cause = new RangeError("out of memory");
    let calls = 0;
    const model = altered(() => {
      if (++calls > 3) throw cause;
    });
    const run = sample({ ...base, ...stepsFor(solver), model, solver });
    await expect(run).rejects.toThrow(ModelError);
    const error: unknown = await run.catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      cause,
      message: expect.stringMatching(/^model: threw at t (= |from )[01].* on \d+ rows: out of memory$/),
    });
  });

  it("a rejected promise is the same", async () => {
    const model: Model = {
      predicts: "score",
      dimension: 1,
      evaluate: async () => Promise.reject(new Error("no network")),
    };
    await expect(sample({ ...base, steps: 3, model, solver: "em" })).rejects.toThrow(
      "model: threw at t = 1 on 5 rows: no network",
    );
  });

  it("what is no Error is described", async () => {
    const model = altered(() => {
      throw "a word";
    });
    await expect(sample({ ...base, steps: 3, model, solver: "em" })).rejects.toThrow("rows: a word");
  });
});

describe("a model that returns NaN for one sample at some t", () => {
  it.each(["em", "pc", "ode-rk4", "ddim", "dpm++2m", "edm-heun", "stochastic-heun"])(
    "%s: the others are untouched bit for bit",
    async (solver) => {
      const clean = await sample({ ...base, steps: 9, model: exact, solver, grid: "uniform" });
      // Sample 7 is row 2 of the second chunk of five.
      let chunk = -1;
      const model = altered(({ times, count }, out) => {
        if (times[0] === 1) chunk++;
        if (chunk === 1 && count === 5 && times[0]! < 0.5) out[2] = Number.NaN;
      });
      const run = await sample({ ...base, steps: 9, model, solver, grid: "uniform" });
      expect(run.status).toBe("non-finite");
      expect(run.perSample.status.map((status, i) => [i, status])).toEqual(
        Array.from({ length: 12 }, (_, i) => [i, i === 7 ? "non-finite" : "success"]),
      );
      for (let i = 0; i < 12; i++) {
        if (i === 7) expect(run.samples.data[i]).toBeNaN();
        else expect(run.samples.data[i]).toBe(clean.samples.data[i]);
      }
      expect(run.troubles.length).toBe(1);
      const [trouble] = run.troubles;
      expect(trouble!.sample).toBe(7);
      // The first time after the model failed that the grid visits: below 0.5 after at most one more step.
      expect(trouble!.t!).toBeLessThan(0.56);
      expect(trouble!.t!).toBeGreaterThan(0.3);
      expect(run.message).toContain("1 of 12 samples ended as non-finite; sample 7: not finite after step");
      expect(run.message).toContain(`t = ${trouble!.t}`);
    },
  );

  it("rk45: that sample stops, the others do not notice", async () => {
    const clean = await sample({ ...base, batchSize: 1, model: exact, solver: "rk45" });
    let sampleIndex = -1;
    let last = 0;
    const model = altered(({ times }, out) => {
      if (times[0]! > last) sampleIndex += times[0] === 1 ? 1 : 0;
      last = times[0]!;
      if (sampleIndex === 3 && times[0]! < 0.4) out[0] = Number.NaN;
    });
    const run = await sample({ ...base, batchSize: 1, model, solver: "rk45" });
    expect(run.perSample.status.filter((status) => status !== "success").length).toBe(1);
    const broken = run.perSample.status.findIndex((status) => status !== "success");
    expect(["non-finite", "step-underflow"]).toContain(run.perSample.status[broken]);
    expect(run.troubles[0]!.message).toMatch(/ at t = 0\.[34]/);
    for (let i = 0; i < 12; i++) if (i !== broken) expect(run.samples.data[i]).toBe(clean.samples.data[i]);
  });

  it("infinite at the first time: every sample is reported, at most a hundred by name", async () => {
    const model = altered((_batch, out) => void out.fill(Number.POSITIVE_INFINITY));
    const run = await sample({ sde, model, solver: "em", steps: 4, samples: 150 });
    expect(run.status).toBe("non-finite");
    expect(run.message).toContain("150 of 150 samples");
    expect(run.troubles.length).toBe(100);
    expect(run.troubles.every(({ step }) => step === 1)).toBe(true);
  });
});

describe("what a model may return", () => {
  it.each(["em", "rk45"])("%s: a wrong length is refused", async (solver) => {
    const model: Model = { predicts: "score", dimension: 1, evaluate: ({ count }) => new Float64Array(count + 1) };
    const run = sample({ ...base, ...stepsFor(solver), model, solver });
    await expect(run).rejects.toThrow(UsageError);
    await expect(run).rejects.toThrow("model: must answer with count × dimension");
  });

  it.each(["em", "rk45"])("%s: other arrays than Float64Array are refused, not taken for zeros", async (solver) => {
    const evaluate = ({ count }: { count: number }) => new Float32Array(count) as unknown as Float64Array;
    const run = sample({ ...base, ...stepsFor(solver), model: { predicts: "score", dimension: 1, evaluate }, solver });
    await expect(run).rejects.toThrow("return a Float64Array, but returned Float32Array");
  });

  it.each(["em", "pc", "ode-heun:variable=rho", "dpm++2m", "rk45", "rk45:variable=rho"])(
    "%s: promises and returned arrays give the same bits",
    async (solver) => {
      const options = { ...base, ...stepsFor(solver), solver };
      const wanted = (await sample({ ...options, model: exact })).samples.data;
      const late: Model = {
        predicts: "score",
        dimension: 1,
        async evaluate(batch, out) {
          await Promise.resolve();
          exact.evaluate(batch, out);
        },
      };
      const returned: Model = {
        predicts: "score",
        dimension: 1,
        evaluate(batch) {
          const own = new Float64Array(batch.count);
          exact.evaluate(batch, own);
          return own;
        },
      };
      expect((await sample({ ...options, model: late })).samples.data).toEqual(wanted);
      expect((await sample({ ...options, model: returned })).samples.data).toEqual(wanted);
    },
  );

  it.each(["noise", "data", "velocity"] as const)(
    "%s predictions give the samples of the score",
    async (prediction) => {
      for (const schedule of [vp(), ve()]) {
        const model = exactScore(toy("trimodal"), schedule);
        for (const solver of ["em", "ddim", "rk45"]) {
          const options = { sde: schedule, samples: 8, solver, ...stepsFor(solver) };
          const wanted = await sample({ ...options, model });
          const other = await sample({ ...options, model: model.as(prediction) });
          // Conversions round; the mixture's score is steep (a few 100) near the end.
          for (let i = 0; i < 8; i++) {
            expect(Math.abs(other.samples.data[i]! - wanted.samples.data[i]!)).toBeLessThan(1e-8);
          }
        }
      }
    },
  );

  it("a definition that cannot be meant is refused", () => {
    const evaluate = () => {};
    expect(() => defineModel({ predicts: "scores" as "score", dimension: 1, evaluate })).toThrow(UsageError);
    for (const dimension of [0, 1.5, Number.NaN]) {
      expect(() => defineModel({ predicts: "score", dimension, evaluate })).toThrow("dimension must be a whole number");
    }
    expect(() => defineModel({ predicts: "score", dimension: 1, evaluate }).as("data")).toThrow("needs the SDE");
  });
});

describe("evaluations", () => {
  const counting = () => {
    const counted = { rows: 0, calls: 0 };
    const model = altered(({ count }) => {
      counted.rows += count;
      counted.calls++;
    });
    return { counted, model };
  };

  it.each(solvers.map(({ name }) => name))("%s: the count reported is the count made", async (solver) => {
    const { counted, model } = counting();
    const run = await sample({ ...base, ...stepsFor(solver), model, solver });
    const sum = run.perSample.evaluations.reduce((a, b) => a + b, 0);
    expect(sum).toBe(counted.rows);
    expect(run.evaluations).toBe(sum / 12);
    const facts = solvers.find(({ name }) => name === solver)!;
    if (!solver.startsWith("rk")) expect(run.evaluations).toBe(9 * facts.evaluationsPerStep);
  });

  it("denoising costs one more", async () => {
    for (const solver of ["em", "rk45"]) {
      const { counted, model } = counting();
      const plain = await sample({ ...base, ...stepsFor(solver), model: exact, solver });
      const run = await sample({ ...base, ...stepsFor(solver), model, solver, denoise: true });
      expect(run.evaluations).toBe(plain.evaluations + 1);
      expect(run.evaluations * 12).toBe(counted.rows);
    }
  });
});
