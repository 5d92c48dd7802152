import { alignColumn } from "./align-column.js";
import { escapeHtml } from "./escape-html.js";
import { type Table, type TableRow, tableCaption } from "./table.js";

const SHAPES: Readonly<Record<string, string>> = {
  circle: '<circle cx="15" cy="6" r="3.6"/>',
  square: '<rect x="11.8" y="2.8" width="6.4" height="6.4"/>',
  diamond: '<path d="M15 1.2 19 6 15 10.8 11 6Z"/>',
  "triangle-up": '<path d="M15 1.6 19.4 9.4H10.6Z"/>',
  "triangle-down": '<path d="M15 10.4 19.4 2.6H10.6Z"/>',
};
const OTHER_SHAPE = '<path d="M11.5 2 19 6 11.5 10Z"/>';
/** A text longer than this may take several lines. */
const WORDY = 20;
/** A column of texts up to this length gives way to longer ones where the page is narrow. */
const SENTENCE = 48;
/** As wide as a digit, so that padded numbers keep their columns. */
const FIGURE_SPACE = "\u2007";

/** A table as HTML, decimal points below each other, each row with its line and mark from the charts. */
export function htmlTable(table: Table): string {
  const { columns, rows } = table;
  const texts = columns.map(({ align }, i) => {
    const column = rows.map(({ cells }) => cells[i]?.text ?? "");
    return align === "left" ? column : alignColumn(column).map(padWithFigures);
  });
  const shapes = texts.map((column, i) => {
    if (columns[i]!.align === "decimal") return "decimal";
    const longest = Math.max(0, ...column.map((text) => text.length));
    return longest > SENTENCE ? "words sentence" : longest > WORDY ? "words" : "";
  });
  const head = columns.map(
    ({ title, align }) => `<th scope="col"${align === "left" ? "" : ' class="decimal"'}>${escapeHtml(title)}</th>`,
  );
  const body = rows.map((row, k) => {
    const cells = shapes.map((shape, i) => {
      const classes = [shape, row.cells[i]?.tone ?? ""].filter((name) => name !== "");
      const attribute = classes.length === 0 ? "" : ` class="${classes.join(" ")}"`;
      return `<td${attribute}>${i === 0 ? swatch(row) : ""}${escapeHtml(texts[i]![k]!)}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  const caption = tableCaption(table);
  return [
    `<div class="table"><table><thead><tr>${head.join("")}</tr></thead><tbody>`,
    ...body,
    "</tbody></table></div>",
    ...(caption === "" ? [] : [`<p class="caption">${escapeHtml(caption)}</p>`]),
  ].join("\n");
}

/** Padding takes the width of digits; spaces between words and around "±" stay as they are. */
function padWithFigures(text: string): string {
  return text
    .replaceAll(" ", FIGURE_SPACE)
    .replaceAll(`${FIGURE_SPACE}±${FIGURE_SPACE}`, " ± ")
    .replace(/([a-z])\u2007(?=\S)/g, "$1 ");
}

function swatch({ swatch: style }: TableRow): string {
  if (style === undefined) return "";
  const colour = escapeHtml(style.colour);
  const dash = style.isDashed ? ' stroke-dasharray="5 3"' : "";
  return (
    `<svg class="swatch" viewBox="0 0 30 12" aria-hidden="true"><path d="M0 6H30" stroke="${colour}" stroke-width="1.75"${dash}/>` +
    `<g fill="${colour}">${SHAPES[style.shape] ?? OTHER_SHAPE}</g></svg>`
  );
}
