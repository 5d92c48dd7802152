import { describe, expect, it } from "vitest";
import { type OdeOptions, solveOde } from "../../../solvers/ode/solve-ode.js";

const decay: OdeOptions["f"] = (_t, y, out) => {
  out[0] = -y[0]!;
};

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
