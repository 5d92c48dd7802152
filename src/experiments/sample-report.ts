import type { Solver, Status } from "../../solvers/types.js";
import type { SampleResult } from "../sampling/types.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import type { Estimate, Stamp } from "./compare-result.js";
import { type ResultHead, type ResultModel, type ResultTarget, sdeFacts, targetFacts } from "./result-head.js";

/** The content of `results.json` of `sample`. */
export interface SampleReport extends Omit<ResultHead<"sample">, "target"> {
  /** The data law; null where a model stands alone. */
  readonly target: ResultTarget | null;
  /** The model, where it is not the exact score. */
  readonly model?: ResultModel;
  /** Numbers per sample. */
  readonly dimension: number;
  readonly solver: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly grid: string | null;
  readonly steps: number | null;
  readonly posterior: "mean" | "sample";
  readonly denoise: boolean;
  readonly samples: number;
  readonly firstSample: number;
  /** Model evaluations per sample: mean, least and most. */
  readonly evaluations: number;
  readonly evaluationsRange: readonly [number, number];
  /** Mean per sample; null on a grid. */
  readonly accepted: number | null;
  readonly rejected: number | null;
  /** The worst of the samples' statuses, and how many samples ended in each. */
  readonly status: Status;
  readonly message: string;
  readonly statuses: Readonly<Partial<Record<Status, number>>>;
  readonly seconds: number;
  readonly samplesPerSecond: number;
  /** Of the samples that succeeded, one per dimension. */
  readonly mean: readonly Estimate[];
  /** Of the samples that succeeded, one per dimension. */
  readonly variance: readonly number[];
  /** dimension × dimension rows, of the samples that succeeded; null above 16 dimensions. */
  readonly covariance: readonly (readonly number[])[] | null;
  /** Exact moments of the data law, where one is named. */
  readonly data: {
    readonly mean: readonly number[];
    readonly variance: readonly number[];
    readonly covariance: readonly (readonly number[])[] | null;
  } | null;
}

/** Above it a covariance is no reading matter, and larger than the rest of the file. */
const MOST_COVARIANCES = 16;

/** What a run of `sample` was and gave. */
export interface SampleReportParts {
  readonly stamp: Stamp;
  readonly sde: Sde;
  readonly target: Target | null;
  readonly model?: ResultModel;
  readonly solver: Solver;
  readonly grid: string | null;
  readonly posterior: "mean" | "sample";
  readonly denoise: boolean;
  readonly firstSample: number;
  readonly result: SampleResult;
  readonly seconds: number;
}

/** Sums up a run of `sample`. */
export function sampleReport(parts: SampleReportParts): SampleReport {
  const { stamp, sde, target, model, solver, grid, posterior, denoise, firstSample, result, seconds } = parts;
  const [, dimension = 1] = result.samples.shape;
  const { evaluations, accepted, rejected, status } = result.perSample;
  const count = status.length;
  const rows = successful(result);
  const { mean, variance } = moments(rows, dimension);
  const isSmall = dimension <= MOST_COVARIANCES;
  const good = rows.length / dimension;
  const statuses: Partial<Record<Status, number>> = {};
  for (const one of status) statuses[one] = (statuses[one] ?? 0) + 1;
  return {
    schema: "score-sde/sample@1",
    stamp,
    sde: sdeFacts(sde),
    target: target === null ? null : targetFacts(target),
    ...(model === undefined ? {} : { model }),
    dimension,
    solver: solver.name,
    options: solver.options,
    grid,
    steps: result.times === null ? null : result.times.length - 1,
    posterior,
    denoise,
    samples: count,
    firstSample,
    evaluations: result.evaluations,
    evaluationsRange: [evaluations.reduce(min, Infinity), evaluations.reduce(max, -Infinity)],
    accepted: accepted === null ? null : average(accepted),
    rejected: rejected === null ? null : average(rejected),
    status: result.status,
    message: result.message,
    statuses,
    seconds,
    samplesPerSecond: count / Math.max(seconds, 1e-9),
    mean: mean.map((value, d) => ({ value, standardError: Math.sqrt(variance[d]! / good) })),
    variance,
    covariance: isSmall ? covarianceOf(rows, mean) : null,
    data: target === null ? null : momentsOf(target, isSmall),
  };
}

/** Rows of the samples that succeeded: all of them as they are, or a copy without the others. */
function successful({ samples, status, perSample }: SampleResult): Float64Array {
  if (status === "success") return samples.data;
  const [, dimension = 1] = samples.shape;
  const good = perSample.status.reduce((count, one) => (one === "success" ? count + 1 : count), 0);
  const rows = new Float64Array(good * dimension);
  let end = 0;
  for (const [i, one] of perSample.status.entries()) {
    if (one !== "success") continue;
    rows.set(samples.data.subarray(i * dimension, (i + 1) * dimension), end);
    end += dimension;
  }
  return rows;
}

function momentsOf({ mean, covariance, dimension }: Target, isSmall: boolean): SampleReport["data"] {
  return {
    mean: [...mean],
    variance: Array.from(mean, (_, d) => covariance[d * (dimension + 1)]!),
    covariance: isSmall ? matrixRows(covariance, dimension) : null,
  };
}

/** Mean and unbiased variance of the columns of rows. */
function moments(rows: Float64Array, dimension: number): { mean: number[]; variance: number[] } {
  const count = rows.length / dimension;
  const mean = new Array<number>(dimension).fill(0);
  for (const [i, value] of rows.entries()) mean[i % dimension] = mean[i % dimension]! + value / count;
  const variance = new Array<number>(dimension).fill(0);
  for (const [i, value] of rows.entries()) {
    const d = i % dimension;
    variance[d] = variance[d]! + (value - mean[d]!) ** 2 / (count - 1);
  }
  return { mean, variance };
}

/** Unbiased covariance of rows, from their mean. */
function covarianceOf(rows: Float64Array, mean: readonly number[]): number[][] {
  const dimension = mean.length;
  const sums = new Float64Array(dimension * dimension);
  for (let first = 0; first < rows.length; first += dimension) {
    for (let d = 0; d < dimension; d++) {
      for (let e = 0; e < dimension; e++) {
        sums[d * dimension + e] =
          sums[d * dimension + e]! + (rows[first + d]! - mean[d]!) * (rows[first + e]! - mean[e]!);
      }
    }
  }
  const count = rows.length / dimension;
  return matrixRows(
    sums.map((sum) => sum / (count - 1)),
    dimension,
  );
}

function matrixRows(flat: Float64Array, dimension: number): number[][] {
  return Array.from({ length: dimension }, (_, d) => [...flat.subarray(d * dimension, (d + 1) * dimension)]);
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function min(a: number, b: number): number {
  return Math.min(a, b);
}

function max(a: number, b: number): number {
  return Math.max(a, b);
}
