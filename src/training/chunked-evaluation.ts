import type { Values } from "../engine/index.js";
import type { ConvertibleModel } from "../scores/model.js";
import { conditionReader } from "./condition-reader.js";
import { type Network, SHARED_LEVELS } from "./networks/network.js";
import type { Coefficients } from "./preconditioning.js";

/** What `chunkedEvaluation` is given. */
export interface ChunkedEvaluation {
  readonly network: Pick<Network, "classes" | "sharesLevel">;
  readonly chunk: number;
  readonly dimension: number;
  /** Runs the raw network on x, level and label of `chunk` rows; there are `levels` levels: `chunk`, or SHARED_LEVELS equal ones. */
  run(inputs: readonly Values[], levels: number): Promise<readonly Values[]>;
  /** Coefficients of the prediction at a time. */
  at(t: number): Coefficients;
}

/**
 * Evaluates a raw network chunk by chunk: prediction = skip · x + out · F(in · x, level).
 *
 * A chunk of one time tells a network that shares its level so; the last chunk is filled up with zeros.
 */
export function chunkedEvaluation(setting: ChunkedEvaluation): ConvertibleModel["evaluate"] {
  const { network, chunk, dimension, run } = setting;
  const { classes, sharesLevel = false } = network;
  const at = remember(setting.at);
  // Calls may overlap: each takes a set of arrays of its own and gives it back.
  const idle: Scratch[] = [];
  return async ({ x, times, count, condition }, out) => {
    const classOf = conditionReader(condition, classes, count);
    const scratch = idle.pop() ?? makeScratch(chunk, dimension, classes);
    for (let first = 0; first < count; first += chunk) {
      const rows = Math.min(chunk, count - first);
      const isShared = isOneTime(times, first, rows);
      if (isShared) fillOneTime(scratch, at(times[first]!), x, first * dimension, rows * dimension);
      else fillTimes(scratch, { x, times, first, rows, dimension, at });
      if (classes > 0) {
        scratch.label.fill(0);
        for (let row = 0; row < rows; row++) {
          const label = classOf(first + row);
          if (label !== null) scratch.label[row * classes + label] = 1;
        }
      }
      const level = isShared && sharesLevel ? scratch.sharedLevel : scratch.level;
      const [raw] = await run(
        classes > 0 ? [scratch.x, level, scratch.label] : [scratch.x, level],
        level === scratch.level ? chunk : SHARED_LEVELS,
      );
      if (isShared) combineOneTime(at(times[first]!), x, raw!, first * dimension, rows * dimension, out);
      else combineTimes(scratch, x, raw!, first, rows, dimension, out);
    }
    idle.push(scratch);
  };
}

interface Scratch {
  readonly x: Float32Array;
  readonly level: Float32Array;
  readonly sharedLevel: Float32Array;
  readonly label: Float32Array;
  readonly skip: Float64Array;
  readonly out: Float64Array;
}

function makeScratch(chunk: number, dimension: number, classes: number): Scratch {
  return {
    x: new Float32Array(chunk * dimension),
    level: new Float32Array(chunk),
    sharedLevel: new Float32Array(SHARED_LEVELS),
    label: new Float32Array(chunk * classes),
    skip: new Float64Array(chunk),
    out: new Float64Array(chunk),
  };
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

function isOneTime(times: Float64Array, first: number, rows: number): boolean {
  const t = times[first]!;
  for (let row = first + 1; row < first + rows; row++) if (times[row] !== t) return false;
  return true;
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
  raw: Values,
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
  scratch.level.fill(0, rows);
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
  raw: Values,
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
