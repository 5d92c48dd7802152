import type { Grid, Schedule, Solver } from "../../solvers/types.js";
import { gaussianW2Diagonal } from "../metrics/gaussian-distances.js";
import { isGaussianTarget } from "../targets/gaussian.js";
import type { Target } from "../targets/types.js";
import { type CellLaw, cellDistances } from "./laws/cell-law.js";
import { gaussianLaw, gaussianTruth } from "./laws/gaussian-law.js";
import { lawDistance } from "./laws/law-distance.js";
import { mapLaw } from "./laws/map-law.js";
import { asStart, dataLaw, gridEnds, outputLaw, perturbedAt, truthDistances } from "./laws/output-law.js";

/** Three W2 figures whose sum bounds the total: bounds by the triangle inequality, not shares. */
export interface BudgetFigures {
  /** W2(solver from the prior, solver from p_tMax). */
  readonly initialisation: number;
  /** W2(solver from p_tMax, p at the end of the run). */
  readonly discretisation: number;
  /** W2(p at the end of the run, data). */
  readonly truncation: number;
}

/** Options of `errorBudget`. */
export interface BudgetOptions {
  readonly sde: Schedule;
  readonly target: Target;
  readonly solver: Solver;
  /** For solvers on a grid. */
  readonly grid: Grid | null;
  readonly denoise?: boolean;
  /** The law from the prior and W2(p_tMin, data), where they are already known. */
  readonly fromPrior?: CellLaw;
  readonly truncation?: number;
}

/** The exact error budget of a run. @throws UsageError where no exact law exists */
export async function errorBudget({
  denoise = false,
  fromPrior,
  truncation,
  ...options
}: BudgetOptions): Promise<BudgetFigures> {
  const { sde, target, solver, grid } = options;
  const { to } = gridEnds(sde, grid);
  if (isGaussianTarget(target) && solver.kind === "fixed" && grid !== null) {
    const of = (start: "prior" | "exact") => gaussianLaw({ sde, target, solver, grid, start, denoise });
    const [prior, exact] = [await of("prior"), await of("exact")];
    const [end, data] = [gaussianTruth(target, sde, to), gaussianTruth(target, sde, "data")];
    const distance = (a: Moments, b: Moments) => gaussianW2Diagonal(a.means, a.variances, b.means, b.variances);
    return {
      initialisation: distance(prior, exact),
      discretisation: distance(exact, end),
      truncation: distance(end, data),
    };
  }
  const of = (start: "prior" | "exact") => outputLaw({ ...options, start, denoise });
  const [prior, exact] = [fromPrior ?? (await of("prior")), await of("exact")];
  return {
    initialisation: lawDistance(prior, exact),
    discretisation: truthDistances(exact, target, sde, to).w2,
    truncation: truncation ?? (await truncationError(target, sde, to)),
  };
}

/** W2(p_t, data) of a Gaussian target or on the line. */
export async function truncationError(target: Target, sde: Schedule, t = sde.tMin): Promise<number> {
  if (isGaussianTarget(target)) {
    const [end, data] = [gaussianTruth(target, sde, t), gaussianTruth(target, sde, "data")];
    return gaussianW2Diagonal(end.means, end.variances, data.means, data.variances);
  }
  const identity = async (points: Float64Array) => ({ values: points, evaluations: 0 });
  const end = await mapLaw(identity, asStart(perturbedAt(target, sde, t)));
  return cellDistances(end, dataLaw(target), false).w2;
}

interface Moments {
  readonly means: Float64Array;
  readonly variances: Float64Array;
}
