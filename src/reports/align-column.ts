const PLUS_MINUS = " ± ";

/**
 * Pads the texts of a column to one width so that decimal points stand below each other, in the errors after "±"
 * as well; texts without a number end where the units do.
 */
export function alignColumn(texts: readonly string[]): string[] {
  const split = texts.map((text) => {
    const at = text.indexOf(PLUS_MINUS);
    return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + PLUS_MINUS.length)];
  });
  const values = alignDecimals(split.map(([value = ""]) => value));
  const errors = alignDecimals(split.map(([, error = ""]) => error));
  if ((errors[0]?.length ?? 0) === 0) return values;
  return values.map(
    (value, i) => value + (split[i]![1] === "" ? " ".repeat(PLUS_MINUS.length) : PLUS_MINUS) + errors[i]!,
  );
}

function alignDecimals(texts: readonly string[]): string[] {
  const parts = texts.map((text) => {
    const at = /^[(−-]*\d+/.exec(text)?.[0].length ?? text.length;
    return [text.slice(0, at), text.slice(at)];
  });
  const before = Math.max(0, ...parts.map(([whole = ""]) => whole.length));
  const after = Math.max(0, ...parts.map(([, rest = ""]) => rest.length));
  return parts.map(([whole = "", rest = ""]) => whole.padStart(before) + rest.padEnd(after));
}
