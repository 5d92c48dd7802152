import { styleText } from "node:util";
import { alignColumn } from "./align-column.js";
import type { SolverStyle } from "./solver-style.js";
import { wrapWords } from "./wrap-words.js";

/** A column of a table. */
export interface TableColumn {
  readonly title: string;
  /** Text starts at the left; numbers meet at their decimal point. */
  readonly align: "left" | "decimal";
  /** Order of leaving where the width is short: 1 leaves first; columns without it stay. */
  readonly leaves?: number;
  /** The texts of a column may take several lines of at least so many characters before any column leaves. */
  readonly wraps?: number;
  /** A sentence under the table, written only where the column is. */
  readonly note?: string;
}

/** One cell: its text, and what it stands out for. */
export interface TableCell {
  readonly text: string;
  readonly tone?: "best" | "bad" | "quiet";
}

/** One row; the swatch ties it to the charts. */
export interface TableRow {
  readonly cells: readonly TableCell[];
  readonly swatch?: SolverStyle & { readonly isDashed: boolean };
}

/** A table free of any medium: `formatTable`, `tableMarkdown` and the HTML report write it. */
export interface Table {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  /** A sentence under the table, after the columns' notes. */
  readonly caption?: string;
}

/** Where a table goes: characters per line, and whether colours may be written. */
export interface TableFormat {
  readonly width?: number;
  readonly colour?: boolean;
}

const GAP = "  ";
const TONES = { best: ["green", "bold"], bad: "red", quiet: "dim" } as const;

/** An aligned table as text, no line wider than `width`: long texts wrap, then columns leave in their stated order, until it fits. */
export function formatTable(table: Table, { width = 80, colour = false }: TableFormat = {}): string {
  const all = table.columns.map((column, index) => ({ column, index, lines: columnLines(table, index) }));
  const shown = fitted(all, width);
  const paint = (text: string, tone: TableCell["tone"] | "header"): string =>
    !colour || tone === undefined
      ? text
      : styleText(tone === "header" ? "bold" : [TONES[tone]].flat(), text, { validateStream: false });
  const body = Array.from({ length: table.rows.length + 1 }, (_, k) => {
    const cells = shown.map(({ index, lines, room }) => ({
      pieces: wrapWords(lines[k]!.trimEnd(), room, { cuts: true }).map((line) => line.padEnd(room)),
      blank: " ".repeat(room),
      tone: k === 0 ? ("header" as const) : table.rows[k - 1]!.cells[index]?.tone,
    }));
    const height = Math.max(1, ...cells.map(({ pieces }) => pieces.length));
    return Array.from({ length: height }, (_line, i) =>
      joinWithin(
        cells.map(({ pieces, blank, tone }) => ({ text: pieces[i] ?? blank, tone })),
        width,
        paint,
      ),
    );
  });
  const rule = "─".repeat(Math.min(width, totalOf(shown.map(({ room }) => room))));
  const left = all.filter(({ index }) => shown.every((one) => one.index !== index)).map(({ column }) => column.title);
  const caption = tableCaption(
    table,
    shown.map(({ column }) => column),
  );
  const notes = [
    ...(caption === "" ? [] : wrapWords(caption, width, { cuts: true })),
    ...(left.length === 0 ? [] : wrapWords(`Left out at this width: ${left.join(", ")}.`, width, { cuts: true })),
  ];
  return [
    ...body[0]!,
    rule,
    ...body.slice(1).flat(),
    ...(notes.length === 0 ? [] : ["", ...notes.map((note) => paint(note, "quiet"))]),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

interface Column {
  readonly column: TableColumn;
  readonly index: number;
  /** Title and cells, of one width. */
  readonly lines: readonly string[];
}

/** The columns that fit `width`, each with its room: those that wrap share what the others leave, from the left. */
function fitted(all: readonly Column[], width: number): (Column & { readonly room: number })[] {
  const full = ({ lines }: Column) => lines[0]!.length;
  const least = (one: Column) => Math.min(full(one), Math.max(one.column.wraps ?? full(one), one.column.title.length));
  let shown = [...all];
  while (totalOf(shown.map(least)) > width) {
    const next = shown
      .filter(({ column }) => column.leaves !== undefined)
      .sort((a, b) => a.column.leaves! - b.column.leaves!)[0];
    if (next === undefined) break;
    shown = shown.filter((candidate) => candidate !== next);
  }
  let spare = width - totalOf(shown.map(least));
  return shown.map((one) => {
    const more = Math.max(0, Math.min(spare, full(one) - least(one)));
    spare -= more;
    return { ...one, room: least(one) + more };
  });
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, room) => sum + room, 0) + GAP.length * (widths.length - 1);
}

/** The sentences under a table of the given columns. */
export function tableCaption(table: Table, columns: readonly TableColumn[] = table.columns): string {
  const sentences = [...columns.map(({ note }) => note), table.caption];
  return sentences.filter((sentence) => sentence !== undefined).join(" ");
}

function columnLines(table: Table, index: number): string[] {
  const { title, align } = table.columns[index]!;
  const texts = table.rows.map(({ cells }) => cells[index]?.text ?? "");
  if (align === "left") {
    const longest = Math.max(title.length, ...texts.map((text) => text.length));
    return [title, ...texts].map((text) => text.padEnd(longest));
  }
  const aligned = alignColumn(texts);
  const longest = Math.max(title.length, ...aligned.map((text) => text.length));
  return [title, ...aligned].map((text) => text.padStart(longest));
}

function joinWithin(
  pieces: readonly { text: string; tone: TableCell["tone"] | "header" }[],
  width: number,
  paint: (text: string, tone: TableCell["tone"] | "header") => string,
): string {
  let room = width;
  const painted: string[] = [];
  for (const [i, { text, tone }] of pieces.entries()) {
    const piece = i === pieces.length - 1 ? text.trimEnd() : text;
    const gap = i === 0 ? "" : GAP;
    if (room <= gap.length) break;
    const kept = piece.length > room - gap.length ? `${piece.slice(0, Math.max(0, room - gap.length - 1))}…` : piece;
    room -= gap.length + kept.length;
    painted.push(gap + paint(kept, tone));
  }
  return painted.join("").trimEnd();
}
