import { stat } from "node:fs/promises";
import { extname } from "node:path";
import { imageRows } from "./image-rows.js";
import { npyRows } from "./npy-rows.js";
import { readArray } from "./read-array.js";
import { allRows, arrayRows, columnsOf, type Rows, rowsInMemory } from "./rows.js";

export interface OpenRowsOptions {
  /** Bytes of numbers above which a .npy file is read piece by piece, from the disk; default 256 MiB. */
  readonly memory?: number;
}

/**
 * The rows of a data file or folder: .npy of any size, .npz and .csv as a whole, PNG images of a folder.
 *
 * @throws UsageError naming the path, for data that are missing or malformed
 */
export async function openRows(path: string, { memory = 2 ** 28 }: OpenRowsOptions = {}): Promise<Rows> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) return imageRows(path);
  if (extname(path).toLowerCase() !== ".npy") return arrayRows(await readArray(path));
  const rows = npyRows(path);
  if (8 * rows.count * columnsOf(rows) > memory) return rows;
  try {
    return rowsInMemory(allRows(rows), rows);
  } finally {
    rows.close();
  }
}
