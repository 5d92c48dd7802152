/** Breaks text between words into lines of at most `width` characters, lines after the first indented; a longer word is cut where asked for. */
export function wrapWords(text: string, width: number, { indent = 0, cuts = false } = {}): string[] {
  const lines: string[] = [];
  const words = text.split(" ");
  // Where a column leaves next to no room, lines of a word each would be worse than lines that are too long.
  const room = cuts ? width : Math.max(20, width);
  for (const word of cuts ? words.flatMap((long) => cut(long, width - indent)) : words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(lines.length === 0 ? word : " ".repeat(indent) + word);
  }
  return lines;
}

/** Pieces of a word that fit, cut after a comma where there is one. */
function cut(word: string, width: number): string[] {
  const pieces: string[] = [];
  let rest = word;
  while (rest.length > width) {
    const comma = rest.lastIndexOf(",", width - 1);
    const end = comma > 0 ? comma + 1 : width;
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...pieces, rest];
}
