import { describe, expect, it } from "vitest";
import { type OdeOptions, solveOde } from "../../../solvers/ode/solve-ode.js";

const decay: OdeOptions["f"] = (_t, y, out) => {
  out[0] = -y[0]!;
};

const wave: OdeOptions["f"] = (t, y, out) => {
  out[0] = y[0]! * Math.cos(t);
};

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
