import { afterEach, expect, it, vi } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { explain } from "../../src/cli/explain.js";
import { EngineError } from "../../src/engine/engine-error.js";
import { ModelError } from "../../src/sampling/guard-model.js";
import { SolverError } from "../../src/sampling/guard-solver.js";

afterEach(() => vi.restoreAllMocks());

function explained(error: unknown): { code: number; text: string } {
  let text = "";
  vi.spyOn(process.stderr, "write").mockImplementation((part) => {
    text += String(part);
    return true;
  });
  return { code: explain(error), text };
}

it("tells misuse from failures of a model and from faults of the program", () => {
  expect(explained(new UsageError("steps: must be ≥ 1"))).toEqual({ code: 2, text: "error: steps: must be ≥ 1\n" });
  expect(explained(new ModelError("model: threw\nat t = 1"))).toEqual({
    code: 3,
    text: "error: model: threw at t = 1\n",
  });
  expect(explained(new SolverError("./mine.js: does not advance")).code).toBe(3);
  expect(explained(new EngineError("engine-unavailable", "engine 'x'")).code).toBe(2);
  expect(explained(new EngineError("run-failed", "graph")).code).toBe(3);
  const fault = explained(new TypeError("x is undefined"));
  expect(fault.code).toBe(70);
  expect(fault.text).toBe(
    "error: internal error, a fault of score-sde: x is undefined - SCORE_SDE_DEBUG=1 shows where it happened\n",
  );
  expect(explained(null).code).toBe(70);
});
