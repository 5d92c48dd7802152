import { wrapWords } from "./wrap-words.js";

/** Lines of a label and what it says, the labels in one column, the texts wrapped where a line has a width. */
export function labelLines(
  lines: readonly (readonly [label: string, text: string])[],
  { width = Number.POSITIVE_INFINITY } = {},
): string {
  const column = Math.max(...lines.map(([label]) => label.length)) + 2;
  return lines
    .flatMap(([label, text]) =>
      wrapWords(text, width - column).map((line, i) => `${(i === 0 ? label : "").padEnd(column)}${line}`),
    )
    .join("\n");
}
