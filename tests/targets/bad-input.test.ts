import ndarray from "ndarray";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { createTarget, empirical, gaussian, mixture, type SampleRequest, toy } from "../../src/targets/index.js";

function message(action: () => unknown): string {
  try {
    action();
  } catch (cause) {
    expect(cause).toBeInstanceOf(UsageError);
    return cause instanceof Error ? cause.message : "";
  }
  throw new Error("nothing was thrown");
}

const two = { weights: [0.5, 0.5], means: [0, 1], standardDeviations: [1, 1] };

describe("points", () => {
  const law = gaussian({ mean: [0, 1] });

  it("may be a view, flat or a list of rows", () => {
    const flat = Float64Array.of(0.3, 0.7, -1, 2);
    const wanted = law.logDensity!(ndarray(flat, [2, 2]));
    expect(law.logDensity!(flat)).toEqual(wanted);
    expect(
      law.logDensity!([
        [0.3, 0.7],
        [-1, 2],
      ]),
    ).toEqual(wanted);
    expect(toy("bimodal").logDensity!([0.3, 0.7])).toEqual(toy("bimodal").logDensity!(Float64Array.of(0.3, 0.7)));
  });

  it.each([
    [[0.3, 0.7], "logDensity: rows must hold 2 numbers, but got 1"],
    [[[0.3, 0.7], [1]], "logDensity: rows must have equal lengths"],
    [[[0.3, "a"]], "logDensity[0]: must hold finite numbers"],
    [undefined, "logDensity: must be a list of rows, but got undefined"],
    [ndarray(new Float64Array(4), [4]), "logDensity: the shape must be [count, 2], but got [4]"],
    [new Float64Array(3), "logDensity: the length must be a multiple of the dimension 2"],
  ])("%j: %s", (points, text) => {
    expect(message(() => Reflect.apply(law.logDensity!, law, [points]))).toContain(text);
  });
});

describe("gaussian", () => {
  it.each([
    [{ mean: Number.NaN }, "gaussian: mean: must hold finite numbers, but got NaN"],
    [{ mean: [] }, "gaussian: mean: must hold at least one number"],
    [{ standardDeviation: -1 }, "gaussian: standardDeviation: must be > 0, but got -1"],
    [{ standardDeviation: [1, 0] }, "gaussian: standardDeviation: must be > 0, but got 0 at 1"],
    [{ standardDeviation: 1, covariance: 1 }, "exclude each other"],
    [{ covariance: [[1, 2]] }, "must be a square matrix, but got 1 × 2"],
    [{ covariance: [[1, 0], [0]] }, "row 0 has 2 numbers and row 1 has 1"],
    [
      {
        covariance: [
          [1, 0.5],
          [0.4, 1],
        ],
      },
      "must be symmetric, but got 0.4 at [1, 0] and 0.5 at [0, 1]",
    ],
    [
      {
        covariance: [
          [1, 2],
          [2, 1],
        ],
      },
      "must be positive definite, but got the eigenvalue -1",
    ],
    [
      {
        covariance: [
          [1, 1],
          [1, 1],
        ],
      },
      "positive definite",
    ],
    [
      {
        mean: [1, 2, 3],
        covariance: [
          [1, 0],
          [0, 1],
        ],
      },
      "gaussian: covariance must have dimension 3, but got 2",
    ],
    [{ mean: [1, 2], standardDeviation: [1, 1, 1] }, "gaussian: mean must have dimension 3, but got 2"],
  ])("refuses %j", (options, part) => {
    expect(message(() => gaussian(options))).toContain(part);
  });
});

describe("mixture", () => {
  it.each([
    [{ weights: [0.5, 0.6] }, "weights must sum to 1, but got 1.1"],
    [{ weights: [1.5, -0.5] }, "weights: must be > 0, but got -0.5 at 1"],
    [{ weights: [] }, "at least one number"],
    [{ weights: [1] }, "means must have one entry per component, but got 2 for 1 weights"],
    [{ standardDeviations: [1] }, "standardDeviations must have one entry per component, but got 1"],
    [{ standardDeviations: [1, 0] }, "must be > 0, but got 0 at 1"],
    [{ means: [[0, 1], [2]] }, "row 0 has 2 numbers and row 1 has 1"],
    [{ means: [0, Number.POSITIVE_INFINITY] }, "must hold finite numbers"],
    [
      {
        means: [
          [0, 0, 0],
          [1, 1, 1],
        ],
        standardDeviations: [
          [1, 1],
          [1, 1],
        ],
      },
      "must be one number or 3 numbers per component, but got 2",
    ],
  ])("refuses %j", (options, part) => {
    expect(message(() => mixture({ ...two, ...options }))).toContain(part);
  });

  it("takes weights that sum to 1 within 1e-9", () => {
    const target = mixture({ ...two, weights: [1 / 3, 2 / 3 + 5e-10] });
    expect(target.cdf!(100)).toBeCloseTo(1, 15);
  });
});

