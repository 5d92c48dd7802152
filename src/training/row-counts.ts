import { fillUniform } from "../../solvers/noise/normal.js";
import { TrainingSlot } from "./training-slot.js";

/** How many rows a program is run on at once. */
export interface RowCountsSetting {
  /** Rows of the usual program, ≥ 1. */
  readonly chunk: number;
  /** Smaller numbers of rows to try for what does not fill half a chunk, ascending. */
  readonly smaller: readonly number[];
  /** Whether programs of `rows` rows give a row the bits that those of a whole chunk give it; asked once for each. */
  agrees(rows: number, isShared: boolean): Promise<boolean>;
}

/**
 * Rows of the program for the rows that are left: a whole chunk, or few where that changes no bit.
 *
 * Runtimes choose the order of their sums by the shape of a product, so that a smaller program is held against the usual one
 * before it is used: a row must not depend on how many there are.
 */
export class RowCounts {
  readonly chunk: number;
  readonly #setting: RowCountsSetting;
  readonly #smaller: readonly number[];
  readonly #agreeing = new Map<string, Promise<boolean>>();

  constructor(setting: RowCountsSetting) {
    this.chunk = setting.chunk;
    this.#setting = setting;
    // Two parts of a chunk are compared.
    this.#smaller = setting.smaller.filter((rows) => 2 * rows <= setting.chunk);
  }

  /** The greatest number that the rows left fill by more than a half, or else the least. `isShared`: programs of one level that all rows share. */
  of(left: number, isShared: boolean): number | Promise<number> {
    return 2 * left > this.chunk ? this.chunk : this.#smallest(left, isShared);
  }

  async #smallest(left: number, isShared: boolean): Promise<number> {
    const fitting = this.#smaller.findLastIndex((rows) => 2 * left > rows);
    for (const rows of this.#smaller.slice(Math.max(0, fitting))) if (await this.#agrees(rows, isShared)) return rows;
    return this.chunk;
  }

  #agrees(rows: number, isShared: boolean): Promise<boolean> {
    const key = `${rows}/${isShared}`;
    const known = this.#agreeing.get(key) ?? this.#setting.agrees(rows, isShared);
    this.#agreeing.set(key, known);
    return known;
  }
}

/** What `sameRows` tries. */
export interface RowTrial {
  readonly chunk: number;
  /** Rows of the smaller program. */
  readonly rows: number;
  /** Numbers per row of each input. */
  readonly widths: readonly number[];
}

/** Whether the first rows of a chunk, and the next, get the same bits from a program of as many rows; on numbers without a pattern. */
export async function sameRows(
  { chunk, rows, widths }: RowTrial,
  run: (inputs: Float32Array[], rows: number) => Promise<ArrayLike<number>>,
): Promise<boolean> {
  const inputs = widths.map((width, k) => {
    const values = new Float64Array(chunk * width);
    fillUniform({ seed: 0, stream: "training", slot: TrainingSlot.TRIAL, step: k }, 0, values);
    return Float32Array.from(values, (u) => 2 * u - 1);
  });
  const whole = await run(inputs, chunk);
  const width = whole.length / chunk;
  for (let first = 0; first < 2 * rows; first += rows) {
    const part = inputs.map((values, k) => values.slice(first * widths[k]!, (first + rows) * widths[k]!));
    const few = await run(part, rows);
    for (let i = 0; i < rows * width; i++) if (few[i] !== whole[first * width + i]) return false;
  }
  return true;
}

/** Rows that a program of a model takes: enough to fill matrix products, few enough to stay in the cache. */
export const MODEL_CHUNK = 1024;
/** Images have a row per pixel in products already. */
export const IMAGE_CHUNK = 8;

/** Rows of the usual program for samples of a shape. */
export function usualRows(shape: readonly number[]): number {
  return shape.length === 3 ? IMAGE_CHUNK : MODEL_CHUNK;
}

/** Rows of smaller programs to try for samples of a shape, ascending: not one image, which runtimes mostly reduce in another order. */
export function fewRows(shape: readonly number[]): readonly number[] {
  return shape.length === 3 ? [2] : [64, 256];
}
