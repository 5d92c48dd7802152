import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BatchSpace, batchSpace, findGrid, type Model, UsageError } from "../../../solvers/index.js";
import { runSolver } from "../../../solvers/run-solver.js";
import { vp } from "../../../src/sdes/index.js";
import { normalScore } from "../batch-run.js";
import { fixedSolver } from "../gaussian-run.js";

const sde = vp();

function space(count = 3, dimension = 2, evaluate: Model["evaluate"] = ({ x }, out) => void out.set(x)): BatchSpace {
  const model: Model = { predicts: "score", dimension, evaluate };
  const start = Float64Array.from({ length: count * dimension }, (_, i) => i + 1);
  return batchSpace({ model, count, start, noise: (_interval, step, slot, out) => out.fill(10 * step + slot) });
}

describe("buffers", () => {
  it.each([
    "em",
    "stochastic-heun",
    "ode-rk4",
    "ode-heun:variable=rho",
    "dpm++2m",
    "edm-heun",
    "pc:correctorSteps=2",
    "pc:corrector=langevin",
    "ddim:eta=0.5",
  ])("%s allocates none after its second step", async (spec) => {
    const made: number[] = [];
    const steps = 8;
    const counted = batchSpace({
      model: normalScore(sde, 0, 1),
      count: 4,
      start: Float64Array.of(1, 2, 3, 4),
      noise: (_interval, _step, _slot, out) => out.fill(0.1),
    });
    // Every state that a run sees is one of the pool's buffers.
    const buffers = new Set<Float64Array>();
    const watched = {
      ...counted,
      get evaluations() {
        return counted.evaluations;
      },
      combine: (...given: Parameters<BatchSpace["combine"]>) => remember(counted.combine(...given)),
      combineRows: (...given: Parameters<BatchSpace["combineRows"]>) => remember(counted.combineRows(...given)),
      noise: (...given: Parameters<BatchSpace["noise"]>) => remember(counted.noise(...given)),
      evaluate: async (...given: Parameters<BatchSpace["evaluate"]>) => remember(await counted.evaluate(...given)),
    };
    function remember(state: Float64Array): Float64Array {
      buffers.add(state);
      return state;
    }
    await runSolver(
      fixedSolver(spec),
      { schedule: sde, grid: findGrid("log-snr").create(sde, steps), space: watched },
      { onStep: () => void made.push(buffers.size) },
    );
    expect(made.length).toBe(steps);
    for (const size of made.slice(2)) expect(size).toBe(made[1]);
  });

  it("commit keeps x and what is named, and nothing else", () => {
    const s = space();
    const x = s.start() as Float64Array;
    const a = s.combine([2], [x]);
    const b = s.combine([3], [x]);
    s.commit(b, [a]);
    // x is free again: the next state takes its place, a and b stay.
    const next = s.combine([1, 1], [a, b]);
    expect(next).toBe(x);
    expect([...a]).toEqual([2, 4, 6, 8, 10, 12]);
    expect([...next]).toEqual([5, 10, 15, 20, 25, 30]);
  });

  it("start copies: a run does not write to the caller's array", () => {
    const start = Float64Array.of(1, 2);
    const s = batchSpace({ model: normalScore(sde, 0, 1), count: 2, start, noise: () => {} });
    const x = s.start() as Float64Array;
    s.combine([5], [x], x);
    expect([...start]).toEqual([1, 2]);
  });
});

describe("combinations", () => {
  it("equal plain sums for any number of states, also into one of them", () => {
    const row = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 6, maxLength: 6 });
    const terms = fc.array(fc.record({ c: fc.double({ min: -2, max: 2, noNaN: true }), row }), {
      minLength: 1,
      maxLength: 7,
    });
    fc.assert(
      fc.property(terms, fc.nat(6), fc.boolean(), (given, which, aliased) => {
        const s = space();
        const states = given.map((term) => Float64Array.from(term.row));
        const coefficients = given.map((term) => term.c);
        const wanted = states[0]!.map((_, i) => given.reduce((sum, term) => sum + term.c * term.row[i]!, 0));
        const into = aliased ? states[which % states.length] : undefined;
        const result = s.combine(coefficients, states, into);
        if (into !== undefined) expect(result).toBe(into);
        // The sum of up to seven terms in the same order; only the leading zero of the reference may differ in sign.
        for (const [i, value] of result.entries()) expect(value + 0).toBe(wanted[i]! + 0);
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it("by rows use each row's coefficients", () => {
    const s = space();
    const x = Float64Array.of(1, 2, 3, 4, 5, 6);
    const y = Float64Array.of(10, 20, 30, 40, 50, 60);
    const result = s.combineRows([Float64Array.of(1, 2, 3), Float64Array.of(0, 1, -1)], [x, y]);
    expect([...result]).toEqual([1, 2, 36, 48, -35, -42]);
    expect([...s.combineRows([Float64Array.of(1, 2, 3), Float64Array.of(0, 1, -1)], [x, y], x)]).toEqual([...result]);
  });

  it("norms are Euclidean, row by row", () => {
    expect([...space().norms(Float64Array.of(3, 4, 0, 0, -5, 12))]).toEqual([5, 0, 13]);
  });
});

describe("models", () => {
  it("may fill out, return an array, or promise one", async () => {
    const double = (x: Float64Array) => x.map((value) => 2 * value);
    const kinds: Model["evaluate"][] = [
      ({ x }, out) => void out.set(double(x)),
      ({ x }) => double(x),
      async ({ x }, out) => void out.set(double(x)),
      async ({ x }) => double(x),
    ];
    for (const evaluate of kinds) {
      const s = space(3, 2, evaluate);
      expect([...(await s.evaluate(s.start() as Float64Array, 0.5))]).toEqual([2, 4, 6, 8, 10, 12]);
      expect(s.evaluations).toBe(1);
    }
  });

  it("see one time per row, the count and the condition", async () => {
    let seen: unknown;
    const model: Model = {
      predicts: "score",
      dimension: 1,
      evaluate(batch) {
        seen = { times: [...batch.times], count: batch.count, condition: batch.condition };
      },
    };
    const s = batchSpace({ model, count: 2, start: new Float64Array(2), noise: () => {}, condition: "class 3" });
    await s.evaluate(s.start() as Float64Array, 0.25);
    expect(seen).toEqual({ times: [0.25, 0.25], count: 2, condition: "class 3" });
  });

  it("that return the wrong length are refused", async () => {
    const wrong = (length: number) => space(3, 2, () => new Float64Array(length));
    expect(() => wrong(5).evaluate(new Float64Array(6), 0.5)).toThrow(UsageError);
    expect(() => wrong(12).evaluate(new Float64Array(6), 0.5)).toThrow("count × dimension = 6 numbers, but got 12");
    const late = space(3, 2, async () => new Float64Array(1));
    await expect(late.evaluate(new Float64Array(6), 0.5)).rejects.toThrow("but got 1");
  });
});
