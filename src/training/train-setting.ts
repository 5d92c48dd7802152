import { UsageError } from "../../solvers/errors.js";
import { checkSeed } from "../../solvers/noise/normal.js";
import { requireWhole } from "../../solvers/require-whole.js";
import { arrayRows, columnsOf, type Rows } from "../files/index.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import { type DataSource, targetSource } from "./data-source.js";
import type { Network } from "./networks/network.js";
import { createNetwork } from "./networks/registry.js";
import type { OptimiserSettings } from "./optimiser.js";
import { optimiserOf } from "./optimiser-options.js";
import { type Preconditioning, preconditioning } from "./preconditioning.js";
import { findRecipe } from "./recipes.js";
import { rememberTime } from "./remember-time.js";
import { requireRange } from "./require-number.js";
import { heldOut, rowSource } from "./row-source.js";
import { resolveTimeSampling, type TimeSampling } from "./time-sampling.js";
import type { TrainOptions } from "./train-options.js";
import { noiseWeight, resolveWeighting, type Weighting } from "./weighting.js";

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
  /** 0 for never. */
  readonly sampleEvery: number;
}

/** Largest number of rows of one batch. */
const MOST_ROWS = 2 ** 20;

/** Fills in the defaults and refuses what cannot be meant. @throws UsageError */
export function resolveTraining(options: TrainOptions): TrainSetting {
  const { sde, data, steps = 5000, seed = 0, dropout = 0.1, validation = 0.1, stratified = true } = options;
  const given = "perturbed" in data ? data : "read" in data ? data : arrayRows(data);
  const shape = shapeOf(given, options.shape);
  const areImages = shape.length === 3;
  requireRange("validation", validation, 0, 0.9);
  const most = areImages ? 64 : 512;
  const kept = "read" in given ? Math.max(1, given.count - heldOut(given.count, validation)) : most;
  const { batch = Math.min(most, kept), network: chosen = areImages ? "unet:channels=16" : "mlp" } = options;
  requireWhole("steps", steps, 1, 2 ** 31);
  requireWhole("batch", batch, 1, MOST_ROWS);
  checkSeed(seed);
  requireRange("dropout", dropout, 0, 1);
  if (!sde.linear) {
    throw new UsageError(
      `sde: ${sde.name} has no α and σ, for its drift is not linear in x - denoising score matching needs them`,
    );
  }
  const recipe = findRecipe(options.recipe ?? "default");
  const target = "perturbed" in given ? given : null;
  const labels = options.labels ?? ("read" in given ? given.labels : undefined);
  const classes = classCount(labels, options.classes, target !== null);
  if (classes === 0 && options.dropout !== undefined) {
    throw new UsageError("dropout: hides classes of rows, but the data have none - leave it out, or give labels");
  }
  const source =
    "read" in given
      ? rowSource({
          rows: given,
          shape,
          labels,
          classes,
          standardise: options.standardise ?? true,
          validation,
          batch,
          seed,
        })
      : targetSource(given, seed);
  const network = createNetwork(chosen, { shape, classes });
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
  const validateEvery = each("validateEvery", 10);
  const { sampleEvery = 2 * validateEvery } = options;
  requireWhole("sampleEvery", sampleEvery, 0, 2 ** 32);
  return {
    sde,
    schedule,
    network,
    source,
    target,
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
    validateEvery,
    sampleEvery,
  };
}

function classCount(labels: ArrayLike<number> | undefined, classes: number | undefined, isTarget: boolean): number {
  if (labels === undefined) {
    if (classes === undefined || classes === 0) return 0;
    throw new UsageError(
      `classes: need labels, but got ${classes} classes and no labels - give one label for each row`,
    );
  }
  if (isTarget)
    throw new UsageError("labels: belong to the rows of an array, but data is a target - draw an array from it");
  const count =
    classes ??
    Array.from(labels).reduce((most, label) => (Number.isInteger(label) ? Math.max(most, label + 1) : most), 1);
  requireWhole("classes", count, 1, 65536);
  return count;
}

function shapeOf(data: Target | Rows, asked: readonly number[] | undefined): readonly number[] {
  const own = "read" in data ? data.shape : (data.shape ?? [data.dimension]);
  const dimension = columnsOf({ shape: own });
  // Two axes are an image in grey.
  const shape = asked ?? (own.length === 2 ? [...own, 1] : own);
  if (columnsOf({ shape }) !== dimension) {
    throw new UsageError(`shape: must hold the ${dimension} numbers of a row, but got [${shape.join(", ")}]`);
  }
  return shape;
}
