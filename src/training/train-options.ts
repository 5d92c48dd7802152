import type { NdArray } from "ndarray";
import { UsageError } from "../../solvers/errors.js";
import { checkSeed } from "../../solvers/noise/normal.js";
import type { Prediction } from "../../solvers/types.js";
import type { Engine, EngineName } from "../engine/index.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import { arraySource, type DataSource, targetSource } from "./data-source.js";
import type { Network, NetworkFactory } from "./networks/network.js";
import { createNetwork } from "./networks/registry.js";
import type { OptimiserSettings } from "./optimiser.js";
import { type LevelName, type Preconditioning, type PreconditioningName, preconditioning } from "./preconditioning.js";
import { findRecipe } from "./recipes.js";
import { rememberTime } from "./remember-time.js";
import { resolveTimeSampling, type TimeSampling, type TimeSamplingChoice } from "./time-sampling.js";
import type { TrainProgress } from "./train-result.js";
import { noiseWeight, resolveWeighting, type Weighting, type WeightingChoice } from "./weighting.js";

/** What `train` is told. */
export interface TrainOptions {
  readonly sde: Sde;
  /** A target, whose exact samples are drawn without end, or rows [count, …shape]. */
  readonly data: Target | NdArray<Float64Array>;
  /** Class of each row of an array. */
  readonly labels?: ArrayLike<number>;
  /** Number of classes; by default one more than the largest label. */
  readonly classes?: number;
  /** Probability that a row is shown without its class, for classifier-free guidance; default 0.1. */
  readonly dropout?: number;
  /** Spec such as 'mlp:width=128,depth=3', or a factory; default 'mlp'. */
  readonly network?: string | NetworkFactory;
  /** Shape of one sample, when rows are flat; default that of the array. */
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
  /** Whether columns are brought to mean 0 and standard deviation 1; default true for arrays; targets never are. */
  readonly standardise?: boolean;
  /** Share of an array's rows held out for the validation loss, in [0, 0.9]; default 0.1. */
  readonly validation?: number;
  /** Steps in all; default 5000. */
  readonly steps?: number;
  /** Rows per step; default 512. */
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
  readonly signal?: AbortSignal;
  /** Called after every step. */
  readonly onProgress?: (progress: TrainProgress) => void;
}

/** `TrainOptions` with everything resolved. */
export interface TrainSetting {
  readonly sde: Sde;
  /** The SDE as batches ask it. */
  readonly schedule: Sde;
  readonly network: Network;
  readonly source: DataSource;
  readonly target: Target | null;
  readonly preconditioning: Preconditioning;
  readonly weighting: Weighting;
  readonly timeSampling: TimeSampling;
  readonly stratified: boolean;
  readonly dropout: number;
  readonly batch: number;
  readonly steps: number;
  readonly seed: number;
  readonly optimiser: OptimiserSettings;
  readonly checkpointEvery: number;
  readonly reportEvery: number;
  readonly validateEvery: number;
}

/** Largest number of rows of one batch. */
const MOST_ROWS = 2 ** 20;

/** Fills in the defaults and refuses what cannot be meant. @throws UsageError */
export function resolveTraining(options: TrainOptions): TrainSetting {
  const {
    sde,
    data,
    steps = 5000,
    batch = 512,
    seed = 0,
    dropout = 0.1,
    validation = 0.1,
    stratified = true,
  } = options;
  requireWhole("steps", steps, 1, 2 ** 31);
  requireWhole("batch", batch, 1, MOST_ROWS);
  checkSeed(seed);
  requireRange("dropout", dropout, 0, 1);
  requireRange("validation", validation, 0, 0.9);
  if (!sde.linear) {
    throw new UsageError(
      `sde: ${sde.name} has no α and σ, for its drift is not linear in x - denoising score matching needs them`,
    );
  }
  const recipe = findRecipe(options.recipe ?? "default");
  const isTarget = "perturbed" in data;
  const classes = classCount(options, isTarget);
  const source = isTarget
    ? targetSource(data, seed)
    : arraySource({
        data,
        labels: options.labels,
        classes,
        standardise: options.standardise ?? true,
        validation,
        batch,
        seed,
      });
  const network = createNetwork(options.network ?? "mlp", { shape: shapeOf(options, source.dimension), classes });
  const schedule = rememberTime(sde);
  // A recipe's prediction belongs to its preconditioning: another one brings its own.
  const scheme = options.preconditioning ?? recipe.preconditioning;
  const customary = scheme !== "none" ? "data" : recipe.preconditioning === "none" ? recipe.predicts : "noise";
  const conditioned = preconditioning({
    name: scheme,
    sde: schedule,
    predicts: options.predicts ?? customary,
    dataStandardDeviation: options.dataStandardDeviation ?? source.standardDeviation,
    level: options.level ?? recipe.level,
  });
  const weighting = resolveWeighting(options.weighting ?? recipe.weighting, schedule, conditioned);
  const timeSampling = resolveTimeSampling(options.timeSampling ?? recipe.timeSampling, schedule, (t) =>
    noiseWeight(weighting, conditioned.predicts, schedule, t),
  );
  const each = (name: "checkpointEvery" | "reportEvery" | "validateEvery", share: number): number => {
    const value = options[name] ?? Math.max(1, Math.ceil(steps / share));
    requireWhole(name, value, 1, 2 ** 31);
    return value;
  };
  return {
    sde,
    schedule,
    network,
    source,
    target: isTarget ? data : null,
    preconditioning: conditioned,
    weighting,
    timeSampling,
    stratified,
    dropout,
    batch,
    steps,
    seed,
    optimiser: optimiserOf(options),
    checkpointEvery: each("checkpointEvery", 10),
    reportEvery: each("reportEvery", 100),
    validateEvery: each("validateEvery", 10),
  };
}

