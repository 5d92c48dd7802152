import type { Grid, Model, Schedule, Solver } from "../../solvers/types.js";
import { gaussianW2, gaussianW2Diagonal } from "../metrics/gaussian-distances.js";
import { quantileDistance } from "../metrics/quantile-distance.js";
import { quantileLaw } from "../metrics/quantile-law.js";
import { isGaussianTarget } from "../targets/gaussian.js";
import type { Target } from "../targets/types.js";
import { affineExactLaw, hasAffineLaw } from "./exact-law.js";
import { type AffineRun, affineRun } from "./laws/affine-law.js";
import type { CellLaw } from "./laws/cell-law.js";
import { gaussianLaw, gaussianTruth } from "./laws/gaussian-law.js";
import { lawDistance } from "./laws/law-distance.js";
import { dataLaw, gridEnds, outputLaw, perturbedAt, truthDistances } from "./laws/output-law.js";

/** W2 figures whose sum bounds the total: bounds by the triangle inequality, not shares. */
export interface BudgetFigures {
  /** W2(solver from the prior, solver from p_tMax), with the score that the solver uses. */
  readonly initialisation: number;
  /** W2(solver from p_tMax with the exact score, p at the end of the run). */
  readonly discretisation: number;
  /** W2(p at the end of the run, data). */
  readonly truncation: number;
  /** W2(solver from p_tMax with the learned score, the same with the exact one); null where the solver uses the exact score. */
  readonly score: number | null;
}

/** Options of `errorBudget`. */
export interface BudgetOptions {
  readonly sde: Schedule;
  readonly target: Target;
  /** The score that the solver uses, as a learned one; the exact one when left out. Above one dimension it must be affine in x. */
  readonly model?: Model;
  readonly solver: Solver;
  /** For solvers on a grid. */
  readonly grid: Grid | null;
  readonly denoise?: boolean;
  /** The law from the prior and W2(p_tMin, data), where they are already known. */
  readonly fromPrior?: CellLaw;
  readonly run?: AffineRun;
  readonly truncation?: number;
}

/** The exact error budget of a run, with what a learned score adds to it. @throws UsageError where no exact law exists */
export async function errorBudget(options: BudgetOptions): Promise<BudgetFigures> {
  const { target, model, solver, grid } = options;
  if (solver.kind === "fixed" && grid !== null) {
    const setting = { ...options, solver, grid };
    if (isGaussianTarget(target) && model === undefined) return gaussianBudget({ ...setting, target });
    if (isGaussianTarget(target) && model !== undefined && hasAffineLaw(target)) {
      return affineBudget({ ...setting, model, target });
    }
  }
  return lineBudget(options);
}

/** On the line, by densities. */
async function lineBudget({
  denoise = false,
  fromPrior,
  truncation,
  ...options
}: BudgetOptions): Promise<BudgetFigures> {
  const { sde, target, solver, grid, model } = options;
  const { to } = gridEnds(sde, grid);
  const exactScore = { sde, target, solver, grid };
  const of = (start: "prior" | "exact") => outputLaw({ ...options, start, denoise });
  const prior = fromPrior ?? (await of("prior"));
  const learned = await of("exact");
  const exact = model === undefined ? learned : await outputLaw({ ...exactScore, start: "exact", denoise });
  return {
    initialisation: lawDistance(prior, learned),
    discretisation: truthDistances(exact, target, sde, to).w2,
    truncation: truncation ?? (await truncationError(target, sde, to)),
    score: model === undefined ? null : lawDistance(learned, exact),
  };
}

type GaussianOptions = BudgetOptions & Pick<Parameters<typeof gaussianLaw>[0], "solver" | "grid" | "target">;

/** Gaussian data and the exact score, along the eigenvectors of the covariance. */
async function gaussianBudget({ denoise = false, ...options }: GaussianOptions): Promise<BudgetFigures> {
  const { sde, target } = options;
  const of = (start: "prior" | "exact") => gaussianLaw({ ...options, start, denoise });
  const [prior, exact] = [await of("prior"), await of("exact")];
  const [end, data] = [gaussianTruth(target, sde, gridEnds(sde, options.grid).to), gaussianTruth(target, sde, "data")];
  const distance = (a: Moments, b: Moments) => gaussianW2Diagonal(a.means, a.variances, b.means, b.variances);
  return {
    initialisation: distance(prior, exact),
    discretisation: distance(exact, end),
    truncation: distance(end, data),
    score: null,
  };
}

/** Gaussian data and a score that is affine in x, in any dimension. */
async function affineBudget(options: GaussianOptions & { readonly model: Model }): Promise<BudgetFigures> {
  const { sde, target, grid, denoise = false } = options;
  const run = options.run ?? (await affineRun({ ...options, denoise }));
  const { from, to } = gridEnds(sde, grid);
  const [prior, learned] = (["prior", "exact"] as const).map((start) =>
    affineExactLaw(run, { target, sde, start, from, against: to }),
  );
  const { model: _model, run: _run, ...exactScore } = options;
  const exact = await gaussianLaw({ ...exactScore, start: "exact", denoise });
  return {
    ...(await gaussianBudget(exactScore)),
    initialisation: gaussianW2(prior!.mean, prior!.covariance, learned!.mean, learned!.covariance),
    score: gaussianW2(learned!.mean, learned!.covariance, exact.mean, exact.covariance),
  };
}

/** W2(p_t, data) of a Gaussian target or on the line. */
export async function truncationError(target: Target, sde: Schedule, t = sde.tMin): Promise<number> {
  if (isGaussianTarget(target)) {
    const [end, data] = [gaussianTruth(target, sde, t), gaussianTruth(target, sde, "data")];
    return gaussianW2Diagonal(end.means, end.variances, data.means, data.variances);
  }
  return quantileDistance(quantileLaw(perturbedAt(target, sde, t)), dataLaw(target));
}

interface Moments {
  readonly means: Float64Array;
  readonly variances: Float64Array;
}
