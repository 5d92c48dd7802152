import { UsageError } from "../../../solvers/errors.js";
import type { Grid, Model, Schedule, Solver } from "../../../solvers/types.js";
import { type QuantileLaw, quantileLaw } from "../../metrics/quantile-law.js";
import { sample } from "../../sampling/sample.js";
import { exactScore } from "../../scores/exact-score.js";
import { gaussian } from "../../targets/gaussian.js";
import type { PerturbedLaw, Target } from "../../targets/types.js";
import { denoisingError } from "../denoising-error.js";
import { type CellDistances, type CellLaw, cellDistances } from "./cell-law.js";
import { lineLaw } from "./line-law.js";
import { type LineMap, type MapStart, mapLaw } from "./map-law.js";

/** Probability left out at each end of a start law. */
const TAIL = 1e-17;
/** Probability between two nodes of an adaptive solver's map at most; of a learned score fewer digits are read. */
const ADAPTIVE_MASS = { exact: 5e-5, learned: 1e-3 };

export interface OutputLawOptions {
  readonly sde: Schedule;
  readonly target: Target;
  /** The score in the sampler; the exact one of `target` when left out. */
  readonly model?: Model;
  readonly solver: Solver;
  /** For solvers on a grid. */
  readonly grid: Grid | null;
  readonly start: "prior" | "exact";
  readonly denoise: boolean;
}

/** The exact law of a solver's output on a one-dimensional target. @throws UsageError where there is none */
export async function outputLaw(options: OutputLawOptions): Promise<CellLaw> {
  const { sde, target, solver, grid, start, denoise, model = exactScore(target, sde) } = options;
  if (model.dimension !== 1) {
    throw new UsageError(
      `model: must have dimension 1 for an exact law, but got ${model.dimension} - compare samples instead`,
    );
  }
  const from = startLaw(target, sde, start, gridEnds(sde, grid).from);
  if (solver.kind === "fixed" && solver.stochastic && grid !== null)
    return lineLaw({
      schedule: sde,
      model,
      solver,
      grid,
      start: from,
      denoise,
      denoisingError: denoisingError(target, sde, options.model),
    });
  // An adaptive solver's map jumps hundreds of times, wherever a step comes to be rejected, by up to the distance of two modes; only many
  // nodes see pairs of jumps with little between them. A network answers in single precision, whose jumps nothing resolves.
  const precision = {
    ...(solver.kind === "adaptive"
      ? { largestMass: ADAPTIVE_MASS[options.model === undefined ? "exact" : "learned"] }
      : {}),
    ...(options.model === undefined ? {} : { tolerance: 1e-8 }),
  };
  const map: LineMap = async (points) => {
    const run = { sde, model, solver, samples: points.length, initial: points, denoise };
    const { samples, perSample } = await sample(grid === null ? run : { ...run, times: grid.times });
    return { values: samples.data, evaluations: perSample.evaluations };
  };
  return mapLaw(map, from, precision);
}

/** First and last time of a run. */
export function gridEnds(sde: Schedule, grid: Grid | null): { readonly from: number; readonly to: number } {
  return { from: grid?.times[0] ?? sde.tMax, to: grid?.times.at(-1) ?? sde.tMin };
}

/** The law a run starts from: the prior or p_t at its first time. */
export function startLaw(target: Target, sde: Schedule, start: "prior" | "exact", from = sde.tMax): MapStart {
  const law =
    start === "exact"
      ? perturbedAt(target, sde, from)
      : gaussian({ mean: 0, standardDeviation: sde.priorStandardDeviation }).perturbed(1, 0);
  return asStart(law);
}

/** A perturbed law as a start: its tails cut at 1e-17. */
export function asStart(law: PerturbedLaw): MapStart {
  const { cdf, survival, quantile } = quantileLaw(law);
  return {
    cdf,
    survival,
    logDensity: (x, count, out) => law.logDensity(x, count, out),
    low: quantile(TAIL),
    high: quantile(TAIL, { upper: true }),
  };
}

/** Distances of an output law to the data law, or to p_t at a time or at tMin. */
export function truthDistances(
  law: CellLaw,
  target: Target,
  sde: Schedule,
  against: "data" | "tMin" | number,
): CellDistances {
  if (against !== "data") {
    return cellDistances(law, quantileLaw(perturbedAt(target, sde, against === "tMin" ? sde.tMin : against)));
  }
  return cellDistances(law, dataLaw(target), target.logDensity !== undefined);
}

/** The data law, with its upper tail to full precision where the target knows it. */
export function dataLaw(target: Target): QuantileLaw {
  return quantileLaw(target.logDensity === undefined ? target : target.perturbed(1, 0));
}

/** p_t. */
export function perturbedAt(target: Target, sde: Schedule, t: number): PerturbedLaw {
  return target.perturbed(sde.alpha(t), sde.sigma(t));
}
