import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { UsageError } from "../../solvers/errors.js";
import { fileError } from "./file-error.js";
import { LONGEST_HEADER, readNpyHeader } from "./npy-header.js";
import { decodeItems } from "./npy-items.js";
import { columnsOf, type Rows } from "./rows.js";

/** Bytes read at once when rows are asked for in their order. */
const BLOCK = 2 ** 20;

/**
 * The rows of a .npy file of any size, read where and when they are asked for.
 *
 * @throws UsageError for a file that is missing, malformed or truncated, and for column-major rows of several numbers
 */
export function npyRows(path: string): Rows {
  const file = attempt(path, () => openSync(path, "r"));
  try {
    const { size } = fstatSync(file);
    const head = new Uint8Array(Math.min(size, LONGEST_HEADER));
    attempt(path, () => readSync(file, head, 0, head.length, 0));
    const header = readNpyHeader(head, size, path);
    const { descr, itemSize, start, fortranOrder } = header;
    const [count = 1, ...rest] = header.shape;
    const shape = rest.length === 0 ? [1] : rest;
    const columns = columnsOf({ shape });
    if (fortranOrder && columns > 1) {
      throw new UsageError(
        `${path}: rows can only be read one by one in row-major order, but got fortran_order - save np.ascontiguousarray of it.`,
      );
    }
    const rowBytes = columns * itemSize;
    const perBlock = Math.max(1, Math.floor(BLOCK / Math.max(1, rowBytes)));
    const block = new Uint8Array(perBlock * rowBytes);
    let first = 0;
    let held = 0;
    const load = (row: number, rows: number): void => {
      let filled = 0;
      while (filled < rows * rowBytes) {
        const read = attempt(path, () =>
          readSync(file, block, filled, rows * rowBytes - filled, start + row * rowBytes + filled),
        );
        if (read === 0) throw new UsageError(`${path}: ended at row ${row} - it was changed while it was read.`);
        filled += read;
      }
      first = row;
      held = rows;
    };
    return {
      count,
      shape,
      read(row, out, offset) {
        // Rows in their order come in blocks, others alone.
        if (row === first + held) load(row, Math.min(perBlock, count - row));
        else if (row < first || row >= first + held) load(row, 1);
        decodeItems(descr, block.subarray((row - first) * rowBytes), columns, out, offset);
      },
      place: (row, column) => `${path}: [${row}, ${column}]`,
      close: () => closeSync(file),
    };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw fileError("read", path, cause);
  }
}
