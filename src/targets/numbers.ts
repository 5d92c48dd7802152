import { UsageError } from "../../solvers/errors.js";

/** Numbers a caller may give as one number, a list, or a typed array. */
export type Numbers = number | readonly number[] | Float64Array;

/** One row per item: `[[0, 1], [2, 3]]`; `[0, 1]` stands for rows of one number. */
export type NumberRows = readonly (number | readonly number[] | Float64Array)[] | Float64Array;

/** The options of `T` before their values are known to be sound. */
export type Unvalidated<T> = { readonly [K in keyof T]: unknown };

/** Reads a list of finite numbers, also from the spellings `1;2;3` and `[1, 2, 3]`. @throws UsageError */
export function readNumbers(value: unknown, name: string): Float64Array {
  const parsed = parseText(value);
  const list = typeof parsed === "number" ? [parsed] : parsed;
  if (!isList(list)) throw new UsageError(`${name}: must be a number or a list of numbers, but got ${show(value)}.`);
  if (list.length === 0) throw new UsageError(`${name}: must hold at least one number, but got an empty list.`);
  return Float64Array.from(list, (item, i) => {
    const number = typeof item === "string" && item.trim() !== "" ? Number(item) : item;
    if (typeof number !== "number" || !Number.isFinite(number)) {
      throw new UsageError(
        `${name}: must hold finite numbers, but got ${show(item)}${list.length > 1 ? ` at ${i}` : ""}.`,
      );
    }
    return number;
  });
}

/** Reads rows of equal length; a list of numbers is rows of one number. @throws UsageError naming the row that differs */
export function readRows(value: unknown, name: string): { data: Float64Array; count: number; columns: number } {
  const list = parseText(value);
  if (!isList(list) || list.length === 0) {
    throw new UsageError(`${name}: must be a list of rows, but got ${show(value)}.`);
  }
  const rows = Array.from(list, (row, i) => readNumbers(row, `${name}[${i}]`));
  const columns = rows[0]!.length;
  const ragged = rows.findIndex((row) => row.length !== columns);
  if (ragged !== -1) {
    throw new UsageError(
      `${name}: rows must have equal lengths, but row 0 has ${columns} numbers and row ${ragged} has ${rows[ragged]!.length}.`,
    );
  }
  const data = new Float64Array(rows.length * columns);
  for (const [i, row] of rows.entries()) data.set(row, i * columns);
  return { data, count: rows.length, columns };
}

/** Throws unless every number is above 0. */
export function requirePositive(values: Float64Array, name: string): void {
  const i = values.findIndex((value) => !(value > 0));
  if (i !== -1) {
    throw new UsageError(`${name}: must be > 0, but got ${values[i]}${values.length > 1 ? ` at ${i}` : ""}.`);
  }
}

function parseText(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (!value.trim().startsWith("[")) return value.split(";");
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || value instanceof Float64Array || value instanceof Float32Array;
}

function show(value: unknown): string {
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
}

/** Flat rows as plain lists, numbers where a row has one, for options that are written to JSON. */
export function plainRows(data: Float64Array, columns: number): (number | number[])[] {
  const rows = Array.from({ length: data.length / columns }, (_, i) =>
    Array.from(data.subarray(i * columns, (i + 1) * columns)),
  );
  return columns === 1 ? rows.flat() : rows;
}
