import { formatSignificant } from "./number-format.js";
import type { Table } from "./table.js";

/** What a record may hold: numbers are rounded, null is a dash. */
export type RecordValue = string | number | boolean | null | undefined;

/** How `recordTable` writes. */
export interface RecordTableOptions {
  /** Significant digits of numbers that are not integers. */
  readonly digits?: number;
  /** A sentence under the table. */
  readonly caption?: string;
}

/** A table of records: one row each, one column per key in the order of first appearance. */
export function recordTable(
  records: readonly Readonly<Record<string, RecordValue>>[],
  { digits = 4, caption }: RecordTableOptions = {},
): Table {
  const keys = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const isNumeric = (key: string) =>
    records.every(({ [key]: value }) => value === undefined || value === null || typeof value === "number");
  return {
    columns: keys.map((key) => ({ title: key, align: isNumeric(key) ? "decimal" : "left" })),
    rows: records.map((record) => ({ cells: keys.map((key) => ({ text: valueText(record[key], digits) })) })),
    ...(caption === undefined ? {} : { caption }),
  };
}

function valueText(value: RecordValue, digits: number): string {
  if (value === undefined || value === null) return "–";
  if (typeof value !== "number") return String(value);
  return Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : formatSignificant(value, digits);
}
