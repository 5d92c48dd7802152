import { formatSpec } from "../../solvers/spec.js";
import type { CompareRun } from "../experiments/compare-result.js";

/** A solver with its non-default options, as typed on the command line: `pc:snr=0.16,correctorSteps=2`. */
export function runLabel(run: Pick<CompareRun, "solver" | "options">): string {
  return formatSpec({ name: run.solver, options: run.options });
}
