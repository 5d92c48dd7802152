import { describe, expect, it } from "vitest";
import { integrate, integrationRounds } from "../../../solvers/ode/adaptive.js";
import type { IntegrationOptions } from "../../../solvers/ode/adaptive-options.js";
import { mixtureScore } from "./problems.js";

/** Rows of very different difficulty: rotation with speed |y|⁴ and a time-dependent force; closed form is not needed here. */
const dimension = 2;
const swirl = (times: Float64Array, y: Float64Array, count: number, out: Float64Array): void => {
  for (let r = 0; r < count; r++) {
    const [a, b] = [y[2 * r]!, y[2 * r + 1]!];
    const speed = (a * a + b * b) ** 2;
    out[2 * r] = -speed * b + Math.sin(times[r]!);
    out[2 * r + 1] = speed * a;
  }
};
const starts = (count: number): Float64Array =>
  Float64Array.from({ length: count * dimension }, (_, i) => 0.1 + 1.5 * ((i * 0.6180339887498949) % 1));
const base = { f: swirl, from: 0, to: 3, dimension, rtol: 1e-5, atol: 1e-7 } as const;

describe("control per sample", () => {
  const count = 1000;
  const y0 = starts(count);
  const to = 1.5;
  const chosen = [0, 1, 17, 333, 998, 999];

  it.each(["scipy", "hairer", "pid"] as const)(
    "%s: a path is bit-identical alone and among 1000",
    async (controller) => {
      const together = await integrate({ ...base, to, y0, count, controller, keepPath: "dense" });
      expect(new Set(together.evaluations).size).toBeGreaterThan(20);
      expect(together.statuses.every((status) => status === "success")).toBe(true);
      for (const row of chosen) {
        const alone = await integrate({
          ...base,
          to,
          y0: y0.slice(2 * row, 2 * row + 2),
          count: 1,
          controller,
          keepPath: "dense",
        });
        expect(alone.paths![0]).toEqual(together.paths![row]);
        expect([...alone.end]).toEqual([...together.end.slice(2 * row, 2 * row + 2)]);
        expect(alone.evaluations[0]).toBe(together.evaluations[row]);
        expect(alone.accepted[0]).toBe(together.accepted[row]);
        expect(alone.rejected[0]).toBe(together.rejected[row]);
      }
    },
  );

  it("asks for all active rows in one call, each with its own time, and tells which rows they are", async () => {
    const calls: number[] = [];
    let different = 0;
    const asked = new Int32Array(50);
    const result = await integrate({
      ...base,
      y0: starts(50),
      count: 50,
      f: (times, y, n, out, rows) => {
        expect([times.length, y.length, out.length, rows.length]).toEqual([n, 2 * n, 2 * n, n]);
        expect(rows.every((row, r) => r === 0 || row > rows[r - 1]!)).toBe(true);
        calls.push(n);
        for (const row of rows) asked[row]!++;
        if (new Set(times).size > 1) different++;
        swirl(times, y, n, out);
      },
    });
    expect([...asked]).toEqual([...result.evaluations]);
    expect(calls.length).toBe(Math.max(...result.evaluations));
    expect(calls[0]).toBe(50);
    expect(calls.at(-1)).toBeLessThan(50);
    expect(different).toBeGreaterThan(100);
    for (let row = 0; row < 50; row++) {
      expect(result.evaluations[row]).toBe(2 + 6 * (result.accepted[row]! + result.rejected[row]!));
    }
  });

  it("never asks f for a time beyond the end once the first step is chosen, nor for the probe with 'inside'", async () => {
    let beyond = 0;
    await integrate({
      f: (times, y, n, out) => {
        for (let r = 0; r < n; r++) {
          if (times[r]! < 1e-3 || times[r]! > 1) beyond++;
          out[r] = -1e-4 * y[r]!;
        }
      },
      from: 1,
      to: 1e-3,
      y0: Float64Array.from([1, 2, 3]),
      count: 3,
      dimension: 1,
      initialStep: "inside",
    });
    expect(beyond).toBe(0);
  });

  it("leaves y0 alone and gives an empty batch back", async () => {
    const y0 = starts(3);
    const copy = y0.slice();
    await integrate({ ...base, y0, count: 3 });
    expect(y0).toEqual(copy);
    const empty = await integrate({ ...base, y0: new Float64Array(0), count: 0 });
    expect(empty.end.length).toBe(0);
    expect((await integrate({ ...base, y0: new Float64Array(0), count: 0, control: "shared" })).statuses).toEqual([]);
  });
});

