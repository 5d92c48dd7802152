import { describe, expect, it } from "vitest";
import {
  deviations,
  findGrid,
  type GaussianState,
  gaussianSpace,
  marginalVariance,
  multistepSolver,
  NotMarkovError,
  oneStepSolver,
} from "../../../solvers/index.js";
import { runSolver } from "../../../solvers/run-solver.js";
import { subVp, vp } from "../../../src/sdes/index.js";

const sde = vp();
const make = (start: "prior" | "exact" = "exact", schedule = sde) =>
  gaussianSpace({
    schedule,
    means: Float64Array.of(0.7, -1),
    variances: Float64Array.of(0.25, 4),
    start,
    from: schedule.tMax,
  });
const variance = (state: GaussianState) => deviations(state).map((d) => d * d);
const facts = {
  name: "test",
  summary: "a solver of this test",
  source: "2020",
  stochastic: true,
  order: 1,
  evaluationsPerStep: 1,
  options: {},
} as const;

it("starts from the prior or from p_t", () => {
  const prior = make("prior").start() as GaussianState;
  expect([...prior.mean]).toEqual([0, 0]);
  expect([...deviations(prior)]).toEqual([1, 1]);
  const exact = make().start() as GaussianState;
  expect([...exact.mean]).toEqual([sde.alpha(1) * 0.7, -sde.alpha(1)]);
  for (const [i, v] of [0.25, 4].entries()) {
    expect(Math.abs(variance(exact)[i]! - marginalVariance(sde, 1, v))).toBeLessThan(1e-15);
  }
});

it("variances of combinations follow Var(aX + bY) = a² Var X + b² Var Y + 2ab Cov", async () => {
  const space = make();
  const x = (await space.start()) as GaussianState;
  const z = space.noise(null, 0, 1);
  const other = space.noise(null, 1, 1);
  const score = (await space.evaluate(x, 1)) as GaussianState;
  const sum = space.combine([1, 2, 3, 0.5], [x, z, other, z]);
  const v0 = marginalVariance(sde, 1, 0.25);
  expect(Math.abs(variance(sum)[0]! - (v0 + 2.5 ** 2 + 9))).toBeLessThan(1e-13);
  // x and its score −(x − αμ)/v are fully anticorrelated: x + v s is the constant αμ.
  const constant = space.combine([1, v0], [x, score]);
  expect(variance(constant)[0]!).toBeLessThan(1e-30);
  expect(Math.abs(constant.mean[0]! - sde.alpha(1) * 0.7)).toBeLessThan(1e-15);
});

it("one name is one noise, two names are two", () => {
  const space = make();
  const difference = space.combine([1, -1], [space.noise(null, 3, 1), space.noise(null, 3, 1)]);
  expect([...variance(difference)]).toEqual([0, 0]);
  for (const [step, slot] of [
    [3, 2],
    [4, 1],
  ] as const) {
    const independent = space.combine([1, -1], [space.noise(null, 3, 1), space.noise(null, step, slot)]);
    expect(Math.abs(variance(independent)[0]! - 2)).toBeLessThan(1e-15);
  }
});

describe("commit", () => {
  it("keeps mean and variance and merges the noises into one", async () => {
    const space = make();
    const x = space.combine(
      [1, 0.3, 0.4],
      [(await space.start()) as GaussianState, space.noise(null, 0, 1), space.noise(null, 0, 2)],
    );
    const committed = space.commit(x);
    expect(committed.loadings.size).toBe(1);
    expect(committed.mean).toEqual(x.mean);
    for (const [i, v] of variance(x).entries()) expect(Math.abs(variance(committed)[i]! / v - 1)).toBeLessThan(4e-16);
  });

  it("with older states keeps every correlation", async () => {
    const space = make();
    const x = (await space.start()) as GaussianState;
    const next = space.commit(space.combine([1, 1], [x, space.noise(null, 0, 1)]), [x]);
    expect(Math.abs(variance(space.combine([1, -1], [next, x]))[0]! - 1)).toBeLessThan(1e-15);
  });

  it("refuses states from before it", async () => {
    const space = make();
    const x = (await space.start()) as GaussianState;
    const next = space.commit(space.combine([1, 1], [x, space.noise(null, 0, 1)]));
    expect(() => space.combine([1, -1], [next, x])).toThrow(NotMarkovError);
    expect(() => space.combine([1, -1], [next, x])).toThrow("pass it as commit(x, [state])");
  });
});

it("a one-step solver that smuggles a state over a step is refused", async () => {
  let kept: unknown = null;
  const smuggler = oneStepSolver({
    ...facts,
    step: () => async (context, x, step) => {
      const before = kept as typeof x | null;
      kept = x;
      return context.space.combine([0.5, 0.5, 0.1], [x, before ?? x, context.normal(step)]);
    },
  });
  const grid = findGrid("uniform").create(sde, 3);
  await expect(runSolver(smuggler.create(), { schedule: sde, grid, space: make() })).rejects.toThrow(NotMarkovError);
});

it("a noisy two-step recursion has its exact moments", async () => {
  // x_{n+1} = a x_n + b x_{n−1} + c z_n with x_{−1} = x_0: the covariance recursion of (x_n, x_{n−1}) by hand.
  const [a, b, c] = [0.8, -0.3, 0.5];
  const solver = multistepSolver({
    ...facts,
    history: () => 1,
    step: () => async (context, x, step, past) => ({
      x: context.space.combine([a, b, c], [x, past[0]?.state ?? x, context.normal(step)]),
      remembered: x,
    }),
  });
  const steps = 12;
  const schedule = subVp();
  const { x } = await runSolver(solver.create(), {
    schedule,
    grid: findGrid("uniform").create(schedule, steps),
    space: make("prior", schedule),
  });
  let [now, before, both] = [1, 1, 1];
  for (let n = 0; n < steps; n++) {
    const next = a * a * now + b * b * before + 2 * a * b * both + c * c;
    [now, before, both] = [next, now, a * now + b * both];
  }
  for (const v of variance(x)) expect(Math.abs(v / now - 1)).toBeLessThan(1e-13);
  expect([...x.mean]).toEqual([0, 0]);
});
