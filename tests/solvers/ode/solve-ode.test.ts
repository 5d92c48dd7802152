import { describe, expect, it } from "vitest";
import { UsageError } from "../../../solvers/errors.js";
import { RightHandSideError } from "../../../solvers/ode/right-hand-side.js";
import { type OdeOptions, solveOde } from "../../../solvers/ode/solve-ode.js";

const decay: OdeOptions["f"] = (_t, y, out) => {
  out[0] = -y[0]!;
};
/** y' = y cos t, y = e^{sin t}. */
const wave: OdeOptions["f"] = (t, y, out) => {
  out[0] = y[0]! * Math.cos(t);
};

describe("fixed steps", () => {
  /** R(z) of each method: Σ zᵏ/k! up to the order, DOPRI5's sixth stage adds z⁶/600 (Hairer, Nørsett & Wanner II, IV.2). */
  const stability: Record<string, (z: number) => number> = {
    euler: (z) => 1 + z,
    heun: (z) => 1 + z + z ** 2 / 2,
    rk23: (z) => 1 + z + z ** 2 / 2 + z ** 3 / 6,
    rk4: (z) => 1 + z + z ** 2 / 2 + z ** 3 / 6 + z ** 4 / 24,
    rk45: (z) => 1 + z + z ** 2 / 2 + z ** 3 / 6 + z ** 4 / 24 + z ** 5 / 120 + z ** 6 / 600,
  };
  const names = ["euler", "heun", "rk23", "rk4", "rk45"] as const;

  it.each(names)("%s: y' = λy gives R(hλ)^N", async (method) => {
    for (const [lambda, steps] of [
      [1, 10],
      [-3, 7],
    ] as const) {
      const { end, status } = await solveOde({
        f: (_t, y) => [lambda * y[0]!],
        from: 0,
        to: 1,
        y0: [1],
        method,
        steps,
      });
      const wanted = stability[method]!(lambda / steps) ** steps;
      expect(status).toBe("success");
      // Some 10 rounding errors of 1.1e-16 in each step.
      expect(Math.abs(end[0]! / wanted - 1)).toBeLessThan(steps * 10 * 1.2e-16 + 1e-15);
    }
  });

  it.each([
    ["euler", 1, 1, 0],
    ["heun", 2, 2, 0],
    ["rk23", 3, 3, 1],
    ["rk4", 4, 4, 0],
    ["rk45", 5, 6, 1],
  ] as const)(
    "%s: order %i on y' = y cos t in every ratio, %i evaluations per step and %i before",
    async (method, order, cost, before) => {
      const errors: number[] = [];
      for (const steps of [16, 32, 64, 128]) {
        const { end, evaluations } = await solveOde({ f: wave, from: 0, to: 2, y0: [1], method, steps });
        errors.push(Math.abs(end[0]! - Math.exp(Math.sin(2))));
        expect(evaluations).toBe(before + cost * steps);
      }
      // log₂ of a ratio is p + O(h): the distance to p halves with h (to 0.02 where rounding, 4e-15, meets an error of 2e-13).
      const distances = errors.slice(1).map((error, i) => Math.abs(Math.log2(errors[i]! / error) - order));
      expect(distances[0]).toBeLessThan(0.25);
      expect(distances[1]).toBeLessThan(0.65 * distances[0]! + 0.02);
      expect(distances[2]).toBeLessThan(0.65 * distances[1]! + 0.02);
    },
  );

  it.each([
    ["euler", 1],
    ["heun", 2],
    ["rk23", 3],
    ["rk4", 3],
    ["rk45", 4],
  ] as const)("%s: the interpolant has order %i inside one step", async (method, order) => {
    const errors = [0.2, 0.1, 0.05].map(async (h) => {
      const { at } = await solveOde({
        f: wave,
        from: 0.3,
        to: 0.3 + h,
        y0: [Math.exp(Math.sin(0.3))],
        method,
        steps: 1,
      });
      return Math.max(
        ...[0.2, 0.4, 0.6, 0.8].map((theta) => Math.abs(at(0.3 + theta * h)[0]! - Math.exp(Math.sin(0.3 + theta * h)))),
      );
    });
    const [coarse, middle, fine] = await Promise.all(errors);
    expect(Math.log2(coarse! / middle!)).toBeGreaterThan(order + 0.6);
    expect(Math.abs(Math.log2(middle! / fine!) - (order + 1))).toBeLessThan(0.25);
  });

  it("ends exactly at the end, whatever the number of steps, both ways", async () => {
    for (const steps of [3, 7, 10, 49]) {
      for (const [from, to] of [
        [0, 1],
        [1, 1e-3],
      ] as const) {
        const { times } = await solveOde({ f: decay, from, to, y0: [1], method: "rk4", steps });
        expect(times.length).toBe(steps + 1);
        expect(times.at(-1)).toBe(to);
        times.forEach((t, i) => {
          // A difference and a quotient per step.
          expect(Math.abs(t - (from + ((to - from) * i) / steps))).toBeLessThan(steps * 2.3e-16);
        });
      }
    }
  });

  it("a blow-up ends in 'non-finite'", async () => {
    const f: OdeOptions["f"] = (_t, y) => [y[0]! ** 3];
    const solution = await solveOde({ f, from: 0, to: 10, y0: [2], method: "rk4", steps: 20 });
    expect(solution.status).toBe("non-finite");
    expect(solution.failure!.component).toBe(0);
    expect(Number.isFinite(solution.end[0]!)).toBe(true);
  });
});

