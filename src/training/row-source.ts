import { UsageError } from "../../solvers/errors.js";
import { columnsOf, type Rows } from "../files/index.js";
import type { DataSource } from "./data-source.js";
import { rowOrder } from "./row-order.js";
import { standardisationOf } from "./standardisation.js";
import { surveyRows } from "./survey-rows.js";
import { TrainingSlot } from "./training-slot.js";

/** What `rowSource` is given. */
export interface RowSourceOptions {
  readonly rows: Rows;
  /** Shape of a row that the network sees. */
  readonly shape: readonly number[];
  /** Class of each row, whole numbers in [0, classes). */
  readonly labels: ArrayLike<number> | undefined;
  readonly classes: number;
  readonly standardise: boolean;
  /** Share of rows held out, in [0, 1). */
  readonly validation: number;
  readonly batch: number;
  readonly seed: number;
}

/** Rows that are held out for validation. */
export function heldOut(count: number, validation: number): number {
  return Math.floor(validation * count);
}

/**
 * Rows of data, each once per epoch in another order; only the rows of a batch are in memory at a time.
 *
 * @throws UsageError for data that are empty, one row, not finite or constant in a column; a batch larger than the data; wrong classes
 */
export function rowSource(options: RowSourceOptions): DataSource {
  const { rows, shape, labels, classes, validation, batch, seed } = options;
  const { count } = rows;
  const dimension = columnsOf(rows);
  const survey = surveyRows(rows);
  checkLabels(labels, classes, count);
  const standardisation = options.standardise ? standardisationOf(survey, shape.length === 3) : null;
  const split = remembered(count, rowOrder(count, { seed, slot: TrainingSlot.SPLIT, step: 0 }));
  const held = heldOut(count, validation);
  const kept = count - held;
  if (batch > kept) {
    throw new UsageError(
      `batch: must not exceed the rows of data kept for training (${kept} of ${count}), but got ${batch} - use a smaller batch or more data`,
    );
  }
  const copy = (row: number, i: number, out: Float64Array, classesOut: Int32Array): void => {
    const first = i * dimension;
    rows.read(row, out, first);
    if (standardisation !== null) {
      const { mean, scale } = standardisation;
      for (let d = 0; d < dimension; d++) out[first + d] = (out[first + d]! - mean[d]!) / scale[d]!;
    }
    classesOut[i] = labels === undefined ? -1 : labels[row]!;
  };
  let epoch = -1;
  let shuffled = split;
  return {
    dimension,
    shape,
    standardDeviation: rootMeanSquare(survey, standardisation),
    standardisation,
    fingerprint: JSON.stringify([
      count,
      dimension,
      survey.hash,
      labels === undefined ? null : Array.from(labels).reduce((hash, label) => (31 * hash + label) % 4294967291, 7),
    ]),
    trainingCount: kept,
    validationCount: held,
    fillTraining(first, out, classesOut) {
      for (let i = 0; i < out.length / dimension; i++) {
        const position = first + i;
        const wanted = Math.floor(position / kept);
        if (wanted !== epoch) {
          epoch = wanted;
          shuffled = rowOrder(kept, { seed, slot: TrainingSlot.ORDER, step: epoch });
        }
        copy(split(held + shuffled(position - epoch * kept)), i, out, classesOut);
      }
    },
    fillValidation(first, out, classesOut) {
      for (let i = 0; i < out.length / dimension; i++) copy(split((first + i) % held), i, out, classesOut);
    },
  };
}

/** Orders up to this length are kept in memory. */
const SHORT = 2 ** 20;

/** The same order, computed once where it is short. */
function remembered(count: number, order: (place: number) => number): (place: number) => number {
  if (count > SHORT) return order;
  const rows = Uint32Array.from({ length: count }, (_, place) => order(place));
  return (place) => rows[place]!;
}

/** Root mean square of all numbers that the model sees. */
function rootMeanSquare(
  { mean, variance }: ReturnType<typeof surveyRows>,
  standardisation: DataSource["standardisation"],
): number {
  // Standardised numbers have mean square 1, whether each column or all together.
  if (standardisation !== null) return 1;
  return Math.sqrt(variance.reduce((sum, value, d) => sum + value + mean[d]! * mean[d]!, 0) / mean.length);
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
