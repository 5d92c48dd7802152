import { formatTable, type Table, type TableFormat } from "./table.js";
import { wrapWords } from "./wrap-words.js";

/** Tables one under another and, under them, what they come to in a sentence, no line wider than `width`. */
export function tablesText(tables: readonly Table[], answer: string, format: TableFormat = {}): string {
  const sentence = wrapWords(answer, format.width ?? 80, { cuts: true }).join("\n");
  return [...tables.map((table) => formatTable(table, format)), `${sentence}\n`].join("\n");
}
