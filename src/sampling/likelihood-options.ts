import { UsageError } from "../../solvers/errors.js";
import { log } from "../../solvers/math/elementary.js";
import { requireWhole } from "../../solvers/require-whole.js";
import type { Schedule } from "../../solvers/types.js";
import type { DifferentiableModel } from "../scores/model.js";
import type { PointRows } from "../targets/points.js";
import { chooseDivergence, type DivergenceChoice, type DivergenceMethod, divergenceCost } from "./divergence.js";
import { checkPoints } from "./points.js";

/** What `logLikelihood` is told. */
export interface LikelihoodOptions {
  readonly sde: Schedule;
  readonly model: DifferentiableModel;
  /** [N, dimension], or flat row-major. */
  readonly points: PointRows;
  /**
   * 'exact', { hutchinson: probes, distribution }, or 'auto' (default): exact for models that provide it and in up to 16 dimensions,
   * otherwise 8 Rademacher probes.
   */
  readonly divergence?: DivergenceChoice;
  /** Default 1e-5 both. */
  readonly rtol?: number;
  readonly atol?: number;
  readonly method?: "rk45" | "rk23";
  /** Independent variable: t (default), or rho = σ/α with y = x/α. */
  readonly variable?: "t" | "rho";
  /** Most model evaluations per point; at least those of one right-hand side. */
  readonly maxEvaluations?: number;
  /** Most attempted steps per point. */
  readonly maxSteps?: number;
  /** Of the probes; integer in [0, 2^53). */
  readonly seed?: number;
  /** Index of the first point: its probes are the same whatever the batch it is in. */
  readonly firstPoint?: number;
  /** Data made continuous by uniform noise in bins of this width: adds −log2(width) bits per dimension, 8 for 256 bins on [0, 1]. */
  readonly binWidth?: number;
  /** Length of central differences in units of σ(t)/√dimension, in (0, 1); 2^-17 fits 64-bit models, 2^-8 32-bit networks. */
  readonly differenceStep?: number;
  /** Points integrated together; changes no bit of the result. */
  readonly batchSize?: number;
  /** Handed to the model untouched. */
  readonly condition?: unknown;
  readonly signal?: AbortSignal;
}

/** The options with every default in place. */
export interface CheckedLikelihoodOptions {
  readonly sde: Schedule;
  readonly model: DifferentiableModel;
  readonly flat: Float64Array;
  readonly count: number;
  readonly divergence: DivergenceMethod;
  /** Model evaluations per right-hand side. */
  readonly cost: number;
  readonly rtol: number;
  readonly atol: number;
  readonly method: "rk45" | "rk23";
  readonly variable: "t" | "rho";
  readonly maxEvaluations: number | undefined;
  readonly maxSteps: number | undefined;
  readonly seed: number;
  readonly firstPoint: number;
  /** Bits per dimension. */
  readonly offset: number;
  readonly differenceStep: number;
  readonly batchSize: number | undefined;
  readonly condition: unknown;
  readonly signal: AbortSignal | undefined;
}

/** Fills in the defaults of `logLikelihood` and refuses what cannot be meant. @throws UsageError */
export function checkLikelihoodOptions(options: LikelihoodOptions): CheckedLikelihoodOptions {
  const { sde, model, divergence = "auto", rtol = 1e-5, atol = 1e-5, method = "rk45", variable = "t" } = options;
  const { maxEvaluations, maxSteps, seed = 0, firstPoint = 0, binWidth = 1, differenceStep = 2 ** -17 } = options;
  const { batchSize, condition, signal } = options;
  requireOneOf("method", method, ["rk45", "rk23"]);
  requireOneOf("variable", variable, ["t", "rho"]);
  requireWhole("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  requireWhole("firstPoint", firstPoint, 0, Number.MAX_SAFE_INTEGER);
  if (batchSize !== undefined) requireWhole("batchSize", batchSize, 1, 2 ** 31);
  if (!(binWidth > 0 && binWidth < Number.POSITIVE_INFINITY)) {
    throw new UsageError(`binWidth: must be positive and finite, but got ${binWidth} - 256 bins on [0, 1] have 1/256`);
  }
  if (!(differenceStep > 0 && differenceStep < 1)) {
    throw new UsageError(`differenceStep: must be in (0, 1), but got ${differenceStep} - leave it out for 2^-17`);
  }
  const chosen = chooseDivergence(divergence, model);
  const cost = divergenceCost(chosen, model.dimension);
  if (maxEvaluations !== undefined) requireWhole("maxEvaluations", maxEvaluations, cost, Number.MAX_SAFE_INTEGER);
  return {
    sde,
    model,
    ...checkPoints(options.points, model.dimension, sde),
    divergence: chosen,
    cost,
    rtol,
    atol,
    method,
    variable,
    maxEvaluations,
    maxSteps,
    seed,
    firstPoint,
    offset: binWidth === 1 ? 0 : -log(binWidth) / Math.LN2,
    differenceStep,
    batchSize,
    condition,
    signal,
  };
}

function requireOneOf(name: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) {
    throw new UsageError(`${name}: must be ${allowed.join(" or ")}, but got ${JSON.stringify(value)}`);
  }
}
