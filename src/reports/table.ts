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
  /** A text column may be cut to this many characters before any column leaves. */
  readonly shortens?: number;
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

/** An aligned table as text, no line wider than `width`: columns leave in their stated order until it fits. */
export function formatTable(table: Table, { width = 80, colour = false }: TableFormat = {}): string {
  const all = table.columns.map((column, index) => ({ column, index, lines: columnLines(table, index) }));
  let shown = all;
  const total = () => shown.reduce((sum, { lines }) => sum + lines[0]!.length, GAP.length * (shown.length - 1));
  shown = shown.map((one) => {
    const spare = Math.max(one.column.shortens ?? Infinity, one.lines[0]!.length - Math.max(0, total() - width));
    return { ...one, lines: one.lines.map((line) => (line.length > spare ? shorten(line, spare) : line)) };
  });
  while (total() > width) {
    const next = shown
      .filter(({ column }) => column.leaves !== undefined)
      .sort((a, b) => a.column.leaves! - b.column.leaves!)[0];
    if (next === undefined) break;
    shown = shown.filter((candidate) => candidate !== next);
  }
  const paint = (text: string, tone: TableCell["tone"] | "header"): string =>
    !colour || tone === undefined
      ? text
      : styleText(tone === "header" ? "bold" : [TONES[tone]].flat(), text, { validateStream: false });
  const lineCount = table.rows.length + 1;
  const body = Array.from({ length: lineCount }, (_, k) => {
    const pieces = shown.map(({ index, lines }) => ({
      text: lines[k]!,
      tone: k === 0 ? ("header" as const) : table.rows[k - 1]!.cells[index]?.tone,
    }));
    return joinWithin(pieces, width, paint);
  });
  const rule = "─".repeat(Math.min(width, total()));
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
    body[0]!,
    rule,
    ...body.slice(1),
    ...(notes.length === 0 ? [] : ["", ...notes.map((note) => paint(note, "quiet"))]),
  ]
    .map((line) => `${line}\n`)
    .join("");
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

function shorten(text: string, width: number): string {
  return text.trimEnd().length <= width ? text.slice(0, width) : `${text.slice(0, width - 1)}…`;
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
