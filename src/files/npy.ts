import { UsageError } from "../../solvers/errors.js";
import type { Table } from "./table.js";

/** Number types that are read, and their sizes in bytes. */
const ITEM_SIZES: Readonly<Record<string, number>> = {
  b1: 1,
  i1: 1,
  u1: 1,
  i2: 2,
  u2: 2,
  f2: 2,
  i4: 4,
  u4: 4,
  f4: 4,
  i8: 8,
  u8: 8,
  f8: 8,
};

/**
 * Rows of a NumPy array file: [N, D] as it is, [N] as one column, a single number as one row; numbers of any real type become float64.
 *
 * @throws UsageError for a malformed or truncated file, a type that is not real, or more than two axes
 */
export async function parseNpy(bytes: Uint8Array, path: string): Promise<Table> {
  const { descr, itemSize, start, shape } = readHeader(bytes, path);
  const size = shape.reduce((product, length) => product * length, 1);
  const available = bytes.length - start;
  if (available !== size * itemSize) {
    throw new UsageError(
      `${path}: a ${descr} array of shape (${shape.join(", ")}) needs ${size * itemSize} bytes after its header at offset ${start}, but got ${available} - the file is ${available < size * itemSize ? "truncated" : "malformed"}.`,
    );
  }
  if (shape.length > 2) {
    throw new UsageError(
      `${path}: must be an array of shape (N,) or (N, D), but got (${shape.join(", ")}) - reshape it to rows.`,
    );
  }
  const columns = shape[1] ?? 1;
  const place = (row: number, column: number) => (shape.length === 2 ? `[${row}, ${column}]` : `[${row}]`);
  if (size === 0) return { data: new Float64Array(0), columns, place };
  const { parse } = await import("npyjs");
  // A fresh buffer: typed arrays need data that start at a multiple of the item size.
  const aligned = start % 8 === 0 ? bytes.slice() : realigned(bytes, start);
  const { data: values, fortranOrder } = parse(aligned.buffer);
  const items: ArrayLike<unknown> = isArrayLike(values) ? values : [];
  const data = new Float64Array(size);
  const rows = shape[0] ?? 1;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      data[row * columns + column] = Number(items[fortranOrder ? column * rows + row : row * columns + column]);
    }
  }
  return { data, columns, place };
}

/** A float64 array file in row-major order that NumPy reads. */
export async function dumpNpy(data: Float64Array, shape: readonly number[]): Promise<Uint8Array> {
  const { dump } = await import("npyjs");
  return new Uint8Array(dump(data, [...shape]));
}

function readHeader(bytes: Uint8Array, path: string) {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte)) {
    throw new UsageError(`${path}: is not a NumPy array file (offset 0 must hold \\x93NUMPY).`);
  }
  const major = bytes[6]!;
  if (major < 1 || major > 3) throw new UsageError(`${path}: unknown .npy version ${major} at offset 6.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const textStart = major === 1 ? 10 : 12;
  const start = textStart + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > bytes.length) {
    throw new UsageError(`${path}: the header should end at offset ${start}, but the file has ${bytes.length} bytes.`);
  }
  const text = new TextDecoder("latin1").decode(bytes.subarray(textStart, start));
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const shapeText = /'shape'\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  if (shapeText === undefined || !/'fortran_order'\s*:\s*(True|False)/.test(text)) {
    throw new UsageError(`${path}: malformed header at offset ${textStart}: ${text.trim().slice(0, 120)}`);
  }
  const itemSize = descr === undefined || descr.startsWith(">") ? undefined : ITEM_SIZES[descr.slice(1)];
  if (descr === undefined || itemSize === undefined) {
    const type = descr ?? /'descr'\s*:\s*([^']*'[^']*')/.exec(text)?.[1] ?? "none";
    throw new UsageError(
      `${path}: must hold little-endian real numbers, but got dtype ${type} - convert with .astype('<f8').`,
    );
  }
  const shape = shapeText
    .split(",")
    .map((length) => length.trim().replace(/L$/, ""))
    .filter((length) => length !== "")
    .map(Number);
  if (shape.some((length) => !Number.isInteger(length) || length < 0)) {
    throw new UsageError(`${path}: malformed shape (${shapeText}) in the header.`);
  }
  return { descr, itemSize, start, shape };
}

/** The same file with its header padded by spaces so that the data start at a multiple of 8. */
function realigned(bytes: Uint8Array, start: number): Uint8Array<ArrayBuffer> {
  const pad = 8 - (start % 8);
  const out = new Uint8Array(bytes.length + pad);
  out.set(bytes.subarray(0, start));
  out.fill(0x20, start, start + pad);
  out.set(bytes.subarray(start), start + pad);
  const view = new DataView(out.buffer);
  if (out[6] === 1) view.setUint16(8, view.getUint16(8, true) + pad, true);
  else view.setUint32(8, view.getUint32(8, true) + pad, true);
  return out;
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return typeof value === "object" && value !== null && "length" in value;
}
