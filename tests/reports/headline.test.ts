import { describe, expect, it } from "vitest";
import type { CompareResult, CompareRun } from "../../src/experiments/compare-result.js";
import { headline, winners } from "../../src/reports/headline.js";
import { compareFixture } from "./fixture.js";

const base = compareFixture();

function exactRun(solver: string, evaluations: number, w2: number): CompareRun {
  return { ...base.runs[0]!, solver, evaluations, metrics: {}, exact: { w1: null, w2, kl: null, tv: null } };
}

function sampledRun(solver: string, evaluations: number, value: number, standardError: number): CompareRun {
  return { ...base.runs[0]!, solver, evaluations, metrics: { w2: { value, standardError } }, exact: null };
}

function resultOf(runs: readonly CompareRun[]): CompareResult {
  return { ...base, runs };
}

describe("headline", () => {
  it("names one winner over the whole range", () => {
    const runs = [
      exactRun("em", 10, 0.5),
      exactRun("ddim", 10, 0.2),
      exactRun("em", 100, 0.05),
      exactRun("ddim", 100, 0.02),
    ];
    expect(headline(resultOf(runs))).toBe("From 10 to 100 evaluations ddim is closest to the truth");
  });

  it("says where the winner changes", () => {
    const runs = [exactRun("a", 10, 0.2), exactRun("b", 10, 0.5), exactRun("a", 50, 0.1), exactRun("b", 50, 0.01)];
    expect(headline(resultOf(runs))).toBe("Fewer than 50 evaluations: a is closest to the truth; from 50 on: b");
  });

  it("counts a cheaper run within a dearer budget", () => {
    const runs = [exactRun("a", 10, 0.01), exactRun("b", 100, 0.02)];
    expect(winners(resultOf(runs))).toEqual([{ evaluations: 10, labels: ["a"] }]);
  });

  it("names both where exact values differ by less than a hundredth", () => {
    const runs = [exactRun("a", 10, 0.1), exactRun("b", 10, 0.1005)];
    expect(winners(resultOf(runs))[0]!.labels).toEqual(["a", "b"]);
    expect(headline(resultOf(runs))).toBe("With 10 evaluations a and b are closest to the truth");
  });

  it("does not let a sampled value win by less than its error", () => {
    const runs = [sampledRun("a", 10, 0.3, 0.01), sampledRun("b", 10, 0.29, 0.01), sampledRun("c", 10, 0.5, 0.01)];
    expect(winners(resultOf(runs))[0]!.labels).toEqual(["a", "b"]);
  });

  it("does not let an exact value beat a sampled one that sits on the floor", () => {
    // The floor is 0.0213 ± 0.0014: a sampled 0.022 may hide any error below it.
    const runs = [exactRun("a", 10, 0.005), sampledRun("b", 10, 0.022, 0.001)];
    expect(winners(resultOf(runs))[0]!.labels).toEqual(["a", "b"]);
  });

  it("says from where on the floor hides the differences", () => {
    const sampled = [sampledRun("a", 10, 0.1, 0.001), sampledRun("b", 10, 0.3, 0.001)];
    const blurred = [sampledRun("a", 50, 0.022, 0.001), sampledRun("b", 50, 0.023, 0.001)];
    expect(headline(resultOf([...sampled, ...blurred]))).toBe(
      "Fewer than 50 evaluations: a is closest to the truth; from 50 on: several solvers reach the sampling floor",
    );
  });

  it("keeps an exact winner, with a caveat, beside a sampled one on the floor", () => {
    const runs = [
      exactRun("a", 10, 0.1),
      exactRun("a", 50, 0.005),
      sampledRun("b", 10, 0.3, 0.001),
      sampledRun("b", 50, 0.022, 0.001),
    ];
    expect(headline(resultOf(runs))).toBe(
      "From 10 to 50 evaluations a is closest to the truth, as far as sampling can tell",
    );
  });

  it("takes an exact zero, and rounding errors beside it, for the least of errors", () => {
    // Heun's method keeps a standard normal law exactly; its sampled distance is that of two exact samples.
    const zero = { ...exactRun("b", 20, 0), metrics: { w2: { value: 0.02, standardError: 0.001 } } };
    const runs = [exactRun("a", 10, 0.1), zero, exactRun("c", 20, 1.7e-16), exactRun("a", 20, 0.05)];
    expect(headline(resultOf(runs))).toBe(
      "Fewer than 20 evaluations: only a was run; from 20 on: b and c are closest to the truth",
    );
  });

  it("does not call a solver the closest where it was the only one that cheap", () => {
    const runs = [exactRun("a", 10, 0.1), exactRun("b", 50, 0.01), exactRun("a", 50, 0.02)];
    expect(headline(resultOf(runs))).toBe(
      "Fewer than 50 evaluations: only a was run; from 50 on: b is closest to the truth",
    );
    const blurred = [
      sampledRun("a", 10, 0.1, 0.001),
      sampledRun("a", 50, 0.021, 0.001),
      sampledRun("b", 50, 0.022, 0.001),
    ];
    expect(headline(resultOf(blurred))).toBe(
      "Fewer than 50 evaluations: only a was run; from 50 on: several solvers reach the sampling floor",
    );
  });

  it("does not speak of several solvers at the floor where one is", () => {
    // Floor 0.0213 ± 0.0014: a may lie on it, b cannot, and their ranges meet.
    const runs = [sampledRun("a", 10, 0.03, 0.004), sampledRun("b", 10, 0.032, 0.001)];
    expect(headline(resultOf(runs))).toBe("With 10 evaluations sampling cannot tell the best apart");
  });

  it("names the distance where it is not W2", () => {
    const runs = [sampledRun("a", 10, 0.3, 0.001), sampledRun("b", 10, 0.1, 0.001)].map((run) => ({
      ...run,
      metrics: { slicedW2: run.metrics.w2! },
    }));
    expect(headline(resultOf(runs))).toBe("With 10 evaluations b is closest to the truth by sliced W₂");
  });

  it("reports a lone solver's figures", () => {
    expect(headline(resultOf([exactRun("a", 10, 0.2), exactRun("a", 50, 0.03)]))).toBe(
      "a: W₂ 0.200 with 10 evaluations, 0.0300 with 50",
    );
    expect(headline(resultOf([exactRun("a", 10, 0.2)]))).toBe("a: W₂ 0.200 with 10 evaluations");
  });

  it("leaves out runs that failed", () => {
    const runs = [exactRun("a", 10, 0.2), { ...exactRun("b", 10, 0.01), status: "non-finite" }];
    expect(winners(resultOf(runs))[0]!.labels).toEqual(["a"]);
    expect(headline(resultOf([{ ...exactRun("b", 10, 0.01), status: "non-finite" }]))).toBe("No run succeeded");
  });
});
