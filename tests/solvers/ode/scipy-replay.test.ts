import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { integrate } from "../../../solvers/ode/adaptive.js";
import { solveOde } from "../../../solvers/ode/solve-ode.js";
import { derivatives } from "./problems.js";

interface Run {
  readonly tol: number;
  readonly nfev: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly first_step: number;
  readonly t: readonly number[];
  readonly y?: readonly (readonly number[])[];
  readonly y_end: readonly number[];
  readonly err_end: number;
  readonly dense: readonly { readonly t: number; readonly y: readonly number[] }[];
}
interface GoldenProblem {
  readonly name: string;
  readonly t_span: readonly [number, number];
  readonly y0: readonly number[];
  readonly exact_end_f64?: readonly number[];
  readonly reference_end?: readonly number[];
  readonly other: { readonly RK23: Readonly<Record<string, number>> };
  readonly runs: readonly Run[];
}
const golden = JSON.parse(readFileSync(new URL("../../fixtures/scipy-rk45.json", import.meta.url), "utf8"));
const problems: readonly GoldenProblem[] = golden.problems;

/** Rounding differs in the last digits of the error estimate, and a step passes that on: 1e-7, relative to the largest component. */
const close = (got: ArrayLike<number>, wanted: readonly number[]): void => {
  const scale = Math.max(...wanted.map(Math.abs));
  wanted.forEach((value, d) => {
    expect(Math.abs(got[d]! - value)).toBeLessThanOrEqual(1e-7 * scale);
  });
};

const cases = problems.flatMap((problem) => problem.runs.map((run) => [problem.name, run.tol, problem, run] as const));

describe("RK45 of scipy 1.10.1, step for step", () => {
  it("covers 13 problems at three tolerances", () => {
    expect(cases.length).toBe(39);
  });

  it.each(cases)("%s at %f", async (name, tol, problem, run) => {
    const [from, to] = problem.t_span;
    const solution = await solveOde({ f: derivatives[name]!, from, to, y0: problem.y0, rtol: tol, atol: tol });
    expect(solution.status).toBe("success");
    const { evaluations, accepted, rejected } = solution;
    expect({ evaluations, accepted, rejected }).toEqual({
      evaluations: run.nfev,
      accepted: run.accepted,
      rejected: run.rejected,
    });
    expect(Math.abs(Math.abs(solution.times[1]! - from) / run.first_step - 1)).toBeLessThan(1e-7);
    expect(solution.times.length).toBe(run.t.length);
    run.t.forEach((t, i) => {
      expect(Math.abs(solution.times[i]! - t)).toBeLessThanOrEqual(1e-7 * Math.abs(t));
    });
    run.y?.forEach((y, i) => {
      close(solution.states[i]!, y);
    });
    close(solution.end, run.y_end);
    for (const { t, y } of run.dense) close(solution.at(t), y);
  });

  it.each(cases.filter(([, , problem]) => problem.exact_end_f64 !== undefined))(
    "%s at %f: distance to the exact end as recorded",
    async (name, tol, problem, run) => {
      const [from, to] = problem.t_span;
      const { end } = await solveOde({ f: derivatives[name]!, from, to, y0: problem.y0, rtol: tol, atol: tol });
      const error = Math.max(...problem.exact_end_f64!.map((value, d) => Math.abs(end[d]! - value)));
      // Errors down to 8e-10 on ends of order one: rounding (some 1e-14) is far below a thousandth of them.
      expect(Math.abs(error - run.err_end)).toBeLessThanOrEqual(1e-3 * run.err_end);
    },
  );
});

it.each(
  problems.flatMap((problem) =>
    Object.entries(problem.other.RK23).map(([tol, n]) => [problem.name, tol, n, problem] as const),
  ),
)("RK23 of scipy: %s at %s takes %i evaluations", async (name, tol, nfev, problem) => {
  const [from, to] = problem.t_span;
  const solution = await solveOde({
    f: derivatives[name]!,
    from,
    to,
    y0: problem.y0,
    method: "rk23",
    rtol: Number(tol),
    atol: Number(tol),
  });
  expect(solution.evaluations).toBe(nfev);
  expect(solution.evaluations).toBe(2 + 3 * (solution.accepted + solution.rejected));
});

describe("a batch of five samples", () => {
  const batch = problems.find(({ name }) => name === "vp_gmm_batch5")!;
  const single = (x: number) => problems.find(({ name }) => name === `vp_gmm_x${x}`)!;
  const f = (times: Float64Array, y: Float64Array, count: number, out: Float64Array): void => {
    for (let r = 0; r < count; r++) {
      derivatives.vp_gmm_batch5!(times[r]!, y.subarray(r, r + 1), out.subarray(r, r + 1));
    }
  };
  const run = (control: "sample" | "shared", tol: number) =>
    integrate({
      f,
      from: 1,
      to: 1e-3,
      y0: Float64Array.from(batch.y0),
      count: 5,
      dimension: 1,
      rtol: tol,
      atol: tol,
      control,
      keepPath: true,
    });

  it.each(batch.runs.map((recorded) => [recorded.tol, recorded] as const))(
    "shared control at %f is the flattened system",
    async (tol, recorded) => {
      const result = await run("shared", tol);
      close(result.end, recorded.y_end);
      for (let row = 0; row < 5; row++) {
        expect(result.evaluations[row]).toBe(recorded.nfev);
        expect(result.accepted[row]).toBe(recorded.accepted);
        expect(result.rejected[row]).toBe(recorded.rejected);
        close(result.paths![row]!.times, recorded.t);
        recorded.y!.forEach((y, i) => {
          expect(Math.abs(result.paths![row]!.states[i]! - y[row]!)).toBeLessThan(1e-7);
        });
      }
    },
  );

  it.each([1e-3, 1e-5, 1e-8])("control per sample at %f is the single runs", async (tol) => {
    const result = await run("sample", tol);
    for (const x of [-1.7, 0.3, 2.5]) {
      const row = batch.y0.indexOf(x);
      const recorded = single(x).runs.find((candidate) => candidate.tol === tol)!;
      expect(result.evaluations[row]).toBe(recorded.nfev);
      expect(result.accepted[row]).toBe(recorded.accepted);
      expect(result.rejected[row]).toBe(recorded.rejected);
      close([result.end[row]!], recorded.y_end);
    }
  });
});
