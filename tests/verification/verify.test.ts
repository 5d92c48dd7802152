import { beforeAll, describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { oneStepSolver } from "../../solvers/one-step.js";
import { refuteMisstatements } from "../../src/experiments/refute-misstatements.js";
import { VERIFICATION_NAMES, verify } from "../../src/experiments/verify.js";
import type { VerifyResult } from "../../src/experiments/verify-result.js";
import { createSde, discrete, edm, vp } from "../../src/sdes/index.js";
import { gaussian, toy } from "../../src/targets/index.js";
import { elboTerms } from "../../src/verification/checks/elbo-ledger.js";
import { mmseOf, ruleAt } from "../../src/verification/checks/setting.js";
import { entropy } from "../../src/verification/line-rule.js";
import { STATEMENTS } from "../../src/verification/statements.js";

const sde = vp();

describe("verify on a mixture under VP", () => {
  let result: VerifyResult;
  beforeAll(async () => {
    result = await verify({ sde, target: toy("trimodal") });
  });

  it("finds every identity true", () => {
    expect(result.checks.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
    expect(result.passed).toBe(true);
  });

  it("gives every check a reason, a figure within its bound, and a statement that exists", () => {
    for (const { figure, tolerance, sense, reason, claim } of result.checks) {
      expect(reason.length).toBeGreaterThan(5);
      expect(claim.length).toBeGreaterThan(5);
      expect(sense === "at-most" ? figure! <= tolerance! : figure! >= tolerance!).toBe(true);
    }
  });

  it("shows each statement by the checks that bear on it, and says no statement that is not written down", () => {
    const shown: Record<number, string> = {
      1: "prior chain-limit",
      2: "cumulants relaxation",
      3: "reverse-conditional more-steps",
      4: "bayes",
      5: "elbo elbo-noise-form elbo-bound",
      6: "limit reverse-density",
      7: "finite-volumes equation score-equation",
      8: "flow-stretch likelihood-mass likelihood",
      10: "drift diffusion transition time-at-log-snr",
      11: "posterior-draws",
      12: "kernel",
      13: "noise",
      14: "variance",
      15: "optimal-variance variance",
      16: "certified-bound",
      17: "i-mmse",
      18: "negentropy",
      19: "transport-cost transport",
    };
    const found = new Map<number, Set<string>>();
    for (const { name, statement } of result.checks) {
      if (statement === null) continue;
      found.set(statement, (found.get(statement) ?? new Set()).add(name.split(" ")[0]!));
    }
    const names = [...found].map(([number, set]) => [number, [...set].join(" ")]);
    expect(Object.fromEntries(names)).toEqual(shown);
    // A word of each statement, so that numbers and sentences stay together.
    const words =
      "SDE,cumulants,reverse conditional,Bayes,log p,marginals,∂p/∂t,invertible,noise out,α̇/α,exact,kernel,DDIM,loses,adds,W2,mmse,decays,transport";
    expect(Object.values(STATEMENTS)).toEqual(words.split(",").map((word) => expect.stringContaining(word)));
  });

  it("keeps books: what DDIM's steps lose sums to what the steps say", () => {
    const ledger = result.ledgers.find(({ name }) => name === "variance-ddim")!;
    expect(ledger.rows).toHaveLength(10);
    for (const row of ledger.rows) expect(Math.abs(Number(row[3]) - Number(row[4]))).toBeLessThan(1e-9);
    const elbo = result.ledgers.find(({ name }) => name === "elbo")!;
    const value = (name: string) => Number(elbo.rows.find(([term]) => term === name)![2]);
    expect(value("bound") - value("NLL")).toBeCloseTo(value("gap"), 10);
  });
});

it.each(["ve", "edm", "sub-vp", "rectified-flow", "cosine", "discrete"])(
  "cheap identities hold under %s",
  async (name) => {
    const only = [
      "schedule",
      "terminal",
      "conversions",
      "kernels",
      "elbo-ledger",
      "score-identities",
      "gaussianity",
      "i-mmse",
      "variance-ledger",
    ];
    const { checks } = await verify({ sde: await createSde(name), target: toy("bimodal"), only });
    expect(checks.filter(({ verdict }) => verdict === "fail")).toEqual([]);
  },
);

it("integrates over corners that little noise has rounded, to rounding", async () => {
  // At tMin σ is 2e-3, 1e-4 and 1e-3 of the Laplace law's scale; the slope of the score there tells of a width √σ alone.
  for (const name of ["edm", "sub-vp", "rectified-flow"]) {
    const { checks } = await verify({ sde: await createSde(name), target: toy("laplace"), only: ["tweedie"] });
    expect(checks.map(({ verdict }) => verdict)).toEqual(["pass"]);
    expect(checks[0]!.figure).toBeLessThan(1e-11);
  }
});

it("skips what needs a line in two dimensions, and says so", async () => {
  const { checks, passed } = await verify({ sde, target: toy("two-moons") });
  expect(passed).toBe(true);
  const skippedOnes = checks.filter(({ verdict }) => verdict === "skip");
  expect(skippedOnes.length).toBeGreaterThan(5);
  for (const { reason, figure } of skippedOnes) {
    expect(figure).toBeNull();
    expect(reason).toMatch(/line|dimension/);
  }
});

it("skips the limit of solvers that choose their own steps", async () => {
  const { checks } = await verify({ sde, target: toy("bimodal"), solvers: ["em", "rk45"], only: ["solver-limits"] });
  expect(checks.map(({ name, verdict }) => [name, verdict])).toEqual([
    ["limit em", "pass"],
    ["limit rk45", "skip"],
  ]);
});

it("fails a solver whose law is not finite", async () => {
  const nan = oneStepSolver({
    ...{ name: "nan", summary: "", source: "", order: 1, stochastic: true, evaluationsPerStep: 0, options: {} },
    step:
      () =>
      async ({ space }, x) =>
        space.combine([Number.NaN], [x]),
  });
  const { checks } = await verify({ sde, target: toy("bimodal"), solvers: [nan.create()], only: ["solver-limits"] });
  expect(checks[0]).toMatchObject({ name: "limit nan", verdict: "fail" });
  expect(checks[0]!.reason).toMatch(/not finite/);
});

describe("closed forms on Gaussian data", () => {
  const [variance, mean] = [0.25, 0.7];
  const target = gaussian({ mean, standardDeviation: 0.5 });

  it.each([vp(), edm(), discrete()])("mmse and entropy under $name", (process) => {
    for (const t of [process.tMin, 0.3 * process.tMax, process.tMax]) {
      const [alpha, sigma] = [process.alpha(t), process.sigma(t)];
      const total = alpha * alpha * variance + sigma * sigma;
      const rule = ruleAt({ target, sde: process }, t);
      // Var(x₀ | x_t) = vσ²/(α²v + σ²); at tMin it comes out of a cancellation of 1/σ².
      const exact = (variance * sigma * sigma) / total;
      expect(Math.abs(mmseOf({ sde: process }, t, rule) / exact - 1)).toBeLessThan(1e-8);
      expect(Math.abs(entropy(rule) - 0.5 * (Math.log(2 * Math.PI * total) + 1))).toBeLessThan(1e-12);
    }
  });

  it("the evidence bound of two steps is the one worked out by hand", () => {
    const { last, steps, first, nll, gap } = elboTerms(sde, { mean, variance, steps: 2 });
    expect(steps).toHaveLength(1);
    expect(gap).toBeGreaterThan(0);
    expect(Math.abs(last + steps[0]!.value + first - nll - gap)).toBeLessThan(1e-11);
    // L_T in closed form: y_T | y_0 is N(A y_0, 1 − A²) for VP with A = α_T/α_tMin, up to σ(tMin).
    const [a0, s0] = [sde.alpha(sde.tMin), sde.sigma(sde.tMin)];
    const A = sde.alpha(sde.tMax) / a0;
    const Q = 1 - A * A;
    const square = a0 * a0 * (variance + mean * mean) + s0 * s0;
    expect(Math.abs(last - 0.5 * (Q + A * A * square - 1 - Math.log(Q)))).toBeLessThan(1e-12);
  });
});

describe("misstatements", () => {
  it("are all refuted, by the figures that are known for them", async () => {
    const { misstatements, passed } = await refuteMisstatements();
    expect(passed).toBe(true);
    const said = (name: string) => misstatements.find((one) => one.name === name)!.counterexample;
    expect(said("ddim-keeps-variance").figure!.toFixed(3)).toBe("0.692");
    expect(said("more-steps-help").claim).toContain("0.366, 0.471, 0.494");
    expect(said("likelihood-rises").figure!).toBeCloseTo(Math.LN2, 3);
    expect(misstatements).toHaveLength(9);
  });
});

describe("bad input", () => {
  it("names what to use instead", async () => {
    const target = toy("trimodal");
    await expect(verify({ sde, target, only: ["variances"] })).rejects.toThrow(UsageError);
    await expect(verify({ sde, target, only: ["variances"] })).rejects.toThrow(/variance-ledger/);
    const well = await createSde("custom", { drift: "x-x^3", diffusion: "1" });
    await expect(verify({ sde: well, target })).rejects.toThrow(/fokker-planck/);
    expect(new Set(VERIFICATION_NAMES).size).toBe(VERIFICATION_NAMES.length);
  });

  it("stops at an abort", async () => {
    const controller = new AbortController();
    const run = verify(
      { sde, target: toy("trimodal") },
      { signal: controller.signal, onProgress: () => controller.abort() },
    );
    await expect(run).rejects.toThrow();
  });
});
