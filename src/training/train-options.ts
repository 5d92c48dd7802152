import type { NdArray } from "ndarray";
import type { Prediction } from "../../solvers/types.js";
import type { Engine, EngineName } from "../engine/index.js";
import type { Rows } from "../files/index.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import type { NetworkFactory } from "./networks/network.js";
import type { LevelName, PreconditioningName } from "./preconditioning.js";
import type { TimeSamplingChoice } from "./time-sampling.js";
import type { TrainProgress } from "./train-result.js";
import type { WeightingChoice } from "./weighting.js";

/** What `train` is told. */
export interface TrainOptions {
  readonly sde: Sde;
  /** A target, whose exact samples are drawn without end, rows [count, …shape], or the rows of a file (`openRows`). */
  readonly data: Target | NdArray<Float64Array> | Rows;
  /** Class of each row; default those that the rows of a file bring. */
  readonly labels?: ArrayLike<number>;
  /** Number of classes; by default one more than the largest label. */
  readonly classes?: number;
  /** Probability that a row is shown without its class, for classifier-free guidance; default 0.1. */
  readonly dropout?: number;
  /** Spec such as 'mlp:width=128,depth=3', or a factory; default 'mlp', for images 'unet:channels=16'. */
  readonly network?: string | NetworkFactory;
  /** Shape of one sample, [height, width, channels] of images, when rows are flat; default that of the data. */
  readonly shape?: readonly number[];
  /** Named settings of the next five; default 'default'. */
  readonly recipe?: string;
  readonly predicts?: Prediction;
  readonly preconditioning?: PreconditioningName;
  /** What the network is told about the time; default c_noise of the preconditioning. */
  readonly level?: LevelName;
  readonly weighting?: WeightingChoice;
  readonly timeSampling?: TimeSamplingChoice;
  /** One time in each of `batch` equal shares of probability; default true. */
  readonly stratified?: boolean;
  /** σ_data of the preconditioning; default measured. */
  readonly dataStandardDeviation?: number;
  /** Whether columns, or all pixels of images together, are brought to mean 0 and deviation 1; default true; targets never are. */
  readonly standardise?: boolean;
  /** Share of an array's rows held out for the validation loss, in [0, 0.9]; default 0.1. */
  readonly validation?: number;
  /** Steps in all; default 5000. */
  readonly steps?: number;
  /** Rows per step; default 512, for images 64, and no more than are kept for training. */
  readonly batch?: number;
  /** Optimiser; defaults: rate 2e-3, warm-up 100 steps, cosine decay, betas 0.9 and 0.999, no weight decay, clip 1, average 0.999. */
  readonly learningRate?: number;
  readonly warmUp?: number;
  readonly decay?: "cosine" | "constant";
  readonly betas?: readonly [number, number];
  readonly epsilon?: number;
  readonly weightDecay?: number;
  readonly clip?: number;
  readonly average?: number;
  /** Integer in [0, 2^53). */
  readonly seed?: number;
  /** An engine, or the name of one; default 'auto'. */
  readonly engine?: Engine | "auto" | EngineName;
  /** Threads of an engine made here. */
  readonly threads?: number;
  /** Where checkpoints and metrics.jsonl go; nothing is written without it. */
  readonly directory?: string;
  /** Continue from the newest sound checkpoint of `directory`, or begin when there is none. */
  readonly resume?: boolean;
  /** Steps between checkpoints, reports and validations; defaults steps/10, steps/100, steps/10. */
  readonly checkpointEvery?: number;
  readonly reportEvery?: number;
  readonly validateEvery?: number;
  /** Steps between measurements of samples that are drawn from the network as it is; default twice `validateEvery`, 0 for none. */
  readonly sampleEvery?: number;
  readonly signal?: AbortSignal;
  /** Called after every step. */
  readonly onProgress?: (progress: TrainProgress) => void;
}
