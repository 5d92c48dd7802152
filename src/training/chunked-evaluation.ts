import type { ModelBatch } from "../../solvers/types.js";
import type { Values } from "../engine/index.js";
import { conditionReader } from "./condition-reader.js";
import { type Network, SHARED_LEVELS } from "./networks/network.js";
import type { Coefficients } from "./preconditioning.js";
import type { RowCounts } from "./row-counts.js";

/** What `chunkedEvaluation` is given. */
export interface ChunkedEvaluation {
  readonly network: Pick<Network, "classes" | "sharesLevel">;
  /** Rows of the programs. */
  readonly counts: RowCounts;
  readonly dimension: number;
  /** Whether the rows of a run must have one time; default false. */
  readonly oneTime?: boolean;
  /**
   * Runs the raw network on x, level, label (where there are classes) and directions (where they are given) of `rows` rows;
   * there are `levels` levels: `rows`, or SHARED_LEVELS equal ones.
   */
  run(inputs: readonly Values[], rows: number, levels: number): Promise<readonly ArrayLike<number>[]>;
  /** Coefficients of the result at a time. */
  at(t: number): Coefficients;
}

/** Writes the result of each row; `directions`, count × dimension, are a further input. */
export type RowsEvaluation = (batch: ModelBatch, out: Float64Array, directions?: Float64Array) => Promise<void>;

/**
 * Evaluates a raw network F chunk by chunk: skip · x + out · F(in · x, level), or skip · v + out · F(in · x, level, v) along directions v.
 *
 * A chunk of one time tells a network that shares its level so; the last chunk is filled up with zeros.
 */
export function chunkedEvaluation(setting: ChunkedEvaluation): RowsEvaluation {
  const { network, counts, dimension, oneTime = false, run } = setting;
  const { classes, sharesLevel = false } = network;
  const at = remember(setting.at);
  // Calls may overlap: each takes a set of arrays of its own and gives it back.
  const idle: Scratch[] = [];
  return async ({ x, times, count, condition }, out, directions) => {
    const kept = directions ?? x;
    const classOf = conditionReader(condition, classes, count);
    for (let first = 0, rows = 0; first < count; first += rows) {
      const end = Math.min(count, first + counts.chunk);
      const equal = equalTimes(times, first, end);
      const isShared = oneTime || equal === end - first;
      const left = oneTime ? equal : end - first;
      const size = await counts.of(left, isShared && sharesLevel);
      rows = Math.min(size, left);
      const scratch = take(idle, size) ?? makeScratch(size, dimension, classes);
      if (isShared) fillOneTime(scratch, at(times[first]!), x, first * dimension, rows * dimension);
      else fillTimes(scratch, { x, times, first, rows, dimension, at });
      if (classes > 0) {
        scratch.label.fill(0);
        for (let row = 0; row < size; row++) {
          // Rows that fill up have the class of a row that is asked for.
          const label = classOf(row < rows ? first + row : first);
          if (label !== null) scratch.label[row * classes + label] = 1;
        }
      }
      const level = isShared && sharesLevel ? scratch.sharedLevel : scratch.level;
      const inputs = classes > 0 ? [scratch.x, level, scratch.label] : [scratch.x, level];
      if (directions !== undefined) {
        const along = new Float32Array(size * dimension);
        along.set(directions.subarray(first * dimension, (first + rows) * dimension));
        inputs.push(along);
      }
      const [raw] = await run(inputs, size, level.length);
      if (isShared) combineOneTime(at(times[first]!), kept, raw!, first * dimension, rows * dimension, out);
      else combineTimes(scratch, kept, raw!, first, rows, dimension, out);
      idle.push(scratch);
    }
  };
}

interface Scratch {
  readonly rows: number;
  readonly x: Float32Array;
  readonly level: Float32Array;
  readonly sharedLevel: Float32Array;
  readonly label: Float32Array;
  readonly skip: Float64Array;
  readonly out: Float64Array;
}

function makeScratch(rows: number, dimension: number, classes: number): Scratch {
  return {
    rows,
    x: new Float32Array(rows * dimension),
    level: new Float32Array(rows),
    sharedLevel: new Float32Array(SHARED_LEVELS),
    label: new Float32Array(rows * classes),
    skip: new Float64Array(rows),
    out: new Float64Array(rows),
  };
}

function take(idle: Scratch[], rows: number): Scratch | undefined {
  const index = idle.findLastIndex((scratch) => scratch.rows === rows);
  return index < 0 ? undefined : idle.splice(index, 1)[0];
}

/** The coefficients of the last time asked for are kept: a solver asks for one time chunk after chunk. */
function remember(at: (t: number) => Coefficients): (t: number) => Coefficients {
  let last = Number.NaN;
  let known: Coefficients = { skip: 0, out: 0, in: 0, level: 0 };
  return (t) => {
    if (t !== last) {
      known = at(t);
      last = t;
    }
    return known;
  };
}

/** How many rows from `first` on, and before `end`, have the time of that row. */
function equalTimes(times: Float64Array, first: number, end: number): number {
  const t = times[first]!;
  let next = first + 1;
  while (next < end && times[next] === t) next++;
  return next - first;
}

function fillOneTime(scratch: Scratch, at: Coefficients, x: Float64Array, from: number, length: number): void {
  const { in: scale, level } = at;
  const scaled = scratch.x;
  for (let k = 0; k < length; k++) scaled[k] = scale * x[from + k]!;
  scaled.fill(0, length);
  scratch.level.fill(level);
  scratch.sharedLevel.fill(level);
}

function combineOneTime(
  { skip, out: scale }: Coefficients,
  x: Float64Array,
  raw: ArrayLike<number>,
  from: number,
  length: number,
  out: Float64Array,
): void {
  for (let k = 0; k < length; k++) out[from + k] = skip * x[from + k]! + scale * raw[k]!;
}

interface ChunkRows {
  readonly x: Float64Array;
  readonly times: Float64Array;
  readonly first: number;
  readonly rows: number;
  readonly dimension: number;
  readonly at: (t: number) => Coefficients;
}

function fillTimes(scratch: Scratch, { x, times, first, rows, dimension, at }: ChunkRows): void {
  scratch.x.fill(0, rows * dimension);
  // Rows that fill up have a time at which the network is defined.
  scratch.level.fill(at(times[first]!).level, rows);
  for (let row = 0, k = 0, i = first * dimension; row < rows; row++) {
    const { skip, out, in: scale, level } = at(times[first + row]!);
    scratch.level[row] = level;
    scratch.skip[row] = skip;
    scratch.out[row] = out;
    for (let d = 0; d < dimension; d++, k++, i++) scratch.x[k] = scale * x[i]!;
  }
}

function combineTimes(
  scratch: Scratch,
  x: Float64Array,
  raw: ArrayLike<number>,
  first: number,
  rows: number,
  dimension: number,
  out: Float64Array,
): void {
  for (let row = 0, k = 0, i = first * dimension; row < rows; row++) {
    const skip = scratch.skip[row]!;
    const scale = scratch.out[row]!;
    for (let d = 0; d < dimension; d++, k++, i++) out[i] = skip * x[i]! + scale * raw[k]!;
  }
}
