import { type Table, tableCaption } from "./table.js";

/** A table in GitHub's Markdown, numbers to the right, its caption as a paragraph beneath. */
export function tableMarkdown(table: Table): string {
  const { columns, rows } = table;
  const caption = tableCaption(table);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  const head = line(columns.map(({ title }) => escapeCell(title)));
  const marks = line(columns.map(({ align }) => (align === "left" ? ":--" : "--:")));
  const body = rows.map(({ cells }) => line(columns.map((_, i) => escapeCell(cells[i]?.text ?? "")))).join("");
  return head + marks + body + (caption === "" ? "" : `\n${escapeProse(caption)}\n`);
}

function escapeCell(text: string): string {
  return escapeProse(text).replaceAll("|", "\\|");
}

/** Keeps a user's text from being read as markup or starting lines of its own. */
function escapeProse(text: string): string {
  return text.replace(/[\\`*_[<>]/g, "\\$&").replace(/\s*\n\s*/g, " ");
}
