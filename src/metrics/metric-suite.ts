import type { NdArray } from "ndarray";
import { suggestion, UsageError } from "../../solvers/errors.js";
import type { Target } from "../targets/types.js";
import { ASSIGNMENT_MAXIMUM, loadAssignmentWasserstein2 } from "./assignment-wasserstein.js";
import { energyDistance } from "./energy-distance.js";
import { type Estimate, estimate } from "./estimate.js";
import { maximumMeanDiscrepancy } from "./maximum-mean-discrepancy.js";
import { modeWeightsError } from "./mode-weights-error.js";
import { covarianceError, meanError } from "./moment-errors.js";
import { type QuantileTable, quantileTable } from "./quantile-table.js";
import { type SlicedWasserstein, slicedWasserstein } from "./sliced-wasserstein.js";
import { wasserstein1, wasserstein2 } from "./wasserstein.js";

/** Every metric of a suite, in the order of tables. */
export const METRIC_NAMES = [
  "w1",
  "w2",
  "slicedW1",
  "slicedW2",
  "assignmentW2",
  "energy",
  "mmd",
  "modeWeights",
  "mean",
  "covariance",
] as const;

/** Name of a metric. */
export type MetricName = (typeof METRIC_NAMES)[number];

/** What a suite measures and how. */
export interface MetricSuiteOptions {
  /** Rows of each sample set to be measured, ≥ 2. */
  readonly count: number;
  /** Default: what the dimension affords, see `metricSuite`. */
  readonly names?: readonly string[];
  /** Integer in [0, 2^53): reference sample, floor and directions are functions of it. */
  readonly seed?: number;
  /** Exact sample sets that the floor is estimated from, ≥ 1. */
  readonly repeats?: number;
}

/** Metrics prepared for one target. */
export interface MetricSuite {
  readonly names: readonly MetricName[];
  /** Every metric of flat row-major samples (any number of rows; the floor belongs to `count` of them); all are ≥ 0. */
  measure(samples: Float64Array): Record<string, number>;
  /** Each metric of `count` exact samples, over repeats. */
  readonly floor: Readonly<Record<string, Estimate>>;
}

// The reference shares the floor's stream under a run that no repeat has.
const REFERENCE_RUN = 4294967295;

/**
 * Prepares metrics of sample sets against a target, and their floor between exact samples.
 *
 * Without `names`: w1 and w2 in one dimension, slicedW2 and energy above, then modeWeights where the target has modes, mean and
 * covariance. w1 and w2 are taken against the exact quantile function (against the reference sample where the target has none), the
 * others against one exact reference sample of 4 · count rows, at least 16 384 and at most 65 536: floor and measurement share it.
 * `energy` and `mmd` are roots of V-statistics, above one dimension of the first 1024 rows; `assignmentW2` takes the first
 * min(count, 512) rows of each set.
 *
 * @throws UsageError for unknown names, and for metrics that the target does not admit
 */
export async function metricSuite(
  target: Target,
  { count, names, seed = 0, repeats = 5 }: MetricSuiteOptions,
): Promise<MetricSuite> {
  if (!Number.isInteger(count) || count < 2)
    throw new UsageError(`count: must be an integer ≥ 2, but got ${count} - a covariance needs two rows`);
  if (!Number.isInteger(repeats) || repeats < 1 || repeats >= REFERENCE_RUN)
    throw new UsageError(`repeats: must be an integer ≥ 1, but got ${repeats} - five give a usable standard error`);
  const chosen = choose(target, names);
  const measures = await prepare(target, chosen, count, seed);
  const measure = (samples: Float64Array): Record<string, number> =>
    Object.fromEntries(chosen.map((name) => [name, measures[name](samples)]));
  const runs = Array.from({ length: repeats }, (_, run) =>
    measure(rows(target.sample({ count, seed, stream: "floor", run }))),
  );
  const floor = Object.fromEntries(chosen.map((name) => [name, estimate(runs.map((run) => run[name]!))]));
  return { names: chosen, measure, floor };
}