describe("scipy's rational problem", () => {
  const f: OdeOptions["f"] = (t, y) => [y[1]! / t, (y[1]! * (y[0]! + 2 * y[1]! - 1)) / (t * (y[0]! - 1))];
  const exact = (t: number): [number, number] => [t / (t + 10), (10 * t) / (t + 10) ** 2];
  const [rtol, atol] = [1e-3, 1e-6];
  const inTolerances = (y: Float64Array, t: number): number =>
    Math.sqrt(
      exact(t).reduce((sum, wanted, d) => sum + ((y[d]! - wanted) / (atol + rtol * Math.abs(wanted))) ** 2, 0) / 2,
    );

  it.each([
    ["rk45", 9],
    ["rk45", 1],
    ["rk23", 9],
    ["rk23", 1],
  ] as const)(
    "%s from 5 to %d: fewer than 40 evaluations, error below 5 tolerances at steps and between",
    async (method, to) => {
      const solution = await solveOde({ f, from: 5, to, y0: [1 / 3, 2 / 9], method, rtol, atol });
      expect(solution.status).toBe("success");
      expect(solution.evaluations).toBeLessThan(40);
      solution.times.forEach((t, i) => {
        expect(inTolerances(solution.states[i]!, t)).toBeLessThan(5);
        expect([...solution.at(t)]).toEqual([...solution.states[i]!]);
      });
      for (let i = 0; i <= 50; i++) {
        const t = 5 + ((to - 5) * i) / 50;
        expect(inTolerances(solution.at(t), t)).toBeLessThan(5);
      }
      expect([...solution.end]).toEqual([...solution.states.at(-1)!]);
    },
  );
});

