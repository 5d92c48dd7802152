/** What of a printed text may differ. */
export interface Tolerance {
  /** Titles of columns and first words of lines whose content is not compared. */
  readonly varies?: readonly string[];
  /** Relative difference of numbers that counts as equal. */
  readonly within?: number;
}

/** Columns of times, and of ratios of times. */
const TIMES = /^(relative|.*\(m?s\)|.*\bseconds|.*\b(?:CPU|wall) m?s)$/;
const TIMED = /\d[\d.,]*(?:e[-+]?\d+)? ?(?:m?s|min|samples\/s)\b|\(m?s\)/g;
/** Which row was the quickest. */
const CHEAPEST = /relative: time[\s\S]*?\.(?=\s|$)/g;
const NUMBER = /[-−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?/g;
const MASK = "~";

/** The first line in which two printed texts differ, for people; null where they agree. */
export function difference(printed: string, written: string, tolerance: Tolerance = {}): string | null {
  const [now, then] = [canonical(printed, tolerance), canonical(written, tolerance)];
  for (let k = 0; k < Math.max(now.length, then.length); k++) {
    const [mine, yours] = [now[k], then[k]];
    if (mine === undefined || yours === undefined || !areEqual(mine, yours, tolerance.within ?? 0)) {
      return `line ${k + 1}\n  printed: ${mine ?? "(nothing)"}\n  written: ${yours ?? "(nothing)"}`;
    }
  }
  return null;
}

/** Lines with what may differ masked, columns by single spaces, and rules of one character. */
export function canonical(text: string, { varies = [] }: Tolerance = {}): string[] {
  const lines = text.trimEnd().replace(CHEAPEST, `relative: ${MASK}.`).split("\n");
  const hides = (title: string) => TIMES.test(title) || varies.includes(title);
  let masked: readonly (readonly [number, number])[] = [];
  return lines.map((line, k) => {
    const next = lines[k + 1] ?? "";
    if (/^─+$/.test(next)) masked = spans(line, hides);
    if (/^\|[-:|\s]+\|$/.test(next)) masked = barSpans(line, hides);
    if (line === "") masked = [];
    if (/^─+$/.test(line)) return "─";
    const label = varies.find(
      (name) => line.trimStart().startsWith(`${name} `) || line.trimStart().startsWith(`${name}:`),
    );
    if (label !== undefined) return `${label} ${MASK}`;
    const isHeader = /^─+$/.test(next) || /^\|[-:|\s]+\|$/.test(next);
    const shown = isHeader ? line : maskSpans(line, masked);
    return shown
      .replace(TIMED, MASK)
      .replace(/\s+/g, " ")
      .replace(/ ?\| ?/g, "|")
      .trim();
  });
}

/** First and one-past-last character of the titles that are hidden, in a header whose titles stand at least two spaces apart. */
function spans(header: string, hides: (title: string) => boolean): [number, number][] {
  return [...header.matchAll(/\S+(?: \S+)*/g)]
    .filter(([title]) => hides(title))
    .map((m) => [m.index, m.index + m[0].length]);
}

/** The same for a Markdown table: cells by number, told apart by negative indices. */
function barSpans(header: string, hides: (title: string) => boolean): [number, number][] {
  return header
    .split("|")
    .map((title, k) => [title.trim(), k] as const)
    .filter(([title]) => title !== "" && hides(title))
    .map(([, k]) => [-k, -k]);
}

function maskSpans(line: string, masked: readonly (readonly [number, number])[]): string {
  if (masked.length === 0) return line;
  if (masked.some(([from]) => from < 0)) {
    return line
      .split("|")
      .map((cell, k) => (masked.some(([from]) => from === -k) ? MASK : cell))
      .join("|");
  }
  return line.replace(/\S+(?: \S+)*/g, (cell, at: number) =>
    masked.some(([from, to]) => at < to && at + cell.length > from) ? MASK : cell,
  );
}

function areEqual(a: string, b: string, within: number): boolean {
  if (a === b) return true;
  if (within === 0) return false;
  const [wordsA, wordsB] = [a.replace(NUMBER, "#"), b.replace(NUMBER, "#")];
  if (wordsA !== wordsB) return false;
  const [numbersA, numbersB] = [numbersOf(a), numbersOf(b)];
  return numbersA.every((x, k) => Math.abs(x - numbersB[k]!) <= within * Math.max(Math.abs(x), Math.abs(numbersB[k]!)));
}

const numbersOf = (text: string) => (text.match(NUMBER) ?? []).map((number) => Number(number.replace("−", "-")));
