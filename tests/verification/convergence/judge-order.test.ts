import { describe, expect, it } from "vitest";
import { judgeOrder, orderBand } from "../../../src/verification/convergence/judge-order.js";

const STEPS = [20, 40, 80, 160, 320];

function judged(
  error: (h: number) => number,
  expected: number,
  {
    floor = 0,
    steps = STEPS,
    cosine = 1,
    standardError = null,
  }: { floor?: number; steps?: readonly number[]; cosine?: number; standardError?: number | null } = {},
) {
  const points = steps.map((count) => ({
    steps: count,
    error: Math.abs(error(1 / count)),
    standardError: null,
    floor,
  }));
  return judgeOrder({ points, pairs: steps.slice(1).map(() => ({ cosine, standardError })) }, expected);
}

describe("errors whose expansion is known", () => {
  it.each([1, 2, 4])("C h^p is of order p = %d in every ratio", (p) => {
    const { verdict, ratios, measured, range } = judged((h) => 3 * h ** p, p);
    expect(verdict).toBe("certified");
    // ln of quotients of numbers good to 1 ulp.
    for (const { order } of ratios) expect(order).toBeCloseTo(p, 12);
    expect(measured?.[0]).toBeCloseTo(p, 12);
    expect(range).toEqual([40, 320]);
  });

  it("steps need not double", () => {
    const { ratios, verdict } = judged((h) => h * h, 2, { steps: [10, 25, 40, 100] });
    expect(verdict).toBe("certified");
    for (const { order } of ratios) expect(order).toBeCloseTo(2, 12);
  });

  it("the last three ratios count, whatever the first one was", () => {
    // log₂((1 + 30h)/(1 + 15h)) is 0.51 at h = 1/20 and 0.12, 0.06, 0.03, 0.02 from h = 1/160 on.
    const error = (h: number) => h * (1 + 30 * h);
    expect(judged(error, 1).verdict).toBe("inconclusive");
    expect(judged(error, 1, { steps: [160, 320, 640, 1280] }).verdict).toBe("inconclusive");
    expect(judged(error, 1, { steps: [20, 160, 320, 640, 1280, 2560] }).verdict).toBe("certified");
  });

  it("the band is 0.1, and a twentieth of high orders", () => {
    expect([1, 2, 4, 5].map(orderBand)).toEqual([0.1, 0.1, 0.2, 0.25]);
    expect(judged((h) => h ** 1.91, 2).verdict).toBe("certified");
    expect(judged((h) => h ** 1.89, 2).verdict).toBe("missed");
    expect(judged((h) => h ** 3.81, 4).verdict).toBe("certified");
  });
});

describe("errors that earn no certificate", () => {
  it("a lower order is missed", () => {
    const { verdict, reason } = judged((h) => h, 2);
    expect(verdict).toBe("missed");
    expect(reason).toBe("the last ratios are 1.00, 1.00, 1.00, and they do not approach 2");
  });

  it("standard errors wider than the band tell nothing", () => {
    // Of ln of a quotient, over ln 2 of a doubling: 0.05 is 0.07, and 0.1 is 0.14.
    expect(judged((h) => h, 1, { standardError: 0.05 }).verdict).toBe("certified");
    const { verdict, reason } = judged((h) => h, 1, { standardError: 0.1 });
    expect(verdict).toBe("inconclusive");
    expect(reason).toBe(
      "the last ratios are 1.00, 1.00, 1.00 with standard errors up to 0.14, which do not tell 1 ± 0.10: take more samples",
    );
  });

  it("a higher order than declared says that the law hides the leading error", () => {
    const { verdict, reason } = judged((h) => h ** 4, 3);
    expect(verdict).toBe("inconclusive");
    expect(reason).toBe(
      "the last ratios are 4.00, 4.00, 4.00, all above 3: the leading error vanishes on this law, take another one",
    );
  });

  it("higher orders that still change ask for more steps, not for another law", () => {
    const { verdict, reason } = judged((h) => h * h + 1e5 * h ** 4, 1);
    expect(verdict).toBe("inconclusive");
    expect(reason).toMatch(/^the last ratios are .*, all above 1 and not settled: take more steps$/);
  });

  it("another limit is missed: ratios fall to 0", () => {
    expect(judged((h) => h + 0.01, 1).verdict).toBe("missed");
  });

  it("a higher order is no proof of the declared one", () => {
    expect(judged((h) => h * h, 1).verdict).toBe("inconclusive");
  });

  it("a slow approach is inconclusive, not missed", () => {
    // Ratios of h/(1 + 20h) rise to 1 from below.
    const { verdict, reason } = judged((h) => h / (1 + 20 * h), 1);
    expect(verdict).toBe("inconclusive");
    expect(reason).toContain("take more steps");
  });

  it("ratios within the band do not count across a change of direction", () => {
    const { verdict, reason } = judged((h) => h, 1, { cosine: -1 });
    expect(verdict).toBe("inconclusive");
    expect(reason).toContain("changes sign between 40 and 80 steps");
  });

  it("two ratios are not enough", () => {
    const { verdict, reason } = judged((h) => h, 1, { steps: [10, 20, 40] });
    expect(verdict).toBe("inconclusive");
    expect(reason).toContain("three are needed");
  });

  it("a run that ends in NaN is missed", () => {
    expect(judged((h) => (h < 0.005 ? Number.NaN : h), 1).verdict).toBe("missed");
  });
});

describe("the floor", () => {
  it("leaves out ratios that rounding decides, and says so", () => {
    // h⁴ falls below 32 floors of 1e-10 after 80 steps.
    const { ratios, verdict } = judged((h) => h ** 4 + 1e-10, 4, { floor: 1e-10 });
    expect(ratios.map(({ counts }) => counts)).toEqual([true, true, false, false]);
    expect(ratios.at(-1)?.note).toBe("at the floor");
    expect(verdict).toBe("inconclusive");
    const finer = judged((h) => h ** 4 + 1e-10, 4, { floor: 1e-10, steps: [10, 20, 40, 80, 160, 320] });
    expect(finer.verdict).toBe("certified");
    expect(finer.range).toEqual([10, 80]);
  });

  it("errors of rounding alone show no order", () => {
    expect(judged(() => 1e-16, 4, { floor: 1e-16 }).verdict).toBe("exact");
  });
});

it("sampled ratios get two standard errors of grace", () => {
  const points = STEPS.map((steps) => ({ steps, error: steps ** -0.8, standardError: null, floor: 0 }));
  const withError = (standardError: number) =>
    judgeOrder({ points, pairs: STEPS.slice(1).map(() => ({ cosine: null, standardError })) }, 1);
  // |0.8 − 1| = 0.2 = 0.1 + 2 · 0.05, and a pair's error is that of ln(e₁/e₂): divided by ln 2.
  expect(withError(0.051 * Math.LN2).verdict).toBe("certified");
  expect(withError(0.049 * Math.LN2).verdict).toBe("inconclusive");
  expect(withError(0.02 * Math.LN2).verdict).toBe("missed");
});