describe("solution", () => {
  it("there and back again", async () => {
    const there = await solveOde({ f: wave, from: 0, to: 7, y0: [1], rtol: 1e-9, atol: 1e-12 });
    const back = await solveOde({ f: wave, from: 7, to: 0, y0: there.end, rtol: 1e-9, atol: 1e-12 });
    expect(back.times.every((t, i) => i === 0 || t < back.times[i - 1]!)).toBe(true);
    // Local errors of 1e-9 add up over some 100 steps; the problem amplifies by at most e².
    expect(Math.abs(back.end[0]! - 1)).toBeLessThan(1e-6);
    expect(Math.abs(back.at(3.3)[0]! - Math.exp(Math.sin(3.3)))).toBeLessThan(1e-6);
  });

  it("the error follows the tolerance", async () => {
    for (const method of ["rk45", "rk23"] as const) {
      for (const controller of ["scipy", "hairer", "pid"] as const) {
        const errors = await Promise.all(
          [1e-3, 1e-5, 1e-7, 1e-9].map(async (tolerance) => {
            const options = { f: wave, from: 0, to: 6, y0: [1], method, controller, rtol: tolerance, atol: tolerance };
            const { end } = await solveOde(options);
            return Math.abs(end[0]! - Math.exp(Math.sin(6))) / tolerance;
          }),
        );
        // Error per step: the global error is the tolerance times the number of steps (at most 1000 here) times the amplification e².
        for (const error of errors) expect(error).toBeLessThan(1000);
        expect(errors.at(-1)! * 1e-9).toBeLessThan(errors[0]! * 1e-3 * 1e-3);
      }
    }
  });

  it("at() refuses times that were not reached", async () => {
    const { at } = await solveOde({ f: decay, from: 0, to: 1, y0: [1] });
    for (const t of [-1e-9, 1.0001, Number.NaN]) expect(() => at(t)).toThrow(/t: must lie between 0 and 1/);
  });

  it("a method of one's own", async () => {
    const midpoint = {
      name: "midpoint",
      source: "test",
      order: 2,
      nodes: [0, 1 / 2],
      matrix: [[], [1 / 2]],
      weights: [0, 1],
      interpolant: [
        [1, -1],
        [0, 1],
      ],
      interpolantOrder: 2,
    };
    const { end } = await solveOde({ f: decay, from: 0, to: 1, y0: [1], method: midpoint, steps: 5 });
    expect(Math.abs(end[0]! - (1 - 0.2 + 0.02) ** 5)).toBeLessThan(1e-15);
  });

  it("an embedded method that evaluates its first stage anew", async () => {
    // Heun–Euler 2(1): error = h (k₁ − k₂) / 2.
    const heunEuler = {
      name: "heun-euler",
      source: "test",
      order: 2,
      nodes: [0, 1],
      matrix: [[], [1]],
      weights: [1 / 2, 1 / 2],
      errorWeights: [1 / 2, -1 / 2],
      errorOrder: 1,
      interpolant: [
        [1, -1 / 2],
        [0, 1 / 2],
      ],
      interpolantOrder: 2,
    };
    const { end, status } = await solveOde({
      f: wave,
      from: 0,
      to: 2,
      y0: [1],
      method: heunEuler,
      rtol: 1e-6,
      atol: 1e-6,
    });
    expect(status).toBe("success");
    expect(Math.abs(end[0]! - Math.exp(Math.sin(2)))).toBeLessThan(1e-4);
  });
});

describe("numerical trouble ends in a status", () => {
  it("a jump costs rejections, no more", async () => {
    const f: OdeOptions["f"] = (t) => [t < 1 / 3 ? 1 : -1];
    const solution = await solveOde({ f, from: 0, to: 1, y0: [0], rtol: 1e-8, atol: 1e-8 });
    expect(solution.status).toBe("success");
    expect(solution.rejected).toBeGreaterThan(0);
    expect(Math.abs(solution.end[0]! + 1 / 3)).toBeLessThan(1e-7);
  });

  it("a sliding jump y' = −sign(y) is followed or ends in a status", async () => {
    const f: OdeOptions["f"] = (_t, y) => [-Math.sign(y[0]!)];
    const solution = await solveOde({ f, from: 0, to: 2, y0: [1], rtol: 1e-6, atol: 1e-6, maxSteps: 2000 });
    expect(["success", "max-steps", "step-underflow"]).toContain(solution.status);
    expect(Math.abs(solution.end[0]!)).toBeLessThan(1);
  });

  it("y' = y² stops at its pole and says where", async () => {
    const solution = await solveOde({
      f: (_t, y) => [1, y[1]! ** 2],
      from: 0,
      to: 5,
      y0: [0, 1],
      rtol: 1e-6,
      atol: 1e-9,
    });
    expect(["step-underflow", "non-finite"]).toContain(solution.status);
    expect(solution.failure!.component).toBe(1);
    expect(Math.abs(solution.failure!.t - 1)).toBeLessThan(1e-4);
    expect(solution.message).toContain(String(solution.failure!.t));
    expect(solution.message).toContain("component 1");
    expect(Math.abs(solution.at(0.5)[1]! - 2)).toBeLessThan(1e-4);
  });

  it("limits and abortion say so in words", async () => {
    const problem = { f: decay, from: 0, to: 10, y0: [1] };
    expect((await solveOde({ ...problem, maxSteps: 2 })).message).toContain("maxSteps");
    expect((await solveOde({ ...problem, maxEvaluations: 20 })).message).toContain("20 evaluations");
    expect((await solveOde({ ...problem, signal: AbortSignal.abort() })).message).toBe("Aborted at t = 0.");
    expect((await solveOde(problem)).message).toBe("Reached the end of the interval.");
  });
});

