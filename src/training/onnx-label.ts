import type { OnnxValueSpec, OnnxValues, Values } from "../engine/index.js";

/** What a graph is told of the classes of its rows, from one-hot rows; a row of zeros has no class, number `classes` where they are numbers. */
export function labelInput({ shape }: OnnxValueSpec, hot: Values, rows: number, classes: number): OnnxValues {
  if (shape?.length !== 1) return { values: hot, shape: [rows, classes] };
  const numbers = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const found = classOf(hot, row, classes);
    numbers[row] = found < 0 ? classes : found;
  }
  return { values: numbers, shape: [rows] };
}

/** Whether one-hot rows hold one of zeros, which has no class. */
export function hasNone(hot: Values, classes: number): boolean {
  for (let row = 0; row * classes < hot.length; row++) if (classOf(hot, row, classes) < 0) return true;
  return false;
}

function classOf(hot: Values, row: number, classes: number): number {
  return hot.subarray(row * classes, (row + 1) * classes).findIndex((value) => value > 0);
}
