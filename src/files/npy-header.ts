import { UsageError } from "../../solvers/errors.js";
import { itemSize } from "./npy-items.js";

/** What the header of a NumPy array file says. */
export interface NpyHeader {
  /** Type of the numbers, such as '<f8'. */
  readonly descr: string;
  /** Bytes of a number. */
  readonly itemSize: number;
  /** Offset of the first number. */
  readonly start: number;
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
}

/** Bytes that hold every header in use. */
export const LONGEST_HEADER = 65536 + 12;

/**
 * Reads the header from the first bytes of a file of `size` bytes.
 *
 * @throws UsageError for another kind of file, a type that is not real, or a size that does not fit
 */
export function readNpyHeader(bytes: Uint8Array, size: number, path: string): NpyHeader {
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
    throw new UsageError(`${path}: the header should end at offset ${start}, but the file has ${size} bytes.`);
  }
  const text = new TextDecoder("latin1").decode(bytes.subarray(textStart, start));
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const shapeText = /'shape'\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  if (shapeText === undefined || order === undefined) {
    throw new UsageError(`${path}: malformed header at offset ${textStart}: ${text.trim().slice(0, 120)}`);
  }
  const bytesEach = descr === undefined ? undefined : itemSize(descr);
  if (descr === undefined || bytesEach === undefined) {
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
  const needed = bytesEach * shape.reduce((product, length) => product * length, 1);
  const available = size - start;
  if (available !== needed) {
    throw new UsageError(
      `${path}: a ${descr} array of shape (${shape.join(", ")}) needs ${needed} bytes after its header at offset ${start}, but got ${available} - the file is ${available < needed ? "truncated" : "malformed"}.`,
    );
  }
  return { descr, itemSize: bytesEach, start, shape, fortranOrder: order === "True" };
}
