import type { Solver } from "../../solvers/types.js";
import { specList } from "./option-values.js";

/** Solvers from a list of specs and of modules of the user's own, such as `./mine.js,em`; `all` stands for every known one. */
export async function solverList(name: string, value: unknown): Promise<(string | Solver)[]> {
  const specs = specList(name, value);
  const { isSolverFile, loadSolver } = await import("./load-solver.js");
  const { allSolverNames } = await import("../experiments/compare-plan.js");
  const found: (string | Solver)[] = [];
  for (const spec of specs) {
    if (spec === "all") found.push(...allSolverNames());
    else found.push(isSolverFile(spec) ? await loadSolver(spec) : spec);
  }
  return found;
}
