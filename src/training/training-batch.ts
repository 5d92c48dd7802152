import { conversion } from "../../solvers/conversion.js";
import { fillNormal, fillUniform } from "../../solvers/noise/normal.js";
import type { Values } from "../engine/index.js";
import type { Sde } from "../sdes/types.js";
import type { DataSource } from "./data-source.js";
import type { Network } from "./networks/network.js";
import type { Preconditioning } from "./preconditioning.js";
import { fillTimes, type TimeSampling } from "./time-sampling.js";
import { TrainingRun, TrainingSlot } from "./training-slot.js";
import { networkWeight, type Weighting } from "./weighting.js";

/** What batches are made of. */
export interface BatchSetting {
  readonly network: Network;
  readonly source: DataSource;
  readonly schedule: Sde;
  readonly preconditioning: Preconditioning;
  readonly weighting: Weighting;
  readonly timeSampling: TimeSampling;
  readonly stratified: boolean;
  /** Rows. */
  readonly batch: number;
  /** Probability that a row loses its class. */
  readonly dropout: number;
  readonly seed: number;
}

/** One batch: inputs of the loss function, and the times of its rows. Valid until the next call. */
export interface TrainingBatch {
  readonly inputs: readonly Values[];
  readonly times: Float64Array;
}

/** Makes the batch of a training step, or a batch of held-out data: functions of (seed, step) alone. */
export interface BatchMaker {
  training(step: number): TrainingBatch;
  /** Batch `index` of held-out data, with the times and noise of that index. */
  validation(index: number): TrainingBatch;
}

/** Denoising score matching (Vincent 2011): x = α x₀ + σ ε, and F* such that the prediction fits this x₀ and ε. */
export function batchMaker(setting: BatchSetting): BatchMaker {
  const {
    network,
    source,
    schedule: sde,
    preconditioning,
    weighting,
    timeSampling,
    stratified,
    batch,
    dropout,
    seed,
  } = setting;
  const { dimension } = source;
  const { classes } = network;
  const data = new Float64Array(batch * dimension);
  const noise = new Float64Array(batch * dimension);
  const uniforms = new Float64Array(batch);
  const times = new Float64Array(batch);
  const labels = new Int32Array(batch);
  const x = new Float32Array(batch * dimension);
  const target = new Float32Array(batch * dimension);
  const level = new Float32Array(batch);
  const weight = new Float32Array(batch);
  const label = new Float32Array(batch * classes);
  const inputs: Values[] = [x, level, ...(classes > 0 ? [label] : []), target, weight];

  const complete = (run: number, step: number): TrainingBatch => {
    const name = { seed, stream: "training", run, step } as const;
    fillUniform({ ...name, slot: TrainingSlot.TIME }, 0, uniforms);
    fillTimes(timeSampling, stratified, uniforms, times);
    fillNormal({ ...name, slot: TrainingSlot.NOISE }, 0, noise);
    for (let row = 0; row < batch; row++) perturb(row, times[row]!);
    if (classes > 0) {
      fillUniform({ ...name, slot: TrainingSlot.DROPOUT }, 0, uniforms);
      label.fill(0);
      for (let row = 0; row < batch; row++) {
        const isKept = labels[row]! >= 0 && (run !== TrainingRun.TRAINING || uniforms[row]! > dropout);
        if (isKept) label[row * classes + labels[row]!] = 1;
      }
    }
    return { inputs, times };
  };

  const perturb = (row: number, t: number): void => {
    const alpha = sde.alpha(t);
    const sigma = sde.sigma(t);
    const coefficients = preconditioning.at(t);
    const wanted = conversion("noise", preconditioning.predicts, sde, t);
    for (let i = row * dimension; i < (row + 1) * dimension; i++) {
      const state = alpha * data[i]! + sigma * noise[i]!;
      const prediction =
        preconditioning.predicts === "data" ? data[i]! : wanted.state * state + wanted.prediction * noise[i]!;
      x[i] = coefficients.in * state;
      target[i] = (prediction - coefficients.skip * state) / coefficients.out;
    }
    level[row] = coefficients.level;
    const slope = coefficients.out / wanted.prediction;
    weight[row] = networkWeight(weighting, preconditioning.predicts, sde, t, slope) * timeSampling.factor(t);
  };

  return {
    training(step) {
      source.fillTraining(step * batch, data, labels);
      return complete(TrainingRun.TRAINING, step);
    },
    validation(index) {
      source.fillValidation(index * batch, data, labels);
      return complete(TrainingRun.VALIDATION, index);
    },
  };
}
