import type { NdArray } from "ndarray";
import { UsageError } from "../../solvers/errors.js";
import { csvPieces } from "./csv.js";
import { dumpNpy } from "./npy.js";
import { dumpNpz } from "./npz.js";
import { requireArrayExtension } from "./read-array.js";
import { rowMajor } from "./table.js";
import { writeFileAtomically } from "./write-file-atomically.js";

/** Options of `writeArray`. */
export interface WriteArrayOptions {
  /** Name of the array inside an .npz archive. */
  readonly key?: string;
}

/**
 * Writes an array as float64 to a .npy, .npz or .csv file that NumPy reads; the file is complete or absent.
 *
 * @throws UsageError for an unknown ending, a .csv of more than two axes, or a path that cannot be written
 */
export async function writeArray(
  path: string,
  array: NdArray<Float64Array>,
  { key = "arr_0" }: WriteArrayOptions = {},
): Promise<void> {
  const extension = requireArrayExtension(path);
  const data = rowMajor(array);
  if (extension === ".csv") {
    if (array.shape.length > 2) {
      throw new UsageError(
        `${path}: a .csv file holds one or two axes, but got shape (${array.shape.join(", ")}) - write .npy.`,
      );
    }
    return writeFileAtomically(path, csvPieces(data, array.shape[1] ?? 1));
  }
  const bytes = extension === ".npy" ? await dumpNpy(data, array.shape) : await dumpNpz(data, array.shape, key);
  return writeFileAtomically(path, bytes);
}
