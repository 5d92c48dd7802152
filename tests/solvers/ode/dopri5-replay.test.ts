import { expect, it } from "vitest";
import { type ControllerRule, hairerController } from "../../../solvers/ode/controllers.js";
import { solveOde } from "../../../solvers/ode/solve-ode.js";
import { arenstorf } from "./problems.js";

/** Hairer's driver of DOPRI5: Arenstorf orbit, rtol = atol = 1e-7 (output printed in the comment block of deSolve's port). */
const problem = {
  f: arenstorf,
  from: 0,
  to: 17.065216560157964,
  y0: [0.994, 0, 0, -2.0015851063790824],
  rtol: 1e-7,
  atol: 1e-7,
};

/** DOPRI5 counts a rejection only once a step has been accepted. */
function counting(rule: ControllerRule): { rule: ControllerRule; rejectedBefore: () => number } {
  let [accepted, before] = [0, 0];
  return {
    rejectedBefore: () => before,
    rule: (order) => {
      const controller = rule(order);
      return {
        ...controller,
        factor: (error, counts, ...rest) => {
          if (counts) accepted++;
          else if (accepted === 0) before++;
          return controller.factor(error, counts, ...rest);
        },
      };
    },
  };
}

it("DOPRI5: fcn = 1442, step = 240, accpt = 216, rejct = 22", async () => {
  const { rule, rejectedBefore } = counting(hairerController());
  const solution = await solveOde({ ...problem, controller: rule });
  expect(solution.status).toBe("success");
  expect(solution.evaluations).toBe(1442);
  expect(solution.accepted + solution.rejected).toBe(240);
  expect(solution.accepted).toBe(216);
  expect(rejectedBefore()).toBe(2);
  expect(solution.rejected - rejectedBefore()).toBe(22);
});

it("DOPRI5: accepted steps when x = 2, 4 … 16 are passed", async () => {
  const { times } = await solveOde({ ...problem, controller: "hairer" });
  const counters = [2, 4, 6, 8, 10, 12, 14, 16].map((x) => times.findIndex((t) => t >= x));
  expect(counters).toEqual([60, 73, 91, 110, 122, 145, 159, 177]);
});

it("DOPRI5: end values", async () => {
  const { end } = await solveOde({ ...problem, controller: "hairer" });
  // Ten digits are printed; the orbit amplifies rounding to 4e-13 (measured between compilers).
  expect(Math.abs(end[0]! - 0.9940021016)).toBeLessThan(5e-11 + 1e-12);
  expect(Math.abs(end[1]! - 0.8911185692e-5)).toBeLessThan(1e-12);
});

it("DOPRI5 at 1e-12: the orbit closes, and comes back to its start backwards in time", async () => {
  const forward = await solveOde({ ...problem, rtol: 1e-12, atol: 1e-12, controller: "hairer" });
  const back = await solveOde({
    ...problem,
    from: problem.to,
    to: 0,
    y0: forward.end,
    rtol: 1e-12,
    atol: 1e-12,
    controller: "hairer",
  });
  expect(Math.abs(forward.end[0]! - 0.994)).toBeLessThan(1e-7);
  problem.y0.forEach((y, d) => {
    expect(Math.abs(back.end[d]! - y)).toBeLessThan(1e-6);
  });
});
