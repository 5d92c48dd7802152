import ndarray from "ndarray";
import { describe, expect, it } from "vitest";
import { fillNormal } from "../../solvers/noise/normal.js";
import { NoiseSlot } from "../../solvers/noise/slots.js";
import { sample } from "../../src/sampling/sample.js";
import type { SampleProgress } from "../../src/sampling/types.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { cosine, edm, ve, vp } from "../../src/sdes/index.js";
import { gaussian, toy } from "../../src/targets/index.js";

const sde = vp();
const model = exactScore(toy("trimodal"), sde);
const plane = exactScore(toy("two-moons"), sde);
const base = { sde, model, solver: "em", steps: 8, samples: 10, seed: 4 } as const;

describe("start", () => {
  it("is the prior: standard normals times its standard deviation", async () => {
    for (const schedule of [vp(), ve(), edm()]) {
      const run = await sample({ ...base, sde: schedule, model: exactScore(toy("bimodal"), schedule), keepPath: true });
      const z = new Float64Array(10);
      fillNormal({ seed: 4, stream: "sampler", step: 0, slot: NoiseSlot.INITIAL }, 0, z);
      expect([...run.path!.states[0]!.data]).toEqual([...z].map((value) => value * schedule.priorStandardDeviation));
    }
  });

  it("may be given, flat or as an array of any layout", async () => {
    const initial = Float64Array.from({ length: 20 }, (_, i) => Math.sin(i));
    const options = { ...base, model: plane, initial, keepPath: true } as const;
    const flat = await sample(options);
    expect(flat.path!.states[0]!.data).toEqual(initial);
    const columns = new Float64Array(20);
    for (let i = 0; i < 10; i++) for (let j = 0; j < 2; j++) columns[10 * j + i] = initial[2 * i + j]!;
    const transposed = ndarray(columns, [10, 2], [1, 10]);
    expect((await sample({ ...options, initial: transposed })).samples.data).toEqual(flat.samples.data);
    const rows = Array.from({ length: 10 }, (_, i) => [initial[2 * i]!, initial[2 * i + 1]!]);
    expect((await sample({ ...options, initial: rows })).samples.data).toEqual(flat.samples.data);
    expect((await sample({ ...options, batchSize: 3 })).samples.data).toEqual(flat.samples.data);
    // A given start is not written to.
    expect(initial[7]).toBe(Math.sin(7));
  });
});

describe("grid", () => {
  it("is the SDE's customary one by default", async () => {
    const levels = edm();
    const run = await sample({ ...base, sde: levels, model: exactScore(toy("bimodal"), levels), solver: "edm-heun" });
    for (const [i, t] of run.times!.entries()) {
      const root = 80 ** (1 / 7) + (i / 8) * (0.002 ** (1 / 7) - 80 ** (1 / 7));
      expect(Math.abs(t / root ** 7 - 1)).toBeLessThan(1e-12);
    }
    expect([...(await sample(base)).times!].every((t, i) => Math.abs(t - (1 - (i / 8) * 0.999)) < 1e-15)).toBe(true);
  });

  it("may be a spec or explicit times, also short of the ends", async () => {
    const run = await sample({ ...base, grid: "karras:rho=3" });
    expect(run.times!.length).toBe(9);
    const { steps: _, ...rest } = base;
    const times = [0.8, 0.5, 0.3];
    expect([...(await sample({ ...rest, times })).times!]).toEqual(times);
    expect((await sample({ ...rest, times, steps: 2 })).evaluations).toBe(2);
  });
});

