import { readFile, stat } from "node:fs/promises";
import { extname } from "node:path";
import type { NdArray } from "ndarray";
import { suggestion, UsageError } from "../../solvers/errors.js";
import { parseCsv } from "./csv.js";
import { fileError } from "./file-error.js";
import { imageRows } from "./image-rows.js";
import { parseNpy } from "./npy.js";
import { parseNpz } from "./npz.js";
import { allRows, columnsOf } from "./rows.js";
import { checkedArray, type Table } from "./table.js";

/** Endings of array files, of reading and writing. */
export const ARRAY_EXTENSIONS: readonly string[] = [".npy", ".npz", ".csv"];

/** Options of `readArray`. */
export interface ReadArrayOptions {
  /** Which array of an .npz archive; not needed when there is only one. */
  readonly key?: string;
  /** Number of columns the file must have. */
  readonly dimension?: number;
  /** Takes images too, one row each: a .npy array of more than two axes, or a folder of PNG images; default false. */
  readonly images?: boolean;
}

/**
 * Rows [N, D] of finite numbers from a .npy, .npz or .csv file; a one-axis array becomes [N, 1].
 * 'two.npz:points' names the array of an archive, as `key` does.
 *
 * @throws UsageError naming the path and the line, index or offset, for a file that is missing, malformed, empty, not finite or of another dimension
 */
export async function readArray(path: string, options: ReadArrayOptions = {}): Promise<NdArray<Float64Array>> {
  const { key, dimension, images = false } = options;
  const [, archive = path, named] = /^(.+\.npz):([^:]+)$/i.exec(path) ?? [];
  if (named !== undefined && key === undefined) return readArray(archive, { ...options, key: named });
  if (images && (await stat(path).catch(() => null))?.isDirectory()) {
    const rows = await imageRows(path);
    const table = { data: allRows(rows), columns: columnsOf(rows), place: rows.place };
    return checkedArray(table, path, dimension);
  }
  const extension = requireArrayExtension(path);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw fileError("read", path, cause);
  });
  if (bytes.length === 0) throw new UsageError(`${path}: must hold at least one number, but the file is empty.`);
  let table: Table;
  if (extension === ".npy") table = await parseNpy(bytes, path, { flatten: images });
  else if (extension === ".npz") table = await parseNpz(bytes, path, key);
  else table = parseCsv(bytes.toString("utf8"), path);
  return checkedArray(table, path, dimension);
}

/** The lower-case ending of an array file. @throws UsageError for any other */
export function requireArrayExtension(path: string): string {
  const extension = extname(path).toLowerCase();
  if (!ARRAY_EXTENSIONS.includes(extension)) {
    throw new UsageError(
      `${path}: the ending of an array file must be known, but got '${extension}'.${suggestion(extension, ARRAY_EXTENSIONS)}`,
    );
  }
  return extension;
}
