import {
  deviations,
  findGrid,
  findSolver,
  gaussianSpace,
  marginalVariance,
  type Schedule,
} from "../../solvers/index.js";
import { runSolver } from "../../solvers/run-solver.js";
import { parseSpec } from "../../solvers/spec.js";
import type { FixedSolver } from "../../solvers/types.js";

/** A one-dimensional Gaussian. */
export interface Normal {
  readonly mean: number;
  readonly deviation: number;
}

/** The solver on a grid that a spec such as `pc:predictor=em` names. */
export function fixedSolver(spec: string): FixedSolver {
  const { name, options } = parseSpec(spec);
  const solver = findSolver(name).create(options);
  if (solver.kind !== "fixed") throw new Error(`${name} chooses its own steps`);
  return solver;
}

/** The exact law of a solver's output on the data N(mean, deviation²), from p_tMax or from the prior. */
export async function gaussianRun(
  schedule: Schedule,
  { mean, deviation }: Normal,
  spec: string,
  steps: number,
  { grid = "uniform", start = "exact" }: { readonly grid?: string; readonly start?: "exact" | "prior" } = {},
): Promise<Normal> {
  const space = gaussianSpace({
    schedule,
    means: Float64Array.of(mean),
    variances: Float64Array.of(deviation * deviation),
    start,
    from: schedule.tMax,
  });
  const { name, options } = parseSpec(grid);
  const problem = { schedule, grid: findGrid(name).create(schedule, steps, options), space };
  const { x } = await runSolver(fixedSolver(spec), problem);
  return { mean: x.mean[0]!, deviation: deviations(x)[0]! };
}

/** p_t of the data N(mean, deviation²). */
export function marginal(schedule: Schedule, { mean, deviation }: Normal, t: number): Normal {
  return {
    mean: schedule.alpha(t) * mean,
    deviation: Math.sqrt(marginalVariance(schedule, t, deviation * deviation)),
  };
}

/** W2 of two Gaussians on the line. */
export function distance(a: Normal, b: Normal): number {
  return Math.hypot(a.mean - b.mean, a.deviation - b.deviation);
}
