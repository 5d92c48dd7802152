import type { Status } from "../../solvers/types.js";
import { estimate } from "../metrics/estimate.js";
import type { DivergenceMethod } from "../sampling/divergence.js";
import type { LikelihoodResult } from "../sampling/log-likelihood.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import type { Estimate, Stamp } from "./compare-result.js";
import { type ResultHead, type ResultModel, type ResultTarget, sdeFacts, targetFacts } from "./result-head.js";

/** The content of `results.json` of `likelihood`. */
export interface LikelihoodReport extends Omit<ResultHead<"likelihood">, "target"> {
  /** The data law; null where a model stands alone. */
  readonly target: ResultTarget | null;
  /** Of a trained model; absent for the exact score. */
  readonly model?: ResultModel;
  /** Where the points came from: a file, or samples of the target. */
  readonly points: string;
  readonly count: number;
  readonly divergence: DivergenceMethod;
  /** Means over the points that succeeded, with the standard error of that mean; null where none did. */
  readonly nats: Estimate | null;
  readonly bitsPerDimension: Estimate | null;
  /** −log2(bin width), contained in `bitsPerDimension`. */
  readonly offset: number;
  /** Largest standard error of a point over its probes, in nats; null where the divergence is exact. */
  readonly probeStandardError: number | null;
  /** log p_tMin of the exact score: its mean over the same points, and the largest difference from it; null where no data law is named. */
  readonly exact: { readonly nats: number; readonly largestDifference: number } | null;
  readonly evaluations: number;
  readonly status: Status;
  readonly message: string;
  readonly succeeded: number;
  readonly seconds: number;
}

/** What a run of `logLikelihood` was and gave. */
export interface LikelihoodReportParts {
  readonly stamp: Stamp;
  readonly sde: Sde;
  readonly target: Target | null;
  readonly points: string;
  /** Row-major. */
  readonly flat: Float64Array;
  readonly result: LikelihoodResult;
  /** Of a trained model. */
  readonly model?: ResultModel;
  /** Subtracted from the exact log-densities: the logarithm of the volume that a unit of `flat` has in units of the result; default 0. */
  readonly logVolume?: number;
  readonly seconds: number;
}

/** Sums up a run of `logLikelihood`. */
export function likelihoodReport({
  stamp,
  sde,
  target,
  points,
  flat,
  result,
  model,
  logVolume = 0,
  seconds,
}: LikelihoodReportParts): LikelihoodReport {
  const { perSample, divergence, offset, evaluations, status, message, standardError } = result;
  const isGood = (_: unknown, row: number) => perSample.status[row] === "success";
  const count = perSample.status.length;
  const nats = result.nats.filter(isGood);
  const exact = target === null ? new Float64Array(0) : logDensities(target, sde, flat, count);
  const known = exact.filter(isGood).map((value) => value - logVolume);
  return {
    schema: "score-sde/likelihood@1",
    stamp,
    sde: sdeFacts(sde),
    target: target === null ? null : targetFacts(target),
    ...(model === undefined ? {} : { model }),
    points,
    count,
    divergence,
    nats: nats.length === 0 ? null : estimate(nats),
    bitsPerDimension: nats.length === 0 ? null : estimate(result.bitsPerDimension.filter(isGood)),
    offset,
    probeStandardError: standardError === null ? null : largest(standardError.filter(isGood)),
    exact:
      known.length === 0
        ? null
        : { nats: estimate(known).value, largestDifference: largest(nats.map((value, i) => value - known[i]!)) },
    evaluations,
    status,
    message,
    succeeded: nats.length,
    seconds,
  };
}

function logDensities(target: Target, sde: Sde, flat: Float64Array, count: number): Float64Array {
  const out = new Float64Array(count);
  target.perturbed(sde.alpha(sde.tMin), sde.sigma(sde.tMin)).logDensity(flat, count, out);
  return out;
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