describe("noise", () => {
  it("may be the user's: called by step, slot and samples", async () => {
    const calls: unknown[] = [];
    const noise = (step: number, slot: number, firstSample: number, count: number, out: Float64Array) => {
      calls.push([step, slot, firstSample, count, out.length]);
      fillNormal({ seed: 4, stream: "sampler", step, slot }, 2 * firstSample, out);
    };
    const options = { ...base, model: plane, steps: 2, firstSample: 5, batchSize: 6 };
    const run = await sample({ ...options, noise });
    expect(calls).toEqual([
      [0, NoiseSlot.INITIAL, 5, 6, 12],
      [0, NoiseSlot.PREDICTOR, 5, 6, 12],
      [1, NoiseSlot.PREDICTOR, 5, 6, 12],
      [0, NoiseSlot.INITIAL, 11, 4, 8],
      [0, NoiseSlot.PREDICTOR, 11, 4, 8],
      [1, NoiseSlot.PREDICTOR, 11, 4, 8],
    ]);
    expect(run.samples.data).toEqual((await sample(options)).samples.data);
  });
});

describe("path", () => {
  it("holds the start, every step and the end", async () => {
    const run = await sample({ ...base, keepPath: true, batchSize: 3 });
    expect(run.path!.times).toEqual(run.times);
    expect(run.path!.states.length).toBe(9);
    expect(run.path!.states[8]!.data).toEqual(run.samples.data);
    expect(run.path!.states[0]!.shape).toEqual([10, 1]);
    expect((await sample(base)).path).toBeNull();
    // A run over the second half continues from the middle.
    const noise = (step: number, slot: number, first: number, _count: number, out: Float64Array) =>
      fillNormal({ seed: 4, stream: "sampler", step: step + 4, slot }, first, out);
    const { steps: _, ...rest } = base;
    const half = await sample({ ...rest, noise, times: run.times!.slice(4), initial: run.path!.states[4]! });
    expect(half.samples.data).toEqual(run.samples.data);
  });

  it("with denoising has one more state, at 0", async () => {
    const run = await sample({ ...base, keepPath: true, denoise: true });
    expect(run.path!.states.length).toBe(10);
    expect(run.path!.times[9]).toBe(0);
    expect(run.path!.states[9]!.data).toEqual(run.samples.data);
    expect(run.path!.states[8]!.data).toEqual((await sample(base)).samples.data);
  });

  it("of an adaptive solver is each sample's own", async () => {
    const { steps: _, ...rest } = base;
    const run = await sample({ ...rest, solver: "rk45", keepPath: true, batchSize: 4 });
    expect([run.path, run.times]).toEqual([null, null]);
    expect(run.paths!.length).toBe(10);
    for (const [i, { times, states }] of run.paths!.entries()) {
      expect(times[0]).toBe(sde.tMax);
      expect(times.at(-1)).toBe(sde.tMin);
      expect(states.at(-1)).toBe(run.samples.data[i]);
      expect(times.length).toBe(run.perSample.accepted![i]! + 1);
    }
  });
});

describe("denoise", () => {
  it("ends with the posterior mean of the data", async () => {
    const law = exactScore(gaussian({ mean: 0.7, standardDeviation: 0.5 }), sde);
    const [alpha, sigma] = [sde.alpha(sde.tMin), sde.sigma(sde.tMin)];
    const { steps, ...rest } = base;
    for (const options of [
      { ...rest, steps },
      { ...rest, solver: "rk45" },
    ]) {
      const plain = await sample({ ...options, model: law });
      const end = await sample({ ...options, model: law, denoise: true });
      for (const [i, x] of plain.samples.data.entries()) {
        const mean = (0.7 * sigma ** 2 + alpha * 0.25 * x) / (sigma ** 2 + alpha ** 2 * 0.25);
        expect(Math.abs(end.samples.data[i]! - mean)).toBeLessThan(1e-13);
      }
    }
  });
});

describe("progress", () => {
  it("reports every step of every chunk, the last with fraction 1", async () => {
    const seen: SampleProgress[] = [];
    await sample({ ...base, steps: 3, batchSize: 6, onStep: (progress) => void seen.push({ ...progress }) });
    expect(seen.map(({ firstSample, count, step }) => [firstSample, count, step])).toEqual([
      [0, 6, 0],
      [0, 6, 1],
      [0, 6, 2],
      [6, 4, 0],
      [6, 4, 1],
      [6, 4, 2],
    ]);
    expect(seen.map(({ fraction }) => fraction)).toEqual(
      [0.2, 0.4, 0.6, 0.6 + 0.4 / 3, 0.6 + 0.8 / 3, 1].map((f) => expect.closeTo(f, 12)),
    );
    expect(seen.at(-1)!.t).toBe(sde.tMin);
  });

  it("is awaited", async () => {
    let running = 0;
    const onStep = async () => {
      expect(running++).toBe(0);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
    };
    await sample({ ...base, steps: 3, onStep });
  });
});

