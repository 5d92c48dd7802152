import { UsageError } from "../../solvers/errors.js";
import { readNpyHeader } from "./npy-header.js";
import { decodeItems } from "./npy-items.js";
import type { Table } from "./table.js";

/**
 * Rows of a NumPy array file: [N, D] as it is, [N] as one column, a single number as one row; numbers of any real type become
 * float64. With `flatten`, rows of more axes become one row each.
 *
 * @throws UsageError for a malformed or truncated file, a type that is not real, or more than two axes without `flatten`
 */
export async function parseNpy(
  bytes: Uint8Array,
  path: string,
  { flatten = false }: { readonly flatten?: boolean } = {},
): Promise<Table> {
  const { descr, start, shape, fortranOrder } = readNpyHeader(bytes, bytes.length, path);
  if (shape.length > 2 && !flatten) {
    throw new UsageError(
      `${path}: must be an array of shape (N,) or (N, D), but got (${shape.join(", ")}) - reshape it to rows.`,
    );
  }
  const size = shape.reduce((product, length) => product * length, 1);
  const place = (row: number, column: number) => (shape.length >= 2 ? `[${row}, ${column}]` : `[${row}]`);
  const data = new Float64Array(size);
  decodeItems(descr, bytes.subarray(start), size, data, 0);
  const columns = shape.slice(1).reduce((product, length) => product * length, 1);
  return { data: fortranOrder ? rowMajorOf(data, shape) : data, columns, place };
}

/** A float64 array file in row-major order that NumPy reads. */
export async function dumpNpy(data: Float64Array, shape: readonly number[]): Promise<Uint8Array> {
  const { dump } = await import("npyjs");
  return new Uint8Array(dump(data, [...shape]));
}

/** Numbers whose first index runs fastest, with the last running fastest. */
function rowMajorOf(data: Float64Array, shape: readonly number[]): Float64Array {
  const out = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    let rest = i;
    let position = 0;
    for (const length of shape) {
      position = position * length + (rest % length);
      rest = Math.floor(rest / length);
    }
    out[position] = data[i]!;
  }
  return out;
}