function choose(target: Target, names: readonly string[] | undefined): MetricName[] {
  const isLine = target.dimension === 1;
  const hasModes = target.modes !== undefined;
  const defaults: MetricName[] = isLine ? ["w1", "w2"] : ["slicedW2", "energy"];
  if (names === undefined) return [...defaults, ...(hasModes ? (["modeWeights"] as const) : []), "mean", "covariance"];
  if (names.length === 0) throw new UsageError("metrics: must name at least one, but got none - leave the option out");
  for (const name of names) {
    if (!METRIC_NAMES.some((known) => known === name))
      throw new UsageError(`metrics: unknown name '${name}'.${suggestion(name, METRIC_NAMES)}`);
    if ((name === "w1" || name === "w2") && !isLine)
      throw new UsageError(
        `metrics: ${name} needs one dimension, but got a target of ${target.dimension} - use sliced${name.toUpperCase()}`,
      );
    if ((name === "slicedW1" || name === "slicedW2") && isLine)
      throw new UsageError(
        `metrics: ${name} needs two dimensions or more, but got one - use ${name.slice(6).toLowerCase()}`,
      );
    if (name === "modeWeights" && !hasModes)
      throw new UsageError(`metrics: modeWeights needs a target with modes, but got '${target.name}' - leave it out`);
  }
  return METRIC_NAMES.filter((known) => names.includes(known));
}

type Measure = (samples: Float64Array) => number;

async function prepare(
  target: Target,
  chosen: readonly MetricName[],
  count: number,
  seed: number,
): Promise<Record<MetricName, Measure>> {
  const { dimension, modes } = target;
  const referenceCount = Math.min(65536, Math.max(16384, 4 * count));
  const reference = once(() =>
    rows(target.sample({ count: referenceCount, seed, stream: "floor", run: REFERENCE_RUN })),
  );
  const line = lineReference(target, reference);
  const sliced = once((): SlicedWasserstein => slicedWasserstein(reference(), dimension, { seed }));
  const energy = once(() => energyDistance(reference(), dimension));
  const mmd = once(() => maximumMeanDiscrepancy(reference(), dimension));
  const assignment = chosen.includes("assignmentW2") ? await loadAssignmentWasserstein2() : undefined;
  return {
    w1: (samples) => wasserstein1(samples, line(samples.length)),
    w2: (samples) => wasserstein2(samples, line(samples.length)),
    slicedW1: (samples) => sliced().w1(samples),
    slicedW2: (samples) => sliced().w2(samples),
    assignmentW2: (samples) => {
      const length = Math.min(samples.length, ASSIGNMENT_MAXIMUM * dimension);
      return assignment?.(samples.subarray(0, length), reference().subarray(0, length), dimension) ?? Number.NaN;
    },
    energy: (samples) => Math.sqrt(energy().vStatistic(samples)),
    mmd: (samples) => Math.sqrt(mmd().vStatistic(samples)),
    modeWeights: (samples) => (modes === undefined ? Number.NaN : modeWeightsError(samples, modes, dimension)),
    mean: (samples) => meanError(samples, target.mean),
    covariance: (samples) => covarianceError(samples, target.covariance),
  };
}

/** A table per number of samples, or the reference sample where the target has no quantile function. */
function lineReference(target: Target, reference: () => Float64Array): (count: number) => QuantileTable | Float64Array {
  if (target.quantile === undefined || target.cdf === undefined) return reference;
  const tables = new Map<number, QuantileTable>();
  return (count) => {
    const table = tables.get(count) ?? quantileTable(target, count);
    tables.set(count, table);
    return table;
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The numbers of a [count, dimension] array, row-major. */
function rows(array: NdArray<Float64Array>): Float64Array {
  const [count = 0, dimension = 0] = array.shape;
  const [down = 0, along = 0] = array.stride;
  const isPlain = array.offset === 0 && along === 1 && down === dimension && array.data.length === count * dimension;
  if (isPlain) return array.data;
  const out = new Float64Array(count * dimension);
  for (let i = 0; i < count; i++)
    for (let d = 0; d < dimension; d++) out[i * dimension + d] = array.data[array.offset + i * down + d * along]!;
  return out;
}