describe("an abort signal", () => {
  it.each(["em", "pc", "dpm++2m"])("%s: stops after the step, keeps what is finished", async (solver) => {
    const controller = new AbortController();
    const whole = await sample({ ...base, solver });
    const run = await sample({
      ...base,
      solver,
      batchSize: 4,
      signal: controller.signal,
      keepPath: true,
      onStep: ({ firstSample, step }) => {
        if (firstSample === 4 && step === 2) controller.abort();
      },
    });
    expect(run.status).toBe("aborted");
    expect(run.message).toBe("stopped on request; 4 of 10 samples are finished");
    expect(run.perSample.status).toEqual(Array.from({ length: 10 }, (_, i) => (i < 4 ? "success" : "aborted")));
    expect(run.samples.data.slice(0, 4)).toEqual(whole.samples.data.slice(0, 4));
    // The second chunk is where it was, the third never began.
    expect(run.samples.data.slice(4, 8)).toEqual(run.path!.states[3]!.data.slice(4, 8));
    expect(run.samples.data.slice(8)).toEqual(Float64Array.of(Number.NaN, Number.NaN));
    const finished = whole.evaluations;
    expect([...run.perSample.evaluations]).toEqual([
      ...new Array(4).fill(finished),
      ...new Array(4).fill((3 * finished) / 8),
      0,
      0,
    ]);
  });

  it("rk45: stops between rounds", async () => {
    const controller = new AbortController();
    const { steps: _, ...rest } = base;
    const whole = await sample({ ...rest, solver: "rk45" });
    const run = await sample({
      ...rest,
      solver: "rk45",
      batchSize: 4,
      signal: controller.signal,
      onStep: ({ firstSample }) => {
        if (firstSample === 4) controller.abort();
      },
    });
    expect(run.status).toBe("aborted");
    expect(run.perSample.status.slice(0, 4)).toEqual(new Array(4).fill("success"));
    expect(run.perSample.status.slice(4)).toEqual(new Array(6).fill("aborted"));
    expect(run.samples.data.slice(0, 4)).toEqual(whole.samples.data.slice(0, 4));
  });

  it("aborted beforehand does next to nothing", async () => {
    const run = await sample({ ...base, signal: AbortSignal.abort(), steps: 1000 });
    expect(run.status).toBe("aborted");
    expect(run.evaluations).toBeLessThanOrEqual(1);
  });
});

it("shapes are [samples, dimension]", async () => {
  const run = await sample({ ...base, model: plane });
  expect(run.samples.shape).toEqual([10, 2]);
  expect([run.status, run.message, run.troubles.length]).toEqual(["success", "", 0]);
  expect([run.perSample.accepted, run.perSample.rejected]).toEqual([null, null]);
});

it("rk45 in rho reaches the ends of every schedule", async () => {
  const { steps: _, sde: __, ...rest } = base;
  for (const schedule of [vp(), ve(), edm(), cosine()]) {
    const law = exactScore(toy("bimodal"), schedule);
    const run = await sample({
      ...rest,
      sde: schedule,
      model: law,
      solver: "rk45",
      variable: "rho",
      rtol: 1e-6,
      atol: 1e-6,
    });
    const other = await sample({ ...rest, sde: schedule, model: law, solver: "rk45", rtol: 1e-6, atol: 1e-6 });
    expect(run.status).toBe("success");
    for (const [i, x] of run.samples.data.entries()) expect(Math.abs(x - other.samples.data[i]!)).toBeLessThan(1e-3);
  }
});