describe("empirical", () => {
  it.each([
    [() => empirical([]), "but got []"],
    [() => empirical([[1, 2], [3]]), "row 1 has 1"],
    [() => empirical({ data: Float64Array.of(1, 2, 3), dimension: 2 }), "multiple of the dimension 2"],
    [() => empirical({ data: Float64Array.of(1, 2), dimension: 0 }), "dimension must be a whole number"],
    [() => empirical({ data: Float64Array.of(1, Number.NaN), dimension: 1 }), "NaN in row 1, column 0"],
    [() => empirical(ndarray(new Float64Array(8), [2, 2, 2])), "got [2, 2, 2]"],
    [() => empirical(ndarray(new Float64Array(0), [0, 2])), "at least one point"],
  ])("refuses case %#", (action, part) => {
    expect(message(action)).toContain(part);
  });

  it("takes arrays of any strides, and keeps its own copy", () => {
    const data = Float64Array.of(1, 2, 3, 4, 5, 6);
    const target = empirical(ndarray(data, [3, 2]).transpose(1, 0));
    data.fill(0);
    expect(target.dimension).toBe(3);
    expect([...target.mean]).toEqual([1.5, 3.5, 5.5]);
  });
});

describe("toys and names", () => {
  it("refuses unknown names and options with the nearest", () => {
    expect(message(() => createTarget("trimodel"))).toContain("Did you mean 'trimodal'?");
    expect(message(() => createTarget("galaxy-brain-law"))).toContain("Choose one of: gaussian, mixture, bimodal");
    expect(message(() => createTarget("gaussian", { meen: 1 }))).toContain("Did you mean 'mean'?");
    expect(message(() => createTarget("mixture", { ...two, weight: 1 }))).toContain("Did you mean 'weights'?");
    expect(message(() => createTarget("rings", { standarDeviation: 1 }))).toContain(
      "Did you mean 'standardDeviation'?",
    );
    expect(message(() => createTarget("trimodal", { mean: 1 }))).toContain("It has no options");
    expect(message(() => createTarget("mixture"))).toContain("mixture: weights: must be a number or a list");
    expect(message(() => createTarget("empirical"))).toContain("data file");
    expect(message(() => toy("laplace", { scale: 0 }))).toContain("scale: must be a finite number > 0, but got 0");
    expect(message(() => toy("pinwheel", { arms: 2.5 }))).toContain("whole number");
  });

  it("reads options as a command line spells them", () => {
    const one = createTarget("gaussian", { mean: "0.7", standardDeviation: "0.5" });
    expect([one.mean[0], one.covariance[0]]).toEqual([0.7, 0.25]);
    expect([...createTarget("gaussian", { mean: "1;2;3" }).mean]).toEqual([1, 2, 3]);
    const correlated = createTarget("gaussian", { covariance: "[[2, 1], [1, 2]]" });
    expect([...correlated.covariance]).toEqual([2, 1, 1, 2]);
    const pair = createTarget("mixture", { weights: "0.25;0.75", means: "-1;1", standardDeviations: "0.1;0.2" });
    expect(pair.mean[0]).toBe(0.5);
    expect(pair.options).toEqual({ weights: [0.25, 0.75], means: [-1, 1], standardDeviations: [0.1, 0.2] });
    expect(message(() => createTarget("gaussian", { mean: "x" }))).toContain('must hold finite numbers, but got "x"');
    expect(message(() => createTarget("gaussian", { mean: "[1, 2" }))).toContain("gaussian: mean");
  });

  it("options of a target make the same target again", () => {
    for (const target of [
      createTarget("gaussian", { covariance: "[[2, 1], [1, 2]]" }),
      createTarget("rings"),
      toy("laplace", { scale: 2 }),
    ]) {
      const again = createTarget(target.name, JSON.parse(JSON.stringify(target.options)));
      expect(again.sample({ count: 3, seed: 1 }).data).toEqual(target.sample({ count: 3, seed: 1 }).data);
    }
  });
});

describe("requests", () => {
  it.each([
    [{ count: 0 }, "count: must be a whole number in [1"],
    [{ count: 1.5 }, "count"],
    [{ seed: -1 }, "seed: must be"],
    [{ seed: 2 ** 53 }, "seed: must be"],
    [{ firstSample: -1 }, "firstSample: must be"],
    [{ run: Number.NaN }, "run: must be"],
  ])("refuses %j", (part, text) => {
    const request: SampleRequest = { count: 1, seed: 0, ...part };
    for (const target of [toy("trimodal"), toy("uniform"), toy("laplace"), gaussian()]) {
      expect(message(() => target.sample(request))).toContain(text);
    }
  });

  it("refuses noise levels that are no levels", () => {
    for (const target of [toy("trimodal"), toy("uniform"), toy("laplace"), gaussian(), empirical([1, 2])]) {
      expect(message(() => target.perturbed(1, -0.1))).toContain("sigma must be a finite number ≥ 0, but got -0.1");
      expect(message(() => target.perturbed(Number.NaN, 1))).toContain(
        "alpha must be a finite number ≥ 0, but got NaN",
      );
      expect(message(() => target.perturbed(0, 0))).toContain("density");
    }
  });

  it("refuses rows of another dimension", () => {
    const target = toy("rings");
    expect(message(() => target.logDensity!(new Float64Array(3)))).toContain("multiple of the dimension 2, but got 3");
    expect(message(() => target.logDensity!(ndarray(new Float64Array(9), [3, 3])))).toContain(
      "[count, 2], but got [3, 3]",
    );
    expect(target.logDensity!(ndarray(new Float64Array(4), [2, 2])).length).toBe(2);
  });
});
