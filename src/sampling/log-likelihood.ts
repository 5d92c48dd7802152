import type { NdArray } from "ndarray";
import type { Status } from "../../solvers/types.js";
import { Collector } from "./collector.js";
import { type DivergenceMethod, EXACT_DIMENSION } from "./divergence.js";
import { type LikelihoodChunk, likelihoodChunk } from "./likelihood-chunk.js";
import { type CheckedLikelihoodOptions, checkLikelihoodOptions, type LikelihoodOptions } from "./likelihood-options.js";
import type { SampleResult, Trouble } from "./types.js";

/** What `logLikelihood` returns; arrays have one entry per point, NaN where a point did not succeed. */
export interface LikelihoodResult {
  /** log p at tMin, in nats. */
  readonly nats: Float64Array;
  /** −nats / (dimension ln 2) + offset. */
  readonly bitsPerDimension: Float64Array;
  /** −log2(binWidth), 0 unless a bin width was given. */
  readonly offset: number;
  /** Standard error of `nats` over the probes; null where the divergence is exact and for a single probe. */
  readonly standardError: Float64Array | null;
  /** How the divergence was found. */
  readonly divergence: DivergenceMethod;
  /** Model evaluations per point, mean; a divergence or a Jacobian-vector product of the model counts as one. */
  readonly evaluations: number;
  /** The worst of the points' statuses. */
  readonly status: Status;
  readonly message: string;
  readonly perSample: SampleResult["perSample"] & {
    /** Evaluations of the augmented right-hand side, each of several model evaluations. */
    readonly rightHandSides: Float64Array;
  };
  readonly troubles: readonly Trouble[];
  /** Images of the points at tMax, [N, dimension]. */
  readonly latents: NdArray<Float64Array>;
}

/**
 * Log-density at tMin of what the probability flow makes of the prior, at each point, by integrating the divergence along the path.
 *
 * Each point has its own steps; the error is of the order of the tolerance times the root of the number of components. With the
 * exact score it differs from log p_tMin by log prior(x_T) − log p_tMax(x_T). Chen et al. 2018 (arXiv 1806.07366);
 * Song et al. 2021 (arXiv 2011.13456) appendix D.2.
 *
 * @throws UsageError for options that cannot be meant, before any work
 * @throws ModelError when the model throws
 */
export async function logLikelihood(options: LikelihoodOptions): Promise<LikelihoodResult> {
  const checked = checkLikelihoodOptions(options);
  const { model, count, divergence, offset } = checked;
  const { dimension } = model;
  const collector = new Collector({ count, dimension, times: null, keepPath: false, denoise: false });
  const nats = new Float64Array(count).fill(Number.NaN);
  const rightHandSides = new Float64Array(count);
  const hasError = divergence.kind === "hutchinson" && divergence.probes > 1;
  const standardError = hasError ? new Float64Array(count).fill(Number.NaN) : null;
  const batchSize = checked.batchSize ?? affordableBatch(checked);
  for (let first = 0; first < count && !collector.aborted; first += batchSize) {
    // Without this turn of the event loop signals and timers would wait for the last point.
    await new Promise((resolve) => setImmediate(resolve));
    const chunk = await likelihoodChunk(checked, first, Math.min(batchSize, count - first));
    collector.finishAdaptive(first, chunk.flow);
    rightHandSides.set(chunk.rightHandSides, first);
    summarise(chunk, nats.subarray(first), standardError?.subarray(first) ?? null);
  }
  const { samples: latents, evaluations, status, message, perSample, troubles } = collector.result();
  return {
    nats,
    bitsPerDimension: nats.map((value) => -value / (dimension * Math.LN2) + offset),
    offset,
    standardError,
    divergence,
    evaluations,
    status,
    message,
    perSample: { ...perSample, rightHandSides },
    troubles,
    latents,
  };
}

/** Mean over probes and its standard error s/√probes. */
function summarise({ nats, width }: LikelihoodChunk, means: Float64Array, errors: Float64Array | null): void {
  for (let row = 0; row * width < nats.length; row++) {
    const values = nats.subarray(row * width, (row + 1) * width);
    const mean = values.reduce((sum, value) => sum + value, 0) / width;
    means[row] = mean;
    if (errors === null) continue;
    const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
    errors[row] = Math.sqrt(squares / (width - 1) / width);
  }
}

/** As many points at once as keep a model call near a million numbers. */
function affordableBatch({ model, divergence }: CheckedLikelihoodOptions): number {
  const { dimension } = model;
  const directions =
    divergence.kind === "hutchinson"
      ? divergence.probes
      : divergence.by === "model"
        ? 0
        : Math.min(dimension, EXACT_DIMENSION);
  return Math.max(1, Math.min(1024, Math.floor(2 ** 20 / (dimension * (1 + 2 * directions)))));
}
