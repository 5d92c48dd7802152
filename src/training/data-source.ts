import type { Target } from "../targets/types.js";
import type { Standardisation } from "./standardisation.js";
import { TrainingRun } from "./training-slot.js";

/** Where batches of data come from: row k of the stream is a function of (seed, k) alone. */
export interface DataSource {
  readonly dimension: number;
  /** Shape of a row as the source has it. */
  readonly shape: readonly number[];
  /** Root mean square of the data over all coordinates: σ_data, whatever their mean. */
  readonly standardDeviation: number;
  readonly standardisation: Standardisation | null;
  /** Text that two sources share only when they hold the same data. */
  readonly fingerprint: string;
  /** Different rows to train on, and rows of held-out data; infinite for exact samples. */
  readonly trainingCount: number;
  readonly validationCount: number;
  /** Writes rows first … of the training stream, and their classes. */
  fillTraining(first: number, out: Float64Array, labels: Int32Array): void;
  /** Writes rows first … of the held-out data, over and over when they are fewer. */
  fillValidation(first: number, out: Float64Array, labels: Int32Array): void;
}

/** An endless source: exact samples of a target. */
export function targetSource(target: Target, seed: number): DataSource {
  const { dimension, covariance, mean } = target;
  let variance = 0;
  for (let d = 0; d < dimension; d++) variance += (covariance[d * dimension + d]! + mean[d]! * mean[d]!) / dimension;
  const fill = (run: number, first: number, out: Float64Array, labels: Int32Array): void => {
    const count = out.length / dimension;
    out.set(target.sample({ count, seed, firstSample: first, run, stream: "training" }).data);
    labels.fill(-1);
  };
  return {
    dimension,
    shape: target.shape ?? [dimension],
    standardDeviation: Math.sqrt(variance),
    standardisation: null,
    fingerprint: JSON.stringify([target.name, target.options]),
    trainingCount: Number.POSITIVE_INFINITY,
    validationCount: Number.POSITIVE_INFINITY,
    fillTraining: (first, out, labels) => fill(TrainingRun.TRAINING, first, out, labels),
    fillValidation: (first, out, labels) => fill(TrainingRun.VALIDATION, first, out, labels),
  };
}