/** The settings that decide a run's bits, as plain data: a checkpoint continues only a run that agrees in all of them. */
export function identityOf(setting: TrainSetting): Record<string, unknown> {
  const { sde, network, source, preconditioning: conditioned, weighting, timeSampling, optimiser } = setting;
  const { stratified, dropout, batch, seed, steps } = setting;
  return {
    data: source.fingerprint,
    sde: { name: sde.name, options: sde.options },
    network: { name: network.name, options: network.options, shape: network.shape, classes: network.classes },
    preconditioning: {
      name: conditioned.name,
      predicts: conditioned.predicts,
      dataStandardDeviation: conditioned.dataStandardDeviation,
      level: conditioned.levelOf,
    },
    weighting: weighting.name,
    timeSampling: timeSampling.name,
    stratified,
    dropout,
    batch,
    seed,
    // JSON has no infinity.
    optimiser: { ...optimiser, clip: Number.isFinite(optimiser.clip) ? optimiser.clip : null },
    // With a constant rate a run may go on beyond its end.
    steps: optimiser.decay === "constant" ? null : steps,
  };
}

function optimiserOf(options: TrainOptions): OptimiserSettings {
  const { learningRate = 2e-3, warmUp = 100, decay = "cosine", betas = [0.9, 0.999], epsilon = 1e-8 } = options;
  const { weightDecay = 0, clip = 1, average = 0.999 } = options;
  if (!(learningRate > 0 && Number.isFinite(learningRate))) {
    throw new UsageError(`learningRate: must be a positive number, but got ${learningRate} - for example 1e-3`);
  }
  requireWhole("warmUp", warmUp, 0, 2 ** 31);
  if (decay !== "cosine" && decay !== "constant") {
    throw new UsageError(`decay: must be cosine or constant, but got ${JSON.stringify(decay)}`);
  }
  for (const beta of betas) requireRange("betas", beta, 0, 1 - 2 ** -53);
  if (!(epsilon > 0)) throw new UsageError(`epsilon: must be a positive number, but got ${epsilon}`);
  requireRange("weightDecay", weightDecay, 0, 1 / learningRate);
  if (!(clip > 0)) throw new UsageError(`clip: must be a positive number or Infinity, but got ${clip}`);
  requireRange("average", average, 0, 1 - 2 ** -53);
  return { learningRate, warmUp, decay, betas, epsilon, weightDecay, clip, average };
}

function classCount({ labels, classes }: TrainOptions, isTarget: boolean): number {
  if (labels === undefined) {
    if (classes === undefined || classes === 0) return 0;
    throw new UsageError(
      `classes: need labels, but got ${classes} classes and no labels - give one label for each row`,
    );
  }
  if (isTarget)
    throw new UsageError("labels: belong to the rows of an array, but data is a target - draw an array from it");
  const count = classes ?? Array.from(labels).reduce((most, label) => Math.max(most, label + 1), 0);
  requireWhole("classes", count, 1, 65536);
  return count;
}

function shapeOf({ data, shape }: TrainOptions, dimension: number): readonly number[] {
  const own = shape ?? ("perturbed" in data ? [dimension] : data.shape.slice(1));
  const wanted = own.length === 0 ? [1] : own;
  if (wanted.reduce((product, length) => product * length, 1) !== dimension) {
    throw new UsageError(`shape: must hold the ${dimension} numbers of a row, but got [${wanted.join(", ")}]`);
  }
  return wanted;
}

function requireWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new UsageError(`${name}: must be a whole number in [${least}, ${most}], but got ${value}`);
}

function requireRange(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new UsageError(`${name}: must be in [${least}, ${most}], but got ${value}`);
}
