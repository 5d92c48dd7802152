import { UsageError } from "../../solvers/errors.js";
import type { Grid, Model, Schedule, Solver } from "../../solvers/types.js";
import { gaussianKl, gaussianW2 } from "../metrics/gaussian-distances.js";
import { resolveGrid, resolveSolver } from "../sampling/resolve.js";
import { isGaussianTarget } from "../targets/gaussian.js";
import type { Target } from "../targets/types.js";
import { type AffineRun, affineMoments, affineRun } from "./laws/affine-law.js";
import { type CellLaw, cellDensity } from "./laws/cell-law.js";
import { gaussianLaw, gaussianLawDistances } from "./laws/gaussian-law.js";
import { gridEnds, outputLaw, truthDistances } from "./laws/output-law.js";

/** What `exactLaw` is told. */
export interface ExactLawOptions {
  readonly sde: Schedule;
  readonly target: Target;
  /** The score that the solver uses, as a learned one; the exact one when left out. Above one dimension it must be affine in x. */
  readonly model?: Model;
  readonly solver: string | Solver;
  readonly steps?: number;
  readonly grid?: string;
  readonly times?: ArrayLike<number>;
  /** Start from the prior (what a user gets), or from the exact p_t at the first time. */
  readonly start?: "prior" | "exact";
  /** Compare with the data law, or with p_t at the end of the run. */
  readonly against?: "data" | "tMin";
  readonly denoise?: boolean;
  readonly variable?: "t" | "rho";
}

/** The exact law of what a solver produces, with its distances to the truth (kl: KL(truth ‖ law), nats). */
export interface ExactLaw {
  readonly kind: "gaussian" | "density";
  /** dimension numbers. */
  readonly mean: Float64Array;
  /** dimension × dimension, row-major. */
  readonly covariance: Float64Array;
  /** The covariance in one dimension; null above. */
  readonly variance: number | null;
  readonly w1: number | null;
  readonly w2: number;
  readonly kl: number | null;
  readonly tv: number | null;
  /** Mass of the law, 1 but for quadrature error. */
  readonly mass: number;
  /** Density at places; empty above one dimension and where the sampler's map folds. */
  readonly grid: readonly number[];
  readonly density: readonly number[];
  readonly evaluations: number;
  /** True when a deterministic map folds: its samples change order. */
  readonly folds: boolean;
}

/**
 * The exact law of a solver's output, without sampling: Gaussian targets in any dimension, every target with a quantile function in
 * one; there also with a score that is not the exact one, and above one dimension with one that is affine in x.
 *
 * @throws UsageError when no exact law exists for the target and solver; NotMarkovError when the solver keeps noisy older states
 */
export async function exactLaw(options: ExactLawOptions): Promise<ExactLaw> {
  const { sde, target, model, start = "prior", against = "data", denoise = false } = options;
  const solver = resolveSolver(options.solver, options.variable === undefined ? {} : { variable: options.variable });
  return exactLawOf({
    sde,
    target,
    ...(model === undefined ? {} : { model }),
    solver,
    grid: solver.kind === "fixed" ? resolveGrid(sde, options) : null,
    start,
    against,
    denoise,
  });
}

/** `exactLaw` with everything resolved. */
export interface ResolvedLawOptions {
  readonly sde: Schedule;
  readonly target: Target;
  readonly model?: Model;
  readonly solver: Solver;
  /** For solvers on a grid. */
  readonly grid: Grid | null;
  readonly start: "prior" | "exact";
  readonly against: "data" | "tMin";
  readonly denoise: boolean;
}