it("shared control of n rows is one system of n · dimension components", async () => {
  const count = 7;
  const y0 = starts(count);
  const shared = await integrate({ ...base, y0, count, control: "shared", atol: [1e-7, 1e-5], keepPath: "dense" });
  const system = await integrate({
    ...base,
    y0,
    count: 1,
    dimension: count * dimension,
    atol: Float64Array.from({ length: count * dimension }, (_, i) => (i % 2 === 0 ? 1e-7 : 1e-5)),
    f: (times, y, _n, out) => swirl(new Float64Array(count).fill(times[0]!), y, count, out),
    keepPath: "dense",
  });
  expect(shared.end).toEqual(system.end);
  for (let row = 0; row < count; row++) {
    expect(shared.evaluations[row]).toBe(system.evaluations[0]);
    expect(shared.paths![row]!.times).toEqual(system.paths![0]!.times);
    const points = shared.paths![row]!.times.length;
    for (let i = 0; i < points; i++) {
      expect(shared.paths![row]!.states[2 * i + 1]).toBe(system.paths![0]!.states[2 * (count * i + row) + 1]);
    }
  }
});

it("per-sample control spends less than shared control at no larger error", async () => {
  // VP probability flow of a mixture from t = 1 to 1e-3; the truth is the same flow at 1e-11.
  const count = 64;
  const y0 = Float64Array.from({ length: count }, (_, i) => -2.5 + (5 * i) / (count - 1));
  const f: IntegrationOptions["f"] = (times, y, n, out) => {
    for (let r = 0; r < n; r++) {
      const t = times[r]!;
      const integral = 0.1 * t + 9.95 * t * t;
      const { score } = mixtureScore(y[r]!, Math.exp(-0.5 * integral), -Math.expm1(-integral));
      out[r] = -0.5 * (0.1 + 19.9 * t) * (y[r]! + score);
    }
  };
  const run = (tolerance: number, control: "sample" | "shared") =>
    integrate({ f, from: 1, to: 1e-3, y0, count, dimension: 1, rtol: tolerance, atol: tolerance, control });
  const [truth, sample, shared] = await Promise.all([run(1e-11, "sample"), run(1e-5, "sample"), run(1e-5, "shared")]);
  const worst = (end: Float64Array) => Math.max(...end.map((value, i) => Math.abs(value - truth.end[i]!)));
  const mean = (counts: Int32Array) => counts.reduce((sum, n) => sum + n, 0) / count;
  expect(mean(sample.evaluations)).toBeLessThan(mean(shared.evaluations));
  expect(worst(sample.end)).toBeLessThanOrEqual(worst(shared.end));
});

describe("asynchronous right-hand sides", () => {
  it("give the same bits", async () => {
    const options = { ...base, y0: starts(20), count: 20 };
    const slow = await integrate({
      ...options,
      f: async (times, y, n, out) => {
        await Promise.resolve();
        swirl(times, y, n, out);
      },
    });
    const returned = await integrate({
      ...options,
      f: async (times, y, n) => {
        const out = new Float64Array(2 * n);
        swirl(times, y, n, out);
        return out;
      },
    });
    const direct = await integrate(options);
    expect(slow).toEqual(direct);
    expect(returned).toEqual(direct);
  });

  it("synchronous ones finish without giving way", async () => {
    let done = false;
    const run = integrate({ ...base, y0: starts(2), count: 2, onStep: ({ t }) => (done ||= t === 3) });
    expect(done).toBe(true);
    await run;
  });
});

