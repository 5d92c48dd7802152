import type { NdArray } from "ndarray";
import { rowMajor } from "./table.js";

/** Rows of finite or other numbers that can be read in any order, from memory or from a file. */
export interface Rows {
  readonly count: number;
  /** Shape of a row; [1] where rows are numbers. */
  readonly shape: readonly number[];
  /** Class of each row, where the source knows it, and the classes' names. */
  readonly labels?: Int32Array;
  readonly classNames?: readonly string[];
  /** Writes row `row` to `out` from `offset`. */
  read(row: number, out: Float64Array, offset: number): void;
  /** Row and column as the user finds them. */
  place(row: number, column: number): string;
  /** Gives files back; afterwards nothing can be read. */
  close(): void;
}

/** Numbers of a row. */
export function columnsOf({ shape }: Pick<Rows, "shape">): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** The rows of an array [count, …shape] of any strides. */
export function arrayRows(array: NdArray<Float64Array>): Rows {
  const [count = 0, ...rest] = array.shape;
  const shape = rest.length === 0 ? [1] : rest;
  const place = (row: number, column: number) => `row ${row}, column ${column}`;
  return rowsInMemory(rowMajor(array).slice(), { count, shape, place });
}

/** Rows whose numbers are in memory, row-major. */
export function rowsInMemory(
  data: Float64Array,
  { count, shape, place }: Pick<Rows, "count" | "shape" | "place">,
): Rows {
  const columns = columnsOf({ shape });
  return {
    count,
    shape,
    // Rows are short mostly: a loop makes no view.
    read(row, out, offset) {
      const first = row * columns;
      for (let k = 0; k < columns; k++) out[offset + k] = data[first + k]!;
    },
    place,
    close: () => {},
  };
}

/** All rows as one array, row-major. */
export function allRows(rows: Rows): Float64Array {
  const columns = columnsOf(rows);
  const out = new Float64Array(rows.count * columns);
  for (let row = 0; row < rows.count; row++) rows.read(row, out, row * columns);
  return out;
}