/** As `exactLaw`. */
export async function exactLawOf(options: ResolvedLawOptions): Promise<ExactLaw> {
  const { sde, target, model, solver, grid } = options;
  if (model === undefined && isGaussianTarget(target) && solver.kind === "fixed" && grid !== null) {
    const law = await gaussianLaw({ ...options, target, solver, grid });
    const distances = gaussianLawDistances(law, target, sde, truthOf(options));
    return { kind: "gaussian", mass: 1, folds: false, ...law, ...distances };
  }
  if (model !== undefined && hasAffineLaw(target) && solver.kind === "fixed" && grid !== null) {
    const { start, denoise } = options;
    const run = await affineRun({ sde, model, solver, grid, denoise });
    return affineExactLaw(run, { target, sde, start, from: gridEnds(sde, grid).from, against: truthOf(options) });
  }
  if (!hasExactLaw(target) || target.dimension > 1) {
    throw new UsageError(
      `exact law: exists for Gaussian targets and for one-dimensional targets with a quantile function, but '${target.name}' has dimension ${target.dimension} - compare samples instead`,
    );
  }
  return lineExactLaw(await outputLaw(options), options);
}

/** The law of a run on the line with its distances to the truth. */
export function lineExactLaw(
  law: CellLaw,
  options: Pick<ResolvedLawOptions, "target" | "sde" | "grid" | "against">,
): ExactLaw {
  const { target, sde } = options;
  const { x, density } = cellDensity(law);
  return {
    kind: "density",
    mean: Float64Array.of(law.mean),
    covariance: Float64Array.of(law.variance),
    variance: law.variance,
    ...truthDistances(law, target, sde, truthOf(options)),
    mass: 1 + law.massError,
    grid: x,
    density,
    evaluations: law.evaluations,
    folds: law.folds,
  };
}

/** Whether laws need a score that is affine in x: Gaussian targets above one dimension. */
export function hasAffineLaw(target: Target): boolean {
  return target.isGaussian && target.dimension > 1;
}

/** The law of an affine run with its distances to the truth. */
export function affineExactLaw(
  run: AffineRun,
  {
    target,
    sde,
    start,
    from,
    against,
  }: {
    readonly target: Target;
    readonly sde: Schedule;
    readonly start: "prior" | "exact";
    readonly from: number;
    readonly against: "data" | number;
  },
): ExactLaw {
  const begin = start === "exact" ? momentsAt(target, sde, from) : priorMoments(target, sde);
  const { mean, covariance } = affineMoments(run, begin.mean, begin.covariance);
  const truth = against === "data" ? target : momentsAt(target, sde, against);
  return {
    ...{ kind: "gaussian", mean, covariance, variance: null, w1: null, tv: null, mass: 1, grid: [], density: [] },
    w2: gaussianW2(mean, covariance, truth.mean, truth.covariance),
    kl: gaussianKl(truth.mean, truth.covariance, mean, covariance),
    evaluations: run.evaluations,
    folds: false,
  };
}

/** Mean and covariance of α x₀ + σ ε. */
export function momentsAt({ mean, covariance, dimension }: Target, sde: Schedule, t: number) {
  const [alpha, sigma] = [sde.alpha(t), sde.sigma(t)];
  return {
    mean: mean.map((value) => alpha * value),
    covariance: covariance.map((value, i) => alpha * alpha * value + (i % (dimension + 1) === 0 ? sigma * sigma : 0)),
  };
}

function priorMoments({ dimension }: Target, { priorStandardDeviation }: Schedule) {
  const variance = priorStandardDeviation * priorStandardDeviation;
  return {
    mean: new Float64Array(dimension),
    covariance: Float64Array.from({ length: dimension * dimension }, (_, i) =>
      i % (dimension + 1) === 0 ? variance : 0,
    ),
  };
}

/** The data, or the time that the run ends at. */
function truthOf({ against, sde, grid }: Pick<ResolvedLawOptions, "against" | "sde" | "grid">): "data" | number {
  return against === "data" ? "data" : gridEnds(sde, grid).to;
}

/** Whether `exactLaw` can know the outputs of samplers of this target. */
export function hasExactLaw(target: Target): boolean {
  return target.isGaussian || (target.dimension === 1 && target.quantile !== undefined && target.cdf !== undefined);
}