describe("statuses, row by row", () => {
  /** Row 0: y' = -y. Row 1: y' = y², infinite at t = 1. Row 2: √(y − 1), with no real value below 1. Row 3: not finite at the start. */
  const f: IntegrationOptions["f"] = (_times, y, n, out, rows) => {
    for (let r = 0; r < n; r++) {
      const [a, b] = [y[2 * r]!, y[2 * r + 1]!];
      out[2 * r] = -a;
      out[2 * r + 1] = [-b, b * b, -Math.sqrt(b - 1) - 1, Number.NaN, -b][rows[r]!]!;
    }
  };
  const y0 = Float64Array.from([1, 1, 1, 1, 1, 2, 1, 1, Number.NaN, 1]);
  const options = { f, from: 0, to: 4, y0, count: 5, dimension: 2, rtol: 1e-6, atol: 1e-9 };

  it("trouble ends a row, with where and which component; the others go on", async () => {
    const result = await integrate({ ...options, keepPath: true });
    expect(result.statuses).toEqual(["success", "step-underflow", "non-finite", "non-finite", "non-finite"]);
    expect(Math.abs(result.end[0]! - Math.exp(-4))).toBeLessThan(1e-5);
    expect(result.failures[0]).toBeNull();
    const blowUp = result.failures[1]!;
    expect(blowUp.component).toBe(1);
    // The error of the time of the singularity is of the order of the tolerance.
    expect(Math.abs(blowUp.t - 1)).toBeLessThan(1e-4);
    expect(Math.abs(blowUp.h)).toBeLessThan(1e-14);
    expect(result.endTimes[1]).toBe(blowUp.t);
    // y' = -√(y-1) - 1 reaches y = 1 at t = 2 (1 − ln 2).
    expect(Math.abs(result.failures[2]!.t - 2 * (1 - Math.log(2)))).toBeLessThan(1e-5);
    expect(result.failures[2]!.component).toBe(1);
    expect(result.failures[3]).toEqual({ t: 0, h: 0, component: 1 });
    expect(result.evaluations[3]).toBe(1);
    expect(result.failures[4]).toEqual({ t: 0, h: 0, component: 0 });
    expect(result.evaluations[4]).toBe(0);
    // The partial path ends where the row ended.
    expect(result.paths![1]!.times.length).toBe(result.accepted[1]! + 1);
    expect(result.paths![1]!.times.at(-1)).toBe(blowUp.t);
    const alone = await integrate({ ...options, y0: y0.slice(0, 2), count: 1 });
    expect(alone.end[0]).toBe(result.end[0]);
  });

  it("an infinite state does not pass for an error of zero", async () => {
    const result = await integrate({
      f: (_t, _y, _n, out) => out.fill(1e308),
      from: 0,
      to: 10,
      y0: new Float64Array(1),
      count: 1,
      dimension: 1,
      firstStep: 5,
    });
    expect(result.statuses[0]).toBe("non-finite");
    expect(Number.isFinite(result.end[0]!)).toBe(true);
  });

  it.each([
    [{ maxSteps: 3 }, "max-steps", 2 + 18],
    [{ maxEvaluations: 25 }, "max-evaluations", 20],
    [{ maxEvaluations: 20 }, "max-evaluations", 20],
    [{ maxEvaluations: 1 }, "max-evaluations", 1],
  ] as const)("%o ends in '%s' after %i evaluations, the partial path kept", async (limit, status, evaluations) => {
    const result = await integrate({ ...base, y0: starts(2), count: 2, ...limit, keepPath: true });
    expect(result.statuses).toEqual([status, status]);
    expect([...result.evaluations]).toEqual([evaluations, evaluations]);
    for (const row of [0, 1]) {
      const path = result.paths![row]!;
      expect(path.times.length).toBe(result.accepted[row]! + 1);
      expect(path.times.at(-1)).toBe(result.endTimes[row]);
      expect(path.states.slice(-2)).toEqual(result.end.slice(2 * row, 2 * row + 2));
      expect(result.failures[row]!.component).toBeNull();
    }
  });

  it("a limit that suffices exactly is none", async () => {
    const free = await integrate({ ...base, y0: starts(1), count: 1 });
    const evaluations = free.evaluations[0]!;
    const enough = await integrate({ ...base, y0: starts(1), count: 1, maxEvaluations: evaluations });
    const steps = (evaluations - 2) / 6;
    expect(enough.statuses[0]).toBe("success");
    expect((await integrate({ ...base, y0: starts(1), count: 1, maxSteps: steps })).statuses[0]).toBe("success");
    expect((await integrate({ ...base, y0: starts(1), count: 1, maxSteps: steps - 1 })).statuses[0]).toBe("max-steps");
  });

  it("aborting keeps what was reached", async () => {
    const abort = new AbortController();
    let steps = 0;
    const result = await integrate({
      ...base,
      y0: starts(4),
      count: 4,
      signal: abort.signal,
      keepPath: true,
      onStep: () => {
        if (++steps === 12) abort.abort();
      },
    });
    expect(result.statuses).toEqual(["aborted", "aborted", "aborted", "aborted"]);
    expect(result.endTimes.every((t) => t > 0 && t < 3)).toBe(true);
    expect(result.paths!.every((path, row) => path.times.at(-1) === result.endTimes[row])).toBe(true);
  });

  it("an f that gives up because of the same signal ends in 'aborted', not in an error", async () => {
    const abort = new AbortController();
    let calls = 0;
    const result = await integrate({
      ...base,
      y0: starts(1),
      count: 1,
      signal: abort.signal,
      f: async (times, y, n, out) => {
        if (++calls === 15) abort.abort();
        abort.signal.throwIfAborted();
        swirl(times, y, n, out);
      },
    });
    expect(result.statuses).toEqual(["aborted"]);
    expect(result.evaluations[0]).toBe(15);
    const before = await integrate({ ...base, y0: starts(1), count: 1, signal: AbortSignal.abort() });
    expect(before.statuses).toEqual(["aborted"]);
    expect(before.evaluations[0]).toBe(0);
  });
});

