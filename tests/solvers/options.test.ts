import { describe, expect, it } from "vitest";
import {
  choiceOption,
  findSolver,
  grids,
  numberOption,
  optionalNumberOption,
  resolveOptions,
  solvers,
  UsageError,
} from "../../solvers/index.js";

const set = {
  eta: numberOption(1, "noise", { min: 0, below: 2 }),
  steps: numberOption(3, "count", { above: 0, max: 9, integer: true }),
  delta: optionalNumberOption("size", { above: 0 }),
  kind: choiceOption(["slow", "fast"], "slow", "speed"),
};
const resolve = (given: Record<string, unknown>) => resolveOptions("thing", set, given);

describe("resolveOptions", () => {
  it("fills in defaults", () => {
    expect(resolve({})).toEqual({ eta: 1, steps: 3, delta: null, kind: "slow" });
    expect(resolve({ eta: undefined, delta: null })).toEqual(resolve({}));
  });

  it("reads numbers also from text", () => {
    expect(resolve({ eta: "0.25", steps: "7", delta: " 1e-3 " })).toEqual({
      eta: 0.25,
      steps: 7,
      delta: 1e-3,
      kind: "slow",
    });
  });

  it.each([
    [{ eta: -0.1 }, "thing: eta: must be a finite number ≥ 0 and < 2, but got -0.1"],
    [{ eta: 2 }, "but got 2"],
    [{ eta: Number.NaN }, "thing: eta: must be a finite number"],
    [{ eta: Number.POSITIVE_INFINITY }, "thing: eta: must be a finite number"],
    [{ eta: "" }, "but got ''"],
    [{ eta: "one" }, "but got 'one'"],
    [{ eta: true }, "but got true"],
    [{ eta: [1] }, "but got [1]"],
    [{ steps: 1.5 }, "thing: steps: must be a whole number > 0 and ≤ 9, but got 1.5"],
    [{ steps: 0 }, "but got 0"],
    [{ steps: 10 }, "but got 10"],
    [{ delta: 0 }, "thing: delta: must be a finite number > 0, but got 0"],
    [{ kind: "fst" }, "thing: kind: must be one of slow, fast, but got 'fst'. Did you mean 'fast'?"],
    [{ kind: 3 }, "thing: kind: must be one of slow, fast, but got 3"],
    [{ etta: 1 }, "thing: unknown option 'etta'. Did you mean 'eta'?"],
    [{ toString: 1 }, "thing: unknown option 'toString'"],
  ])("refuses %o", (given, message) => {
    expect(() => resolve(given)).toThrow(UsageError);
    expect(() => resolve(given)).toThrow(message);
  });
});

describe("every solver and grid", () => {
  it.each(solvers.map((solver) => [solver.name, solver] as const))(
    "%s has a summary, a source and defaults it accepts",
    (_, factory) => {
      expect(factory.summary).not.toBe("");
      expect(factory.source).toMatch(/\d{4}/);
      expect(factory.create().options).toEqual(
        Object.fromEntries(Object.entries(factory.optionSet).map(([name, option]) => [name, option.default])),
      );
      for (const { summary, allowed } of Object.values(factory.optionSet)) {
        expect(summary).not.toBe("");
        expect(allowed).not.toBe("");
      }
      expect(() => factory.create({ nonsense: 1 })).toThrow(`${factory.name}: unknown option 'nonsense'`);
    },
  );

  it("has a name of its own", () => {
    for (const list of [solvers, grids]) expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
  });

  it("unknown solvers are refused with the nearest name", () => {
    expect(() => findSolver("dim")).toThrow("Did you mean 'ddim'?");
    expect(() => findSolver("stochastic-huen")).toThrow("Did you mean 'stochastic-heun'?");
    expect(() => findSolver("zzzzzz")).toThrow("Choose one of: em, reverse-diffusion");
  });

  it("facts follow the options", () => {
    expect(findSolver("em").create({ eta: 0 }).stochastic).toBe(false);
    expect(findSolver("ddim").create({ eta: 1 }).stochastic).toBe(true);
    expect(findSolver("edm-heun").create({ churn: 2 }).stochastic).toBe(true);
    const pc = (options: Record<string, unknown>) => findSolver("pc").create(options);
    expect(pc({ predictor: "ddim", corrector: "none" })).toMatchObject({ stochastic: false, evaluationsPerStep: 1 });
    expect(pc({ predictor: "stochastic-heun", correctorSteps: 3 })).toMatchObject({ evaluationsPerStep: 5, order: 0 });
    expect(pc({ predictor: "none" })).toMatchObject({ stochastic: true, evaluationsPerStep: 1 });
    expect(pc({ corrector: "langevin" }).couplesBatch).toBe(true);
    expect(pc({ corrector: "langevin", norm: "sample" }).couplesBatch).toBe(false);
    expect(pc({ corrector: "langevin", correctorSteps: 0 }).couplesBatch).toBe(false);
  });
});
