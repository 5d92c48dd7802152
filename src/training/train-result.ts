import type { Memorisation } from "./memorisation.js";
import type { NetworkModel } from "./network-model.js";
import type { SamplingError } from "./sampling-error.js";
import type { ScoreErrorBucket } from "./score-error.js";

/** One row of a learning curve. */
export interface TrainReport {
  /** Steps finished. */
  readonly step: number;
  /** Mean loss since the report before. */
  readonly loss: number;
  readonly learningRate: number;
  /** Euclidean norm of the last gradient, before clipping. */
  readonly gradientNorm: number;
  /** Loss of the averaged parameters on held-out data; null where it was not measured. */
  readonly validationLoss: number | null;
  /** E‖s_θ − s‖² σ² of the averaged parameters at times across the range; null where unknown or not measured. */
  readonly scoreError: readonly ScoreErrorBucket[] | null;
  /** Distance of samples of the averaged parameters from the data; null where not measured. */
  readonly samplingError: SamplingError | null;
  /** Whether these samples copy training data; null for targets and where not measured. */
  readonly memorisation: Memorisation | null;
}

/** What `onProgress` is told after every step. */
export interface TrainProgress {
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  /** The row of the learning curve that this step ends. */
  readonly report?: TrainReport;
  /** Samples of the averaged parameters in the units of the model, row-major, where they were drawn. */
  readonly samples?: Float64Array;
}

/** How training ended. */
export type TrainStatus = "success" | "aborted" | "non-finite";

/** What `train` returns. */
export interface TrainResult {
  /** The averaged parameters of the last sound step. */
  readonly model: NetworkModel;
  readonly status: TrainStatus;
  /** What happened, in words; empty for success. */
  readonly message: string;
  /** Steps whose parameters `model` has. */
  readonly step: number;
  readonly history: readonly TrainReport[];
  readonly directory: string | null;
  /** Checkpoints that were passed over on resuming, and why. */
  readonly refused: readonly string[];
  /** What computed the checkpoint that the run went on from, where it is not what computed now: the last bits may differ. */
  readonly otherEngine: string | null;
}