describe("observers", () => {
  it("onStep sees every accepted step of every row", async () => {
    const seen: number[][] = [[], [], []];
    const result = await integrate({
      ...base,
      y0: starts(3),
      count: 3,
      keepPath: true,
      onStep: ({ row, t, h, error, y }) => {
        seen[row]!.push(t, y[0]!, y[1]!);
        expect(error).toBeLessThan(1);
        expect(h).toBeGreaterThan(0);
      },
    });
    for (const row of [0, 1, 2]) {
      const { times, states } = result.paths![row]!;
      const wanted = Array.from(times.slice(1)).flatMap((t, i) => [t, states[2 * i + 2]!, states[2 * i + 3]!]);
      expect(seen[row]).toEqual(wanted);
    }
  });

  it("integrationRounds reports every round and returns the result", async () => {
    const options = { ...base, y0: starts(5), count: 5 };
    const run = integrationRounds(options);
    let rounds = 0;
    for (;;) {
      const { done, value } = await run.next();
      if (done) {
        expect(value).toEqual(await integrate(options));
        expect(rounds).toBe(Math.max(...value.accepted.map((n, row) => n + value.rejected[row]!)));
        break;
      }
      rounds++;
      expect(value.round).toBe(rounds);
      expect(value.active + value.finished).toBe(5);
    }
  });
});

it("maxStep and firstStep are obeyed", async () => {
  const result = await integrate({ ...base, y0: starts(1), count: 1, maxStep: 0.01, firstStep: 0.001, keepPath: true });
  const { times } = result.paths![0]!;
  expect(times[1]).toBe(0.001);
  for (let i = 1; i < times.length; i++) expect(times[i]! - times[i - 1]!).toBeLessThanOrEqual(0.01 + 1e-15);
  expect(result.evaluations[0]).toBe(1 + 6 * (result.accepted[0]! + result.rejected[0]!));
});
