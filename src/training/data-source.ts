import type { NdArray } from "ndarray";
import { UsageError } from "../../solvers/errors.js";
import { fillUniform } from "../../solvers/noise/normal.js";
import type { Target } from "../targets/types.js";
import { measureStandardisation, type Standardisation, standardise } from "./standardisation.js";
import { TrainingRun, TrainingSlot } from "./training-slot.js";

/** Where batches of data come from: row k of the stream is a function of (seed, k) alone. */
export interface DataSource {
  readonly dimension: number;
  /** Root mean square of the data over all coordinates: σ_data, whatever their mean. */
  readonly standardDeviation: number;
  readonly standardisation: Standardisation | null;
  /** Text that two sources share only when they hold the same data. */
  readonly fingerprint: string;
  /** Rows of held-out data; 0 when there are none. */
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
    standardDeviation: Math.sqrt(variance),
    standardisation: null,
    fingerprint: JSON.stringify([target.name, target.options]),
    validationCount: Number.POSITIVE_INFINITY,
    fillTraining: (first, out, labels) => fill(TrainingRun.TRAINING, first, out, labels),
    fillValidation: (first, out, labels) => fill(TrainingRun.VALIDATION, first, out, labels),
  };
}

/** What `arraySource` is given. */
export interface ArraySourceOptions {
  readonly data: NdArray<Float64Array>;
  /** Class of each row, whole numbers in [0, classes). */
  readonly labels: ArrayLike<number> | undefined;
  readonly classes: number;
  readonly standardise: boolean;
  /** Share of rows held out, in [0, 1). */
  readonly validation: number;
  readonly batch: number;
  readonly seed: number;
}

/**
 * Rows of an array, each once per epoch in a new order.
 *
 * @throws UsageError for data that are empty, one row, not finite or constant in a column; a batch larger than the data; wrong classes
 */
export function arraySource(options: ArraySourceOptions): DataSource {
  const { data: array, labels, classes, validation, batch, seed } = options;
  const raw = rowsOf(array);
  const count = array.shape[0] ?? 0;
  const dimension = count === 0 ? 0 : raw.length / count;
  checkRows(raw, count, dimension);
  checkLabels(labels, classes, count);
  const standardisation = options.standardise ? measureStandardisation(raw, dimension) : null;
  const data = standardisation === null ? raw : standardise(standardisation, raw);
  const order = permutation(count, seed, TrainingSlot.SPLIT, 0);
  const held = order.subarray(0, Math.floor(validation * count));
  const kept = order.subarray(held.length);
  if (batch > kept.length) {
    throw new UsageError(
      `batch: must not exceed the rows of data kept for training (${kept.length} of ${count}), but got ${batch} - use a smaller batch or more data`,
    );
  }
  const copy = (row: number, i: number, out: Float64Array, classesOut: Int32Array): void => {
    out.set(data.subarray(row * dimension, (row + 1) * dimension), i * dimension);
    classesOut[i] = labels === undefined ? -1 : labels[row]!;
  };
  let epoch = -1;
  let shuffled = new Uint32Array(0);
  return {
    dimension,
    standardDeviation: deviationOf(data),
    standardisation,
    fingerprint: JSON.stringify([
      count,
      dimension,
      hash(raw),
      labels === undefined ? null : hash(Float64Array.from(labels)),
    ]),
    validationCount: held.length,
    fillTraining(first, out, classesOut) {
      for (let i = 0; i < out.length / dimension; i++) {
        const position = first + i;
        const wanted = Math.floor(position / kept.length);
        if (wanted !== epoch) {
          epoch = wanted;
          shuffled = permutation(kept.length, seed, TrainingSlot.ORDER, epoch);
        }
        copy(kept[shuffled[position - epoch * kept.length]!]!, i, out, classesOut);
      }
    },
    fillValidation(first, out, classesOut) {
      for (let i = 0; i < out.length / dimension; i++) copy(held[(first + i) % held.length]!, i, out, classesOut);
    },
  };
}

function rowsOf(array: NdArray<Float64Array>): Float64Array {
  const { shape, stride, offset, data } = array;
  const size = shape.reduce((product, length) => product * length, 1);
  const out = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let rest = i;
    let position = offset;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const length = shape[axis]!;
      position += stride[axis]! * (rest % length);
      rest = Math.floor(rest / length);
    }
    out[i] = data[position]!;
  }
  return out;
}

function checkRows(rows: Float64Array, count: number, dimension: number): void {
  if (rows.length === 0) throw new UsageError("data: there must be at least two rows, but got none - check the file");
  if (count < 2)
    throw new UsageError("data: there must be at least two rows, but got one - a law cannot be learnt from it");
  const bad = rows.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new UsageError(
      `data: must be finite, but got ${rows[bad]} in row ${Math.floor(bad / dimension)}, column ${bad % dimension} - remove that row`,
    );
  }
}

function checkLabels(labels: ArrayLike<number> | undefined, classes: number, count: number): void {
  if (labels === undefined) return;
  if (labels.length !== count) {
    throw new UsageError(`labels: there must be one for each of the ${count} rows, but got ${labels.length}`);
  }
  for (let i = 0; i < count; i++) {
    const label = labels[i]!;
    if (Number.isInteger(label) && label >= 0 && label < classes) continue;
    throw new UsageError(`labels: must be whole numbers in [0, ${classes}), but got ${label} in row ${i}`);
  }
}

function deviationOf(data: Float64Array): number {
  return Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);
}

/** A random order of 0 … count − 1 (Fisher–Yates). */
function permutation(count: number, seed: number, slot: number, step: number): Uint32Array<ArrayBuffer> {
  const uniforms = new Float64Array(count);
  fillUniform({ seed, stream: "training", step, slot }, 0, uniforms);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.min(i, Math.floor(uniforms[i]! * (i + 1)));
    const moved = order[i]!;
    order[i] = order[j]!;
    order[j] = moved;
  }
  return order;
}

/** FNV-1a of the bytes: tells data sets apart, nothing more. */
function hash(values: Float64Array): number {
  const words = new Uint32Array(values.slice().buffer);
  let state = 2166136261;
  for (const word of words) state = Math.imul(state ^ word, 16777619) >>> 0;
  return state;
}
