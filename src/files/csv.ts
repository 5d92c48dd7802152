import { UsageError } from "../../solvers/errors.js";
import type { Table } from "./table.js";

const NUMBER = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|inf(?:inity)?)$/i;
const ROWS_PER_PIECE = 4096;

/**
 * Rows of a text table separated by commas, semicolons, tabs or blanks; a first line without numbers is a header; blank lines and lines after # are skipped.
 *
 * @throws UsageError naming line and column of a field that is no number, or of a row of another length
 */
export function parseCsv(text: string, path: string): Table {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  const values: number[] = [];
  const lineOf: number[] = [];
  let separator: RegExp | undefined;
  let columns = 0;
  let headerSeen = false;
  for (const [i, line] of lines.entries()) {
    const content = line.trim();
    if (content === "" || content.startsWith("#")) continue;
    separator ??= separatorOf(content);
    const fields = content.split(separator).map((field) => field.trim().replace(/^"(.*)"$/, "$1"));
    if (columns === 0 && !headerSeen && fields.every((field) => !NUMBER.test(field))) {
      headerSeen = true;
      continue;
    }
    if (columns === 0) columns = fields.length;
    if (fields.length !== columns) {
      throw new UsageError(
        `${path}: line ${i + 1} must have ${columns} numbers like the first row, but got ${fields.length}.`,
      );
    }
    for (const [column, field] of fields.entries()) {
      if (!NUMBER.test(field)) {
        throw new UsageError(`${path}: line ${i + 1}, column ${column + 1} must be a number, but got '${field}'.`);
      }
      values.push(readNumber(field));
    }
    lineOf.push(i + 1);
  }
  return {
    data: Float64Array.from(values),
    columns,
    place: (row, column) => `line ${lineOf[row]}, column ${column + 1}`,
  };
}

/** Rows separated by commas, every number with the digits that give it back exactly, in pieces: one string has an end. */
export function* csvPieces(data: Float64Array, columns: number): Generator<string> {
  const piece = ROWS_PER_PIECE * columns;
  for (let first = 0; first < data.length; first += piece) {
    const end = Math.min(data.length, first + piece);
    let text = "";
    for (let i = first; i < end; i += columns) text += `${data.subarray(i, i + columns).join(",")}\n`;
    yield text;
  }
}

function separatorOf(line: string): RegExp {
  if (line.includes(",")) return /,/;
  if (line.includes(";")) return /;/;
  return line.includes("\t") ? /\t/ : /\s+/;
}

function readNumber(field: string): number {
  const number = Number(field);
  if (!Number.isNaN(number) || /nan/i.test(field)) return number;
  return field.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
