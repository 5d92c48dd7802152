import { describe, expect, it } from "vitest";
import { UsageError } from "../../../solvers/errors.js";
import { RightHandSideError } from "../../../solvers/ode/right-hand-side.js";
import { type OdeOptions, solveOde } from "../../../solvers/ode/solve-ode.js";

const decay: OdeOptions["f"] = (_t, y, out) => {
  out[0] = -y[0]!;
};

describe("numerical trouble ends in a status", () => {
  it("a jump costs rejections, no more", async () => {
    const f: OdeOptions["f"] = (t) => [t < 1 / 3 ? 1 : -1];
    const solution = await solveOde({ f, from: 0, to: 1, y0: [0], rtol: 1e-8, atol: 1e-8 });
    expect(solution.status).toBe("success");
    expect(solution.rejected).toBeGreaterThan(0);
    expect(Math.abs(solution.end[0]! + 1 / 3)).toBeLessThan(1e-7);
  });

  it("a sliding jump y' = −sign(y) is followed or ends in a status", async () => {
    const f: OdeOptions["f"] = (_t, y) => [-Math.sign(y[0]!)];
    const solution = await solveOde({ f, from: 0, to: 2, y0: [1], rtol: 1e-6, atol: 1e-6, maxSteps: 2000 });
    expect(["success", "max-steps", "step-underflow"]).toContain(solution.status);
    expect(Math.abs(solution.end[0]!)).toBeLessThan(1);
  });

  it("y' = y² stops at its pole and says where", async () => {
    const solution = await solveOde({
      f: (_t, y) => [1, y[1]! ** 2],
      from: 0,
      to: 5,
      y0: [0, 1],
      rtol: 1e-6,
      atol: 1e-9,
    });
    expect(["step-underflow", "non-finite"]).toContain(solution.status);
    expect(solution.failure!.component).toBe(1);
    expect(Math.abs(solution.failure!.t - 1)).toBeLessThan(1e-4);
    expect(solution.message).toContain(String(solution.failure!.t));
    expect(solution.message).toContain("component 1");
    expect(Math.abs(solution.at(0.5)[1]! - 2)).toBeLessThan(1e-4);
  });

  it("limits and abortion say so in words", async () => {
    const problem = { f: decay, from: 0, to: 10, y0: [1] };
    expect((await solveOde({ ...problem, maxSteps: 2 })).message).toContain("maxSteps");
    expect((await solveOde({ ...problem, maxEvaluations: 20 })).message).toContain("20 evaluations");
    expect((await solveOde({ ...problem, signal: AbortSignal.abort() })).message).toBe("Aborted at t = 0.");
    expect((await solveOde(problem)).message).toBe("Reached the end of the interval.");
  });
});

describe("misuse is told at once", () => {
  const problem: OdeOptions = { f: decay, from: 0, to: 1, y0: [1] };
  const unfit = (name: string): { method: never } => ({ method: name as never });

  it.each([
    [{ rtol: 1e-15 }, /rtol: must be at least 2\.22e-14 \(100 eps\).* 1e-15 - /],
    [{ rtol: 0 }, /rtol:/],
    [{ rtol: Number.NaN }, /rtol:/],
    [{ rtol: Number.POSITIVE_INFINITY }, /rtol:/],
    [{ atol: 0 }, /atol: must be positive/],
    [{ atol: -1 }, /atol: must be positive.* -1 - /],
    [{ atol: [1e-6, 1e-6] }, /atol: must be one number or 1/],
    [{ to: 0 }, /to: must differ from 'from'/],
    [{ from: Number.NaN }, /from: must be finite/],
    [{ to: Number.POSITIVE_INFINITY }, /to: must be finite/],
    [{ y0: [] }, /y0: must have at least one/],
    [{ y0: [1, Number.NaN] }, /y0: must be finite, but got NaN at component 1/],
    [{ maxSteps: 0 }, /maxSteps: must be a whole number ≥ 1/],
    [{ maxSteps: 2.5 }, /maxSteps:/],
    [{ maxEvaluations: Number.NaN }, /maxEvaluations:/],
    [{ firstStep: -0.1 }, /firstStep: must be positive/],
    [{ firstStep: 2 }, /firstStep: must not pass the end, 1 away, but got 2/],
    [{ maxStep: 0 }, /maxStep: must be positive/],
    [{ method: "euler" as const }, /steps: must be given for 'euler'/],
    [{ method: "rk4" as const, steps: 0 }, /steps: must be a whole number ≥ 1/],
    [unfit("rk450"), /method: .*'rk450'\. Did you mean 'rk45'\?/],
    [{ controller: "scypi" as never }, /controller: .* Did you mean 'scipy'\?/],
    [{ initialStep: "insde" as never }, /initialStep: .* Did you mean 'inside'\?/],
  ])("%o", async (wrong, message) => {
    const attempt = solveOde({ ...problem, ...wrong });
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toBeInstanceOf(UsageError);
  });

  it("an f that throws, at once or later, is reported with its time", async () => {
    const f = (t: number): number[] => {
      if (t > 0.5) throw new RangeError("out of the table");
      return [1];
    };
    const attempt = solveOde({ ...problem, f });
    await expect(attempt).rejects.toBeInstanceOf(RightHandSideError);
    const later = solveOde({ ...problem, f: async (t) => f(t) });
    for (const run of [attempt, later]) {
      const error = await run.then(
        () => null,
        (reason: RightHandSideError) => reason,
      );
      expect(error!.times[0]).toBeGreaterThan(0.5);
      expect(error!.message).toBe(`f: threw at t = ${error!.times[0]}: out of the table`);
      expect(error!.cause).toBeInstanceOf(RangeError);
    }
  });

  it("an f of the wrong length is told so", async () => {
    await expect(solveOde({ ...problem, f: () => [1, 2] })).rejects.toThrow(/f: must return 1 numbers.* got 2/);
    await expect(solveOde({ ...problem, f: () => [] })).rejects.toThrow(/f: must return 1 numbers.* got 0/);
    await expect(solveOde({ ...problem, f: () => {} })).rejects.toThrow(/left component 0 unwritten/);
    const short: OdeOptions["f"] = (_t, _y, out) => {
      out[0] = 1;
    };
    await expect(solveOde({ ...problem, y0: [1, 2], f: short })).rejects.toThrow(/left component 1 unwritten/);
  });

  it("the value of an assignment is no answer", async () => {
    const { end } = await solveOde({ ...problem, f: (_t, y, out) => (out[0] = -y[0]!), rtol: 1e-8, atol: 1e-8 });
    expect(Math.abs(end[0]! - Math.exp(-1))).toBeLessThan(1e-7);
  });
});