describe("misuse is told at once", () => {
  const problem: OdeOptions = { f: decay, from: 0, to: 1, y0: [1] };
  const unfit = (name: string): { method: never } => ({ method: name as never });

  it.each([
    [{ rtol: 1e-15 }, /rtol: must be at least 2\.22e-14 \(100 eps\).* 1e-15 - /],
    [{ rtol: 0 }, /rtol:/],
    [{ rtol: Number.NaN }, /rtol:/],
    [{ rtol: Number.POSITIVE_INFINITY }, /rtol:/],
    [{ atol: 0 }, /atol: must be positive/],
    [{ atol: -1 }, /atol: must be positive.* -1 - /],
    [{ atol: [1e-6, 1e-6] }, /atol: must be one number or 1/],
    [{ to: 0 }, /to: must differ from 'from'/],
    [{ from: Number.NaN }, /from: must be finite/],
    [{ to: Number.POSITIVE_INFINITY }, /to: must be finite/],
    [{ y0: [] }, /y0: must have at least one/],
    [{ y0: [1, Number.NaN] }, /y0: must be finite, but got NaN at component 1/],
    [{ maxSteps: 0 }, /maxSteps: must be a whole number ≥ 1/],
    [{ maxSteps: 2.5 }, /maxSteps:/],
    [{ maxEvaluations: Number.NaN }, /maxEvaluations:/],
    [{ firstStep: -0.1 }, /firstStep: must be positive/],
    [{ firstStep: 2 }, /firstStep: must not pass the end, 1 away, but got 2/],
    [{ maxStep: 0 }, /maxStep: must be positive/],
    [{ method: "euler" as const }, /steps: must be given for 'euler'/],
    [{ method: "rk4" as const, steps: 0 }, /steps: must be a whole number ≥ 1/],
    [unfit("rk450"), /method: .*'rk450'\. Did you mean 'rk45'\?/],
    [{ controller: "scypi" as never }, /controller: .* Did you mean 'scipy'\?/],
    [{ initialStep: "insde" as never }, /initialStep: .* Did you mean 'inside'\?/],
  ])("%o", async (wrong, message) => {
    const attempt = solveOde({ ...problem, ...wrong });
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toBeInstanceOf(UsageError);
  });

  it("an f that throws, at once or later, is reported with its time", async () => {
    const f = (t: number): number[] => {
      if (t > 0.5) throw new RangeError("out of the table");
      return [1];
    };
    const attempt = solveOde({ ...problem, f });
    await expect(attempt).rejects.toBeInstanceOf(RightHandSideError);
    const later = solveOde({ ...problem, f: async (t) => f(t) });
    for (const run of [attempt, later]) {
      const error = await run.then(
        () => null,
        (reason: RightHandSideError) => reason,
      );
      expect(error!.times[0]).toBeGreaterThan(0.5);
      expect(error!.message).toBe(`f: threw at t = ${error!.times[0]}: out of the table`);
      expect(error!.cause).toBeInstanceOf(RangeError);
    }
  });

  it("an f of the wrong length is told so", async () => {
    await expect(solveOde({ ...problem, f: () => [1, 2] })).rejects.toThrow(/f: must return 1 numbers.* got 2/);
    await expect(solveOde({ ...problem, f: () => [] })).rejects.toThrow(/f: must return 1 numbers.* got 0/);
    await expect(solveOde({ ...problem, f: () => {} })).rejects.toThrow(/left component 0 unwritten/);
    const short: OdeOptions["f"] = (_t, _y, out) => {
      out[0] = 1;
    };
    await expect(solveOde({ ...problem, y0: [1, 2], f: short })).rejects.toThrow(/left component 1 unwritten/);
  });

  it("the value of an assignment is no answer", async () => {
    const { end } = await solveOde({ ...problem, f: (_t, y, out) => (out[0] = -y[0]!), rtol: 1e-8, atol: 1e-8 });
    expect(Math.abs(end[0]! - Math.exp(-1))).toBeLessThan(1e-7);
  });
});
