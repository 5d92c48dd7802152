import ndarray, { type NdArray } from "ndarray";
import { UsageError } from "../../solvers/errors.js";

/** Rows of a file that has been read; `place` names row and column as the user finds them in the file. */
export interface Table {
  readonly data: Float64Array;
  readonly columns: number;
  place(row: number, column: number): string;
}

/**
 * Checks what every data array must be: not empty, finite, of the dimension asked for.
 *
 * @throws UsageError naming the file and the place
 */
export function checkedArray({ data, columns, place }: Table, path: string, dimension?: number): NdArray<Float64Array> {
  if (data.length === 0) throw new UsageError(`${path}: must hold at least one number, but it is empty.`);
  if (dimension !== undefined && columns !== dimension) {
    throw new UsageError(`${path}: must have ${dimension} column${dimension === 1 ? "" : "s"}, but got ${columns}.`);
  }
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) {
    const where = place(Math.floor(bad / columns), bad % columns);
    throw new UsageError(`${path}: must hold finite numbers, but got ${data[bad]} at ${where} - remove that row.`);
  }
  return ndarray(data, [data.length / columns, columns]);
}

/** The numbers of an array of any strides in row-major order; those of the array itself where they lie so. */
export function rowMajor(array: NdArray<Float64Array>): Float64Array {
  const { shape, stride, offset, data } = array;
  const size = shape.reduce((product, length) => product * length, 1);
  const isRowMajor = stride.every(
    (step, d) => step === shape.slice(d + 1).reduce((product, length) => product * length, 1),
  );
  if (isRowMajor) return data.subarray(offset, offset + size);
  const out = new Float64Array(size);
  const index = new Array<number>(shape.length).fill(0);
  let position = offset;
  for (let i = 0; i < size; i++) {
    out[i] = data[position]!;
    for (let d = shape.length - 1; d >= 0; d--) {
      index[d] = index[d]! + 1;
      position += stride[d]!;
      if (index[d]! < shape[d]!) break;
      position -= stride[d]! * shape[d]!;
      index[d] = 0;
    }
  }
  return out;
}
