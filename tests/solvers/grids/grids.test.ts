import { describe, expect, it } from "vitest";
import { explicitGrid, findGrid, grids, type Schedule, UsageError } from "../../../solvers/index.js";
import { cosine, edm, ve, vp } from "../../../src/sdes/index.js";
import { everySde } from "../../sdes/every-sde.js";

const rho = (sde: Schedule, t: number) => sde.sigma(t) / sde.alpha(t);

/** The variable in which each grid is uniform. */
const variables: Readonly<Record<string, (sde: Schedule, t: number) => number>> = {
  uniform: (_, t) => t,
  quadratic: (_, t) => Math.sqrt(t),
  "log-snr": (sde, t) => Math.log(sde.alpha(t) / sde.sigma(t)),
  karras: (sde, t) => rho(sde, t) ** (1 / 7),
  exponential: (_, t) => Math.log(t),
  cosine: (sde, t) => Math.atan2(sde.sigma(t), sde.alpha(t)),
};

it("every grid is listed here", () => {
  expect(grids.map(({ name }) => name).sort()).toEqual(Object.keys(variables).sort());
});

describe.each(await everySde())("%s", (_, sde) => {
  it.each(Object.keys(variables))("%s: ends exact, decreasing, equal steps in its variable", (name) => {
    const variable = variables[name]!;
    for (const steps of [1, 2, 17, 100]) {
      const { times } = findGrid(name).create(sde, steps);
      expect(times.length).toBe(steps + 1);
      expect(times[0]).toBe(sde.tMax);
      expect(times[steps]).toBe(sde.tMin);
      const first = variable(sde, sde.tMax);
      const step = (variable(sde, sde.tMin) - first) / steps;
      // λ⁻¹ is exact to 1e-12 in t; near tMax of cosine σ/α is 1e2-fold sensitive.
      const slack = 1e-9 * (Math.abs(first) + Math.abs(first + steps * step));
      for (let i = 0; i <= steps; i++) {
        if (i > 0) expect(times[i]!).toBeLessThan(times[i - 1]!);
        expect(Math.abs(variable(sde, times[i]!) - (first + i * step))).toBeLessThan(slack);
      }
    }
  });
});

it("karras on EDM is eq. 5 of Karras et al.", () => {
  const { times } = findGrid("karras").create(edm(), 17);
  // The paper's N = 18 levels are the ends of 17 steps.
  const [most, least] = [80 ** (1 / 7), 0.002 ** (1 / 7)];
  for (const [i, t] of times.entries()) {
    expect(Math.abs(t / (most + (i / 17) * (least - most)) ** 7 - 1)).toBeLessThan(1e-12);
  }
});

it("karras:rho=1 is uniform in σ/α, exponential on EDM is uniform in log σ as log-snr is", () => {
  const sde = edm();
  const { times } = findGrid("karras").create(sde, 10, { rho: 1 });
  for (const [i, t] of times.entries()) expect(Math.abs(t - (80 + (i / 10) * (0.002 - 80)))).toBeLessThan(1e-9);
  const exponential = findGrid("exponential").create(sde, 10).times;
  const logSnr = findGrid("log-snr").create(sde, 10).times;
  for (const [i, t] of exponential.entries()) expect(Math.abs(t / logSnr[i]! - 1)).toBeLessThan(1e-12);
});

it("cosine on the cosine SDE without offset is uniform in t", () => {
  const sde = cosine({ offset: 0, tMin: 1e-3, tMax: 0.99 });
  const { times } = findGrid("cosine").create(sde, 20);
  for (const [i, t] of times.entries()) expect(Math.abs(t - (0.99 + (i / 20) * (1e-3 - 0.99)))).toBeLessThan(1e-11);
});

it("withSteps keeps kind and options", () => {
  const grid = findGrid("karras").create(edm(), 5, { rho: 3 });
  expect(grid.withSteps?.(9).times).toEqual(findGrid("karras").create(edm(), 9, { rho: 3 }).times);
});

describe("refusals", () => {
  const sde = vp();
  const message = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      return (error as Error).message;
    }
    return "no error";
  };

  it.each([0, -1, 1.5, 1e9, Number.NaN, Number.POSITIVE_INFINITY])("steps %d", (steps) => {
    expect(message(() => findGrid("uniform").create(sde, steps))).toContain(
      "steps: must be a whole number in [1, 10000000]",
    );
  });

  it("unknown grids, with the nearest name", () => {
    expect(message(() => findGrid("kerras"))).toContain("Did you mean 'karras'?");
  });

  it("unknown and impossible options", () => {
    expect(message(() => findGrid("karras").create(sde, 5, { roh: 7 }))).toContain("unknown option 'roh'");
    expect(message(() => findGrid("karras").create(sde, 5, { rho: 0 }))).toContain("grid karras: rho: must be");
    expect(message(() => findGrid("uniform").create(sde, 5, { rho: 7 }))).toContain("It has no options.");
  });

  it("explicit times that do not decrease, leave the range or are too few", () => {
    expect(message(() => explicitGrid(sde, [1]))).toContain("at least two");
    expect(message(() => explicitGrid(sde, [1, 0.5, 0.5, 0.1]))).toContain("times[1] = 0.5 and times[2] = 0.5");
    expect(message(() => explicitGrid(sde, [0.1, 1]))).toContain("decrease strictly");
    expect(message(() => explicitGrid(sde, [1.1, 0.5]))).toContain("times[0] = 1.1");
    expect(message(() => explicitGrid(sde, [1, Number.NaN]))).toContain("times[1] = NaN");
    expect(message(() => explicitGrid(sde, [1, 0]))).toContain("[0.001, 1]");
    expect(explicitGrid(sde, [1, 0.4, 0.001]).times).toEqual(Float64Array.of(1, 0.4, 0.001));
  });

  it("so many steps that two times coincide", () => {
    const narrow = ve({ tMin: 1 - 4 * 2 ** -53, tMax: 1 });
    expect(message(() => findGrid("uniform").create(narrow, 100))).toContain("decrease strictly");
  });
});
