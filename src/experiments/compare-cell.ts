import { UsageError } from "../../solvers/errors.js";
import type { Model } from "../../solvers/types.js";
import { estimate } from "../metrics/estimate.js";
import type { MetricSuite } from "../metrics/metric-suite.js";
import { pathError } from "../metrics/path-error.js";
import { sample } from "../sampling/sample.js";
import type { SampleOptions, SampleResult } from "../sampling/types.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import type { TrainedModel } from "../training/index.js";
import { denoisingError } from "../verification/denoising-error.js";
import { exactFigures } from "../verification/exact-figures.js";
import { hasExactLaw } from "../verification/exact-law.js";
import type { CompareCell } from "./compare-plan.js";
import type { CompareRun, ErrorBudget, Estimate, ExactErrors } from "./compare-result.js";

/** What all cells of a comparison share. */
export interface CellSetting {
  readonly sde: Sde;
  readonly target: Target;
  readonly model: Model;
  /** False when the model is not the exact score: then exact laws exist on the line alone, and no error budget. */
  readonly isExactModel: boolean;
  readonly suite: MetricSuite;
  readonly samples: number;
  readonly repeats: number;
  readonly seed: number;
  readonly exact: boolean;
  readonly denoise: boolean;
  /** W2(p_tMin, data), where it is known. */
  readonly truncation: { readonly truncation?: number };
  readonly batchSize: number | undefined;
  readonly workers: number | "auto";
  readonly signal: AbortSignal | undefined;
  readonly now: () => number;
  /** Exact images of a repeat's start states, for the error of deterministic paths. */
  readonly exactImages: ((run: number) => Float64Array) | null;
}

/** A finished cell, with the first repeat's samples for pictures. */
export interface CellOutcome {
  readonly run: CompareRun;
  readonly points: Float64Array;
  readonly law: { readonly x: readonly number[]; readonly density: readonly number[] } | null;
}

/** Samples, measures and, where an exact law exists, computes one row of a comparison. */
export async function runCell(cell: CompareCell, setting: CellSetting): Promise<CellOutcome> {
  const { suite, samples, repeats } = setting;
  const results: SampleResult[] = [];
  const measured: Record<string, number>[] = [];
  let quickest = Number.POSITIVE_INFINITY;
  await warmUp(cell, setting);
  for (let run = 0; run < repeats; run++) {
    const begun = setting.now();
    const result = await drawSamples(cell, setting, run);
    quickest = Math.min(quickest, setting.now() - begun);
    results.push(result);
    if (result.status !== "success") break;
    measured.push(measure(cell, setting, result, run));
  }
  const last = results.at(-1)!;
  const seconds = quickest / 1000;
  const exact = await exactOf(cell, setting);
  return {
    points: results[0]!.samples.data,
    law: exact?.law ?? null,
    run: {
      solver: cell.solver.name,
      options: cell.options,
      stochastic: cell.solver.stochastic,
      grid: cell.grid?.name ?? null,
      steps: cell.steps,
      rtol: cell.tolerance,
      atol: cell.tolerance,
      evaluations: mean(results.map(({ evaluations }) => evaluations)),
      accepted: meanCounter(results, "accepted"),
      rejected: meanCounter(results, "rejected"),
      samples,
      repeats: results.length,
      status: last.status,
      ...(last.message === "" ? {} : { message: last.message }),
      seconds,
      samplesPerSecond: samples / Math.max(seconds, 1e-9),
      metrics: summarise(measured, suite),
      exact: exact?.errors ?? null,
      budget: exact?.budget ?? null,
    },
  };
}

/** Runs until the code of this solver is compiled, so that the first row of a table is not the slowest. */
async function warmUp(cell: CompareCell, setting: CellSetting): Promise<void> {
  const begun = setting.now();
  const few = { ...setting, samples: Math.min(setting.samples, 256), workers: 1 };
  for (let run = 0; run < 20 && setting.now() - begun < 30; run++) {
    const { status } = await drawSamples(cell, few, run);
    if (status !== "success") return;
  }
}

async function drawSamples(cell: CompareCell, setting: CellSetting, run: number): Promise<SampleResult> {
  const { solver, grid, spec } = cell;
  const { sde, target, model, samples, seed, denoise, batchSize, workers, signal } = setting;
  const request = {
    samples,
    seed,
    run,
    denoise,
    ...(grid === null ? {} : { times: grid.times }),
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(signal === undefined ? {} : { signal }),
  };
  // The best reverse variance asks for the denoising error, a function, which stays on its thread.
  if (workers !== 1 && spec !== null && solver.options.variance !== "optimal" && isTrained(model)) {
    const { sampleModel } = await import("../training/index.js");
    return sampleModel(model, { ...request, solver: spec, workers });
  }
  return sample({ ...request, sde, target, model, solver, ...knownDenoisingError(setting) });
}

/** The denoiser's mean square error, for `sample`, where no samples are needed to know it. */
export function knownDenoisingError({
  sde,
  target,
  model,
  isExactModel,
}: Pick<CellSetting, "sde" | "target" | "model" | "isExactModel">): Pick<SampleOptions, "denoisingError"> {
  const isKnown = isExactModel ? hasExactLaw(target) : target.dimension === 1 && hasExactLaw(target);
  return isKnown ? { denoisingError: denoisingError(target, sde, isExactModel ? undefined : model) } : {};
}

export function isTrained(model: Model): model is TrainedModel {
  return "threads" in model;
}

function measure(cell: CompareCell, setting: CellSetting, result: SampleResult, run: number) {
  const { suite, exactImages, target } = setting;
  const figures = suite.measure(result.samples.data);
  if (cell.solver.stochastic || exactImages === null) return figures;
  return { ...figures, path: pathError(result.samples.data, exactImages(run), target.dimension) };
}

function summarise(measured: readonly Record<string, number>[], { names }: MetricSuite): Record<string, Estimate> {
  const [first] = measured;
  if (first === undefined) return {};
  const present = [...names, "path"].filter((name) => first[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, estimate(measured.map((figures) => figures[name]!))]));
}

interface ExactFigures {
  readonly errors: ExactErrors;
  readonly budget: ErrorBudget;
  readonly law: { readonly x: readonly number[]; readonly density: readonly number[] } | null;
}

/** Exact errors against the data and the budget; null where no exact law exists. */
async function exactOf({ solver, grid }: CompareCell, setting: CellSetting): Promise<ExactFigures | null> {
  const { sde, target, model, exact, isExactModel, denoise, signal } = setting;
  const known = exact && !solver.couplesBatch && hasExactLaw(target) && signal?.aborted !== true;
  if (!known || (target.dimension > 1 && solver.kind === "adaptive")) return null;
  try {
    const given = isExactModel ? {} : { model };
    const { law, budget } = await exactFigures({ sde, target, ...given, solver, grid, denoise, ...setting.truncation });
    const { w1, w2, kl, tv } = law;
    const isAdaptive = solver.kind === "adaptive";
    return {
      errors: { w1, w2, kl: isAdaptive ? null : kl, tv: isAdaptive ? null : tv },
      budget,
      // The map of an adaptive solver jumps, and its density with it.
      law: law.grid.length > 0 && !isAdaptive ? { x: law.grid, density: law.density } : null,
    };
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

function meanCounter(results: readonly SampleResult[], name: "accepted" | "rejected"): number | null {
  const counters = results.map(({ perSample }) => perSample[name]);
  return counters.some((counter) => counter === null) ? null : mean(counters.map((counter) => mean(counter ?? [])));
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
