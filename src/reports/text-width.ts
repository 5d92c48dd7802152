/** Advance widths of Arimo (equal to Arial) for the characters 32 to 126, in thousandths of the font size. */
const REGULAR = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
  722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
  556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
  260, 334, 584,
];
const OTHER = 600;
const BOLD_FACTOR = 1.07;

/** Width of one line of text in pixels at `fontSize` pixels, in the charts' font. */
export function textWidth(text: string, fontSize: number, bold = false): number {
  let thousandths = 0;
  for (const character of text) thousandths += REGULAR[(character.codePointAt(0) ?? 0) - 32] ?? OTHER;
  return (thousandths / 1000) * fontSize * (bold ? BOLD_FACTOR : 1);
}

/** Readers without the charts' font get one up to this much wider. */
const SLACK = 1.18;

/** Breaks text at spaces, and names after commas and colons, so that no line is wider than `width` pixels where it can. */
export function wrapText(text: string, width: number, fontSize: number, bold = false): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of text.match(/[^ ,:]*(?:[,:](?=\S)|[,:]* +|[,:]*$)/g) ?? []) {
    if (piece === "") continue;
    const longer = line + piece;
    if (line !== "" && SLACK * textWidth(longer.trimEnd(), fontSize, bold) > width) {
      lines.push(line.trimEnd());
      line = piece;
    } else line = longer;
  }
  return [...lines, line.trimEnd()];
}
